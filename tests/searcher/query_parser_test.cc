// The parser apart from its tables (query_golden_test, query_language_doc_test):
// the tree itself, positions, options, limits, and that nothing breaks it.
#include "searcher/query_parser.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/base/sanitized.h"
#include "tests/searcher/query_cases.h"

namespace sakuin::searcher {
namespace {

ParsedQuery Parse(std::string_view text, const ParseOptions& options = ExampleOptions()) {
  Result<ParsedQuery> parsed = ParseQuery(text, options);
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  return parsed.ok() ? *std::move(parsed) : ParsedQuery{};
}

std::string_view TextAt(std::string_view text, const Query& query) {
  return text.substr(query.source.begin, query.source.end - query.source.begin);
}

size_t DepthOf(const Query& query) {
  size_t deepest = 0;
  if (const auto* boolean = query.As<BooleanQuery>()) {
    for (const Clause& clause : boolean->clauses) deepest = std::max(deepest, 1 + DepthOf(clause.query));
  }
  return deepest;
}

struct HasContent {
  bool operator()(const WordsQuery& words) const { return !words.text.empty(); }
  bool operator()(const PhraseQuery& phrase) const { return !phrase.text.empty(); }
  bool operator()(const PrefixQuery& prefix) const { return !prefix.text.empty(); }
  bool operator()(const WildcardQuery& wildcard) const { return wildcard.pattern.find_first_not_of('*') != std::string::npos; }
  bool operator()(const FuzzyQuery& fuzzy) const { return !fuzzy.text.empty() && fuzzy.max_edits >= 1 && fuzzy.max_edits <= kMaxEdits; }
  bool operator()(const RegexpQuery& regexp) const { return !regexp.pattern.empty(); }
  bool operator()(const RangeQuery& range) const { return range.lower.has_value() || range.upper.has_value(); }
  template <typename Other>
  bool operator()(const Other&) const {
    return true;
  }
};

// What query.h promises about the parser's trees.
void ExpectWellFormed(const Query& query, bool top = true) {
  EXPECT_GE(query.boost, kMinBoost);
  EXPECT_LE(query.boost, kMaxBoost);
  EXPECT_LE(query.source.begin, query.source.end);
  EXPECT_TRUE(top || query.As<MatchNoneQuery>() == nullptr);
  EXPECT_TRUE(std::visit(HasContent{}, query.node));
  EXPECT_TRUE(query.As<ExistsQuery>() == nullptr || !query.field.empty());
  const auto* boolean = query.As<BooleanQuery>();
  if (boolean == nullptr) return;
  EXPECT_TRUE(query.field.empty());
  EXPECT_GE(boolean->clauses.size(), 2U);
  const auto positive = [](const Clause& clause) { return clause.occur != Occur::kMustNot; };
  EXPECT_TRUE(std::any_of(boolean->clauses.begin(), boolean->clauses.end(), positive));
  for (const Clause& clause : boolean->clauses) ExpectWellFormed(clause.query, false);
}

TEST(QueryParser, ExampleOfTheHeader) {
  const ParsedQuery parsed = Parse("brown -lazy title:\"quick fox\"~1");
  const auto* boolean = parsed.query.As<BooleanQuery>();
  ASSERT_NE(boolean, nullptr);
  ASSERT_EQ(boolean->clauses.size(), 3U);
  EXPECT_EQ(boolean->clauses[0].occur, Occur::kShould);
  EXPECT_EQ(boolean->clauses[0].query.As<WordsQuery>()->text, "brown");
  EXPECT_EQ(boolean->clauses[1].occur, Occur::kMustNot);
  const Query& phrase = boolean->clauses[2].query;
  EXPECT_EQ(phrase.field, "title");
  EXPECT_EQ(phrase.As<PhraseQuery>()->text, "quick fox");
  EXPECT_EQ(phrase.As<PhraseQuery>()->slop, 1U);
  EXPECT_TRUE(parsed.warnings.empty());
}

TEST(QueryParser, NodesKnowWhereTheyWereWritten) {
  const std::string text = "  +brown^2 title:\"a b\"~2 (fox OR year:[1 TO 2])^3 /re/ ";
  const ParsedQuery parsed = Parse(text);
  const auto& clauses = parsed.query.As<BooleanQuery>()->clauses;
  ASSERT_EQ(clauses.size(), 4U);
  EXPECT_EQ(TextAt(text, clauses[0].query), "brown^2");
  EXPECT_EQ(TextAt(text, clauses[1].query), "title:\"a b\"~2");
  EXPECT_EQ(TextAt(text, clauses[2].query), "(fox OR year:[1 TO 2])");
  EXPECT_EQ(TextAt(text, clauses[2].query.As<BooleanQuery>()->clauses[1].query), "year:[1 TO 2]");
  EXPECT_EQ(TextAt(text, clauses[3].query), "/re/");
}

TEST(QueryParser, TextsHaveNoEscapesPatternsKeepThem) {
  EXPECT_EQ(Parse("a\\ b\\*c").query.As<WordsQuery>()->text, "a b*c");
  EXPECT_EQ(Parse("a\\*b*").query.As<PrefixQuery>()->text, "a*b");
  EXPECT_EQ(Parse("a\\*b*\\:c").query.As<WildcardQuery>()->pattern, "a\\*b*:c");
  EXPECT_EQ(Parse("a**b\\\\?c").query.As<WildcardQuery>()->pattern, "a*b\\\\?c");
  EXPECT_EQ(Parse("/a\\/b\\.c/").query.As<RegexpQuery>()->pattern, "a/b\\.c");
}

TEST(QueryParser, UnknownFieldNamesTheKnownOnes) {
  ParseOptions options = ExampleOptions();
  options.field_names = {"body", "title"};
  options.strict = true;
  const Result<ParsedQuery> parsed = ParseQuery("fox nofield:x", options);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(parsed.status().message(),
            "the query is not understood at byte 4, column 5: there is no field \"nofield\" (known fields: body, title)\n"
            "  fox nofield:x\n"
            "      ^");
}

TEST(QueryParser, WithoutAListOfFieldsWhatLooksLikeANameIsOne) {
  const ParseOptions options;
  EXPECT_EQ(ToString(Parse("anything:fox", options).query), "anything:fox");
  EXPECT_EQ(ToString(Parse("http://x.y 12:30 a::b C:\\dir", options).query), "(http\\://x.y 12\\:30 a\\:\\:b C\\:\\\\dir)");
}

TEST(QueryParser, CaretStandsUnderTheCharacter) {
  ParseOptions options;
  options.strict = true;
  const Result<ParsedQuery> wide = ParseQuery("étude \"x", options);
  EXPECT_EQ(wide.status().message(), "the query is not understood at byte 7, column 7: the quote is never closed\n  étude \"x\n        ^");
  const Result<ParsedQuery> lengthy = ParseQuery(std::string(1000, 'a') + "\n\"x" + std::string(1000, 'b'), options);
  ASSERT_FALSE(lengthy.ok());
  EXPECT_LT(lengthy.status().message().size(), 300U);
  EXPECT_NE(lengthy.status().message().find("byte 1001"), std::string::npos);
}

TEST(QueryParser, WarningsAreCounted) {
  const ParsedQuery parsed = Parse(std::string(1000, ')'));
  ASSERT_EQ(parsed.warnings.size(), kMaxWarnings + 1);
  EXPECT_EQ(parsed.warnings.back().message, "and 980 more");
}

TEST(QueryParser, OnlyTooLongQueriesFail) {
  EXPECT_TRUE(ParseQuery(std::string(kMaxQueryBytes, 'a')).ok());
  EXPECT_EQ(ParseQuery(std::string(kMaxQueryBytes + 1, 'a')).status().code(), StatusCode::kInvalidArgument);
}

TEST(QueryParser, RegexpsAreLimited) {
  std::string text;
  for (size_t i = 0; i < kMaxRegexps + 3; ++i) text += "/a.b/ ";
  EXPECT_EQ(Parse(text).warnings.size(), 3U);
  EXPECT_EQ(Parse("/" + std::string(kMaxRegexpBytes, 'a') + "/").warnings.size(), 0U);
  EXPECT_EQ(Parse("/" + std::string(kMaxRegexpBytes + 1, 'a') + "/").warnings.size(), 1U);
  EXPECT_EQ(Parse("/((a{100}){100}){10}/").warnings.size(), 1U);
}

TEST(QueryParser, DeepGroupsAreLeftOut) {
  const auto nested = [](size_t depth, const std::string& inside) { return std::string(depth, '(') + inside + std::string(depth, ')'); };
  EXPECT_TRUE(Parse(nested(100, "alpha")).warnings.empty());
  const ParsedQuery deep = Parse(nested(10'000, "alpha beta") + " gamma");
  EXPECT_EQ(ToString(deep.query), "((alpha beta) gamma)");
  ASSERT_EQ(deep.warnings.size(), 1U);
  EXPECT_EQ(deep.warnings[0].message, "column 101: parentheses deeper than 100 group nothing: left out");
  std::string comb;
  for (int i = 0; i < 10'000; ++i) comb += "-(a OR b AND (";
  EXPECT_LE(DepthOf(Parse(comb).query), 400U);
  ExpectCanonical(Parse(comb).query);
}

TEST(QueryParser, LongChainsOfOperators) {
  std::string nots;
  for (int i = 0; i < 5000; ++i) nots += "NOT ";
  EXPECT_EQ(ToString(Parse(nots + "alpha").query), "alpha");
  EXPECT_EQ(ToString(Parse(nots + "NOT alpha").query), "(* -alpha)");
  std::string ands = "a";
  for (int i = 0; i < 99'999; ++i) ands += " AND a";
  EXPECT_EQ(Parse(ands).query.As<BooleanQuery>()->clauses.size(), 100'000U);
}

// Half a megabyte of each (less under sanitizers): whatever takes more than linear time does not end before the test's time limit.
TEST(QueryParser, HostileQueriesEnd) {
  const std::vector<std::string> pieces = {
      "a ", "(", ")", "\"", "\" ", "\"a", "“a ", "[", "[a ", "[a(", "[\"(", "[a TO ", "{a TO b ", "/", "/(", "/a ", "/\\/", "NOT ", "AND ",
      "OR ", "- ", "-(", "+(", ":(", ":", "a:", "a:(", "a:\"", "a:[", "a:/a/ ", "a:>", "a:>\" ", "^", "a^2", "a^ ", "~", "a~ ", "*", "*a",
      "?", "\\", "\\ ", "\\(", "\\\"", "\xE3\x80", "\xE3\x80\x80", " ", "\x01", "a AND ( ", "a OR -(b ", "NOT (", "title:(", "\"a\"~9 ",
      "(a)^9 ", "x~1^2 ", "http://a?b=c ", "=;:", "“", "\"”", "/a/ "};
  for (const std::string& piece : pieces) {
    SCOPED_TRACE(piece);
    std::string text;
    while (text.size() + piece.size() <= Rounds(kMaxQueryBytes / 2)) text += piece;
    const ParsedQuery parsed = Parse(text);
    EXPECT_LE(ToString(parsed.query).size(), 12 * text.size());
  }
}

TEST(QueryParser, HostileCasesOfTheAcceptanceSuite) {
  const std::vector<std::string> cases = {
      "", "   ", "n:[z TO a]", "n:[5 TO", "alpha\x01\x02", "\u202Ealpha", "alpha\xED\xB3\xBF", std::string(100'000, 'a'),
      "/(a+)+$/", "\xFF\xFE", std::string("a\0b", 3)};
  for (const std::string& text : cases) {
    const ParsedQuery parsed = Parse(text);
    ExpectWellFormed(parsed.query);
    ExpectCanonical(parsed.query);
  }
  EXPECT_EQ(Parse(std::string("a\0b", 3)).query.As<WordsQuery>()->text, std::string("a\0b", 3));
}

// Whatever the bytes: lenient parsing answers, the tree keeps its promises, and
// its canonical form means the same.
void CheckAnyText(const std::string& text) {
  SCOPED_TRACE(text);
  for (const ParseOptions& options : {ExampleOptions(), ParseOptions{}}) {
    const ParsedQuery parsed = Parse(text, options);
    ExpectWellFormed(parsed.query);
    ExpectCanonical(parsed.query);
    EXPECT_LE(parsed.query.source.end, text.size());
  }
  ExpectWellFormed(ParsePlain(text));
  ExpectWellFormed(ParseGame(text));
}

TEST(QueryParser, RandomPiecesOfQueries) {
  const std::vector<std::string> pieces = {
      "a", "fox", " ", " ", " ", "AND", "OR", "NOT", "TO", "(", ")", "\"", "“", "”", "+", "-", "*", "?", "~", "^", "1", "2.5", ":", "/",
      "[", "]", "{", "}", "<", ">", "=", "\\", "title:", "nofield:", "year:[1 TO 2]", "/a/", "\xE3\x80\x80", "\xE3", "\x80", "é", "東京", ";",
      ".", "#", "\n", "nan", "http://", "\x7F"};
  constexpr unsigned kSeed = 20240611;
  std::mt19937 random(kSeed);
  for (int round = 0; round < Rounds(40'000) && !::testing::Test::HasFailure(); ++round) {
    std::string text;
    for (size_t left = random() % 14; left > 0; --left) text += pieces[random() % pieces.size()];
    CheckAnyText(text);
  }
}

TEST(QueryParser, RandomBytes) {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  for (int round = 0; round < Rounds(10'000) && !::testing::Test::HasFailure(); ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 128));
    CheckAnyText(text);
  }
}

TEST(ParsePlain, OneTextWithoutOperators) {
  EXPECT_EQ(ParsePlain("brown AND -lazy \"fox").As<WordsQuery>()->text, "brown AND -lazy \"fox");
  EXPECT_NE(ParsePlain("").As<MatchNoneQuery>(), nullptr);
  EXPECT_NE(ParsePlain(" \xE3\x80\x80\n").As<MatchNoneQuery>(), nullptr);
}

TEST(ParseGame, WordsPhrasesAndSigns) {
  const auto game = [](std::string_view text) { return ToString(ParseGame(text)); };
  EXPECT_EQ(game("the"), "the");
  EXPECT_EQ(game("+griffith +observatory"), "(+griffith +observatory)");
  EXPECT_EQ(game("griffith observatory"), "(griffith observatory)");
  EXPECT_EQ(game("\"griffith observatory\""), "\"griffith observatory\"");
  EXPECT_EQ(game("+a b -c"), "(+a b -c)");
  EXPECT_EQ(game("+\"a b\" c"), "(+\"a b\" c)");
  EXPECT_EQ(game("+the +\"who\""), "(+the +\"who\")");
  EXPECT_EQ(game("-a"), "");
  EXPECT_EQ(game(""), "");
  EXPECT_EQ(game("-a -b"), "");
  EXPECT_EQ(game("a AND title:x (y* z~)"), "(a \\AND title\\:x \\(y\\* z\\~\\))");
  EXPECT_EQ(game("\"open a"), "(open a)");
  EXPECT_EQ(game("+ - \"\" a"), "a");
}

}  // namespace
}  // namespace sakuin::searcher
