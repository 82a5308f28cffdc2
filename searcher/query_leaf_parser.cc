#include "searcher/query_leaf_parser.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "searcher/query_parser.h"

namespace sakuin::searcher {
namespace {

constexpr size_t kNotFound = std::string_view::npos;

void MultiplyBoost(Query& query, float boost) { query.boost = std::clamp(query.boost * boost, kMinBoost, kMaxBoost); }

// Why the pattern cannot be used, or empty.
std::string RegexpProblem(const std::string& pattern) {
  if (pattern.size() > kMaxRegexpBytes) return "longer than " + std::to_string(kMaxRegexpBytes) + " bytes";
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexpMemory);
  const RE2 compiled(pattern, options);
  return compiled.ok() ? std::string() : compiled.error();
}

}  // namespace

SourceRange RangeOf(size_t begin, size_t end) { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }

Query MakeQuery(QueryNode node, std::string_view field, SourceRange source) {
  Query query;
  query.node = std::move(node);
  query.field = field;
  query.source = source;
  return query;
}

size_t QueryCursor::FindClosing(QuoteKind kind, size_t from) {
  size_t& none_from = none_from_[static_cast<size_t>(kind)];
  if (from >= none_from) return kNotFound;
  const size_t found = FindQuote(text, from, kind);
  if (found == kNotFound) none_from = from;
  return found;
}

void QueryCursor::Complain(size_t begin, size_t end, std::string_view message) {
  log.Add(QueryWarning::Kind::kNotUnderstood, RangeOf(begin, end), message);
}

void QueryCursor::Adjusted(SourceRange source, std::string_view message) { log.Add(QueryWarning::Kind::kAdjusted, source, message); }

// ---- Phrases, and what stands behind a leaf ----

std::optional<Query> LeafParser::ParsePhrase(const Place& place, QuoteKind kind, size_t closing) {
  const size_t open = at_.pos;
  const size_t begin = open + QuoteLength(kind);
  PhraseQuery phrase{UnescapeQuoted(text_.substr(begin, closing - begin))};
  at_.pos = closing + QuoteLength(kind);
  const bool blank = SkipBlanks(phrase.text, 0) == phrase.text.size();
  if (blank) at_.Complain(open, at_.pos, "there is nothing between these quotes: left out");
  ParseSlop(phrase);
  Query query = MakeQuery(std::move(phrase), place.field, RangeOf(place.begin, at_.pos));
  ParseBoost(query);
  query.source.end = static_cast<uint32_t>(at_.pos);
  if (blank) return std::nullopt;
  return query;
}

void LeafParser::ParseSlop(PhraseQuery& phrase) {
  if (at_.AtEnd() || at_.Current() != '~') return;
  const size_t begin = at_.pos++;
  size_t end = at_.pos;
  while (end < text_.size() && IsAsciiDigit(text_[end])) ++end;
  const std::optional<uint32_t> slop = ReadCount(text_.substr(at_.pos, end - at_.pos));
  at_.pos = end;
  if (!slop) return at_.Complain(begin, end, "~ behind a phrase wants a number: left out");
  if (*slop > kMaxSlop) at_.Adjusted(RangeOf(begin, end), "the distance is larger than " + std::to_string(kMaxSlop) + ": made smaller");
  phrase.slop = std::min(*slop, kMaxSlop);
}

float LeafParser::CheckedBoost(const BoostReading& reading, SourceRange source) {
  if (reading.state == BoostReading::State::kIgnored) at_.Adjusted(source, "a weight is a number greater than 0: left out");
  if (reading.state == BoostReading::State::kClamped) at_.Adjusted(source, "a weight is between 0.000001 and 1000000: brought into these limits");
  return reading.value;
}

