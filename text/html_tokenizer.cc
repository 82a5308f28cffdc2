#include "text/html_tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "text/html_bytes.h"
#include "text/html_entities.h"
#include "text/utf8.h"
#include "text/utf8_repair.h"

// Every state is a function that reads on from at_ and says whether to go on,
// that a token is complete, or that it must see more of the page. States that may
// last (names, values, comments) remember what they read in meaning_, and go on in
// the next chunk where they stopped. What must be seen whole to be decided is short
// (`</script>`, `&CounterClockwiseContourIntegral;`, `-->`, a UTF-8 sequence): when
// the chunk ends inside, at_ stays before it and those bytes are put before the next
// chunk. So nothing is read again but these few bytes, and the runs of a text are
// views of the chunk.
//
// Most of a page needs no state: a chunk that is UTF-8 as a whole (a vector scan) is not
// looked at again for what is not, and a tag that is written plainly is read in one go
// (ReadPlainTag). Whatever is not plain comes to the states at the byte where it begins.
namespace sakuin::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr uint8_t kEndsTagName = kHtmlSpace | kHtmlSlash | kHtmlClose;

// -1 when it is none.
int DigitValue(char c, bool hexadecimal) {
  if (IsAsciiDigit(c)) return c - '0';
  const char lower = LowerAscii(c);
  return hexadecimal && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The bytes at which a run of text may end, besides those that always do.
std::pair<char, char> StopsOf(HtmlContent content, bool escaped_script) {
  switch (content) {
    case HtmlContent::kData:
    case HtmlContent::kRcdata: return {'<', '&'};
    case HtmlContent::kRawtext: return {'<', '<'};
    case HtmlContent::kScriptData: return {'<', escaped_script ? '-' : '<'};
    case HtmlContent::kPlaintext: return {'\0', '\0'};
    case HtmlContent::kCdata: return {']', ']'};
  }
  return {'\0', '\0'};
}

// A sequence of three bytes with any two continuation bytes: most of the BMP.
bool IsCommonThreeBytes(std::string_view text, size_t at) {
  if (at + 3 > text.size()) return false;
  const uint8_t lead = static_cast<uint8_t>(text[at]);
  return lead > 0xE0 && lead < 0xF0 && lead != 0xED && IsContinuationByte(text[at + 1]) && IsContinuationByte(text[at + 2]);
}

bool AllLetters(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return IsHtml(c, kHtmlLetter); });
}

}  // namespace

HtmlTokenizer::HtmlTokenizer(HtmlTokenizerOptions options)
    : by_tag_name_(options.switching == HtmlTokenizerOptions::Switching::kByTagName),
      model_(options.scripting),
      content_(options.content),
      last_start_tag_(std::move(options.last_start_tag)) {}

void HtmlTokenizer::Feed(std::string_view chunk) {
  if (kept_.empty()) {
    window_ = chunk;
  } else {
    joined_ = kept_;
    joined_ += chunk;
    window_ = joined_;
  }
  high_ = IsUtf8(window_) ? HtmlHighBytes::kPass : HtmlHighBytes::kStop;
}

void HtmlTokenizer::Finish() { final_ = true; }

const HtmlToken* HtmlTokenizer::Next() {
  while (state_ != State::kDone) {
    const size_t before = at_;
    Step step = Run();
    work_ += 1 + (at_ - before);
    if (step == Step::kWait && final_) step = AtEnd();
    if (step == Step::kToken) return &token_;
    if (step == Step::kWait) {
      KeepRest();
      return nullptr;
    }
  }
  return nullptr;
}

HtmlTokenizer::Step HtmlTokenizer::Run() {
  if (state_ == State::kText) return Text();
  return state_ < State::kCommentStart ? RunTag() : RunDeclaration();
}

