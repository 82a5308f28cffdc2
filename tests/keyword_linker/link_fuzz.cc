// Any keywords in any text or page: links are inside, in order, and the same in pieces.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "keyword_linker/dictionary_builder.h"
#include "keyword_linker/html_linker.h"
#include "keyword_linker/keyword_source.h"
#include "keyword_linker/markdown_linker.h"

namespace {

namespace linker = sakuin::keyword_linker;
using Spans = std::vector<std::pair<uint64_t, uint64_t>>;

template <typename Linker>
Spans LinksOf(const linker::Dictionary& dictionary, std::string_view text, size_t piece) {
  Spans spans;
  uint64_t from = 0;
  Linker stream({&dictionary}, {}, [&](const linker::Link& link) {
    if (link.start < from || link.end <= link.start || link.end > text.size()) __builtin_trap();
    from = link.end;
    spans.emplace_back(link.start, link.end);
  });
  for (size_t at = 0; at < text.size(); at += piece) stream.Feed(text.substr(at, piece));
  stream.Finish();
  return spans;
}

}  // namespace

// The lines up to an empty one are keywords; the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  linker::DictionaryBuilder builder;
  while (!input.empty()) {
    const size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (line.empty()) break;
    const auto entry = linker::ParseKeywordLine(line);
    if (entry.ok() && entry->has_value()) static_cast<void>(builder.Add(**entry));
  }
  // Long enough for several stretches.
  std::string text(input);
  while (!input.empty() && text.size() < 40'000) text += input;
  const auto dictionary = linker::Dictionary::FromBytes(builder.ToBytes());
  if (!dictionary.ok()) __builtin_trap();
  if (LinksOf<linker::LinkStream>(**dictionary, input, 3) != LinksOf<linker::LinkStream>(**dictionary, input, 4096)) __builtin_trap();
  if (LinksOf<linker::HtmlLinker>(**dictionary, input, 3) != LinksOf<linker::HtmlLinker>(**dictionary, input, 4096)) __builtin_trap();
  if (LinksOf<linker::LinkStream>(**dictionary, text, 1021) != LinksOf<linker::LinkStream>(**dictionary, text, 40'009)) __builtin_trap();
  if (LinksOf<linker::HtmlLinker>(**dictionary, text, 1021) != LinksOf<linker::HtmlLinker>(**dictionary, text, 40'009)) __builtin_trap();
  if (LinksOf<linker::MarkdownLinker>(**dictionary, text, 1021) != LinksOf<linker::MarkdownLinker>(**dictionary, text, 40'009)) __builtin_trap();
  return 0;
}
