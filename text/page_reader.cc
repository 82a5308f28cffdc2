#include "text/page_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "text/charset_prescan.h"
#include "text/date_text.h"
#include "text/html_bytes.h"
#include "text/html_tokenizer.h"
#include "text/language_guess.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

struct NamedLanguage {
  std::string_view name;
  std::string_view code;
};
constexpr NamedLanguage kLanguages[] = {
    {"arabic", "ar"},     {"bulgarian", "bg"}, {"catalan", "ca"}, {"chinese", "zh"},    {"chineset", "zh-tw"}, {"croatian", "hr"},  {"czech", "cs"},
    {"danish", "da"},     {"dutch", "nl"},     {"english", "en"}, {"estonian", "et"},   {"finnish", "fi"},     {"french", "fr"},    {"german", "de"},
    {"greek", "el"},      {"hebrew", "he"},    {"hindi", "hi"},   {"hungarian", "hu"},  {"indonesian", "id"},  {"irish", "ga"},     {"italian", "it"},
    {"japanese", "ja"},   {"korean", "ko"},    {"latvian", "lv"}, {"lithuanian", "lt"}, {"norwegian", "no"},   {"persian", "fa"},   {"polish", "pl"},
    {"portuguese", "pt"}, {"romanian", "ro"},  {"russian", "ru"}, {"serbian", "sr"},    {"slovak", "sk"},      {"slovenian", "sl"}, {"spanish", "es"},
    {"swedish", "sv"},    {"thai", "th"},      {"turkish", "tr"}, {"ukrainian", "uk"},  {"vietnamese", "vi"},
};
static_assert(std::ranges::is_sorted(kLanguages, {}, &NamedLanguage::name));

constexpr size_t kLongestLang = 35;  // of a language tag, as RFC 5646 expects

// "en-US": letters, digits and - only, in lower case; else nothing.
std::string CleanLang(std::string_view lang) {
  lang = TrimHtmlSpace(lang);
  const bool sound =
      !lang.empty() && lang.size() <= kLongestLang && IsHtml(lang.front(), kHtmlLetter) &&
      std::ranges::all_of(lang, [](char c) { return IsHtml(c, kHtmlLetter) || IsAsciiDigit(c) || c == '-' || c == '_'; });
  std::string clean = sound ? LowerAscii(lang) : std::string();
  std::ranges::replace(clean, '_', '-');
  return clean;
}

std::string FirstOf(std::string first, std::string second) { return first.empty() ? std::move(second) : std::move(first); }

void TakeHtml(std::string_view html, std::string_view agent, Page& page) {
  HtmlPage read = ReadHtmlPage(html, {.agent = std::string(agent)});
  page.title = FirstOf(FirstOf(std::move(read.title), read.head.open_graph.title), std::move(read.json_ld.headline));
  page.body = std::move(read.body);
  page.description = FirstOf(read.head.description, read.head.open_graph.description);
  page.lang = CleanLang(read.lang);
  page.author = std::move(read.json_ld.author);
  page.published = read.published;
  page.headings = std::move(read.headings);
  page.links = std::move(read.links);
  page.head = std::move(read.head);
}

// The title is the first line that is not blank.
void TakeText(std::string_view text, Page& page) {
  page.body = TrimHtmlSpace(text);
  const std::string_view first = std::string_view(page.body).substr(0, page.body.find_first_of("\r\n"));
  page.title = CollapsedText(first, kMaxHtmlTitleBytes);
}

// XML as text: what is between its tags.
void TakeXml(std::string_view xml, Page& page) {
  HtmlTokenizerOptions options;
  options.switching = HtmlTokenizerOptions::Switching::kByCaller;
  HtmlTokenizer tokenizer(options);
  tokenizer.set_foreign(true);  // CDATA sections
  std::string all;
  const auto drain = [&] {
    while (const HtmlToken* token = tokenizer.Next()) {
      if (token->kind != HtmlTokenKind::kText && token->kind != HtmlTokenKind::kNothing) all += ' ';
      for (const HtmlTextPiece& piece : token->pieces) all += piece.text();
    }
  };
  tokenizer.Feed(xml);
  drain();
  tokenizer.Finish();
  drain();
  page.body = CollapsedText(all, all.size());
}

// A kilobyte tells of nearly every text, in a quarter of the time; where it does not, all that is looked at must.
std::string_view LangOfText(std::string_view text) {
  constexpr size_t kMostlyEnough = 1024;
  std::string name = SurelyWrittenIn(text, kMostlyEnough);
  if (name.empty() && text.size() > kMostlyEnough) name = SurelyWrittenIn(text);
  return LanguageCode(name);
}

}  // namespace

std::string_view LanguageCode(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(kLanguages, name, {}, &NamedLanguage::name);
  return found != std::end(kLanguages) && found->name == name ? found->code : std::string_view();
}

Page ReadUtf8Html(std::string_view html, std::string_view agent) {
  Page page;
  page.type = "text/html";
  page.charset = "UTF-8";
  TakeHtml(html, agent, page);
  if (page.lang.empty()) page.lang = LangOfText(page.body);
  return page;
}

PageFields FieldsOf(Page page) {
  PageFields fields;
  fields.title = std::move(page.title);
  fields.body = std::move(page.body);
  for (HtmlHeading& heading : page.headings) fields.headings.push_back(std::move(heading.text));
  fields.description = std::move(page.description);
  fields.language = std::move(page.lang);
  if (page.published.has_value()) fields.published = FormatDate(*page.published);
  return fields;
}

Result<Page> ReadPage(const FetchedBody& fetched) {
  const BodyState state = fetched.body.size() > kMaxPageBytes ? BodyState::kTooLarge : fetched.state;
  if (state != BodyState::kWhole) return InvalidArgumentError(std::string(BodyStateText(state)));
  SniffedContent content = SniffContent(fetched.content_type, fetched.body);
  if (content.kind == ContentKind::kRefused) return InvalidArgumentError(content.reason);
  Page page;
  page.kind = content.kind;
  page.type = std::move(content.type);
  std::string buffer;
  const CharsetHints hints = {.label = CharsetInContentType(fetched.content_type), .markup = page.kind != ContentKind::kText};
  const DecodedText decoded = DecodeText(fetched.body, hints, buffer);
  page.charset = decoded.charset->name;
  page.charset_source = decoded.source;
  page.replaced = decoded.replaced;
  switch (page.kind) {
    case ContentKind::kXml: TakeXml(decoded.text, page); break;
    case ContentKind::kText: TakeText(decoded.text, page); break;
    default: TakeHtml(decoded.text, fetched.agent, page); break;
  }
  if (page.lang.empty()) page.lang = LangOfText(page.body);
  return page;
}

}  // namespace sakuin::text
