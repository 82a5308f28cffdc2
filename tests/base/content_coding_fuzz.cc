// Any bytes under any coding: never more than the limit, and plain bytes stay as they are.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/content_coding.h"

// First byte: the coding; the second: the limit.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "zstd", "gzip, br", "deflate, zstd", "compress", "none"};
  if (size < 2) return 0;
  const size_t limit = size_t{16} << (data[1] % 14);
  const std::string_view codings = kCodings[data[0] % 8];
  const std::string_view body(reinterpret_cast<const char*>(data + 2), size - 2);
  std::string out;
  sakuin::UndoCodings(codings, body, limit, out);
  if (out.size() > limit) __builtin_trap();
  if (sakuin::IsPlain(codings) && out != body.substr(0, limit)) __builtin_trap();
  sakuin::UndoCodings(body, body, limit, out);  // the bytes as the header
  if (out.size() > limit) __builtin_trap();
  return 0;
}
