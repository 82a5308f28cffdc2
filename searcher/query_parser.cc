// A recursive descent straight over the bytes: what a character means depends so
// much on where it stands ("a-b" or "-b", "12:30" or "title:fox") that tokens
// made beforehand would only have to be taken apart again. One method per rule of
// docs/query_language.md.
//
// Three things keep hostile queries cheap. Groups deeper than max_depth are not
// entered, their parentheses are skipped and counted. Chains of NOT, AND and OR
// are loops. And whatever looks ahead stops at a byte that the next look-ahead
// would start from, or remembers that there was nothing to find (no_closing_), so
// that the whole stays linear.
#include "searcher/query_parser.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "searcher/query_lexer.h"
#include "searcher/query_warnings.h"

namespace sakuin::searcher {

namespace {

constexpr size_t kNotFound = std::string_view::npos;
constexpr size_t kMaxFieldBytes = 255;
constexpr int kDeepestMaxDepth = 1000;  // what a thread's stack surely carries

SourceRange RangeOf(size_t begin, size_t end) { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }

Query MakeQuery(QueryNode node, std::string_view field, SourceRange source) {
  Query query;
  query.node = std::move(node);
  query.field = field;
  query.source = source;
  return query;
}

bool OnlyExcludes(const std::vector<Clause>& clauses) {
  return std::all_of(clauses.begin(), clauses.end(), [](const Clause& clause) { return clause.occur == Occur::kMustNot; });
}

// The clauses as one query: none for none, the clause itself where one is alone,
// and everything to exclude from where there are only exclusions.
std::optional<Query> Combine(std::vector<Clause> clauses) {
  if (clauses.empty()) return std::nullopt;
  const SourceRange source{clauses.front().query.source.begin, clauses.back().query.source.end};
  if (OnlyExcludes(clauses)) {
    clauses.insert(clauses.begin(), {Occur::kShould, MakeQuery(MatchAllQuery{}, {}, {source.begin, source.begin})});
  }
  if (clauses.size() == 1) return std::move(clauses.front().query);
  return MakeQuery(BooleanQuery(std::move(clauses)), {}, source);
}

// (* -query)
Query AllWithout(Query query) {
  std::vector<Clause> clauses;  // not an initializer list, which would copy the tree
  clauses.push_back({Occur::kMustNot, std::move(query)});
  return *Combine(std::move(clauses));
}

void MultiplyBoost(Query& query, float boost) { query.boost = std::clamp(query.boost * boost, kMinBoost, kMaxBoost); }

// What stands behind a '^'.
struct BoostReading {
  enum class State { kNotANumber, kGood, kIgnored, kClamped };
  State state = State::kNotANumber;
  float value = 1.0F;
};

bool IsNameOfNonNumber(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(IsAsciiLetter(c) ? (c | 0x20) : c);
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

BoostReading ReadBoost(std::string_view text) {
  using State = BoostReading::State;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return {};
  if (text.size() <= 8 && IsNameOfNonNumber(text)) return {State::kIgnored};
  if (!IsAsciiDigit(text[0]) && text[0] != '.') return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return {};
  if (error == std::errc::result_out_of_range) value = text.find('-') != kNotFound ? kMinBoost / 2 : kMaxBoost * 2;
  if (negative || value == 0) return {State::kIgnored};
  const double clamped = std::clamp<double>(value, kMinBoost, kMaxBoost);
  return {clamped == value ? State::kGood : State::kClamped, static_cast<float>(clamped)};
}

// Digits only; what is too large for the type is its largest value.
std::optional<uint32_t> ReadCount(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), IsAsciiDigit)) return std::nullopt;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc::result_out_of_range ? UINT32_MAX : value;
}

// word~ without a number: one edit for short words, two for longer ones.
int AutomaticEdits(std::string_view text) {
  constexpr size_t kShortWord = 5;
  return ColumnOf(text, text.size()) - 1 <= kShortWord ? 1 : kMaxEdits;
}

// Why the pattern cannot be used, or empty.
std::string RegexpProblem(const std::string& pattern) {
  if (pattern.size() > kMaxRegexpBytes) return "longer than " + std::to_string(kMaxRegexpBytes) + " bytes";
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexpMemory);
  const RE2 compiled(pattern, options);
  return compiled.ok() ? std::string() : compiled.error();
}

// How a word with wildcards is meant.
enum class PatternKind { kNone, kStarsOnly, kPrefix, kWildcard };

struct Pattern {
  PatternKind kind = PatternKind::kNone;
  std::string_view stem;  // kPrefix: what comes before the stars, still escaped
};

