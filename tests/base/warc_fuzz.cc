// Any bytes as an archive: what is read does not depend on the pieces they come in (but for Zstandard, which finds damage where
// it finds it), and no block is over the limit.
// What records hold is read as responses of HTTP.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/warc_reader.h"
#include "tests/base/warc_testing.h"

namespace {

constexpr size_t kMostBlock = 4096;
constexpr size_t kMostBody = 4096;

bool MayBeZstandard(std::string_view bytes) { return bytes.starts_with('(') || (!bytes.empty() && (bytes[0] & 0xF0) == 0x50); }

bool Equal(const sakuin::WarcRecord& a, const sakuin::WarcRecord& b) {
  return a.offset == b.offset && a.block == b.block && a.block_bytes == b.block_bytes && a.fields.size() == b.fields.size();
}

void ReadAsHttp(std::string_view block) {
  const sakuin::Result<sakuin::HttpHead> head = sakuin::ParseHttpHead(block);
  if (!head.ok()) return;
  if (head->bytes > block.size()) __builtin_trap();
  if (sakuin::DecodeHttpBody(*head, block.substr(head->bytes), kMostBody).bytes.size() > kMostBody) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const sakuin::WarcReaderOptions options = {.max_block_bytes = kMostBlock};
  const sakuin::ReadWarc whole = sakuin::ReadAllOf(bytes, 1 << 20, options);
  const sakuin::ReadWarc pieces = sakuin::ReadAllOf(bytes, 1 + data[0], options);
  const bool comparable = !MayBeZstandard(bytes);
  if (comparable && !std::equal(whole.records.begin(), whole.records.end(), pieces.records.begin(), pieces.records.end(), Equal)) __builtin_trap();
  if (comparable && whole.damages.size() != pieces.damages.size()) __builtin_trap();
  for (const sakuin::WarcRecord& record : whole.records) {
    if (record.block.size() > kMostBlock) __builtin_trap();
    ReadAsHttp(record.block);
  }
  sakuin::DecodeChunks(bytes, kMostBody);
  ReadAsHttp(bytes);
  return 0;
}
