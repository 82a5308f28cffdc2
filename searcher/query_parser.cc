// A recursive descent straight over the bytes: what a character means depends so
// much on where it stands ("a-b" or "-b", "12:30" or "title:fox") that tokens
// made beforehand would only have to be taken apart again. One method per rule of
// docs/query_language.md: here those for operators, groups and names of fields,
// in query_leaf_parser.cc those for words, phrases, ranges and patterns.
//
// Three things keep hostile queries cheap. Groups deeper than max_depth are not
// entered, their parentheses are skipped and counted. Chains of NOT, AND and OR
// are loops. And whatever looks ahead stops at a byte that the next look-ahead
// would start from, or remembers that there was nothing to find
// (QueryCursor::FindClosing), so that the whole stays linear.
#include "searcher/query_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "searcher/query_leaf_parser.h"
#include "searcher/query_lexer.h"
#include "searcher/query_warnings.h"

namespace sakuin::searcher {

namespace {

constexpr size_t kNotFound = std::string_view::npos;
constexpr size_t kMaxFieldBytes = 255;
constexpr int kDeepestMaxDepth = 1000;  // what a thread's stack surely carries

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

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options)
      : text_(text), options_(options), max_depth_(std::clamp(options.max_depth, 1, kDeepestMaxDepth)), at_(text), leaves_(at_) {}

  ParsedQuery Run() {
    ParsedQuery parsed;
    if (std::optional<Query> query = ParseSequence({})) parsed.query = std::move(*query);
    parsed.warnings = at_.log.Finish();
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
  std::optional<Query> ParseTerm(const Place& place);

  // Each of these consumes and returns true, or does neither.
  bool TryField(const Place& place, std::optional<Query>& out);
  bool TryInfix(std::string_view name);

  std::optional<Query> ParseUnknownField(const Place& place, std::string_view name, size_t colon);
  bool IsField(std::string_view name, size_t colon) const;
  std::string KnownFields() const;

  // Where the parser stands.
  bool AtClose() const { return !at_.AtEnd() && at_.Current() == ')' && at_.depth > 0 && skipped_ == 0; }
  bool AtGap() const { return at_.AtEnd() || at_.Current() == ')' || BlankLength(text_, at_.pos) != 0; }
  bool KeywordAt(size_t pos, std::string_view name) const;
  bool OperandFollows(size_t pos) const;
  void SkipNoise();
  void SkipDeepGroups();

  const std::string_view text_;
  const ParseOptions& options_;
  const int max_depth_;
  QueryCursor at_;
  LeafParser leaves_;
  size_t skipped_ = 0;       // parentheses that were too deep and are open
  bool told_depth_ = false;  // once is enough
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
  for (at_.pos = SkipBlanks(text_, at_.pos); !at_.AtEnd() && at_.Current() == ')' && !AtClose(); at_.pos = SkipBlanks(text_, at_.pos)) {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      at_.Complain(at_.pos, at_.pos + 1, "this parenthesis closes nothing: left out");
    }
    ++at_.pos;
  }
}

void Parser::SkipDeepGroups() {
  while (!at_.AtEnd() && at_.Current() == '(' && at_.depth >= max_depth_) {
    if (!std::exchange(told_depth_, true)) {
      at_.Complain(at_.pos, at_.pos + 1, "parentheses deeper than " + std::to_string(max_depth_) + " group nothing: left out");
    }
    ++skipped_;
    ++at_.pos;
  }
}

// ---- Operators between pieces ----

std::optional<Query> Parser::ParseSequence(const std::string& field) {
  std::vector<Clause> clauses;
  for (SkipNoise(); !at_.AtEnd() && !AtClose(); SkipNoise()) {
    const size_t before = at_.pos;
    if (std::optional<Operand> operand = ParseAlternatives(field)) clauses.push_back(ToClause(std::move(*operand), Occur::kShould));
    if (at_.pos == before) ++at_.pos;  // does not happen; an endless loop would be worse
  }
  if (at_.depth == 0 && !clauses.empty() && OnlyExcludes(clauses)) {
    at_.log.Add(QueryWarning::Kind::kNote, RangeOf(0, text_.size()), "the query only excludes: everything else is found");
  }
  return Combine(std::move(clauses));
}

// Consumes AND or OR if something stands behind it.
bool Parser::TryInfix(std::string_view name) {
  SkipNoise();
  if (!KeywordAt(at_.pos, name) || !OperandFollows(at_.pos + name.size())) return false;
  at_.pos += name.size();
  SkipNoise();
  return true;
}

