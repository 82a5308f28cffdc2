#include "searcher/query.h"

#include <array>
#include <charconv>
#include <string_view>

#include "searcher/query_lexer.h"

namespace sakuin::searcher {

namespace {

// Appends the text at `pos` so that the parser reads it as itself, and returns
// how many bytes that were. `first`: it begins a word, where more has a meaning.
size_t AppendEscaped(std::string_view text, size_t pos, bool first, std::string& out) {
  constexpr std::string_view kAlways = "()\"^~*?:\\=";
  const char c = text[pos];
  const size_t blank = BlankLength(text, pos);
  const bool quote = QuoteAt(text, pos) != QuoteKind::kNone;
  const bool special = kAlways.find(c) != std::string_view::npos || (first && IsAsciiPunctuation(c));
  if (blank != 0 || quote || special) out += '\\';
  const size_t length = blank != 0 ? blank : (quote ? QuoteLength(QuoteAt(text, pos)) : 1);
  out += text.substr(pos, length);
  return length;
}

void AppendWord(std::string_view text, std::string& out) {
  for (size_t pos = 0; pos < text.size();) pos += AppendEscaped(text, pos, pos == 0, out);
}

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void AppendFieldName(std::string_view field, std::string& out) {
  for (size_t pos = 0; pos < field.size();) {
    if (IsFieldNameByte(field[pos]) && BlankLength(field, pos) == 0 && QuoteAt(field, pos) == QuoteKind::kNone) {
      out += field[pos++];
    } else {
      pos += AppendEscaped(field, pos, true, out);
    }
  }
  out += ':';
}

// A bound stands bare if no character of it could end it or mean something.
void AppendBound(const std::optional<std::string>& bound, std::string& out) {
  if (!bound.has_value()) {
    out += '*';
    return;
  }
  bool bare = !bound->empty();
  for (size_t pos = 0; pos < bound->size(); ++pos) {
    constexpr std::string_view kHarmless = ".-:+_/";
    const char c = (*bound)[pos];
    bare = bare && (IsAsciiLetter(c) || IsAsciiDigit(c) || kHarmless.find(c) != std::string_view::npos);
  }
  if (bare) {
    out += *bound;
  } else {
    AppendQuoted(*bound, out);
  }
}

void AppendBoost(float boost, std::string& out) {
  if (boost == 1.0F) return;
  std::array<char, 64> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), boost, std::chars_format::fixed);
  if (error != std::errc()) return;
  out += '^';
  out.append(digits.data(), end);
}

// One overload for each kind of node.
struct Printer {
  const Query& query;
  std::string& out;

  void operator()(const MatchNoneQuery&) const {}
  void operator()(const MatchAllQuery&) const { out += '*'; }
  void operator()(const ExistsQuery&) const { out += '*'; }

  void operator()(const WordsQuery& words) const {
    if (query.field.empty() && IsOperatorName(words.text)) out += '\\';
    AppendWord(words.text, out);
  }

  void operator()(const PhraseQuery& phrase) const {
    AppendQuoted(phrase.text, out);
    if (phrase.slop != 0) out += "~" + std::to_string(phrase.slop);
  }

  void operator()(const PrefixQuery& prefix) const {
    AppendWord(prefix.text, out);
    out += '*';
  }

  void operator()(const WildcardQuery& wildcard) const {
    const std::string_view pattern = wildcard.pattern;
    for (size_t pos = 0; pos < pattern.size();) {
      if (pattern[pos] == '*' || pattern[pos] == '?') {
        out += pattern[pos++];
        continue;
      }
      const bool first = pos == 0;
      if (pattern[pos] == '\\' && pos + 1 < pattern.size()) ++pos;
      pos += AppendEscaped(pattern, pos, first, out);
    }
  }

  void operator()(const FuzzyQuery& fuzzy) const {
    AppendWord(fuzzy.text, out);
    out += "~" + std::to_string(fuzzy.max_edits);
  }

  void operator()(const RegexpQuery& regexp) const {
    out += '/';
    const std::string_view pattern = regexp.pattern;
    for (size_t pos = 0; pos < pattern.size(); ++pos) {
      if (pattern[pos] == '\\' && pos + 1 < pattern.size()) {
        out += pattern[pos++];
      } else if (pattern[pos] == '/' || pattern[pos] == ' ') {
        out += '\\';
      }
      out += pattern[pos];
    }
    out += '/';
  }

  void operator()(const RangeQuery& range) const {
    out += range.include_lower || !range.lower.has_value() ? '[' : '{';
    AppendBound(range.lower, out);
    out += " TO ";
    AppendBound(range.upper, out);
    out += range.include_upper || !range.upper.has_value() ? ']' : '}';
  }

  void operator()(const BooleanQuery& boolean) const;
};

void Append(const Query& query, std::string& out) {
  if (!query.field.empty()) AppendFieldName(query.field, out);
  std::visit(Printer{query, out}, query.node);
  if (query.As<MatchNoneQuery>() == nullptr) AppendBoost(query.boost, out);
}

void Printer::operator()(const BooleanQuery& boolean) const {
  out += '(';
  const char* separator = "";
  for (const Clause& clause : boolean.clauses) {
    out += separator;
    separator = " ";
    if (clause.occur == Occur::kMust) out += '+';
    if (clause.occur == Occur::kMustNot) out += '-';
    Append(clause.query, out);
  }
  out += ')';
}

// Whether two nodes of the same kind say the same.
struct SameNode {
  bool operator()(const MatchNoneQuery&, const MatchNoneQuery&) const { return true; }
  bool operator()(const MatchAllQuery&, const MatchAllQuery&) const { return true; }
  bool operator()(const ExistsQuery&, const ExistsQuery&) const { return true; }
  bool operator()(const WordsQuery& a, const WordsQuery& b) const { return a.text == b.text; }
  bool operator()(const PhraseQuery& a, const PhraseQuery& b) const { return a.text == b.text && a.slop == b.slop; }
  bool operator()(const PrefixQuery& a, const PrefixQuery& b) const { return a.text == b.text; }
  bool operator()(const WildcardQuery& a, const WildcardQuery& b) const { return a.pattern == b.pattern; }
  bool operator()(const FuzzyQuery& a, const FuzzyQuery& b) const { return a.text == b.text && a.max_edits == b.max_edits; }
  bool operator()(const RegexpQuery& a, const RegexpQuery& b) const { return a.pattern == b.pattern; }

  bool operator()(const RangeQuery& a, const RangeQuery& b) const {
    const bool same_lower = a.lower == b.lower && (!a.lower.has_value() || a.include_lower == b.include_lower);
    const bool same_upper = a.upper == b.upper && (!a.upper.has_value() || a.include_upper == b.include_upper);
    return same_lower && same_upper;
  }

  bool operator()(const BooleanQuery& a, const BooleanQuery& b) const {
    if (a.clauses.size() != b.clauses.size()) return false;
    for (size_t i = 0; i < a.clauses.size(); ++i) {
      if (a.clauses[i].occur != b.clauses[i].occur || !SameMeaning(a.clauses[i].query, b.clauses[i].query)) return false;
    }
    return true;
  }

  template <typename A, typename B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

}  // namespace

std::string ToString(const Query& query) {
  std::string out;
  Append(query, out);
  return out;
}

bool SameMeaning(const Query& left, const Query& right) {
  return left.field == right.field && left.boost == right.boost && std::visit(SameNode{}, left.node, right.node);
}

}  // namespace sakuin::searcher