// A question mark that ends a word is punctuation unless a field is named or there
// is another wildcard: "what is a fox?" asks for fox.
Pattern ClassifyPattern(std::string_view raw, bool with_field) {
  size_t wildcards = 0;
  size_t questions_inside = 0;
  size_t questions_at_end = 0;
  size_t stars = 0;
  size_t solid_end = 0;  // behind the last byte that is not a star
  for (size_t pos = 0; pos < raw.size();) {
    const size_t length = std::max<size_t>(EscapeLength(raw, pos), 1);
    const char c = length == 1 ? raw[pos] : '\0';
    stars += c == '*' ? 1 : 0;
    if (c == '?') {
      ++questions_at_end;
    } else {
      questions_inside += std::exchange(questions_at_end, 0);
    }
    pos += length;
    if (c != '*') solid_end = pos;
  }
  wildcards = stars + questions_inside + (with_field || stars + questions_inside != 0 ? questions_at_end : 0);
  if (wildcards == 0) return {};
  if (solid_end == 0) return {PatternKind::kStarsOnly, {}};
  const bool prefix = questions_inside + questions_at_end == 0 && stars == raw.size() - solid_end;
  return prefix ? Pattern{PatternKind::kPrefix, raw.substr(0, solid_end)} : Pattern{PatternKind::kWildcard, {}};
}

// The pattern of a WildcardQuery.
std::string NormalizePattern(std::string_view raw) {
  std::string out;
  bool after_star = false;
  for (size_t pos = 0; pos < raw.size();) {
    const size_t escape = EscapeLength(raw, pos);
    const std::string_view piece = escape == 0 ? raw.substr(pos, 1) : raw.substr(pos + 1, escape - 1);
    const bool star = escape == 0 && piece == "*";
    const bool literal = escape != 0 || piece == "\\";
    if (literal && (piece == "*" || piece == "?" || piece == "\\")) out += '\\';
    if (!star || !after_star) out += piece;
    after_star = star;
    pos += std::max<size_t>(escape, 1);
  }
  return out;
}

// "http://x.y/z?a=b" and "search?q=fox": no wildcards are meant.
bool LooksLikeAddress(std::string_view raw) {
  const size_t scheme = raw.find("://");
  if (scheme != kNotFound && (scheme == 0 || raw[scheme - 1] != '\\')) return true;
  const size_t question = FindLastBare(raw, '?');
  const size_t equals = FindLastBare(raw, '=');
  return question != kNotFound && equals != kNotFound && question < equals;
}

bool LooksLikeFieldName(std::string_view name) {
  return !name.empty() && (IsAsciiLetter(name[0]) || name[0] == '_' || name[0] == '@' || static_cast<unsigned char>(name[0]) >= 0x80);
}

// One piece between operators with how it takes part.
struct Operand {
  bool negated = false;
  bool required = false;
  Query query;
};

Clause ToClause(Operand operand, Occur otherwise) {
  const Occur positive = operand.required ? Occur::kMust : otherwise;
  return {operand.negated ? Occur::kMustNot : positive, std::move(operand.query)};
}

