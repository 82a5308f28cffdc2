// Any bytes as a page: spans tile it, pieces are their source, and chunks of any
// size give the same tokens. The first byte chooses how the page begins, the second
// the size of the chunks.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/text/html_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::text;
  if (size < 2) return 0;
  HtmlTokenizerOptions options;
  options.content = static_cast<HtmlContent>(data[0] % 6);
  options.switching = static_cast<HtmlTokenizerOptions::Switching>(data[0] / 6 % 2);
  options.scripting = static_cast<HtmlScripting>(data[0] / 12 % 2);
  options.last_start_tag = data[0] / 24 % 2 == 0 ? "script" : "title";
  const std::string_view page(reinterpret_cast<const char*>(data + 2), size - 2);
  std::vector<size_t> borders;
  for (size_t at = 1 + data[1] % 32; at < page.size(); at += 1 + data[1] % 32) borders.push_back(at);
  const HtmlRun whole = RunHtml(page, options, {});
  const HtmlRun cut = RunHtml(page, options, borders);
  if (!whole.broken.empty() || DescribeHtml(whole) != DescribeHtml(cut)) __builtin_trap();
  if (std::max(whole.work, cut.work) > 400 * (page.size() + 64)) __builtin_trap();
  return 0;
}
