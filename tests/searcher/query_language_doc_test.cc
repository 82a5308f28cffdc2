// The examples of docs/query_language.md are true.
#include <gtest/gtest.h>

#include "tests/searcher/query_cases.h"

namespace sakuin::searcher {
namespace {

TEST(QueryLanguageDocument, ExamplesMeanWhatItSays) {
  const std::vector<QueryCase> cases = ReadCases(ReadTestFile("docs/query_language.md"), true);
  EXPECT_GE(cases.size(), 80U) << "the blocks were not found";
  for (const QueryCase& expected : cases) CheckCase(expected);
}

TEST(QueryLanguageDocument, StrictErrorLooksAsShown) {
  ParseOptions options = ExampleOptions();
  options.strict = true;
  const Result<ParsedQuery> parsed = ParseQuery("alpha \"beta", options);
  ASSERT_FALSE(parsed.ok());
  const std::string document = ReadTestFile("docs/query_language.md");
  EXPECT_NE(document.find("```\n" + std::string(parsed.status().message()) + "\n```"), std::string::npos) << parsed.status().message();
}

TEST(QueryLanguageDocument, NamesTheLimits) {
  const std::string document = ReadTestFile("docs/query_language.md");
  EXPECT_NE(document.find("| groups within groups | " + std::to_string(kDefaultMaxDepth) + " |"), std::string::npos);
  EXPECT_NE(document.find("| regular expressions | " + std::to_string(kMaxRegexps) + " |"), std::string::npos);
  EXPECT_NE(document.find("| warnings | " + std::to_string(kMaxWarnings) + " |"), std::string::npos);
  EXPECT_NE(document.find("| edits | " + std::to_string(kMaxEdits) + " |"), std::string::npos);
  EXPECT_NE(document.find("| moves in a phrase | " + std::to_string(kMaxSlop) + " |"), std::string::npos);
  EXPECT_NE(document.find("| bytes of a regular expression | " + std::to_string(kMaxRegexpBytes) + " |"), std::string::npos);
  EXPECT_NE(document.find("| bytes of a query | " + std::to_string(kMaxQueryBytes) + ";"), std::string::npos);
}

}  // namespace
}  // namespace sakuin::searcher
