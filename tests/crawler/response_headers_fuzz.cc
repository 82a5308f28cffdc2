// Any bytes as headers: what goes into an archive has one length, and is not chunked. As directives for robots, what names no
// agent says the same in a header and in a page.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/response_headers.h"
#include "text/robots_directives.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view block(reinterpret_cast<const char*>(data), size);
  const sakuin::crawler::ResponseHeaders headers{std::string(block)};
  headers.FindAll(headers.Find("a"));
  const sakuin::crawler::ResponseHeaders archived(headers.ForArchive(7));
  if (archived.FindAll("content-length").size() != 1 || !archived.FindAll("transfer-encoding").empty()) __builtin_trap();

  const sakuin::text::RobotsDirectives of_header = sakuin::text::DirectivesOfHeader(block, "sakuin");
  const sakuin::text::RobotsDirectives of_meta = sakuin::text::DirectivesOfMeta(block);
  if (block.find(':') == std::string_view::npos && of_header != of_meta) __builtin_trap();
  return 0;
}