// All has been read, in a state that has no end yet.
HtmlTokenizer::Step HtmlTokenizer::AtEnd() {
  if (state_ == State::kText) {
    Begin();
    Emit(HtmlTokenKind::kEnd);
    state_ = State::kDone;
    return Step::kToken;
  }
  if (state_ >= State::kCommentStart) return EmitAtEnd();
  reading_number_ = false;
  return Emit(HtmlTokenKind::kNothing);
}

void HtmlTokenizer::KeepRest() {
  std::string rest(window_.substr(at_));
  work_ += rest.size();
  kept_ = std::move(rest);
  window_ = kept_;
  base_ += at_;
  at_ = 0;
}

HtmlTokenizer::Step HtmlTokenizer::EmitNothing(size_t bytes) {
  Begin();
  at_ += bytes;
  return Emit(HtmlTokenKind::kNothing);
}

// Whether the bytes from at_ + ahead on are this word, in any case.
HtmlTokenizer::Answer HtmlTokenizer::Follows(size_t ahead, std::string_view lower) {
  const std::string_view rest = window_.substr(std::min(at_ + ahead, window_.size()), lower.size());
  size_t same = 0;
  while (same < rest.size() && LowerAscii(rest[same]) == lower[same]) ++same;
  work_ += same;
  if (same == lower.size()) return Answer::kYes;
  return same == rest.size() && !final_ ? Answer::kWait : Answer::kNo;
}

// Likewise, with the end of a tag's name behind it.
HtmlTokenizer::Answer HtmlTokenizer::FollowsTag(size_t ahead, std::string_view name) {
  const Answer answer = Follows(ahead, name);
  if (answer != Answer::kYes) return answer;
  const size_t behind = at_ + ahead + name.size();
  if (behind == window_.size()) return final_ ? Answer::kNo : Answer::kWait;
  return IsHtml(window_[behind], kEndsTagName) ? Answer::kYes : Answer::kNo;
}

// ---- Text

// The most common markup, told without looking for text first.
bool HtmlTokenizer::AtTag() const {
  if (content_ != HtmlContent::kData || reading_number_ || window_.size() - at_ < 3 || Byte() != '<') return false;
  return IsHtml(window_[at_ + 1], kHtmlLetter) || (window_[at_ + 1] == '/' && IsHtml(window_[at_ + 2], kHtmlLetter));
}

void HtmlTokenizer::CloseRun() {
  if (run_ < at_) {
    HtmlTextPiece& piece = pieces_.emplace_back();
    piece.start = Offset(run_);
    piece.end = Offset(at_);
    piece.run = window_.data() + run_;
  }
  run_ = at_;
}

// Reads text up to markup or the end of the window. Comes back for the markup when there was text before it.
HtmlTokenizer::Step HtmlTokenizer::Text() {
  if (std::exchange(at_markup_, false) || AtTag()) return Markup();
  pieces_.clear();
  if (reading_number_) {
    if (!ReadNumber()) return Step::kWait;
    PushPiece(number_start_, EndNumber());
  }
  run_ = at_;
  Look look = Look::kPlain;
  while (look != Look::kMarkup && look != Look::kWait && pieces_.size() < kMaxHtmlPieces) {
    const auto [stop, other_stop] = StopsOf(content_, script_ != Script::kPlain);
    at_ = SkipPlainHtml(window_, at_, stop, other_stop, high_);
    look = AtLimit() ? Look::kWait : Special();
  }
  CloseRun();
  if (pieces_.empty()) return look == Look::kMarkup ? Markup() : Step::kWait;
  at_markup_ = look == Look::kMarkup;
  ClearToken();
  token_.pieces = pieces_;
  token_start_ = pieces_.front().start;
  Emit(HtmlTokenKind::kText);
  token_.end = pieces_.back().end;  // at_ may be in a reference behind it
  return Step::kToken;
}

void HtmlTokenizer::PushPiece(uint64_t start, std::string_view meaning) {
  HtmlTextPiece& piece = pieces_.emplace_back();
  piece.start = start;
  piece.end = Offset(at_);
  piece.decoded_bytes = static_cast<uint8_t>(meaning.size());
  std::copy(meaning.begin(), meaning.end(), piece.decoded);
  run_ = at_;
}