// Where a piece stands: the field that counts for it and whether the field's name
// is written directly before it.
struct Place {
  const std::string& field;
  size_t begin;         // of the piece, with the name of the field
  bool value = false;   // field:HERE
  bool sign = false;    // +HERE
};

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options)
      : text_(text), options_(options), max_depth_(std::clamp(options.max_depth, 1, kDeepestMaxDepth)), log_(text) {}

  ParsedQuery Run() {
    ParsedQuery parsed;
    if (std::optional<Query> query = ParseSequence({})) parsed.query = std::move(*query);
    parsed.warnings = log_.Finish();
    return parsed;
  }

 private:
  // Rules, from the loosest to the tightest. No value: there was nothing in it.
  std::optional<Query> ParseSequence(const std::string& field);
  std::optional<Operand> ParseAlternatives(const std::string& field);
  std::optional<Operand> ParseConjunction(const std::string& field);
  std::optional<Operand> ParseUnary(const std::string& field);
  std::optional<Query> ParsePrimary(Place place);
  std::optional<Query> ParseGroup(const Place& place);
  std::optional<Query> ParsePhrase(const Place& place, QuoteKind kind, size_t closing);
  std::optional<Query> ParseTerm(const Place& place);
  Query ParseWord(const Place& place);

  // Each of these consumes and returns true, or does neither.
  bool TryField(const Place& place, std::optional<Query>& out);
  bool TryRange(const Place& place, std::optional<Query>& out);
  bool TryBound(size_t& pos, std::optional<std::string>& out);
  bool TryComparison(const Place& place, std::optional<Query>& out);
  bool TryRegexp(const Place& place, std::optional<Query>& out);
  bool TryEmoticon(const Place& place, std::optional<Query>& out);
  bool TryInfix(std::string_view name);

  std::optional<Query> ParseUnknownField(const Place& place, std::string_view name, size_t colon);
  Query LiteralWord(size_t begin, size_t end);
  Query RegexpOrText(const Place& place, std::string_view raw);
  QueryNode WordNode(const Place& place, std::string_view raw, std::optional<uint32_t> edits, bool fuzzy);
  void ParseSlop(PhraseQuery& phrase);
  void ParseBoost(Query& query);
  bool TakeBoost(std::string_view& raw, size_t begin, float& boost);
  bool TakeEdits(std::string_view& raw, std::optional<uint32_t>& edits);
  float CheckedBoost(const BoostReading& reading, SourceRange source);
  QueryNode FuzzyNode(const Place& place, std::string text, std::optional<uint32_t> edits);
  bool IsField(std::string_view name, size_t colon) const;
  std::string KnownFields() const;

  // Where the parser stands.
  char Current() const { return text_[pos_]; }
  bool AtEnd() const { return pos_ >= text_.size(); }
  bool AtClose() const { return !AtEnd() && Current() == ')' && depth_ > 0 && skipped_ == 0; }
  bool AtGap() const { return AtEnd() || Current() == ')' || BlankLength(text_, pos_) != 0; }
  bool KeywordAt(size_t pos, std::string_view name) const;
  bool OperandFollows(size_t pos) const;
  void SkipNoise();
  void SkipDeepGroups();
  size_t FindClosing(QuoteKind kind, size_t pos);

  void Complain(size_t begin, size_t end, std::string_view message) {
    log_.Add(QueryWarning::Kind::kNotUnderstood, RangeOf(begin, end), message);
  }
  void Adjusted(SourceRange source, std::string_view message) { log_.Add(QueryWarning::Kind::kAdjusted, source, message); }

  const std::string_view text_;
  const ParseOptions& options_;
  const int max_depth_;
  WarningLog log_;
  size_t pos_ = 0;
  int depth_ = 0;                           // groups that are open
  size_t skipped_ = 0;                      // parentheses that were too deep and are open
  bool told_depth_ = false;                 // once is enough
  size_t regexps_ = 0;                      // seen so far
  std::array<bool, 3> no_closing_{};        // by QuoteKind: no mark of this kind closes any more
};

// ---- Where the parser stands ----

bool Parser::KeywordAt(size_t pos, std::string_view name) const {
  if (text_.substr(pos, name.size()) != name) return false;
  const size_t after = pos + name.size();
  return after >= text_.size() || text_[after] == '(' || text_[after] == ')' || BlankLength(text_, after) != 0 ||
         QuoteAt(text_, after) != QuoteKind::kNone;
}

bool Parser::OperandFollows(size_t pos) const {
  pos = SkipBlanks(text_, pos);
  return pos < text_.size() && text_[pos] != ')' && !KeywordAt(pos, "AND") && !KeywordAt(pos, "OR");
}

// Blanks, and closing parentheses that close no group of ours.
void Parser::SkipNoise() {
  for (pos_ = SkipBlanks(text_, pos_); !AtEnd() && Current() == ')' && !AtClose(); pos_ = SkipBlanks(text_, pos_)) {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      Complain(pos_, pos_ + 1, "this parenthesis closes nothing: left out");
    }
    ++pos_;
  }
}

void Parser::SkipDeepGroups() {
  while (!AtEnd() && Current() == '(' && depth_ >= max_depth_) {
    if (!std::exchange(told_depth_, true)) {
      Complain(pos_, pos_ + 1, "parentheses deeper than " + std::to_string(max_depth_) + " group nothing: left out");
    }
    ++skipped_;
    ++pos_;
  }
}

size_t Parser::FindClosing(QuoteKind kind, size_t pos) {
  bool& none = no_closing_[static_cast<size_t>(kind)];
  const size_t found = none ? kNotFound : FindQuote(text_, pos, kind);
  none = found == kNotFound;
  return found;
}

// ---- Operators between pieces ----

