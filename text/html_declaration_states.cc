// The states of the HTML tokenizer behind <! and in what is read as a comment:
// 13.2.5.41 to 13.2.5.68 of the standard. States of the standard that differ in
// the parse errors they report only are one here.

#include <algorithm>

#include "text/html_bytes.h"
#include "text/html_tokenizer.h"

namespace sakuin::text {

HtmlTokenizer::Step HtmlTokenizer::RunDeclaration() {
  if (AtLimit()) return Step::kWait;
  switch (state_) {
    case State::kBeforeDoctypeName: return BeforeDoctypeName();
    case State::kDoctypeName: return DoctypeName();
    case State::kAfterDoctypeName: return AfterDoctypeName();
    case State::kBeforePublicId: return BeforeIdentifier(true);
    case State::kPublicId: return Identifier(true);
    case State::kAfterPublicId: return AfterPublicId();
    case State::kBeforeSystemId: return BeforeIdentifier(false);
    case State::kSystemId: return Identifier(false);
    case State::kAfterSystemId: return AfterSystemId();
    case State::kBogusDoctype: return BogusDoctype();
    default: return RunComment();
  }
}

HtmlTokenizer::Step HtmlTokenizer::RunComment() {
  switch (state_) {
    case State::kCommentStart: return CommentStart("", State::kCommentStartDash);
    case State::kCommentStartDash: return CommentStart("-", State::kCommentEnd);
    case State::kComment: return Comment();
    case State::kCommentEndDash: return Byte() == '-' ? GoTo(State::kCommentEnd, 1) : BackToComment("-", State::kComment);
    case State::kCommentEnd: return CommentEnd();
    case State::kCommentEndBang: return CommentEndBang();
    default: return BogusComment();
  }
}

// At `<!`.
HtmlTokenizer::Step HtmlTokenizer::Declaration() {
  const Answer comment = Follows(2, "--");
  const Answer doctype = Follows(2, "doctype");
  const Answer cdata = foreign_ ? Follows(2, "[cdata[") : Answer::kNo;
  if (comment == Answer::kWait || doctype == Answer::kWait || cdata == Answer::kWait) return Step::kWait;
  if (comment == Answer::kYes) {
    Begin();
    OpenPart(kMaxHtmlCommentBytes);
    return GoTo(State::kCommentStart, 4);
  }
  if (doctype == Answer::kYes) {
    Begin();
    return GoTo(State::kBeforeDoctypeName, 9);
  }
  if (cdata == Answer::kYes && window_.substr(at_ + 2).starts_with("[CDATA[")) {
    content_ = HtmlContent::kCdata;
    return EmitNothing(9);
  }
  return BeginBogusComment(at_ + 2);
}

// ---- Comments

HtmlTokenizer::Step HtmlTokenizer::BeginBogusComment(size_t data_at) {
  Begin();
  OpenPart(kMaxHtmlCommentBytes);
  return GoTo(State::kBogusComment, data_at - at_);
}

// Behind `<!--` and the dashes.
HtmlTokenizer::Step HtmlTokenizer::CommentStart(std::string_view dashes, State behind_dash) {
  if (Byte() == '-') return GoTo(behind_dash, 1);
  if (Byte() == '>') return EmitComment(1);
  return BackToComment(dashes, State::kComment);
}

HtmlTokenizer::Step HtmlTokenizer::Comment() { return Gather('-', '-') ? GoTo(State::kCommentEndDash, 1) : Step::kWait; }

// The dashes that could have ended it belong to it.
HtmlTokenizer::Step HtmlTokenizer::BackToComment(std::string_view dashes, State next) {
  Append(dashes);
  return GoTo(next, 0);
}

HtmlTokenizer::Step HtmlTokenizer::CommentEnd() {
  if (Byte() == '>') return EmitComment(1);
  if (Byte() == '!') return GoTo(State::kCommentEndBang, 1);
  if (Byte() != '-') return BackToComment("--", State::kComment);
  Append("-");
  return GoTo(State::kCommentEnd, 1);
}

HtmlTokenizer::Step HtmlTokenizer::CommentEndBang() {
  if (Byte() == '>') return EmitComment(1);
  if (Byte() != '-') return BackToComment("--!", State::kComment);
  Append("--!");
  return GoTo(State::kCommentEndDash, 1);
}

HtmlTokenizer::Step HtmlTokenizer::BogusComment() { return Gather('>', '>') ? EmitComment(1) : Step::kWait; }

HtmlTokenizer::Step HtmlTokenizer::EmitComment(size_t bytes) {
  at_ += bytes;
  token_.data = View(ClosePart());
  return Emit(HtmlTokenKind::kComment);
}

// ---- Doctypes

HtmlTokenizer::Step HtmlTokenizer::BeforeDoctypeName() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>') return EmitDoctype(1, true);
  token_.doctype.has_name = true;
  OpenPart(kMaxHtmlNameBytes);
  return GoTo(State::kDoctypeName, 0);
}

