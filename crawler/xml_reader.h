// xml_reader.h: XML as it is found on the web, an element at a time.
//
//   XmlReader reader("<rss><channel><title>A &amp; B</title>");
//   reader.Next(); reader.name() == "rss"; reader.depth() == 1
//   ...
//   while (reader.Next() != XmlReader::Event::kEnd) ...
//   reader.damage()   // "the end comes inside of <channel>"
//
// Names in lower case, without the prefix that the root element has (<sm:urlset>).
// No entity but those of HTML is known and none is expanded, so no bomb can go off;
// a doctype means nothing. Damage (elements that do not nest, an early end) is
// remembered, and reading goes on with what is most likely meant. Wants UTF-8.
// Linear; memory for kMaxXmlDepth open elements. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/html_tokenizer.h"

namespace sakuin::crawler {

inline constexpr size_t kMaxXmlDepth = 256;  // elements deeper than that are passed over

class XmlReader {
 public:
  enum class Event : uint8_t { kStart, kText, kClose, kEnd };

  // `xml` must live as long as the reader.
  explicit XmlReader(std::string_view xml);

  Event Next();

  std::string_view name() const { return name_; }        // of the element that kStart opens or kClose ends
  std::string_view text() const { return text_; }        // of kText: a part of the text, as it comes
  size_t depth() const { return open_.size(); }          // elements that are open: the one of kStart counts, that of kClose no longer
  std::string Attribute(std::string_view name) const;    // of kStart; without prefix
  const std::string& damage() const { return damage_; }  // the first; empty: none so far

 private:
  const text::HtmlToken* NextToken();
  Event TakeStart();
  bool TakeEnd();
  Event TakeText();
  std::string_view WithoutRootPrefix(std::string_view name) const;
  void NoteDamage(std::string what);

  text::HtmlTokenizer tokenizer_;
  const text::HtmlToken* token_ = nullptr;
  bool finished_ = false;
  bool had_root_ = false;
  bool close_next_ = false;  // <a/> was opened
  size_t beyond_ = 0;        // open elements deeper than kMaxXmlDepth
  std::string root_prefix_;
  std::vector<std::string> open_;
  std::string name_;
  std::string text_;
  std::string damage_;
};

}  // namespace sakuin::crawler