HtmlTokenizer::Look HtmlTokenizer::AddPiece(size_t bytes, std::string_view meaning) {
  CloseRun();
  const uint64_t start = Offset(at_);
  at_ += bytes;
  PushPiece(start, meaning);
  return Look::kPiece;
}

// At a byte that may not mean itself: goes over it, or stays before it when it is markup or more must be seen.
HtmlTokenizer::Look HtmlTokenizer::Special() {
  switch (Byte()) {
    case '<': return SpecialLess();
    case '&': return SpecialAmpersand();
    case '-': return SpecialDash();
    case ']': return SpecialBracket();
    case '\r':
      if (at_ + 1 == window_.size() && !final_) return Look::kWait;
      return AddPiece(at_ + 1 < window_.size() && window_[at_ + 1] == '\n' ? 2 : 1, "\n");
    case '\0':
      if (content_ != HtmlContent::kData && content_ != HtmlContent::kCdata) return AddPiece(1, kReplacement);
      ++at_;
      return Look::kPlain;
    default: return SpecialHigh();
  }
}

HtmlTokenizer::Look HtmlTokenizer::SpecialLess() {
  if (content_ == HtmlContent::kData) return DataTagOrPlain();
  return content_ == HtmlContent::kScriptData ? SpecialInScript() : EndTagOrPlain();
}

HtmlTokenizer::Look HtmlTokenizer::DataTagOrPlain() {
  const size_t left = window_.size() - at_;
  const char next = left > 1 ? window_[at_ + 1] : '\0';
  if (IsHtml(next, kHtmlLetter) || next == '!' || next == '?' || (next == '/' && left > 2)) return Look::kMarkup;
  if (!final_ && (left == 1 || next == '/')) return Look::kWait;
  ++at_;
  return Look::kPlain;
}

HtmlTokenizer::Look HtmlTokenizer::EndTagOrPlain() {
  Answer answer = Follows(0, "</");
  if (answer == Answer::kYes) answer = AllLetters(last_start_tag_) ? FollowsTag(2, last_start_tag_) : Answer::kNo;
  return answer == Answer::kYes ? Look::kMarkup : Accept(answer, 0, script_);
}

// Inside a comment of a script, <script> ... </script> is text as well.
HtmlTokenizer::Look HtmlTokenizer::SpecialInScript() {
  if (script_ == Script::kDoubleEscaped) return Accept(FollowsTag(0, "</script"), 8, Script::kEscaped);
  const Answer slash = Follows(1, "/");
  if (slash != Answer::kNo) return slash == Answer::kYes ? EndTagOrPlain() : Look::kWait;
  if (script_ == Script::kEscaped) return Accept(FollowsTag(0, "<script"), 7, Script::kDoubleEscaped);
  return Accept(Follows(0, "<!--"), 2, Script::kEscaped);  // its dashes may be those of -->
}

HtmlTokenizer::Look HtmlTokenizer::SpecialDash() { return Accept(Follows(0, "-->"), 3, Script::kPlain); }

// Goes over `bytes` of text to another state of the script, or over one to the same.
HtmlTokenizer::Look HtmlTokenizer::Accept(Answer answer, size_t bytes, Script then) {
  if (answer == Answer::kWait) return Look::kWait;
  at_ += answer == Answer::kYes ? bytes : 1;
  if (answer == Answer::kYes) script_ = then;
  return Look::kPlain;
}

HtmlTokenizer::Look HtmlTokenizer::SpecialBracket() {
  const Answer answer = Follows(0, "]]>");
  return answer == Answer::kYes ? Look::kMarkup : Accept(answer, 0, script_);
}