// ^2 behind something that is not a word.
void LeafParser::ParseBoost(Query& query) {
  if (at_.AtEnd()) return;
  if (at_.Current() == '~') return at_.Complain(at_.pos, at_.pos + 1, "~ means nothing here: searched as text");
  if (at_.Current() != '^') return;
  const size_t end = WordEnd(text_, at_.pos);
  const BoostReading reading = ReadBoost(text_.substr(at_.pos + 1, end - at_.pos - 1));
  if (reading.state == BoostReading::State::kNotANumber) return at_.Complain(at_.pos, end, "^ wants a number: searched as text");
  MultiplyBoost(query, CheckedBoost(reading, RangeOf(at_.pos, end)));
  at_.pos = end;
}

// ":)" and "=>" are nobody's operators.
bool LeafParser::TryEmoticon(const Place& place, std::optional<Query>& out) {
  constexpr size_t kLongest = 8;
  constexpr std::string_view kEyes = ":;=";
  size_t end = at_.pos;
  while (end < text_.size() && end - at_.pos <= kLongest && BlankLength(text_, end) == 0) ++end;
  const std::string_view face = text_.substr(at_.pos, end - at_.pos);
  if (face.size() < 2 || face.size() > kLongest || kEyes.find(face[0]) == kNotFound) return false;
  const auto is_part = [this](char c) { return IsAsciiPunctuation(c) && c != '\\' && c != '"' && (c != ')' || at_.depth == 0); };
  if (!std::all_of(face.begin(), face.end(), is_part)) return false;
  out = MakeQuery(WordsQuery{std::string(face)}, place.field, RangeOf(place.begin, end));
  at_.pos = end;
  return true;
}

Query LeafParser::LiteralWord(size_t begin, size_t end) {
  at_.pos = std::max(end, begin + 1);
  return MakeQuery(WordsQuery{Unescape(text_.substr(begin, at_.pos - begin))}, {}, RangeOf(begin, at_.pos));
}

// ---- Ranges and regular expressions ----

// One end of a range. An open end is a bare star, and gives no value.
bool LeafParser::TryBound(size_t& pos, std::optional<std::string>& out) {
  const QuoteKind kind = QuoteAt(text_, pos);
  size_t begin = pos;
  size_t end = pos;
  if (kind != QuoteKind::kNone) {
    begin += QuoteLength(kind);
    end = at_.FindClosing(kind, begin);
    if (end == kNotFound || end == begin) return false;
    out = UnescapeQuoted(text_.substr(begin, end - begin));
    pos = end + QuoteLength(kind);
    return true;
  }
  constexpr std::string_view kEnders = "()[]{}";
  while (end < text_.size() && kEnders.find(text_[end]) == kNotFound && BlankLength(text_, end) == 0) {
    end += std::max<size_t>(EscapeLength(text_, end), 1);
  }
  end = std::min(end, text_.size());
  pos = end;
  if (text_.substr(begin, end - begin) != "*") out = Unescape(text_.substr(begin, end - begin));
  return end != begin;
}

bool LeafParser::TryRange(const Place& place, std::optional<Query>& out) {
  if (at_.Current() != '[' && at_.Current() != '{') return false;
  RangeQuery range;
  size_t pos = SkipBlanks(text_, at_.pos + 1);
  bool good = TryBound(pos, range.lower);
  pos = SkipBlanks(text_, pos);
  good = good && text_.substr(pos, 2) == "TO" && BlankLength(text_, pos + 2) != 0;
  if (good) {
    pos = SkipBlanks(text_, pos + 2);
    good = TryBound(pos, range.upper);
    pos = SkipBlanks(text_, pos);
    good = good && pos < text_.size() && (text_[pos] == ']' || text_[pos] == '}');
  }
  if (!good) {
    if (!place.value) return false;
    const size_t end = WordEnd(text_, at_.pos);
    at_.Complain(at_.pos, end, "a range is written [a TO b]: searched as text");
    out = LiteralWord(place.begin, end);
    return true;
  }
  range.include_lower = !range.lower || at_.Current() == '[';
  range.include_upper = !range.upper || text_[pos] == ']';
  at_.pos = pos + 1;
  const bool open = !range.lower && !range.upper;
  QueryNode node = std::move(range);
  if (open && place.field.empty()) node = MatchAllQuery{};
  if (open && !place.field.empty()) node = ExistsQuery{};
  out = MakeQuery(std::move(node), place.field, RangeOf(place.begin, at_.pos));
  ParseBoost(*out);
  out->source.end = static_cast<uint32_t>(at_.pos);
  return true;
}

