#include "tests/text/html_testing.h"

#include <algorithm>

#include "text/utf8_repair.h"

namespace sakuin::text {
namespace {

OwnedHtmlToken Own(const HtmlToken& token) {
  OwnedHtmlToken own;
  own.token = token;
  own.name = token.name;
  own.data = token.data;
  own.public_id = token.doctype.public_id;
  own.system_id = token.doctype.system_id;
  for (const HtmlAttribute& a : token.attributes) {
    own.attributes.push_back({std::string(a.name), std::string(a.value), a.name_start, a.name_end, a.value_start, a.value_end});
  }
  own.token.name = own.token.data = own.token.doctype.public_id = own.token.doctype.system_id = {};
  own.token.attributes = {};
  own.token.pieces = {};
  return own;
}

class Recorder {
 public:
  Recorder(std::string_view source, HtmlRun& run) : source_(source), run_(run) {}

  void Take(const HtmlToken& token) {
    if (token.start != expected_ || token.end < token.start || token.end > source_.size()) Break("span", token);
    if (token.start == token.end && token.kind != HtmlTokenKind::kEnd) Break("empty", token);
    if (ended_) Break("behind the end", token);
    ended_ = token.kind == HtmlTokenKind::kEnd;
    if (ended_ && token.end != source_.size()) Break("early end", token);
    expected_ = token.end;
    const bool joins = token.kind == HtmlTokenKind::kText && !run_.tokens.empty() && run_.tokens.back().token.kind == HtmlTokenKind::kText;
    if (joins) {
      run_.tokens.back().token.end = token.end;
    } else {
      run_.tokens.push_back(Own(token));
    }
    if (token.kind == HtmlTokenKind::kText) TakePieces(token);
    const OwnedHtmlToken& own = run_.tokens.back();
    if (!IsUtf8(own.name) || !IsUtf8(own.data) || !IsUtf8(own.public_id) || !IsUtf8(own.system_id)) Break("UTF-8", token);
    for (const OwnedHtmlAttribute& a : own.attributes) TakeAttribute(a, token);
  }

  bool ended() const { return ended_; }

 private:
  void TakePieces(const HtmlToken& token) {
    uint64_t at = token.start;
    OwnedHtmlToken& own = run_.tokens.back();
    if (token.pieces.empty()) Break("no pieces", token);
    for (const HtmlTextPiece& piece : token.pieces) {
      if (piece.start != at || piece.end <= piece.start || piece.text().empty()) Break("piece", token);
      at = piece.end;
      if (!IsUtf8(piece.text())) Break("UTF-8 of a piece", token);
      own.text += piece.text();
      if (piece.verbatim()) {
        if (piece.text() != source_.substr(piece.start, piece.end - piece.start)) Break("run", token);
      } else {
        own.places += (own.places.empty() ? "" : " ") + std::to_string(piece.start) + ":" + std::to_string(piece.end);
      }
    }
    if (at != token.end) Break("pieces", token);
  }

  void TakeAttribute(const OwnedHtmlAttribute& a, const HtmlToken& token) {
    const bool ordered = token.start < a.name_start && a.name_start < a.name_end && a.name_end <= a.value_start && a.value_start <= a.value_end;
    if (!ordered || a.value_end >= token.end || !IsUtf8(a.name) || !IsUtf8(a.value)) Break("attribute", token);
  }

  void Break(std::string_view what, const HtmlToken& token) {
    run_.broken += "BROKEN " + std::string(what) + " [" + std::to_string(token.start) + "," + std::to_string(token.end) + ")\n";
  }

  std::string_view source_;
  HtmlRun& run_;
  uint64_t expected_ = 0;
  bool ended_ = false;
};

std::string Span(const HtmlToken& token) { return " [" + std::to_string(token.start) + "," + std::to_string(token.end) + ")"; }

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string DescribeTag(const OwnedHtmlToken& token) {
  std::string line = (token.token.kind == HtmlTokenKind::kStartTag ? "start " : "close ") + token.name + Span(token.token);
  for (const OwnedHtmlAttribute& a : token.attributes) {
    line += " " + a.name + "[" + std::to_string(a.name_start) + "," + std::to_string(a.name_end) + ")=" + Quoted(a.value);
    line += "[" + std::to_string(a.value_start) + "," + std::to_string(a.value_end) + ")";
  }
  return line + (token.token.self_closing ? " /" : "");
}

std::string DescribeDoctype(const OwnedHtmlToken& token) {
  const HtmlDoctype& doctype = token.token.doctype;
  std::string line = "doctype" + Span(token.token);
  if (doctype.has_name) line += " " + Quoted(token.name);
  if (doctype.has_public_id) line += " public " + Quoted(token.public_id);
  if (doctype.has_system_id) line += " system " + Quoted(token.system_id);
  return line + (doctype.force_quirks ? " quirks" : "");
}

std::string DescribeToken(const OwnedHtmlToken& token) {
  switch (token.token.kind) {
    case HtmlTokenKind::kText: return "text" + Span(token.token) + " " + Quoted(token.text) + (token.places.empty() ? "" : " at " + token.places);
    case HtmlTokenKind::kStartTag:
    case HtmlTokenKind::kEndTag: return DescribeTag(token);
    case HtmlTokenKind::kComment: return "comment" + Span(token.token) + " " + Quoted(token.data);
    case HtmlTokenKind::kDoctype: return DescribeDoctype(token);
    case HtmlTokenKind::kNothing: return "nothing" + Span(token.token);
    case HtmlTokenKind::kEnd: return "end" + Span(token.token);
  }
  return "?";
}

}  // namespace

HtmlRun RunHtml(std::string_view source, const HtmlTokenizerOptions& options, const std::vector<size_t>& borders) {
  HtmlRun run;
  Recorder recorder(source, run);
  HtmlTokenizer tokenizer(options);
  size_t at = 0;
  for (size_t i = 0; i <= borders.size(); ++i) {
    const size_t end = i < borders.size() ? borders[i] : source.size();
    const std::vector<char> chunk(source.begin() + static_cast<ptrdiff_t>(at), source.begin() + static_cast<ptrdiff_t>(end));
    tokenizer.Feed({chunk.data(), chunk.size()});
    while (const HtmlToken* token = tokenizer.Next()) recorder.Take(*token);
    at = end;
  }
  tokenizer.Finish();
  while (const HtmlToken* token = tokenizer.Next()) recorder.Take(*token);
  if (!recorder.ended()) run.broken += "BROKEN no end\n";
  run.work = tokenizer.work();
  return run;
}

std::string DescribeHtml(const HtmlRun& run) {
  std::string lines;
  for (const OwnedHtmlToken& token : run.tokens) lines += DescribeToken(token) + (token.token.truncated ? " truncated\n" : "\n");
  return lines + run.broken;
}

std::string DescribeHtml(std::string_view source, const HtmlTokenizerOptions& options, const std::vector<size_t>& borders) {
  return DescribeHtml(RunHtml(source, options, borders));
}

std::vector<size_t> EveryBorder(std::string_view source) {
  std::vector<size_t> borders;
  for (size_t i = 1; i < source.size(); ++i) borders.push_back(i);
  return borders;
}

}  // namespace sakuin::text