HtmlTokenizer::Look HtmlTokenizer::SpecialAmpersand() {
  switch (LookAtReference(false)) {
    case Reference::kWait: return Look::kWait;
    case Reference::kNone: ++at_; return Look::kPlain;
    case Reference::kNamed: return AddPiece(reference_bytes_, reference_);
    case Reference::kNumber: break;
  }
  CloseRun();
  BeginNumber();
  const bool ended = ReadNumber();
  run_ = at_;
  if (!ended) return Look::kWait;
  PushPiece(number_start_, EndNumber());
  return Look::kPiece;
}

HtmlTokenizer::Look HtmlTokenizer::SpecialHigh() {
  const size_t invalid = SkipHigh();
  if (invalid > 0) return AddPiece(invalid, kReplacement);
  return AtLimit() || !IsHighByte(Byte()) ? Look::kPlain : Look::kWait;
}

// Goes over UTF-8. Stops at ASCII, at bytes that are not UTF-8 (returns how many
// have one U+FFFD), or, returning 0, at a sequence that the next chunk goes on with.
size_t HtmlTokenizer::SkipHigh() {
  const size_t size = window_.size();
  while (at_ < size && IsHighByte(window_[at_])) {
    if (IsCommonThreeBytes(window_, at_)) {
      at_ += 3;
      continue;
    }
    const DecodedCodePoint c = DecodeUtf8(window_, at_);
    if (!c.valid) {
      const bool cut = at_ + c.bytes == size && utf8_internal::LeadOf(static_cast<uint8_t>(window_[at_])).length > c.bytes;
      return cut && !final_ ? 0 : c.bytes;
    }
    at_ += c.bytes;
  }
  return 0;
}

// ---- Markup

HtmlTokenizer::Step HtmlTokenizer::Markup() {
  if (content_ == HtmlContent::kCdata) {
    content_ = HtmlContent::kData;
    return EmitNothing(3);
  }
  const char next = window_[at_ + 1];
  if (next == '!') return Declaration();
  if (next == '?') return BeginBogusComment(at_ + 1);
  if (next != '/') return BeginTag(HtmlTokenKind::kStartTag, at_ + 1);
  const char behind = window_[at_ + 2];
  if (IsHtml(behind, kHtmlLetter)) return BeginTag(HtmlTokenKind::kEndTag, at_ + 2);
  return behind == '>' ? EmitNothing(3) : BeginBogusComment(at_ + 2);
}

// ---- Character references

HtmlTokenizer::Reference HtmlTokenizer::LookAtReference(bool in_attribute) {
  const std::string_view behind = window_.substr(at_ + 1, kMaxHtmlEntityBytes + 1);
  if (behind.starts_with('#')) return LookAtNumber();
  const HtmlEntityMatch match = MatchHtmlEntity(behind, final_);
  work_ += match.wait ? behind.size() : match.bytes;
  if (match.wait) return Reference::kWait;
  if (match.bytes == 0) return Reference::kNone;
  if (in_attribute && !match.semicolon && match.bytes < behind.size()) {
    const char next = behind[match.bytes];
    if (IsHtml(next, kHtmlEquals | kHtmlLetter) || IsAsciiDigit(next)) return Reference::kNone;
  }
  reference_bytes_ = match.bytes + size_t{1};
  std::copy_n(match.utf8, match.text_bytes, reference_text_);
  reference_ = std::string_view(reference_text_, match.text_bytes);
  return Reference::kNamed;
}

// At `&#`.
HtmlTokenizer::Reference HtmlTokenizer::LookAtNumber() {
  const Reference too_short = final_ ? Reference::kNone : Reference::kWait;
  const size_t size = window_.size();
  if (at_ + 2 >= size) return too_short;
  hexadecimal_ = LowerAscii(window_[at_ + 2]) == 'x';
  if (hexadecimal_ && at_ + 3 >= size) return too_short;
  return DigitValue(window_[at_ + (hexadecimal_ ? 3 : 2)], hexadecimal_) >= 0 ? Reference::kNumber : Reference::kNone;
}

