// html_tokenizer.h (start here for HTML): cuts a page into tags, texts, comments and
// doctypes, as the HTML standard does (section 13.2.5, "Tokenization").
//
//   HtmlTokenizer tokenizer({});
//   tokenizer.Feed("<p>AT&am");
//   while (const HtmlToken* token = tokenizer.Next()) { ... }   // <p> [0,3), text "AT" [3,5)
//   tokenizer.Feed("p;T");
//   while (const HtmlToken* token = tokenizer.Next()) { ... }   // text "&T" [5,11)
//   tokenizer.Finish();
//   while (const HtmlToken* token = tokenizer.Next()) { ... }   // kEnd [11,11)
//
// Any bytes are a page: nothing fails. The spans of the tokens tile the source,
// so whoever writes all spans writes the source again. Chunks may end anywhere. A
// text may come as several tokens in a row, cut between code points: where, depends
// on the chunks and on kMaxHtmlPieces; nothing else does. Time is linear in the bytes.
// Memory is bounded by the limits below and the largest chunk; what is beyond a
// limit is missing from names, values and comments, never from spans and texts.
//
// UTF-8 is read; other encodings, and a byte order mark, are for the caller. What
// only a tree can know is not done: NULs in ordinary text stay, as does the line
// feed behind <pre> and <textarea>. Parse errors are not told. Not thread-safe; one
// per page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/html_bytes.h"
#include "text/html_content_model.h"
#include "text/html_token.h"

namespace sakuin::text {

inline constexpr size_t kMaxHtmlNameBytes = 1024;       // of a tag, an attribute, a doctype
inline constexpr size_t kMaxHtmlValueBytes = 64 << 10;  // of an attribute, an identifier of a doctype
inline constexpr size_t kMaxHtmlTagBytes = 256 << 10;   // names and values of one tag together
inline constexpr size_t kMaxHtmlAttributes = 256;
inline constexpr size_t kMaxHtmlCommentBytes = 64 << 10;
inline constexpr size_t kMaxHtmlPieces = 1024;  // of one token of text

struct HtmlTokenizerOptions {
  // Who says how to read on after a tag: the tokenizer itself, by the names of tags
  // (text/html_content_model.h), or the caller, by SetContent and set_foreign.
  enum class Switching : uint8_t { kByTagName, kByCaller };
  Switching switching = Switching::kByTagName;
  HtmlScripting scripting = HtmlScripting::kOn;  // for kByTagName
  HtmlContent content = HtmlContent::kData;      // how to read the first byte
  std::string last_start_tag;                    // which end tag ends that content, in lower case
};

class HtmlTokenizer {
 public:
  explicit HtmlTokenizer(HtmlTokenizerOptions options);

  // More of the page. `chunk` must live until Next() has returned nullptr.
  // REQUIRES: Next() has returned nullptr since the last call, and not Finish().
  void Feed(std::string_view chunk);

  // There is no more. REQUIRES: as Feed.
  void Finish();

  // The next token, valid until Next, Feed or Finish is called; nullptr when more must
  // be fed. After Finish the last token is kEnd, and nullptr comes after it.
  const HtmlToken* Next();

  // For kByCaller, between two calls of Next: how what follows is read, and
  // whether <![CDATA[ opens a section there (it does in SVG and MathML only).
  void SetContent(HtmlContent content) {
    content_ = content;
    script_ = Script::kPlain;
    at_markup_ = false;
  }
  void set_foreign(bool foreign) { foreign_ = foreign; }

  // How the text that Next() gave is read, or what follows the tag that it gave.
  HtmlContent content() const { return content_; }

  // Whether that is below an <svg> or <math>, in HTML inside them too. Always false for kByCaller.
  bool inside_foreign() const { return model_.inside_foreign(); }

  // How far the tag, comment or doctype that is being read has been read: nothing
  // before that becomes text, even if it never ends. 0: none is being read.
  uint64_t markup_read() const { return state_ == State::kText ? 0 : Offset(at_); }

  // How much has been looked at, in bytes, those looked at again counted again:
  // at most a constant times what was fed. For tests and profiles.
  uint64_t work() const { return work_; }

