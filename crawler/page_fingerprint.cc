#include "crawler/page_fingerprint.h"

#include <algorithm>
#include <set>

#include "base/checksum.h"

namespace sakuin::crawler {
namespace {

using Words = std::vector<uint64_t>;

constexpr size_t kMostHeadings = 100;  // that are looked for in a title

uint32_t HashOf(const Words& words) {
  const std::string_view bytes(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint64_t));
  return static_cast<uint32_t>(HashBytes(bytes)) | 1;
}

}  // namespace

uint32_t PageNameOf(std::string_view title, const std::vector<std::string>& headings) {
  const Words whole = WordsOf(title.empty() && !headings.empty() ? std::string_view(headings.front()) : title);
  if (whole.empty()) return 0;
  std::set<Words> named;
  Words name;
  for (size_t i = 0; i < std::min(headings.size(), kMostHeadings); ++i) {
    Words heading = WordsOf(headings[i]);
    const bool is_in_title = !heading.empty() && std::search(whole.begin(), whole.end(), heading.begin(), heading.end()) != whole.end();
    if (is_in_title) named.insert(std::move(heading));
  }
  for (const Words& heading : named) name.insert(name.end(), heading.begin(), heading.end());
  return HashOf(2 * name.size() > whole.size() ? name : whole);
}

TextFingerprint FingerprintOf(const text::PageFields& page, std::string_view bytes) {
  static const ContentHash of_no_words = FingerprintOf(std::string_view()).content;
  TextFingerprint out = FingerprintOf(page.body);
  out.name = PageNameOf(page.title, page.headings);
  if (out.content == of_no_words) out.content.low = Checksum(bytes);
  out.content.low += out.name;
  return out;
}

}  // namespace sakuin::crawler
