#include "tests/crawler/encoded_body.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace sakuin::crawler {
namespace {

// Gives deflate pieces of a text until it ends.
class Deflater {
 public:
  explicit Deflater(int bits) {
    if (deflateInit2(&stream_, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void Add(std::string_view text, bool last) {
    char out[16384];
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = sizeof(out);
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      bytes_.append(out, sizeof(out) - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }
  std::string TakeBytes() { return std::move(bytes_); }

 private:
  z_stream stream_{};
  std::string bytes_;
};

std::string Deflated(std::string_view text, int bits) {
  Deflater deflater(bits);
  deflater.Add(text, true);
  return deflater.TakeBytes();
}

}  // namespace

std::string Encoded(std::string_view coding, std::string_view text) {
  if (coding == "gzip") return Deflated(text, 15 + 16);
  if (coding == "deflate") return Deflated(text, 15);
  if (coding == "raw-deflate") return Deflated(text, -15);
  std::string out(coding == "br" ? BrotliEncoderMaxCompressedSize(text.size()) + 1024 : ZSTD_compressBound(text.size()), '\0');
  size_t size = out.size();
  if (coding == "zstd") size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  if (coding == "br" && BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, text.size(), reinterpret_cast<const uint8_t*>(text.data()), &size,
                                              reinterpret_cast<uint8_t*>(out.data())) == BROTLI_FALSE) {
    std::abort();
  }
  out.resize(size);
  return out;
}

std::string GzipBomb(size_t size) {
  const std::string zeros(1 << 20, '0');
  Deflater deflater(15 + 16);
  for (; size > zeros.size(); size -= zeros.size()) deflater.Add(zeros, false);
  deflater.Add(std::string_view(zeros).substr(0, size), true);
  return deflater.TakeBytes();
}

}  // namespace sakuin::crawler