// field:>=5
bool LeafParser::TryComparison(const Place& place, std::optional<Query>& out) {
  if (at_.Current() != '<' && at_.Current() != '>') return false;
  const bool lower = at_.Current() == '>';
  size_t begin = at_.pos + 1;
  const bool inclusive = text_.substr(begin, 1) == "=";
  begin += inclusive ? 1 : 0;
  float boost = 1.0F;
  std::string value;
  const QuoteKind kind = QuoteAt(text_, begin);
  const size_t closing = kind == QuoteKind::kNone ? kNotFound : at_.FindClosing(kind, begin + QuoteLength(kind));
  size_t end = closing == kNotFound ? WordEnd(text_, begin) : closing + QuoteLength(kind);
  if (closing != kNotFound) {
    value = UnescapeQuoted(text_.substr(begin + QuoteLength(kind), closing - begin - QuoteLength(kind)));
  } else if (kind == QuoteKind::kNone) {
    std::string_view raw = text_.substr(begin, end - begin);
    TakeBoost(raw, begin, boost);
    value = Unescape(raw);
  }
  if (value.empty()) {
    at_.Complain(at_.pos, end, "a comparison wants a value directly behind it: searched as text");
    out = LiteralWord(place.begin, end);
    return true;
  }
  RangeQuery range;
  (lower ? range.lower : range.upper) = std::move(value);
  (lower ? range.include_lower : range.include_upper) = inclusive;
  at_.pos = end;
  out = MakeQuery(std::move(range), place.field, RangeOf(place.begin, at_.pos));
  MultiplyBoost(*out, boost);
  if (closing != kNotFound) ParseBoost(*out);
  return true;
}

// A regular expression is closed by its first bare slash, which a gap or a weight
// follows; "/usr/bin" is a path.
bool LeafParser::TryRegexp(const Place& place, std::optional<Query>& out) {
  if (at_.Current() != '/') return false;
  size_t end = at_.pos + 1;
  while (end < text_.size() && text_[end] != '/') {
    const bool pair = text_[end] == '\\' && end + 1 < text_.size();
    if (!pair && BlankLength(text_, end) != 0) return false;
    end += pair ? 2 : 1;
  }
  if (end >= text_.size() || end == at_.pos + 1) return false;
  const size_t after = end + 1;
  if (after < text_.size() && text_[after] != ')' && text_[after] != '^' && BlankLength(text_, after) == 0) return false;
  const std::string_view raw = text_.substr(at_.pos + 1, end - at_.pos - 1);
  at_.pos = after;
  out = RegexpOrText(place, raw);
  ParseBoost(*out);
  out->source.end = static_cast<uint32_t>(at_.pos);
  return true;
}

// REQUIRES: the parser stands behind the closing slash.
Query LeafParser::RegexpOrText(const Place& place, std::string_view raw) {
  std::string pattern;
  for (size_t pos = 0; pos < raw.size(); ++pos) {
    const bool slash = raw[pos] == '\\' && pos + 1 < raw.size() && raw[pos + 1] == '/';
    if (!slash && raw[pos] == '\\' && pos + 1 < raw.size()) pattern += raw[pos++];
    if (slash) ++pos;
    pattern += raw[pos];
  }
  const bool too_many = ++regexps_ > kMaxRegexps;
  const std::string problem = too_many ? "more than " + std::to_string(kMaxRegexps) + " in one query" : RegexpProblem(pattern);
  if (problem.empty()) return MakeQuery(RegexpQuery{std::move(pattern)}, place.field, RangeOf(place.begin, at_.pos));
  at_.Complain(place.begin, at_.pos, "the regular expression cannot be used (" + problem + "): searched as text");
  std::string text(text_.substr(place.begin, at_.pos - place.begin));
  return MakeQuery(WordsQuery{std::move(text)}, {}, RangeOf(place.begin, at_.pos));
}