std::optional<Query> Parser::ParseSequence(const std::string& field) {
  std::vector<Clause> clauses;
  for (SkipNoise(); !AtEnd() && !AtClose(); SkipNoise()) {
    const size_t before = pos_;
    if (std::optional<Operand> operand = ParseAlternatives(field)) clauses.push_back(ToClause(std::move(*operand), Occur::kShould));
    if (pos_ == before) ++pos_;  // does not happen; an endless loop would be worse
  }
  if (depth_ == 0 && !clauses.empty() && OnlyExcludes(clauses)) {
    log_.Add(QueryWarning::Kind::kNote, RangeOf(0, text_.size()), "the query only excludes: everything else is found");
  }
  return Combine(std::move(clauses));
}

// Consumes AND or OR if something stands behind it.
bool Parser::TryInfix(std::string_view name) {
  SkipNoise();
  if (!KeywordAt(pos_, name) || !OperandFollows(pos_ + name.size())) return false;
  pos_ += name.size();
  SkipNoise();
  return true;
}

std::optional<Operand> Parser::ParseAlternatives(const std::string& field) {
  size_t begin = pos_;
  std::optional<Operand> first = ParseConjunction(field);
  std::vector<Clause> clauses;
  const auto add = [&](std::optional<Operand> operand) {
    if (!operand) return;
    if (operand->required) Complain(begin, begin + 1, "+ means nothing beside OR: left out");
    clauses.push_back({Occur::kShould, operand->negated ? AllWithout(std::move(operand->query)) : std::move(operand->query)});
  };
  if (!TryInfix("OR")) return first;
  add(std::move(first));
  do {
    begin = pos_;
    add(ParseConjunction(field));
  } while (TryInfix("OR"));
  std::optional<Query> query = Combine(std::move(clauses));
  if (!query) return std::nullopt;
  return Operand{false, false, std::move(*query)};
}

std::optional<Operand> Parser::ParseConjunction(const std::string& field) {
  std::optional<Operand> first = ParseUnary(field);
  std::vector<Clause> clauses;
  if (!TryInfix("AND")) return first;
  if (first) clauses.push_back(ToClause(std::move(*first), Occur::kMust));
  do {
    if (std::optional<Operand> next = ParseUnary(field)) clauses.push_back(ToClause(std::move(*next), Occur::kMust));
  } while (TryInfix("AND"));
  std::optional<Query> query = Combine(std::move(clauses));
  if (!query) return std::nullopt;
  return Operand{false, false, std::move(*query)};
}

std::optional<Operand> Parser::ParseUnary(const std::string& field) {
  Operand operand;
  while (KeywordAt(pos_, "NOT") && OperandFollows(pos_ + 3)) {
    operand.negated = !operand.negated;
    pos_ += 3;
    SkipNoise();
  }
  const bool sign = !AtEnd() && (Current() == '+' || Current() == '-') && CanFollowSign(text_, pos_ + 1);
  if (sign) {
    if (Current() == '-') operand.negated = !operand.negated;
    operand.required = Current() == '+' && !operand.negated;
    ++pos_;
  }
  std::optional<Query> query = ParsePrimary({field, pos_, false, sign});
  if (!query) return std::nullopt;
  operand.query = std::move(*query);
  return operand;
}

// ---- Pieces ----

std::optional<Query> Parser::ParsePrimary(Place place) {
  for (SkipDeepGroups(); !AtGap(); SkipDeepGroups()) {
    if (Current() == '(') return ParseGroup(place);
    const QuoteKind kind = QuoteAt(text_, pos_);
    if (kind == QuoteKind::kNone) return ParseTerm(place);
    const size_t closing = FindClosing(kind, pos_ + QuoteLength(kind));
    if (closing != kNotFound) return ParsePhrase(place, kind, closing);
    Complain(pos_, pos_ + QuoteLength(kind), "the quote is never closed: its words are searched one by one");
    pos_ += QuoteLength(kind);
    if (!place.value) place.begin = pos_;
  }
  return std::nullopt;
}

std::optional<Query> Parser::ParseGroup(const Place& place) {
  const size_t open = pos_++;
  ++depth_;
  std::optional<Query> query = ParseSequence(place.field);
  --depth_;
  const bool closed = !AtEnd();
  if (closed) {
    ++pos_;
  } else {
    skipped_ = 0;
    Complain(open, open + 1, "the parenthesis is never closed: taken as closed at the end");
  }
  if (!query) {
    Complain(open, pos_, "there is nothing in these parentheses: left out");
    return std::nullopt;
  }
  if (query->As<BooleanQuery>() != nullptr) query->source = RangeOf(place.begin, pos_);
  if (closed) ParseBoost(*query);
  return query;
}

