// The states of the HTML tokenizer inside tags: 13.2.5.8 and 13.2.5.32 to 13.2.5.40 of the standard.

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <utility>

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

// ---- Plain tags: names in lower case, no carriage returns or NULs in values, all in one window.

// Up to what a name of a plain tag cannot have, or a control character or an equals sign, which it seldom has.
size_t HtmlTokenizer::SkipName(size_t at) const {
#if defined(__SSE2__)
  // Sixteen at once, as names are short: no branch depends on how long one is. Bytes that are not ASCII are below zero.
  for (; at + 16 <= window_.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(window_.data() + at));
    const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8('!'));
    const __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));
    const __m128i stops = _mm_or_si128(_mm_or_si128(is('/'), is('>')), _mm_or_si128(is('='), _mm_or_si128(low, upper)));
    const auto places = static_cast<uint32_t>(_mm_movemask_epi8(stops));
    if (places != 0) return at + static_cast<size_t>(std::countr_zero(places));
  }
#endif
  while (at < window_.size() && window_[at] > ' ' && !IsHtml(window_[at], kHtmlSlash | kHtmlClose | kHtmlEquals | kHtmlUpper | kHtmlOdd)) ++at;
  return at;
}

size_t HtmlTokenizer::SkipSpaceFrom(size_t at) const {
  while (at < window_.size() && IsHtml(window_[at], kHtmlSpace)) ++at;
  return at;
}

// The name; when it is not plain nothing has been read.
bool HtmlTokenizer::ReadPlainTag(size_t name_at) {
  constexpr uint8_t kStops = kHtmlSpace | kHtmlSlash | kHtmlClose;
  const size_t end = SkipName(name_at);
  if (end == window_.size() || end - name_at > kMaxHtmlNameBytes || !IsHtml(window_[end], kStops)) return false;
  token_.name = window_.substr(name_at, end - name_at);
  at_ = end;
  return true;
}

// Up to the end of the tag; false at the first attribute that is not plain.
bool HtmlTokenizer::ReadPlainAttributes() {
  attribute_names_ = 0;
  for (;;) {
    at_ = SkipSpaceFrom(at_);
    if (AtLimit()) return false;
    if (Byte() == '>') break;
    if (Byte() != '/') {
      if (!ReadPlainAttribute()) return false;
      continue;
    }
    if (at_ + 1 == window_.size()) return false;
    ++at_;
    token_.self_closing = Byte() == '>';
  }
  ++at_;
  return true;
}

// When it is not plain nothing of it has been read.
bool HtmlTokenizer::ReadPlainAttribute() {
  constexpr uint8_t kStops = kHtmlSpace | kHtmlSlash | kHtmlClose | kHtmlEquals;
  const size_t size = window_.size();
  const size_t name_end = SkipName(at_);
  if (name_end == at_ || name_end == size || name_end - at_ > kMaxHtmlNameBytes || !IsHtml(window_[name_end], kStops)) return false;
  HtmlAttribute attribute;
  attribute.name = window_.substr(at_, name_end - at_);
  attribute.name_start = Offset(at_);
  attribute.name_end = attribute.value_start = attribute.value_end = Offset(name_end);
  const size_t begin = at_;
  at_ = SkipSpaceFrom(name_end);
  bool plain = !AtLimit() && attributes_.size() < kMaxHtmlAttributes;
  if (plain && Byte() == '=') plain = ReadPlainValue(attribute);
  if (!plain || Offset(at_) - token_start_ > kMaxHtmlTagBytes) {
    at_ = begin;
    return false;
  }
  AddPlainAttribute(attribute);
  return true;
}

// At the equals sign.
bool HtmlTokenizer::ReadPlainValue(HtmlAttribute& attribute) {
  at_ = SkipSpaceFrom(at_ + 1);
  if (AtLimit() || Byte() == '>') return false;
  const char quote = Byte();
  const bool quoted = quote == '"' || quote == '\'';
  if (quoted) ++at_;
  const size_t begin = at_;
  if (quoted ? !SkipQuotedValue(attribute, quote) : !SkipUnquotedValue(attribute)) return false;
  attribute.value_start = Offset(begin);
  attribute.value_end = Offset(at_);
  if (quoted) ++at_;
  return attribute.value_end - attribute.value_start <= kMaxHtmlValueBytes;
}

bool HtmlTokenizer::SkipUnquotedValue(HtmlAttribute& attribute) {
  const size_t begin = at_;
  while (!AtLimit() && !IsHtml(Byte(), kHtmlSpace | kHtmlClose | kHtmlAmp | kHtmlOdd)) ++at_;
  attribute.value = window_.substr(begin, at_ - begin);
  return !AtLimit() && !IsHtml(Byte(), kHtmlAmp | kHtmlOdd);
}