 private:
  enum class State : uint8_t {
    kText,
    kTagName,
    kBeforeAttribute,
    kAttributeName,
    kAfterAttributeName,
    kBeforeValue,
    kQuotedValue,
    kUnquotedValue,
    kAfterQuotedValue,
    kSelfClosing,
    kCommentStart,
    kCommentStartDash,
    kComment,
    kCommentEndDash,
    kCommentEnd,
    kCommentEndBang,
    kBogusComment,
    kBeforeDoctypeName,
    kDoctypeName,
    kAfterDoctypeName,
    kBeforePublicId,
    kPublicId,
    kAfterPublicId,
    kBeforeSystemId,
    kSystemId,
    kAfterSystemId,
    kBogusDoctype,
    kDone,
  };
  enum class Script : uint8_t { kPlain, kEscaped, kDoubleEscaped };  // inside <!-- of a script
  enum class Step : uint8_t { kGoOn, kToken, kWait };
  enum class Look : uint8_t { kPlain, kPiece, kMarkup, kWait };
  enum class Answer : uint8_t { kNo, kYes, kWait };

  struct Part {  // of meaning_
    size_t begin = 0;
    size_t end = 0;
  };
  struct AttributeParts {
    Part name, value;
    uint64_t name_start, name_end, value_start, value_end;
  };

  // html_tokenizer.cc: the window and the text in it.
  bool AtLimit() const { return at_ == window_.size(); }
  char Byte() const { return window_[at_]; }
  uint64_t Offset(size_t at) const { return base_ + at; }
  Step Run();
  Step AtEnd();
  void KeepRest();
  Step EmitNothing(size_t bytes);

  // Only what may have been set: this is done for every token.
  void ClearToken() {
    token_.self_closing = token_.truncated = false;
    token_.name = token_.data = {};
    token_.attributes = {};
    token_.pieces = {};
    if (token_.kind == HtmlTokenKind::kDoctype) token_.doctype = {};
  }

  void Begin() {
    ClearToken();
    token_start_ = Offset(at_);
    meaning_.clear();
  }

  Step Emit(HtmlTokenKind kind) {
    token_.kind = kind;
    token_.start = token_start_;
    token_.end = Offset(at_);
    state_ = State::kText;
    return Step::kToken;
  }

  Answer Follows(size_t ahead, std::string_view lower);
  Answer FollowsTag(size_t ahead, std::string_view name);

  bool AtTag() const;
  Step Text();
  Step Markup();
  Look Special();
  Look SpecialLess();
  Look SpecialInScript();
  Look SpecialDash();
  Look SpecialBracket();
  Look SpecialAmpersand();
  Look SpecialHigh();
  size_t SkipHigh();
  Look EndTagOrPlain();
  Look DataTagOrPlain();
  Look Accept(Answer answer, size_t bytes, Script then);
  Look AddPiece(size_t bytes, std::string_view meaning);
  void PushPiece(uint64_t start, std::string_view meaning);
  inline void CloseRun();

  // Character references: at an `&`.
  enum class Reference : uint8_t { kNone, kNamed, kNumber, kWait };
  Reference LookAtReference(bool in_attribute);
  Reference LookAtNumber();
  void BeginNumber();
  bool ReadNumber();
  std::string_view EndNumber();

  // html_tag_states.cc. What every plain tag goes through is inline there, and used nowhere else.
  Step RunTag();
  Step RunTagState();
  Step BeginTag(HtmlTokenKind kind, size_t name_at);
  inline bool ReadPlainTag(size_t name_at);
  inline bool ReadPlainAttributes();
  inline bool ReadPlainAttribute();
  inline bool ReadPlainValue(HtmlAttribute& attribute);
  bool SkipUnquotedValue(HtmlAttribute& attribute);
  inline bool SkipQuotedValue(HtmlAttribute& attribute, char quote);
  bool DecodeQuotedValue(HtmlAttribute& attribute, char quote);
  bool ReadReference();
  inline size_t SkipName(size_t at) const;
  inline size_t SkipSpaceFrom(size_t at) const;
  inline void AddPlainAttribute(const HtmlAttribute& attribute);
  Step LeavePlainTag();
  Part Keep(std::string_view meaning);
  inline Step EmitTag();
  Step TagName();
  Step BeforeAttribute();
  Step BeginAttribute();
  Step AttributeName();
  void EndAttributeName();
  Step AfterAttributeName();
  Step BeforeValue();
  Step QuotedValue();
  Step UnquotedValue();
  Step ReferenceInValue();
  void EndValue();
  Step AfterQuotedValue();
  Step SelfClosing();
  Step CloseTag();
  inline void SwitchContent();
  Step GoTo(State state, size_t bytes);
  void SkipSpace();