std::optional<Query> Parser::ParsePhrase(const Place& place, QuoteKind kind, size_t closing) {
  const size_t open = pos_;
  const size_t begin = open + QuoteLength(kind);
  PhraseQuery phrase{UnescapeQuoted(text_.substr(begin, closing - begin))};
  pos_ = closing + QuoteLength(kind);
  const bool blank = SkipBlanks(phrase.text, 0) == phrase.text.size();
  if (blank) Complain(open, pos_, "there is nothing between these quotes: left out");
  ParseSlop(phrase);
  Query query = MakeQuery(std::move(phrase), place.field, RangeOf(place.begin, pos_));
  ParseBoost(query);
  query.source.end = static_cast<uint32_t>(pos_);
  if (blank) return std::nullopt;
  return query;
}

void Parser::ParseSlop(PhraseQuery& phrase) {
  if (AtEnd() || Current() != '~') return;
  const size_t begin = pos_++;
  size_t end = pos_;
  while (end < text_.size() && IsAsciiDigit(text_[end])) ++end;
  const std::optional<uint32_t> slop = ReadCount(text_.substr(pos_, end - pos_));
  pos_ = end;
  if (!slop) return Complain(begin, end, "~ behind a phrase wants a number: left out");
  if (*slop > kMaxSlop) Adjusted(RangeOf(begin, end), "the distance is larger than " + std::to_string(kMaxSlop) + ": made smaller");
  phrase.slop = std::min(*slop, kMaxSlop);
}

float Parser::CheckedBoost(const BoostReading& reading, SourceRange source) {
  if (reading.state == BoostReading::State::kIgnored) Adjusted(source, "a weight is a number greater than 0: left out");
  if (reading.state == BoostReading::State::kClamped) Adjusted(source, "a weight is between 0.000001 and 1000000: brought into these limits");
  return reading.value;
}

// ^2 behind something that is not a word.
void Parser::ParseBoost(Query& query) {
  if (AtEnd()) return;
  if (Current() == '~') return Complain(pos_, pos_ + 1, "~ means nothing here: searched as text");
  if (Current() != '^') return;
  const size_t end = WordEnd(text_, pos_);
  const BoostReading reading = ReadBoost(text_.substr(pos_ + 1, end - pos_ - 1));
  if (reading.state == BoostReading::State::kNotANumber) return Complain(pos_, end, "^ wants a number: searched as text");
  MultiplyBoost(query, CheckedBoost(reading, RangeOf(pos_, end)));
  pos_ = end;
}

std::optional<Query> Parser::ParseTerm(const Place& place) {
  std::optional<Query> query;
  if (TryRange(place, query) || TryRegexp(place, query)) return query;
  if (place.value) {
    if (TryComparison(place, query)) return query;
  } else if (TryEmoticon(place, query) || TryField(place, query)) {
    return query;
  }
  return ParseWord(place);
}

// ":)" and "=>" are nobody's operators.
bool Parser::TryEmoticon(const Place& place, std::optional<Query>& out) {
  constexpr size_t kLongest = 8;
  constexpr std::string_view kEyes = ":;=";
  size_t end = pos_;
  while (end < text_.size() && end - pos_ <= kLongest && BlankLength(text_, end) == 0) ++end;
  const std::string_view face = text_.substr(pos_, end - pos_);
  if (face.size() < 2 || face.size() > kLongest || kEyes.find(face[0]) == kNotFound) return false;
  const auto is_part = [this](char c) { return IsAsciiPunctuation(c) && c != '\\' && c != '"' && (c != ')' || depth_ == 0); };
  if (!std::all_of(face.begin(), face.end(), is_part)) return false;
  out = MakeQuery(WordsQuery{std::string(face)}, place.field, RangeOf(place.begin, end));
  pos_ = end;
  return true;
}

Query Parser::LiteralWord(size_t begin, size_t end) {
  pos_ = std::max(end, begin + 1);
  return MakeQuery(WordsQuery{Unescape(text_.substr(begin, pos_ - begin))}, {}, RangeOf(begin, pos_));
}

// ---- Fields ----

// Without a list of fields, whatever looks like a name is one, except in
// "http://x", "std::vector" and "C:\dir".
bool Parser::IsField(std::string_view name, size_t colon) const {
  if (name.empty()) return false;
  if (options_.is_field) return options_.is_field(name);
  const std::string_view rest = text_.substr(colon + 1, 2);
  const bool path = rest.size() == 2 && rest[0] == '\\' && (IsAsciiLetter(rest[1]) || IsAsciiDigit(rest[1]));
  return LooksLikeFieldName(name) && rest != "//" && !rest.starts_with(':') && !path;
}