// Up to the quote that ends it.
bool HtmlTokenizer::SkipQuotedValue(HtmlAttribute& attribute, char quote) {
  const size_t begin = at_;
  at_ = SkipPlainHtml(window_, at_, quote, '&', high_);
  if (AtLimit()) return false;
  attribute.value = window_.substr(begin, at_ - begin);
  return Byte() == quote || (Byte() == '&' && DecodeQuotedValue(attribute, quote));
}

// At the first & of a value. What it means goes into decoded_, which does not grow while a tag has views of it.
bool HtmlTokenizer::DecodeQuotedValue(HtmlAttribute& attribute, char quote) {
  constexpr size_t kDecodedBytes = 4096;
  decoded_.reserve(kDecodedBytes);
  const size_t begin = decoded_.size();
  const auto append = [&](std::string_view meaning) {
    const bool fits = meaning.size() <= kDecodedBytes - decoded_.size();
    if (fits) decoded_ += meaning;
    return fits;
  };
  if (!append(attribute.value)) return false;
  while (Byte() == '&') {
    if (!ReadReference() || !append(reference_)) return false;
    const size_t from = at_;
    at_ = SkipPlainHtml(window_, at_, quote, '&', high_);
    if (AtLimit() || !append(window_.substr(from, at_ - from))) return false;
  }
  attribute.value = std::string_view(decoded_).substr(begin);
  return Byte() == quote;
}

// At an & of a value: goes over it, or the reference that it begins, with what it means in reference_. False when more must be seen.
bool HtmlTokenizer::ReadReference() {
  switch (LookAtReference(true)) {
    case Reference::kWait: return false;
    case Reference::kNamed: at_ += reference_bytes_; return true;
    case Reference::kNone:
      reference_ = "&";
      ++at_;
      return true;
    case Reference::kNumber: break;
  }
  BeginNumber();
  const bool ended = ReadNumber();
  reference_ = EndNumber();
  return ended;
}

// Of several with one name the first counts. A bit for each name spares most comparisons.
void HtmlTokenizer::AddPlainAttribute(const HtmlAttribute& attribute) {
  const std::string_view name = attribute.name;
  const size_t mixed = static_cast<uint8_t>(name.front()) * size_t{3} + static_cast<uint8_t>(name.back()) * size_t{5} + name.size() * 7;
  const uint64_t bit = uint64_t{1} << mixed % 64;
  if ((attribute_names_ & bit) != 0) {
    work_ += attributes_.size();
    if (std::ranges::find(attributes_, name, &HtmlAttribute::name) != attributes_.end()) return;
  }
  attribute_names_ |= bit;
  attributes_.push_back(attribute);
}

// To the states, which keep what they read of a tag: it may go on in another chunk.
HtmlTokenizer::Step HtmlTokenizer::LeavePlainTag() {
  name_ = Keep(std::exchange(token_.name, {}));
  for (const HtmlAttribute& each : attributes_) {
    const Part name = Keep(each.name);
    attribute_parts_.push_back({name, Keep(each.value), each.name_start, each.name_end, each.value_start, each.value_end});
  }
  return GoTo(State::kBeforeAttribute, 0);
}

HtmlTokenizer::Part HtmlTokenizer::Keep(std::string_view meaning) {
  OpenPart(kMaxHtmlValueBytes);
  Append(meaning);
  return ClosePart();
}

// Reads on as this tag wants it.
void HtmlTokenizer::SwitchContent() {
  HtmlContent content = HtmlContent::kData;
  const bool starts = tag_kind_ == HtmlTokenKind::kStartTag;
  if (by_tag_name_ && starts && !model_.IsOrdinary(token_.name)) content = model_.StartTag(token_);
  if (by_tag_name_ && !starts && model_.inside_foreign()) model_.EndTag(token_);
  if (by_tag_name_) foreign_ = model_.foreign();
  if (starts && (!by_tag_name_ || content != HtmlContent::kData)) last_start_tag_.assign(token_.name);
  SetContent(content);
}

HtmlTokenizer::Step HtmlTokenizer::EmitTag() {
  token_.attributes = attributes_;
  Emit(tag_kind_);
  SwitchContent();
  return Step::kToken;
}

HtmlTokenizer::Step HtmlTokenizer::BeginTag(HtmlTokenKind kind, size_t name_at) {
  Begin();
  tag_kind_ = kind;
  attribute_parts_.clear();
  attributes_.clear();
  decoded_.clear();
  drop_attribute_ = false;
  if (ReadPlainTag(name_at)) return ReadPlainAttributes() ? EmitTag() : LeavePlainTag();
  OpenPart(kMaxHtmlNameBytes);
  return GoTo(State::kTagName, name_at - at_);
}

// ---- The states

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
  return EmitTag();
}

}  // namespace sakuin::text