  // html_declaration_states.cc
  Step RunDeclaration();
  Step Declaration();
  Step RunComment();
  Step BeginBogusComment(size_t data_at);
  Step CommentStart(std::string_view dashes, State behind_dash);
  Step Comment();
  Step CommentEnd();
  Step CommentEndBang();
  Step BackToComment(std::string_view dashes, State next);
  Step BogusComment();
  Step EmitComment(size_t bytes);
  Step BeforeDoctypeName();
  Step DoctypeName();
  Step AfterDoctypeName();
  Step ToBogusDoctype();
  Step BeforeIdentifier(bool is_public);
  Step BeginIdentifier(bool is_public);
  Step Identifier(bool is_public);
  void EndIdentifier(bool is_public);
  Step AfterPublicId();
  Step AfterSystemId();
  Step BogusDoctype();
  Step EmitDoctype(size_t bytes, bool force_quirks);
  Step EmitAtEnd();

  // Reads into the part of meaning_ that is open. True at one of the stops, false when more must be fed.
  bool Gather(char stop, char other_stop);
  bool GatherUntil(uint8_t stop_classes, bool lower);
  bool GatherOdd();
  void OpenPart(size_t limit);
  void LowerFrom(size_t begin);
  void Append(std::string_view meaning) {
    if (drop_attribute_ || part_full_ || meaning.size() > part_limit_ - meaning_.size()) return AppendWithinLimit(meaning);
    meaning_.append(meaning);
  }
  void AppendWithinLimit(std::string_view meaning);
  Part ClosePart();
  std::string_view View(const Part& part) const { return std::string_view(meaning_).substr(part.begin, part.end - part.begin); }

  const bool by_tag_name_;
  HtmlContentModel model_;
  HtmlContent content_;
  Script script_ = Script::kPlain;
  bool foreign_ = false;
  bool final_ = false;
  State state_ = State::kText;
  std::string last_start_tag_;

  std::string_view window_;  // what the last chunk made of, behind what was kept
  size_t at_ = 0;            // in window_
  uint64_t base_ = 0;        // of window_ in the source
  HtmlHighBytes high_ = HtmlHighBytes::kStop;  // kPass: window_ is UTF-8
  std::string kept_;         // of the chunk before, less than a name or reference is long
  std::string joined_;       // backs window_ when something was kept
  uint64_t work_ = 0;

  size_t run_ = 0;  // where the run of text in the making began, in window_
  std::vector<HtmlTextPiece> pieces_;
  bool at_markup_ = false;  // the last token was the text before it

  bool reading_number_ = false;  // digits of a reference have begun
  bool hexadecimal_ = false;
  uint32_t number_ = 0;
  uint64_t number_start_ = 0;
  char reference_text_[8] = {};
  std::string_view reference_;  // what a named one stands for
  size_t reference_bytes_ = 0;

  HtmlToken token_;
  HtmlTokenKind tag_kind_ = HtmlTokenKind::kStartTag;
  uint64_t token_start_ = 0;
  std::string meaning_;  // names and values of the token in the making
  size_t part_begin_ = 0;
  size_t part_limit_ = 0;  // of meaning_.size(), while a part is open
  bool part_full_ = false;
  char quote_ = '"';
  bool drop_attribute_ = false;
  Part name_, public_id_, system_id_;
  AttributeParts attribute_{};
  std::vector<AttributeParts> attribute_parts_;
  std::vector<HtmlAttribute> attributes_;
  std::string decoded_;           // values of a plain tag that hold references
  uint64_t attribute_names_ = 0;  // bits of those in attributes_, while a plain tag is read
};

}  // namespace sakuin::text