bool Parser::TryField(const Place& place, std::optional<Query>& out) {
  size_t colon = pos_;
  while (colon < text_.size() && colon - pos_ <= 2 * kMaxFieldBytes && BlankLength(text_, colon) == 0) {
    const size_t escape = EscapeLength(text_, colon);
    if (escape == 0 && !IsFieldNameByte(text_[colon])) break;
    colon += std::max<size_t>(escape, 1);
  }
  if (colon >= text_.size() || text_[colon] != ':') return false;
  const std::string name = Unescape(text_.substr(pos_, colon - pos_));
  if (!IsField(name, colon)) {
    out = ParseUnknownField(place, name, colon);
    return out.has_value();
  }
  const size_t begin = pos_;
  pos_ = colon + 1;
  if (AtGap()) {
    Complain(begin, pos_, "nothing stands behind the field's colon: searched as text");
    out = LiteralWord(begin, pos_);
  } else {
    out = ParsePrimary({name, begin, true, place.sign});
  }
  return true;
}

std::string Parser::KnownFields() const {
  constexpr size_t kShown = 20;
  std::string list;
  for (size_t i = 0; i < options_.field_names.size() && i < kShown; ++i) list += (i == 0 ? "" : ", ") + options_.field_names[i];
  if (options_.field_names.size() > kShown) list += ", ...";
  return list.empty() ? list : " (known fields: " + list + ")";
}

// Text, with a warning only if a field can have been meant. No value: go on as
// with any word.
std::optional<Query> Parser::ParseUnknownField(const Place& place, std::string_view name, size_t colon) {
  constexpr std::string_view kNotBeforeValues = "/:\\";
  const size_t after = colon + 1;
  const bool gap = after >= text_.size() || text_[after] == ')' || BlankLength(text_, after) != 0;
  if (gap || kNotBeforeValues.find(text_[after]) != kNotFound || !LooksLikeFieldName(name)) return std::nullopt;
  Complain(place.begin, after, "there is no field \"" + std::string(name) + "\"" + KnownFields() + ": searched as text");
  const bool quoted = QuoteAt(text_, after) != QuoteKind::kNone;
  return LiteralWord(place.begin, quoted ? after : WordEnd(text_, after));
}

// ---- Ranges and regular expressions ----

