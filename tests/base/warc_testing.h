// warc_testing.h: archives made and read in tests.
//
//   const std::string archive = Gzip(WarcBytes("response", "http://a/", "HTTP/1.1 200 OK\r\n\r\nhello"));
//   const ReadWarc read = ReadAllOf(archive);
//   read.records[0].block, read.damages[0].offset
#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/warc_reader.h"

namespace sakuin {

inline std::string WarcBytes(std::string_view type, std::string_view url, std::string_view block) {
  return "WARC/1.1\r\nWARC-Type: " + std::string(type) + "\r\nWARC-Target-URI: " + std::string(url) +
         "\r\nContent-Length: " + std::to_string(block.size()) + "\r\n\r\n" + std::string(block) + "\r\n\r\n";
}

// One member.
inline std::string Gzip(std::string_view bytes, int window_bits = MAX_WBITS + 16) {
  z_stream stream = {};
  if (deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct ReadWarc {
  std::vector<WarcRecord> records;
  std::vector<WarcDamage> damages;
};

// Fed in pieces of `piece` bytes.
inline ReadWarc ReadAllOf(std::string_view stored, size_t piece = 1 << 20, WarcReaderOptions options = {}) {
  ReadWarc out;
  WarcReader reader(options);
  WarcRecord record;
  for (;;) {
    switch (reader.Next(record)) {
      case WarcOutcome::kRecord: out.records.push_back(record); break;
      case WarcOutcome::kDamage: out.damages.push_back(reader.damage()); break;
      case WarcOutcome::kEnd: return out;
      case WarcOutcome::kNeedsInput:
        if (stored.empty()) reader.Finish();
        reader.Feed(stored.substr(0, piece));
        stored.remove_prefix(stored.size() < piece ? stored.size() : piece);
    }
  }
}

}  // namespace sakuin