void HtmlTokenizer::BeginNumber() {
  reading_number_ = true;
  number_ = 0;
  number_start_ = Offset(at_);
  at_ += hexadecimal_ ? 3 : 2;
}

// Goes over digits, and a semicolon behind them. False when there may be more in the next chunk.
bool HtmlTokenizer::ReadNumber() {
  for (; !AtLimit(); ++at_) {
    const int digit = DigitValue(Byte(), hexadecimal_);
    if (digit < 0) {
      if (Byte() == ';') ++at_;
      return true;
    }
    number_ = std::min(number_ * (hexadecimal_ ? 16 : 10) + static_cast<uint32_t>(digit), uint32_t{0x110000});
  }
  return final_;
}

std::string_view HtmlTokenizer::EndNumber() {
  reading_number_ = false;
  return {reference_text_, EncodeUtf8(MeaningOfHtmlNumber(number_), reference_text_)};
}

// ---- Names, values and comments

void HtmlTokenizer::OpenPart(size_t limit) {
  part_begin_ = meaning_.size();
  part_limit_ = std::min(part_begin_ + limit, kMaxHtmlTagBytes);
  part_full_ = false;
}

HtmlTokenizer::Part HtmlTokenizer::ClosePart() { return {part_begin_, meaning_.size()}; }

// REQUIRES: valid UTF-8.
void HtmlTokenizer::AppendWithinLimit(std::string_view meaning) {
  if (drop_attribute_ || meaning.empty()) return;
  const std::string_view fits = part_full_ ? std::string_view() : CutAtCharacter(meaning, part_limit_ - meaning_.size());
  meaning_ += fits;
  if (fits.size() < meaning.size()) token_.truncated = part_full_ = true;
}

bool HtmlTokenizer::Gather(char stop, char other_stop) {
  for (;;) {
    const size_t from = at_;
    at_ = SkipPlainHtml(window_, at_, stop, other_stop, high_);
    Append(window_.substr(from, at_ - from));
    if (AtLimit()) return false;
    if (Byte() == stop || Byte() == other_stop) return true;
    if (!GatherOdd()) return false;
  }
}

// REQUIRES: spaces are among the stops.
bool HtmlTokenizer::GatherUntil(uint8_t stop_classes, bool lower) {
  const std::string_view window = window_;
  for (;;) {
    const size_t from = at_;
    size_t at = from;
    uint8_t seen = 0;
    while (at < window.size() && !IsHtml(window[at], stop_classes | kHtmlOdd)) seen |= HtmlClassOf(window[at++]);
    at_ = at;
    const size_t before = meaning_.size();
    Append(window.substr(from, at - from));
    if (lower && (seen & kHtmlUpper) != 0) LowerFrom(before);
    if (AtLimit()) return false;
    if (IsHtml(Byte(), stop_classes)) return true;
    if (!GatherOdd()) return false;
  }
}

void HtmlTokenizer::LowerFrom(size_t begin) {
  for (size_t i = begin; i < meaning_.size(); ++i) meaning_[i] = LowerAscii(meaning_[i]);
}

// At a carriage return, a NUL or what is not ASCII. False when more must be seen.
bool HtmlTokenizer::GatherOdd() {
  if (Byte() == '\r') {
    if (at_ + 1 == window_.size() && !final_) return false;
    at_ += at_ + 1 < window_.size() && window_[at_ + 1] == '\n' ? 2 : 1;
    Append("\n");
    return true;
  }
  if (Byte() == '\0') {
    ++at_;
    Append(kReplacement);
    return true;
  }
  const size_t from = at_;
  const size_t invalid = SkipHigh();
  Append(window_.substr(from, at_ - from));
  if (invalid == 0) return AtLimit() || !IsHighByte(Byte());
  at_ += invalid;
  Append(kReplacement);
  return true;
}

}  // namespace sakuin::text
