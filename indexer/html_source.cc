#include "indexer/html_source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/html_entities.h"

namespace sakuin::indexer {
namespace {

// Text with its blanks collapsed.
class Flow {
 public:
  void Append(std::string_view text) {
    for (const char c : text) {
      if (IsBlank(c)) {
        gap_ = std::max(gap_, Gap::kSpace);
        continue;
      }
      if (gap_ != Gap::kNone && !text_.empty()) text_.push_back(gap_ == Gap::kLine ? '\n' : ' ');
      gap_ = Gap::kNone;
      text_.push_back(c);
    }
  }

  void AppendVerbatim(std::string_view text) {
    if (text.empty()) return;
    if (gap_ != Gap::kNone && !text_.empty()) text_.push_back(gap_ == Gap::kLine ? '\n' : ' ');
    gap_ = Gap::kNone;
    text_.append(text);
  }

  void BreakLine() { gap_ = Gap::kLine; }
  void Space() { gap_ = std::max(gap_, Gap::kSpace); }

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  enum class Gap { kNone, kSpace, kLine };
  std::string text_;
  Gap gap_ = Gap::kNone;  // before the next character
};

template <size_t n>
bool IsOneOf(std::string_view name, const std::array<std::string_view, n>& sorted) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

constexpr std::array<std::string_view, 50> kBlocks = {
    "address", "article", "aside",    "blockquote", "body",   "br",     "caption", "center", "dd",   "details", "dialog", "dir",    "div",
    "dl",      "dt",      "fieldset", "figcaption", "figure", "footer", "form",    "h1",     "h2",   "h3",      "h4",     "h5",     "h6",
    "head",    "header",  "hgroup",   "hr",         "html",   "legend", "li",      "main",   "menu", "nav",     "ol",     "option", "p",
    "pre",     "section", "summary",  "table",      "tbody",  "tfoot",  "thead",   "title",  "tr",   "ul",      "xmp"};
constexpr std::array<std::string_view, 5> kSpaced = {"button", "input", "select", "td", "th"};
constexpr std::array<std::string_view, 5> kUnread = {"iframe", "noembed", "noframes", "script", "style"};  // their text is no text of the page

class HtmlReader {
 public:
  explicit HtmlReader(std::string_view html) : html_(html) {}

  PageText Read() {
    while (at_ < html_.size()) {
      const size_t open = std::min(html_.find('<', at_), html_.size());
      AppendText(html_.substr(at_, open - at_));
      at_ = open;
      if (at_ < html_.size()) ReadMarkup();
    }
    PageText page;
    page.title = title_.empty() ? heading_ : title_;
    page.body = body_.Take();
    return page;
  }

 private:
  char Peek(size_t ahead) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }

  // At "<".
  void ReadMarkup() {
    const char next = Peek(1);
    if (html_.substr(at_, 4) == "<!--") {
      const size_t end = html_.find("-->", at_ + 2);  // "<!-->" is a comment too
      at_ = end == std::string_view::npos ? html_.size() : end + 3;
    } else if (next == '!' || next == '?' || (next == '/' && !IsAsciiLetter(Peek(2)) && Peek(2) != '\0')) {
      const size_t end = html_.find('>', at_);
      at_ = end == std::string_view::npos ? html_.size() : end + 1;
    } else if (IsAsciiLetter(next) || (next == '/' && IsAsciiLetter(Peek(2)))) {
      ReadTag(next == '/');
    } else {
      AppendText("<");
      ++at_;
    }
  }

  void ReadTag(bool closing) {
    at_ += closing ? 2 : 1;
    name_.clear();
    while (at_ < html_.size() && !IsBlank(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') {
      if (name_.size() < kLongestName) name_.push_back(AsciiLower(html_[at_]));
      ++at_;
    }
    SkipAttributes();
    if (closing) {
      Leave();
    } else {
      Enter();
    }
  }

  // To behind the ">" of a tag; one inside a quoted value does not count.
  void SkipAttributes() {
    bool value_next = false;  // behind "="
    while (at_ < html_.size()) {
      const char c = html_[at_++];
      if (c == '>') return;
      if (value_next && (c == '"' || c == '\'')) at_ = std::min(html_.find(c, at_), html_.size() - 1) + 1;
      if (!IsBlank(c)) value_next = c == '=';
    }
  }

  void Enter() {
    Separate();
    if (IsOneOf(name_, kUnread)) {
      TakeRaw();
    } else if (name_ == "title") {
      const std::string_view raw = TakeRaw();
      if (title_.empty()) title_ = Collapsed(raw);
    } else if (name_ == "textarea") {
      AppendDecodedText(TakeRaw(), true);
    } else if (name_ == "pre") {
      ++pre_depth_;
    } else if (name_ == "h1" && heading_.empty()) {
      heading_at_ = body_.text().size();
    }
  }

  void Leave() {
    if (name_ == "h1" && heading_.empty() && heading_at_ != kNone) heading_ = std::string(Trim(std::string_view(body_.text()).substr(heading_at_)));
    if (name_ == "pre" && pre_depth_ > 0) --pre_depth_;
    Separate();
  }

  void Separate() {
    if (IsOneOf(std::string_view(name_), kBlocks)) {
      body_.BreakLine();
    } else if (IsOneOf(std::string_view(name_), kSpaced)) {
      body_.Space();
    }
  }

  // The text of an element that holds no elements; goes behind its end tag. Without one, that is all the rest.
  std::string_view TakeRaw() {
    const size_t begin = at_;
    for (;;) {
      const size_t open = html_.find("</", at_);
      if (open == std::string_view::npos) {
        at_ = html_.size();
        return html_.substr(begin);
      }
      at_ = open + 2;
      const char after = Peek(name_.size());
      if (!StartsWithIgnoringCase(html_.substr(at_), name_) || !(IsBlank(after) || after == '/' || after == '>')) continue;
      SkipAttributes();
      return html_.substr(begin, open - begin);
    }
  }

  static std::string Collapsed(std::string_view raw) {
    std::string decoded;
    text::AppendHtmlDecoded(decoded, raw);
    Flow flow;
    flow.Append(decoded);
    return flow.Take();
  }

  void AppendText(std::string_view text) { AppendDecodedText(text, pre_depth_ > 0); }

  void AppendDecodedText(std::string_view text, bool verbatim) {
    if (text.empty()) return;
    decoded_.clear();
    text::AppendHtmlDecoded(decoded_, text);
    if (verbatim) {
      body_.AppendVerbatim(decoded_);
    } else {
      body_.Append(decoded_);
    }
  }

  static constexpr size_t kLongestName = 16;
  static constexpr size_t kNone = SIZE_MAX;

  const std::string_view html_;
  size_t at_ = 0;
  std::string name_;     // of the tag at hand, in lower case
  std::string decoded_;  // scratch
  std::string title_;
  std::string heading_;
  size_t heading_at_ = kNone;  // of the body, where the first h1 begins
  size_t pre_depth_ = 0;
  Flow body_;
};

}  // namespace

PageText ReadHtml(std::string_view html) { return HtmlReader(html).Read(); }

}  // namespace sakuin::indexer