HtmlTokenizer::Step HtmlTokenizer::DoctypeName() {
  if (!GatherUntil(kHtmlSpace | kHtmlClose, true)) return Step::kWait;
  name_ = ClosePart();
  return GoTo(State::kAfterDoctypeName, 0);
}

HtmlTokenizer::Step HtmlTokenizer::AfterDoctypeName() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>') return EmitDoctype(1, false);
  const Answer is_public = Follows(0, "public");
  const Answer is_system = Follows(0, "system");
  if (is_public == Answer::kWait || is_system == Answer::kWait) return Step::kWait;
  if (is_public == Answer::kYes) return GoTo(State::kBeforePublicId, 6);
  return is_system == Answer::kYes ? GoTo(State::kBeforeSystemId, 6) : ToBogusDoctype();
}

HtmlTokenizer::Step HtmlTokenizer::ToBogusDoctype() {
  token_.doctype.force_quirks = true;
  return GoTo(State::kBogusDoctype, 0);
}

HtmlTokenizer::Step HtmlTokenizer::BeforeIdentifier(bool is_public) {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>') return EmitDoctype(1, true);
  return Byte() == '"' || Byte() == '\'' ? BeginIdentifier(is_public) : ToBogusDoctype();
}

// At its quote.
HtmlTokenizer::Step HtmlTokenizer::BeginIdentifier(bool is_public) {
  quote_ = Byte();
  OpenPart(kMaxHtmlValueBytes);
  return GoTo(is_public ? State::kPublicId : State::kSystemId, 1);
}

HtmlTokenizer::Step HtmlTokenizer::Identifier(bool is_public) {
  if (!Gather(quote_, '>')) return Step::kWait;
  EndIdentifier(is_public);
  if (Byte() == '>') return EmitDoctype(1, true);
  return GoTo(is_public ? State::kAfterPublicId : State::kAfterSystemId, 1);
}

void HtmlTokenizer::EndIdentifier(bool is_public) {
  (is_public ? public_id_ : system_id_) = ClosePart();
  (is_public ? token_.doctype.has_public_id : token_.doctype.has_system_id) = true;
}

HtmlTokenizer::Step HtmlTokenizer::AfterPublicId() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  if (Byte() == '>') return EmitDoctype(1, false);
  return Byte() == '"' || Byte() == '\'' ? BeginIdentifier(false) : ToBogusDoctype();
}

HtmlTokenizer::Step HtmlTokenizer::AfterSystemId() {
  SkipSpace();
  if (AtLimit()) return Step::kWait;
  return Byte() == '>' ? EmitDoctype(1, false) : GoTo(State::kBogusDoctype, 0);
}

HtmlTokenizer::Step HtmlTokenizer::BogusDoctype() {
  at_ = std::min(window_.find('>', at_), window_.size());
  return AtLimit() ? Step::kWait : EmitDoctype(1, false);
}

HtmlTokenizer::Step HtmlTokenizer::EmitDoctype(size_t bytes, bool force_quirks) {
  at_ += bytes;
  HtmlDoctype& doctype = token_.doctype;
  doctype.force_quirks |= force_quirks;
  if (doctype.has_name) token_.name = View(name_);
  if (doctype.has_public_id) doctype.public_id = View(public_id_);
  if (doctype.has_system_id) doctype.system_id = View(system_id_);
  return Emit(HtmlTokenKind::kDoctype);
}

// The source ends inside a comment or doctype.
HtmlTokenizer::Step HtmlTokenizer::EmitAtEnd() {
  if (state_ < State::kBeforeDoctypeName) return EmitComment(0);
  if (state_ == State::kDoctypeName) name_ = ClosePart();
  if (state_ == State::kPublicId || state_ == State::kSystemId) EndIdentifier(state_ == State::kPublicId);
  return EmitDoctype(0, state_ != State::kBogusDoctype);
}

}  // namespace sakuin::text
