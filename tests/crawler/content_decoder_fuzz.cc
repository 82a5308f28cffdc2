// Any bytes under any coding: never more than the limit, and an error or a text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/content_decoder.h"
#include "crawler/response_headers.h"

// First byte: the coding; the second: the limit.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "zstd", "gzip, br", "deflate, zstd", "compress", "none"};
  if (size < 2) return 0;
  const size_t limit = size_t{16} << (data[1] % 14);
  const std::string_view body(reinterpret_cast<const char*>(data + 2), size - 2);
  std::string out;
  sakuin::crawler::DecodeContent(kCodings[data[0] % 8], body, limit, out);
  if (out.size() > limit) __builtin_trap();
  sakuin::crawler::DecodeContent(body, body, limit, out);  // the bytes as the header

  const sakuin::crawler::ResponseHeaders headers{std::string(body)};
  headers.FindAll(headers.Find("a"));
  const sakuin::crawler::ResponseHeaders archived(headers.ForArchive(7));
  if (archived.FindAll("content-length").size() != 1 || !archived.FindAll("transfer-encoding").empty()) __builtin_trap();
  return 0;
}
