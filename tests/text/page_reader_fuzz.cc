// Any bytes with any Content-Type: a page in UTF-8, or a reason. The header is what stands before the first line feed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/page_reader.h"
#include "text/utf8_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(bytes.find('\n'), bytes.size());
  const Result<text::Page> page =
      text::ReadPage({.content_type = bytes.substr(0, line), .body = bytes.substr(std::min(line + 1, size)), .agent = "bot"});
  if (!page.ok()) {
    if (page.status().message().empty()) __builtin_trap();
    return 0;
  }
  if (!text::IsUtf8(page->title) || !text::IsUtf8(page->body) || !text::IsUtf8(page->lang) || page->charset.empty()) __builtin_trap();
  return 0;
}