// One end of a range. An open end is a bare star, and gives no value.
bool Parser::TryBound(size_t& pos, std::optional<std::string>& out) {
  const QuoteKind kind = QuoteAt(text_, pos);
  size_t begin = pos;
  size_t end = pos;
  if (kind != QuoteKind::kNone) {
    begin += QuoteLength(kind);
    end = FindClosing(kind, begin);
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

bool Parser::TryRange(const Place& place, std::optional<Query>& out) {
  if (Current() != '[' && Current() != '{') return false;
  RangeQuery range;
  size_t pos = SkipBlanks(text_, pos_ + 1);
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
    const size_t end = WordEnd(text_, pos_);
    Complain(pos_, end, "a range is written [a TO b]: searched as text");
    out = LiteralWord(place.begin, end);
    return true;
  }
  range.include_lower = !range.lower || Current() == '[';
  range.include_upper = !range.upper || text_[pos] == ']';
  pos_ = pos + 1;
  const bool open = !range.lower && !range.upper;
  QueryNode node = std::move(range);
  if (open && place.field.empty()) node = MatchAllQuery{};
  if (open && !place.field.empty()) node = ExistsQuery{};
  out = MakeQuery(std::move(node), place.field, RangeOf(place.begin, pos_));
  ParseBoost(*out);
  out->source.end = static_cast<uint32_t>(pos_);
  return true;
}

// field:>=5
bool Parser::TryComparison(const Place& place, std::optional<Query>& out) {
  if (Current() != '<' && Current() != '>') return false;
  const bool lower = Current() == '>';
  size_t begin = pos_ + 1;
  const bool inclusive = text_.substr(begin, 1) == "=";
  begin += inclusive ? 1 : 0;
  float boost = 1.0F;
  std::string value;
  const QuoteKind kind = QuoteAt(text_, begin);
  const size_t closing = kind == QuoteKind::kNone ? kNotFound : FindClosing(kind, begin + QuoteLength(kind));
  size_t end = closing == kNotFound ? WordEnd(text_, begin) : closing + QuoteLength(kind);
  if (closing != kNotFound) {
    value = UnescapeQuoted(text_.substr(begin + QuoteLength(kind), closing - begin - QuoteLength(kind)));
  } else if (kind == QuoteKind::kNone) {
    std::string_view raw = text_.substr(begin, end - begin);
    TakeBoost(raw, begin, boost);
    value = Unescape(raw);
  }
  if (value.empty()) {
    Complain(pos_, end, "a comparison wants a value directly behind it: searched as text");
    out = LiteralWord(place.begin, end);
    return true;
  }
  RangeQuery range;
  (lower ? range.lower : range.upper) = std::move(value);
  (lower ? range.include_lower : range.include_upper) = inclusive;
  pos_ = end;
  out = MakeQuery(std::move(range), place.field, RangeOf(place.begin, pos_));
  MultiplyBoost(*out, boost);
  if (closing != kNotFound) ParseBoost(*out);
  return true;
}

// A regular expression is closed by its first bare slash, which a gap or a weight
// follows; "/usr/bin" is a path.
bool Parser::TryRegexp(const Place& place, std::optional<Query>& out) {
  if (Current() != '/') return false;
  size_t end = pos_ + 1;
  while (end < text_.size() && text_[end] != '/') {
    const bool pair = text_[end] == '\\' && end + 1 < text_.size();
    if (!pair && BlankLength(text_, end) != 0) return false;
    end += pair ? 2 : 1;
  }
  if (end >= text_.size() || end == pos_ + 1) return false;
  const size_t after = end + 1;
  if (after < text_.size() && text_[after] != ')' && text_[after] != '^' && BlankLength(text_, after) == 0) return false;
  const std::string_view raw = text_.substr(pos_ + 1, end - pos_ - 1);
  pos_ = after;
  out = RegexpOrText(place, raw);
  ParseBoost(*out);
  out->source.end = static_cast<uint32_t>(pos_);
  return true;
}

// REQUIRES: the parser stands behind the closing slash.
Query Parser::RegexpOrText(const Place& place, std::string_view raw) {
  std::string pattern;
  for (size_t pos = 0; pos < raw.size(); ++pos) {
    const bool slash = raw[pos] == '\\' && pos + 1 < raw.size() && raw[pos + 1] == '/';
    if (!slash && raw[pos] == '\\' && pos + 1 < raw.size()) pattern += raw[pos++];
    if (slash) ++pos;
    pattern += raw[pos];
  }
  const bool too_many = ++regexps_ > kMaxRegexps;
  const std::string problem = too_many ? "more than " + std::to_string(kMaxRegexps) + " in one query" : RegexpProblem(pattern);
  if (problem.empty()) return MakeQuery(RegexpQuery{std::move(pattern)}, place.field, RangeOf(place.begin, pos_));
  Complain(place.begin, pos_, "the regular expression cannot be used (" + problem + "): searched as text");
  std::string text(text_.substr(place.begin, pos_ - place.begin));
  return MakeQuery(WordsQuery{std::move(text)}, {}, RangeOf(place.begin, pos_));
}

// ---- Words ----

// Takes "^2" from the end of a word. Not a number: it belongs to the word.
bool Parser::TakeBoost(std::string_view& raw, size_t begin, float& boost) {
  const size_t caret = FindLastBare(raw, '^');
  if (caret == kNotFound || caret == 0) return false;
  const BoostReading reading = ReadBoost(raw.substr(caret + 1));
  if (reading.state == BoostReading::State::kNotANumber) return false;
  boost = CheckedBoost(reading, RangeOf(begin + caret, begin + raw.size()));
  raw = raw.substr(0, caret);
  return true;
}

// Takes "~" or "~1" from the end of a word.
bool Parser::TakeEdits(std::string_view& raw, std::optional<uint32_t>& edits) {
  const size_t tilde = FindLastBare(raw, '~');
  if (tilde == kNotFound || tilde == 0) return false;
  const std::string_view digits = raw.substr(tilde + 1);
  edits = ReadCount(digits);
  if (!edits && !digits.empty()) return false;
  raw = raw.substr(0, tilde);
  return true;
}

Query Parser::ParseWord(const Place& place) {
  const size_t begin = pos_;
  pos_ = std::max(WordEnd(text_, pos_), pos_ + 1);
  std::string_view raw = text_.substr(begin, pos_ - begin);
  if (!place.value && !place.sign && IsOperatorName(raw)) {
    Complain(begin, pos_, std::string(raw) + " joins nothing here: searched as text");
    return MakeQuery(WordsQuery{std::string(raw)}, place.field, RangeOf(place.begin, pos_));
  }
  float boost = 1.0F;
  std::optional<uint32_t> edits;
  const bool boosted = TakeBoost(raw, begin, boost);
  const bool fuzzy = TakeEdits(raw, edits);
  if (fuzzy && !boosted) TakeBoost(raw, begin, boost);
  QueryNode node = WordNode(place, raw, edits, fuzzy);
  const bool everything = std::holds_alternative<MatchAllQuery>(node);
  Query query = MakeQuery(std::move(node), everything ? std::string_view() : std::string_view(place.field), RangeOf(place.begin, pos_));
  query.boost = boost;
  return query;
}

QueryNode Parser::WordNode(const Place& place, std::string_view raw, std::optional<uint32_t> edits, bool fuzzy) {
  if (raw == "*:*" && !place.value) return MatchAllQuery{};
  Pattern pattern;
  if (!place.field.empty() || !LooksLikeAddress(raw)) pattern = ClassifyPattern(raw, !place.field.empty());
  if (fuzzy && pattern.kind != PatternKind::kNone) Complain(place.begin, pos_, "~ and wildcards do not go together: ~ left out");
  switch (pattern.kind) {
    case PatternKind::kStarsOnly:
      if (place.field.empty()) return MatchAllQuery{};
      return ExistsQuery{};
    case PatternKind::kPrefix:
      return PrefixQuery{Unescape(pattern.stem)};
    case PatternKind::kWildcard:
      return WildcardQuery{NormalizePattern(raw)};
    case PatternKind::kNone:
      break;
  }
  const bool escaped_operator = raw.starts_with('\\') && IsOperatorName(raw.substr(1));
  std::string text = escaped_operator ? std::string(raw.substr(1)) : Unescape(raw);
  if (!fuzzy) return WordsQuery{std::move(text)};
  return FuzzyNode(place, std::move(text), edits);
}

QueryNode Parser::FuzzyNode(const Place& place, std::string text, std::optional<uint32_t> edits) {
  if (edits && *edits == 0) return WordsQuery{std::move(text)};
  if (edits && *edits > kMaxEdits) Adjusted(RangeOf(place.begin, pos_), "at most 2 edits are possible: searched with 2");
  const int automatic = AutomaticEdits(text);
  return FuzzyQuery{std::move(text), edits ? static_cast<int>(std::min<uint32_t>(*edits, kMaxEdits)) : automatic};
}

// ---- The benchmark's syntax ----

bool IsSign(char c) { return c == '+' || c == '-'; }

// The word or phrase at `pos`, which is moved behind it; no value if it is empty.
std::optional<Query> TakeGamePiece(std::string_view text, size_t& pos) {
  const size_t begin = pos;
  const bool quoted = pos < text.size() && text[pos] == '"';
  if (quoted) {
    const size_t closing = text.find('"', pos + 1);
    pos = closing == kNotFound ? pos + 1 : closing + 1;
    if (closing == kNotFound || SkipBlanks(text, begin + 1) >= closing) return std::nullopt;
    return MakeQuery(PhraseQuery{std::string(text.substr(begin + 1, closing - begin - 1))}, {}, RangeOf(begin, pos));
  }
  while (pos < text.size() && text[pos] != '"' && BlankLength(text, pos) == 0) ++pos;
  if (pos == begin) return std::nullopt;
  return MakeQuery(WordsQuery{std::string(text.substr(begin, pos - begin))}, {}, RangeOf(begin, pos));
}

}  // namespace

