#include "text/html_page.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "text/date_text.h"
#include "text/html_bytes.h"
#include "text/main_text.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

constexpr size_t kMaxRawTitleBytes = 8 * kMaxHtmlTitleBytes;  // with its blanks

// Without scripts, as a crawler reads, what stands in noscript is shown.
HtmlTokenizerOptions TokenizerOptions() {
  HtmlTokenizerOptions options;
  options.scripting = HtmlScripting::kOff;
  return options;
}

std::string_view ValueOf(const HtmlToken& tag, std::string_view attribute) {
  const HtmlAttribute* const found = tag.Find(attribute);
  return found == nullptr ? std::string_view() : found->value;
}

bool IsJsonLd(const HtmlToken& script) {
  const HtmlAttribute* const type = script.Find("type");
  return type != nullptr && type->value.size() < 64 && LowerAscii(TrimHtmlSpace(type->value)).starts_with("application/ld+json");
}

}  // namespace

std::string CollapsedText(std::string_view text, size_t limit) {
  std::string out;
  bool blank = true;
  while (out.size() <= limit) {
    const size_t tidy = TidyHtmlBytes(text, blank);
    out += text.substr(0, std::min(tidy, limit + 1 - out.size()));
    if (tidy == text.size()) break;
    const char c = text[tidy];
    text.remove_prefix(tidy + 1);
    const bool is_blank = IsHtml(c, kHtmlSpace);
    if (!is_blank || !blank) out += is_blank ? ' ' : c;
    blank = is_blank;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out.resize(CutAtCharacter(out, limit).size());
  return out;
}

HtmlPageReader::HtmlPageReader(HtmlPageOptions options) : tokenizer_(TokenizerOptions()), head_(std::move(options.agent)) {}

void HtmlPageReader::Feed(std::string_view chunk) {
  tokenizer_.Feed(chunk);
  Drain();
}

void HtmlPageReader::Drain() {
  while (const HtmlToken* token = tokenizer_.Next()) Take(*token);
}

void HtmlPageReader::Take(const HtmlToken& token) {
  switch (token.kind) {
    case HtmlTokenKind::kText: return Text(token);
    case HtmlTokenKind::kStartTag: return StartTag(token);
    case HtmlTokenKind::kEndTag: return EndTag(token);
    default: return;
  }
}

void HtmlPageReader::Text(const HtmlToken& token) {
  if (in_title_) return AppendTo(title_, token, kMaxRawTitleBytes);
  if (in_json_) return AppendTo(json_, token, kMaxJsonLdBytes + 1);
  if (!IsInBody()) return;
  const uint8_t flags = regions_.flags();
  if ((flags & kRegionInert) != 0) return;
  for (const HtmlTextPiece& piece : token.pieces) {
    std::string_view text = piece.text();
    if (std::exchange(after_pre_, false) && text.starts_with('\n')) text.remove_prefix(1);
    text_.Append(text, flags);
  }
}

// Up to `limit` bytes, wherever tokens and pieces end.
void HtmlPageReader::AppendTo(std::string& out, const HtmlToken& token, size_t limit) {
  for (const HtmlTextPiece& piece : token.pieces) out += piece.text().substr(0, limit - std::min(limit, out.size()));
}

void HtmlPageReader::StartTag(const HtmlToken& tag) {
  const bool was_in_svg = in_svg_;
  in_svg_ = tokenizer_.inside_foreign() && (in_svg_ || tag.name == "svg");
  if (in_svg_ || was_in_svg) {
    if (in_svg_ && !was_in_svg) text_.Space();
    return;
  }
  after_pre_ = false;
  OpenElement(tag, FactsOf(tag.name));
}

void HtmlPageReader::OpenElement(const HtmlToken& tag, const HtmlElementFacts& facts) {
  using enum HtmlElement;
  if (facts.block) text_.Break();
  if (facts.spaced) text_.Space();
  regions_.StartTag(tag, facts);
  switch (facts.id) {
    case kTitle: in_title_ = !tokenizer_.inside_foreign(); break;
    case kStyle:
    case kUnread: in_unread_ = tokenizer_.content() != HtmlContent::kData; break;
    case kScript:
      in_json_ = IsJsonLd(tag);
      in_unread_ = !in_json_;
      break;
    case kA: OpenLink(tag); break;
    case kArea: AddLink(HtmlLinkKind::kAnchor, tag, "href"); break;
    case kFrame:
      AddLink(HtmlLinkKind::kFrame, tag, "src");
      in_unread_ = tokenizer_.content() != HtmlContent::kData;
      break;
    case kLink: AddLink(HtmlLinkKind::kLink, tag, "href"); break;
    case kMeta: head_.Meta(tag); break;
    case kBase: head_.Base(tag); break;
    case kBr: text_.BreakLine(); break;
    case kHeading: OpenHeading(tag); break;
    case kImg:
      if (link_wanted_ && alternative_.empty()) alternative_ = CollapsedText(ValueOf(tag, "alt"), kMaxHtmlAnchorBytes);
      break;
    case kHtml:
      if (page_.lang.empty()) page_.lang = CutAtCharacter(TrimHtmlSpace(ValueOf(tag, tag.Find("lang") != nullptr ? "lang" : "xml:lang")), 64);
      break;
    case kTime: ReadTime(tag); break;
    case kPre:
    case kTextarea: after_pre_ = true; break;
    default: break;
  }
}

void HtmlPageReader::EndTag(const HtmlToken& tag) {
  if (in_svg_) {
    in_svg_ = tokenizer_.inside_foreign();
    return;
  }
  using enum HtmlElement;
  const HtmlElementFacts& facts = FactsOf(tag.name);
  switch (facts.id) {
    case kTitle: CloseTitle(); break;
    case kScript: CloseJson(); [[fallthrough]];
    case kStyle:
    case kFrame:
    case kUnread: in_unread_ = false; break;
    case kA: CloseLink(); break;
    case kHeading: CloseHeading(); break;
    case kBr: text_.BreakLine(); break;  // browsers read </br> so
    default: break;
  }
  if (facts.block) text_.Break();
  if (facts.spaced) text_.Space();
  regions_.EndTag(facts);
}

void HtmlPageReader::CloseTitle() {
  in_title_ = false;
  if (page_.title.empty()) page_.title = CollapsedText(CutAtCharacter(title_, kMaxRawTitleBytes - 1), kMaxHtmlTitleBytes);
  title_.clear();
}

void HtmlPageReader::CloseJson() {
  if (in_json_) ReadJsonLd(json_, page_.json_ld);
  in_json_ = false;
  json_.clear();
}

void HtmlPageReader::AddLink(HtmlLinkKind kind, const HtmlToken& tag, std::string_view attribute) {
  const std::string_view href = TrimHtmlSpace(ValueOf(tag, attribute));
  std::string rel = LowerAscii(ValueOf(tag, "rel").substr(0, kMaxHtmlAnchorBytes));
  if (kind == HtmlLinkKind::kLink && HasHtmlName(rel, "canonical")) head_.Canonical(tag);
  if (href.empty() || href.size() > kMaxHtmlHrefBytes || page_.links.size() >= kMaxHtmlLinks) return;
  constexpr size_t kCommonLinks = 64;
  if (page_.links.empty()) page_.links.reserve(kCommonLinks);
  HtmlLink& link = page_.links.emplace_back();
  link.kind = kind;
  link.href = href;
  link.rel = std::move(rel);
  if (kind == HtmlLinkKind::kLink) link.type = LowerAscii(ValueOf(tag, "type").substr(0, kMaxHtmlAnchorBytes));
}

void HtmlPageReader::OpenLink(const HtmlToken& tag) {
  CloseLink();
  const size_t links = page_.links.size();
  AddLink(HtmlLinkKind::kAnchor, tag, "href");
  link_wanted_ = page_.links.size() > links;
  link_at_ = text_.text().size();
  if (tag.Find("href") != nullptr) text_.StartLink();
}

void HtmlPageReader::CloseLink() {
  if (link_at_ == kNone) return;
  text_.EndLink();
  if (link_wanted_) {
    const std::string_view text = text_.text();
    std::string written = CollapsedText(text.substr(std::min(link_at_, text.size())), kMaxHtmlAnchorBytes);
    page_.links.back().text = written.empty() ? std::move(alternative_) : std::move(written);
  }
  alternative_.clear();
  link_at_ = kNone;
  link_wanted_ = false;
}

void HtmlPageReader::OpenHeading(const HtmlToken& tag) {
  CloseHeading();
  if (page_.headings.size() >= kMaxHtmlHeadings) return;
  page_.headings.push_back({tag.name[1] - '0', {}});
  heading_at_ = text_.text().size();
}

void HtmlPageReader::CloseHeading() {
  if (heading_at_ == kNone) return;
  const std::string_view text = text_.text();
  page_.headings.back().text = CollapsedText(text.substr(std::min(heading_at_, text.size())), kMaxHtmlTitleBytes);
  if (page_.headings.back().text.empty()) page_.headings.pop_back();
  heading_at_ = kNone;
}

void HtmlPageReader::ReadTime(const HtmlToken& tag) {
  const std::string_view when = ValueOf(tag, "datetime").substr(0, 64);
  const bool published = ValueOf(tag, "itemprop") == "datePublished" || tag.Find("pubdate") != nullptr;
  std::string& kept = published ? item_time_ : time_;
  if (kept.empty()) kept = when;
}

void HtmlPageReader::SettleDates() {
  const std::string_view said[] = {page_.head.published, page_.json_ld.published, item_time_, page_.head.date, time_};
  for (const std::string_view each : said) {
    if (!page_.published.has_value()) page_.published = ParseDate(each);
  }
}

HtmlPage HtmlPageReader::Finish() {
  tokenizer_.Finish();
  Drain();
  CloseTitle();
  CloseJson();
  CloseLink();
  CloseHeading();
  text_.Break();
  page_.head = std::move(head_.head());
  if (page_.lang.empty()) page_.lang = page_.head.content_language;
  const auto first = std::ranges::find(page_.headings, 1, &HtmlHeading::level);
  if (page_.title.empty() && first != page_.headings.end()) page_.title = first->text;
  SettleDates();
  page_.body = ChooseMainText(text_.text(), text_.blocks());
  return std::move(page_);
}

HtmlPage ReadHtmlPage(std::string_view html, const HtmlPageOptions& options) {
  HtmlPageReader reader(options);
  reader.Feed(html);
  return reader.Finish();
}

}  // namespace sakuin::text