// ---- Words ----

// Takes "^2" from the end of a word. Not a number: it belongs to the word.
bool LeafParser::TakeBoost(std::string_view& raw, size_t begin, float& boost) {
  const size_t caret = FindLastBare(raw, '^');
  if (caret == kNotFound || caret == 0) return false;
  const BoostReading reading = ReadBoost(raw.substr(caret + 1));
  if (reading.state == BoostReading::State::kNotANumber) return false;
  boost = CheckedBoost(reading, RangeOf(begin + caret, begin + raw.size()));
  raw = raw.substr(0, caret);
  return true;
}

// Takes "~" or "~1" from the end of a word.
bool LeafParser::TakeEdits(std::string_view& raw, std::optional<uint32_t>& edits) {
  const size_t tilde = FindLastBare(raw, '~');
  if (tilde == kNotFound || tilde == 0) return false;
  const std::string_view digits = raw.substr(tilde + 1);
  edits = ReadCount(digits);
  if (!edits && !digits.empty()) return false;
  raw = raw.substr(0, tilde);
  return true;
}

Query LeafParser::ParseWord(const Place& place) {
  const size_t begin = at_.pos;
  at_.pos = std::max(WordEnd(text_, at_.pos), at_.pos + 1);
  std::string_view raw = text_.substr(begin, at_.pos - begin);
  if (!place.value && !place.sign && IsOperatorName(raw)) {
    at_.Complain(begin, at_.pos, std::string(raw) + " joins nothing here: searched as text");
    return MakeQuery(WordsQuery{std::string(raw)}, place.field, RangeOf(place.begin, at_.pos));
  }
  float boost = 1.0F;
  std::optional<uint32_t> edits;
  const bool boosted = TakeBoost(raw, begin, boost);
  const bool fuzzy = TakeEdits(raw, edits);
  if (fuzzy && !boosted) TakeBoost(raw, begin, boost);
  QueryNode node = WordNode(place, raw, edits, fuzzy);
  const bool everything = std::holds_alternative<MatchAllQuery>(node);
  Query query = MakeQuery(std::move(node), everything ? std::string_view() : std::string_view(place.field), RangeOf(place.begin, at_.pos));
  query.boost = boost;
  return query;
}

QueryNode LeafParser::WordNode(const Place& place, std::string_view raw, std::optional<uint32_t> edits, bool fuzzy) {
  if (raw == "*:*" && !place.value) return MatchAllQuery{};
  Pattern pattern;
  if (!place.field.empty() || !LooksLikeAddress(raw)) pattern = ClassifyPattern(raw, !place.field.empty());
  if (fuzzy && pattern.kind != PatternKind::kNone) at_.Complain(place.begin, at_.pos, "~ and wildcards do not go together: ~ left out");
  switch (pattern.kind) {
    case PatternKind::kStarsOnly:
      if (place.field.empty()) return MatchAllQuery{};
      return ExistsQuery{};
    case PatternKind::kPrefix: return PrefixQuery{Unescape(pattern.stem)};
    case PatternKind::kWildcard: return WildcardQuery{NormalizePattern(raw)};
    case PatternKind::kNone: break;
  }
  const bool escaped_operator = raw.starts_with('\\') && IsOperatorName(raw.substr(1));
  std::string text = escaped_operator ? std::string(raw.substr(1)) : Unescape(raw);
  if (!fuzzy) return WordsQuery{std::move(text)};
  return FuzzyNode(place, std::move(text), edits);
}

QueryNode LeafParser::FuzzyNode(const Place& place, std::string text, std::optional<uint32_t> edits) {
  if (edits && *edits == 0) return WordsQuery{std::move(text)};
  if (edits && *edits > kMaxEdits) at_.Adjusted(RangeOf(place.begin, at_.pos), "at most 2 edits are possible: searched with 2");
  const int automatic = AutomaticEdits(text);
  return FuzzyQuery{std::move(text), edits ? static_cast<int>(std::min<uint32_t>(*edits, kMaxEdits)) : automatic};
}

}  // namespace sakuin::searcher