Result<ParsedQuery> ParseQuery(std::string_view text, const ParseOptions& options) {
  if (text.size() > kMaxQueryBytes) {
    return InvalidArgumentError("a query has at most " + std::to_string(kMaxQueryBytes) + " bytes, this one has " + std::to_string(text.size()));
  }
  ParsedQuery parsed = Parser(text, options).Run();
  if (options.strict) RETURN_IF_ERROR(StrictStatus(text, parsed.warnings));
  return parsed;
}

Query ParsePlain(std::string_view text) {
  const size_t begin = SkipBlanks(text, 0);
  if (begin >= text.size()) return {};
  return MakeQuery(WordsQuery{std::string(text)}, {}, RangeOf(0, text.size()));
}

Query ParseGame(std::string_view text) {
  std::vector<Clause> clauses;
  for (size_t pos = SkipBlanks(text, 0); pos < text.size(); pos = SkipBlanks(text, pos)) {
    Occur occur = Occur::kShould;
    while (pos < text.size() && IsSign(text[pos])) occur = text[pos++] == '+' ? Occur::kMust : Occur::kMustNot;
    if (std::optional<Query> piece = TakeGamePiece(text, pos)) clauses.push_back({occur, std::move(*piece)});
  }
  if (OnlyExcludes(clauses)) return {};
  return *Combine(std::move(clauses));
}

}  // namespace sakuin::searcher
