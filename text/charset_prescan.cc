#include "text/charset_prescan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "text/html_bytes.h"

namespace sakuin::text {
namespace {

bool StartsWithLower(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  return std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == LowerAscii(b); });
}

// A name in UTF-16 that is read as bytes of ASCII cannot be UTF-16.
const Charset* AsReadInAscii(const Charset* charset) {
  if (charset == nullptr) return nullptr;
  return charset->wide() ? FindCharset("utf-8") : charset;
}

struct Attribute {
  std::string name;
  std::string value;
};

// What one <meta> says.
class MetaFacts {
 public:
  void Add(const Attribute& attribute) {
    if (attribute.name == "http-equiv" && IsFirst(has_equiv_)) got_pragma_ = attribute.value == "content-type";
    if (attribute.name == "content" && IsFirst(has_content_) && !has_label_) SetLabel(CharsetInContentType(attribute.value), true);
    if (attribute.name == "charset" && IsFirst(has_charset_)) SetLabel(attribute.value, false);
  }

  const Charset* charset() const {
    if (!has_label_ || (need_pragma_ && !got_pragma_)) return nullptr;
    return AsReadInAscii(charset_);
  }

 private:
  static bool IsFirst(bool& seen) { return !std::exchange(seen, true); }

  void SetLabel(std::string_view label, bool need_pragma) {
    const Charset* const found = FindCharset(label);
    if (found == nullptr && need_pragma) return;
    charset_ = found;
    has_label_ = true;
    need_pragma_ = need_pragma;
  }

  bool has_equiv_ = false;
  bool has_content_ = false;
  bool has_charset_ = false;
  bool has_label_ = false;
  bool got_pragma_ = false;
  bool need_pragma_ = false;
  const Charset* charset_ = nullptr;
};

class Prescan {
 public:
  explicit Prescan(std::string_view bytes) : bytes_(bytes) {}

  const Charset* Run() {
    for (; at_ < bytes_.size(); ++at_) {
      at_ = std::min(bytes_.find('<', at_), bytes_.size());
      if (const Charset* found = AtMarkup(); found != nullptr) return found;
    }
    return nullptr;
  }

 private:
  bool AtEnd() const { return at_ >= bytes_.size(); }
  char Byte() const { return bytes_[at_]; }
  char Peek(size_t ahead) const { return at_ + ahead < bytes_.size() ? bytes_[at_ + ahead] : '\0'; }
  void SkipTo(size_t found) { at_ = std::min(found, bytes_.size()); }

  // Ends at the last byte of what it read.
  const Charset* AtMarkup() {
    const std::string_view rest = bytes_.substr(std::min(at_, bytes_.size()));
    if (rest.starts_with("<!--")) {
      const size_t end = bytes_.find("-->", at_ + 2);
      SkipTo(end == std::string_view::npos ? end : end + 2);
    } else if (StartsWithLower(rest, "<meta") && IsHtml(Peek(5), kHtmlSpace | kHtmlSlash)) {
      at_ += 5;
      return Meta();
    } else if (IsHtml(Peek(1), kHtmlLetter) || (Peek(1) == '/' && IsHtml(Peek(2), kHtmlLetter))) {
      SkipTo(bytes_.find_first_of("\t\n\f\r >", at_));
      for (Attribute attribute; NextAttribute(attribute);) continue;
    } else if (rest.starts_with("<!") || rest.starts_with("</") || rest.starts_with("<?")) {
      SkipTo(bytes_.find('>', at_));
    }
    return nullptr;
  }

  const Charset* Meta() {
    MetaFacts facts;
    for (Attribute attribute; NextAttribute(attribute);) facts.Add(attribute);
    return AtEnd() ? nullptr : facts.charset();  // a tag that does not end says nothing
  }

  // "Get an attribute". False at the > or at the end.
  bool NextAttribute(Attribute& attribute) {
    attribute = {};
    while (!AtEnd() && IsHtml(Byte(), kHtmlSpace | kHtmlSlash)) ++at_;
    if (AtEnd() || Byte() == '>') return false;
    while (!AtEnd() && !IsHtml(Byte(), kHtmlSpace | kHtmlSlash | kHtmlClose) && (Byte() != '=' || attribute.name.empty())) attribute.name += Lower();
    SkipSpace();
    if (AtEnd() || Byte() != '=') return true;
    ++at_;
    SkipSpace();
    return !AtEnd() && Value(attribute.value);
  }

  bool Value(std::string& value) {
    const char quote = Byte();
    if (quote == '"' || quote == '\'') {
      ++at_;
      while (!AtEnd() && Byte() != quote) value += Lower();
      if (!AtEnd()) ++at_;
      return !AtEnd();
    }
    while (!AtEnd() && !IsHtml(Byte(), kHtmlSpace | kHtmlClose)) value += Lower();
    return true;
  }

  void SkipSpace() {
    while (!AtEnd() && IsHtml(Byte(), kHtmlSpace)) ++at_;
  }
  char Lower() { return LowerAscii(bytes_[at_++]); }

  const std::string_view bytes_;
  size_t at_ = 0;
};

// <?xml version="1.0" encoding="x"?>, in ASCII or with a zero beside every byte.
const Charset* InXmlDeclaration(std::string_view bytes) {
  if (bytes.starts_with(std::string_view("<\0?\0x\0", 6))) return FindCharset("utf-16le");
  if (bytes.starts_with(std::string_view("\0<\0?\0x", 6))) return FindCharset("utf-16be");
  if (!bytes.starts_with("<?xml")) return nullptr;
  const std::string_view declaration = bytes.substr(0, bytes.find('>'));
  size_t at = declaration.find("encoding");
  if (declaration.size() == bytes.size() || at == std::string_view::npos) return nullptr;
  at = declaration.find_first_not_of("\t\n\r ", at + 8);
  if (at == std::string_view::npos || declaration[at] != '=') return nullptr;
  at = declaration.find_first_not_of("\t\n\r ", at + 1);
  if (at == std::string_view::npos || (declaration[at] != '"' && declaration[at] != '\'')) return nullptr;
  const size_t end = declaration.find(declaration[at], at + 1);
  return end == std::string_view::npos ? nullptr : AsReadInAscii(FindCharset(declaration.substr(at + 1, end - at - 1)));
}

size_t SkipSpaceAt(std::string_view text, size_t at) {
  while (at < text.size() && IsHtml(text[at], kHtmlSpace)) ++at;
  return at;
}

}  // namespace

const Charset* PrescanCharset(std::string_view bytes, size_t limit) {
  const std::string_view head = bytes.substr(0, limit);
  const Charset* const declared = InXmlDeclaration(head);
  return declared != nullptr ? declared : Prescan(head).Run();
}

std::string_view CharsetInContentType(std::string_view content) {
  constexpr std::string_view kName = "charset";
  for (size_t at = 0; at + kName.size() <= content.size(); ++at) {
    if (!StartsWithLower(content.substr(at), kName)) continue;
    size_t begin = SkipSpaceAt(content, at + kName.size());
    if (begin >= content.size() || content[begin] != '=') continue;
    begin = SkipSpaceAt(content, begin + 1);
    if (begin >= content.size()) return {};
    const char quote = content[begin];
    if (quote != '"' && quote != '\'') return content.substr(begin, std::min(content.find_first_of("\t\n\f\r ;", begin), content.size()) - begin);
    const size_t end = content.find(quote, begin + 1);
    return end == std::string_view::npos ? std::string_view() : content.substr(begin + 1, end - begin - 1);
  }
  return {};
}

}  // namespace sakuin::text