std::optional<Operand> Parser::ParseAlternatives(const std::string& field) {
  size_t begin = at_.pos;
  std::optional<Operand> first = ParseConjunction(field);
  std::vector<Clause> clauses;
  const auto add = [&](std::optional<Operand> operand) {
    if (!operand) return;
    if (operand->required) at_.Complain(begin, begin + 1, "+ means nothing beside OR: left out");
    clauses.push_back({Occur::kShould, operand->negated ? AllWithout(std::move(operand->query)) : std::move(operand->query)});
  };
  if (!TryInfix("OR")) return first;
  add(std::move(first));
  do {
    begin = at_.pos;
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
  while (KeywordAt(at_.pos, "NOT") && OperandFollows(at_.pos + 3)) {
    operand.negated = !operand.negated;
    at_.pos += 3;
    SkipNoise();
  }
  const bool sign = !at_.AtEnd() && (at_.Current() == '+' || at_.Current() == '-') && CanFollowSign(text_, at_.pos + 1);
  if (sign) {
    if (at_.Current() == '-') operand.negated = !operand.negated;
    operand.required = at_.Current() == '+' && !operand.negated;
    ++at_.pos;
  }
  std::optional<Query> query = ParsePrimary({field, at_.pos, false, sign});
  if (!query) return std::nullopt;
  operand.query = std::move(*query);
  return operand;
}

// ---- Pieces ----

std::optional<Query> Parser::ParsePrimary(Place place) {
  for (SkipDeepGroups(); !AtGap(); SkipDeepGroups()) {
    if (at_.Current() == '(') return ParseGroup(place);
    const QuoteKind kind = QuoteAt(text_, at_.pos);
    if (kind == QuoteKind::kNone) return ParseTerm(place);
    const size_t closing = at_.FindClosing(kind, at_.pos + QuoteLength(kind));
    if (closing != kNotFound) return leaves_.ParsePhrase(place, kind, closing);
    at_.Complain(at_.pos, at_.pos + QuoteLength(kind), "the quote is never closed: its words are searched one by one");
    at_.pos += QuoteLength(kind);
    if (!place.value) place.begin = at_.pos;
  }
  return std::nullopt;
}

std::optional<Query> Parser::ParseGroup(const Place& place) {
  const size_t open = at_.pos++;
  ++at_.depth;
  std::optional<Query> query = ParseSequence(place.field);
  --at_.depth;
  const bool closed = !at_.AtEnd();
  if (closed) {
    ++at_.pos;
  } else {
    skipped_ = 0;
    at_.Complain(open, open + 1, "the parenthesis is never closed: taken as closed at the end");
  }
  if (!query) {
    at_.Complain(open, at_.pos, "there is nothing in these parentheses: left out");
    return std::nullopt;
  }
  if (query->As<BooleanQuery>() != nullptr) query->source = RangeOf(place.begin, at_.pos);
  if (closed) leaves_.ParseBoost(*query);
  return query;
}

std::optional<Query> Parser::ParseTerm(const Place& place) {
  std::optional<Query> query;
  if (leaves_.TryRange(place, query) || leaves_.TryRegexp(place, query)) return query;
  if (place.value) {
    if (leaves_.TryComparison(place, query)) return query;
  } else if (leaves_.TryEmoticon(place, query) || TryField(place, query)) {
    return query;
  }
  return leaves_.ParseWord(place);
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
  size_t colon = at_.pos;
  while (colon < text_.size() && colon - at_.pos <= 2 * kMaxFieldBytes && BlankLength(text_, colon) == 0) {
    const size_t escape = EscapeLength(text_, colon);
    if (escape == 0 && !IsFieldNameByte(text_[colon])) break;
    colon += std::max<size_t>(escape, 1);
  }
  if (colon >= text_.size() || text_[colon] != ':') return false;
  const std::string name = Unescape(text_.substr(at_.pos, colon - at_.pos));
  if (!IsField(name, colon)) {
    out = ParseUnknownField(place, name, colon);
    return out.has_value();
  }
  const size_t begin = at_.pos;
  at_.pos = colon + 1;
  if (AtGap()) {
    at_.Complain(begin, at_.pos, "nothing stands behind the field's colon: searched as text");
    out = leaves_.LiteralWord(begin, at_.pos);
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
  at_.Complain(place.begin, after, "there is no field \"" + std::string(name) + "\"" + KnownFields() + ": searched as text");
  const bool quoted = QuoteAt(text_, after) != QuoteKind::kNone;
  return leaves_.LiteralWord(place.begin, quoted ? after : WordEnd(text_, after));
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
