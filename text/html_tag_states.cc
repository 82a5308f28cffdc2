// The states of the HTML tokenizer inside tags: 13.2.5.8 and 13.2.5.32 to 13.2.5.40 of the standard.

#include <algorithm>

#include "text/html_bytes.h"
#include "text/html_tokenizer.h"

namespace sakuin::text {

HtmlTokenizer::Step HtmlTokenizer::RunTag() {
  Step step = Step::kGoOn;
  while (step == Step::kGoOn) step = AtLimit() ? Step::kWait : RunTagState();
  return step;
}

HtmlTokenizer::Step HtmlTokenizer::RunTagState() {
  switch (state_) {
    case State::kTagName: return TagName();
    case State::kBeforeAttribute: return BeforeAttribute();
    case State::kAttributeName: return AttributeName();
    case State::kAfterAttributeName: return AfterAttributeName();
    case State::kBeforeValue: return BeforeValue();
    case State::kQuotedValue: return QuotedValue();
    case State::kUnquotedValue: return UnquotedValue();
    case State::kAfterQuotedValue: return AfterQuotedValue();
    default: return SelfClosing();
  }
}

HtmlTokenizer::Step HtmlTokenizer::GoTo(State state, size_t bytes) {
  at_ += bytes;
  state_ = state;
  return Step::kGoOn;
}

HtmlTokenizer::Step HtmlTokenizer::BeginTag(HtmlTokenKind kind, size_t name_at) {
  Begin();
  tag_kind_ = kind;
  attribute_parts_.clear();
  drop_attribute_ = false;
  OpenPart(kMaxHtmlNameBytes);
  return GoTo(State::kTagName, name_at - at_);
}

HtmlTokenizer::Step HtmlTokenizer::TagName() {
  if (!GatherUntil(kHtmlSpace | kHtmlSlash | kHtmlClose, true)) return Step::kWait;
  name_ = ClosePart();
  if (Byte() == '>') return CloseTag();
  return GoTo(Byte() == '/' ? State::kSelfClosing : State::kBeforeAttribute, 1);
}

void HtmlTokenizer::SkipSpace() {
  while (!AtLimit() && IsHtml(Byte(), kHtmlSpace)) ++at_;
}

HtmlTokenizer::Step HtmlTokenizer::BeforeAttribute() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>' || Byte() == '/') return GoTo(State::kAfterAttributeName, 0);
  return BeginAttribute();
}

// At the first byte of its name, which may be an equals sign.
HtmlTokenizer::Step HtmlTokenizer::BeginAttribute() {
  attribute_ = {};
  attribute_.name_start = Offset(at_);
  OpenPart(kMaxHtmlNameBytes);
  drop_attribute_ = attribute_parts_.size() >= kMaxHtmlAttributes;
  if (drop_attribute_) token_.truncated = true;
  if (Byte() != '=') return GoTo(State::kAttributeName, 0);
  Append("=");
  return GoTo(State::kAttributeName, 1);
}

HtmlTokenizer::Step HtmlTokenizer::AttributeName() {
  if (!GatherUntil(kHtmlSpace | kHtmlSlash | kHtmlClose | kHtmlEquals, true)) return Step::kWait;
  EndAttributeName();
  return Byte() == '=' ? GoTo(State::kBeforeValue, 1) : GoTo(State::kAfterAttributeName, 0);
}

// Of several attributes with one name the first counts.
void HtmlTokenizer::EndAttributeName() {
  attribute_.name = ClosePart();
  attribute_.name_end = attribute_.value_start = attribute_.value_end = Offset(at_);
  if (drop_attribute_) return;
  const std::string_view name = View(attribute_.name);
  const auto same = [&](const AttributeParts& other) { return View(other.name) == name; };
  work_ += attribute_parts_.size();
  drop_attribute_ = name.empty() || std::ranges::any_of(attribute_parts_, same);
  if (drop_attribute_) {
    meaning_.resize(attribute_.name.begin);
  } else {
    attribute_parts_.push_back(attribute_);
  }
}

HtmlTokenizer::Step HtmlTokenizer::AfterAttributeName() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  switch (Byte()) {
    case '/': return GoTo(State::kSelfClosing, 1);
    case '=': return GoTo(State::kBeforeValue, 1);
    case '>': return CloseTag();
    default: return BeginAttribute();
  }
}

HtmlTokenizer::Step HtmlTokenizer::BeforeValue() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>') return CloseTag();
  quote_ = Byte();
  const bool quoted = quote_ == '"' || quote_ == '\'';
  GoTo(quoted ? State::kQuotedValue : State::kUnquotedValue, quoted ? 1 : 0);
  attribute_.value_start = Offset(at_);
  OpenPart(kMaxHtmlValueBytes);
  return Step::kGoOn;
}

HtmlTokenizer::Step HtmlTokenizer::QuotedValue() {
  if (reading_number_) return ReferenceInValue();
  if (!Gather(quote_, '&')) return Step::kWait;
  if (Byte() == '&') return ReferenceInValue();
  EndValue();
  return GoTo(State::kAfterQuotedValue, 1);
}

HtmlTokenizer::Step HtmlTokenizer::UnquotedValue() {
  if (reading_number_) return ReferenceInValue();
  if (!GatherUntil(kHtmlSpace | kHtmlClose | kHtmlAmp, false)) return Step::kWait;
  if (Byte() == '&') return ReferenceInValue();
  EndValue();
  return Byte() == '>' ? CloseTag() : GoTo(State::kBeforeAttribute, 1);
}

// At an `&`, or in the number behind one.
HtmlTokenizer::Step HtmlTokenizer::ReferenceInValue() {
  if (!reading_number_) {
    switch (LookAtReference(true)) {
      case Reference::kWait: return Step::kWait;
      case Reference::kNone: Append("&"); return GoTo(state_, 1);
      case Reference::kNamed: Append(reference_); return GoTo(state_, reference_bytes_);
      case Reference::kNumber: BeginNumber(); break;
    }
  }
  if (!ReadNumber()) return Step::kWait;
  Append(EndNumber());
  return Step::kGoOn;
}

void HtmlTokenizer::EndValue() {
  if (drop_attribute_) return;
  AttributeParts& attribute = attribute_parts_.back();
  attribute.value = ClosePart();
  attribute.value_start = attribute_.value_start;
  attribute.value_end = Offset(at_);
}

HtmlTokenizer::Step HtmlTokenizer::AfterQuotedValue() {
  if (Byte() == '>') return CloseTag();
  if (Byte() == '/') return GoTo(State::kSelfClosing, 1);
  return GoTo(State::kBeforeAttribute, IsHtml(Byte(), kHtmlSpace) ? 1 : 0);
}

HtmlTokenizer::Step HtmlTokenizer::SelfClosing() {
  if (Byte() != '>') return GoTo(State::kBeforeAttribute, 0);
  token_.self_closing = true;
  return CloseTag();
}

// At the > that ends the tag.
HtmlTokenizer::Step HtmlTokenizer::CloseTag() {
  ++at_;
  drop_attribute_ = false;
  attributes_.clear();
  for (const AttributeParts& parts : attribute_parts_) {
    attributes_.push_back({View(parts.name), View(parts.value), parts.name_start, parts.name_end, parts.value_start, parts.value_end});
  }
  token_.name = View(name_);
  token_.attributes = attributes_;
  Emit(tag_kind_);
  SwitchContent();
  return Step::kToken;
}

// Reads on as this tag wants it.
void HtmlTokenizer::SwitchContent() {
  HtmlContent content = HtmlContent::kData;
  const bool starts = tag_kind_ == HtmlTokenKind::kStartTag;
  if (by_tag_name_ && starts) content = model_.StartTag(token_);
  if (by_tag_name_ && !starts) model_.EndTag(token_);
  if (by_tag_name_) foreign_ = model_.foreign();
  if (starts && (!by_tag_name_ || content != HtmlContent::kData)) last_start_tag_.assign(token_.name);
  SetContent(content);
}

}  // namespace sakuin::text
