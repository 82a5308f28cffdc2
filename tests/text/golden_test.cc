// Every line of golden/analysis.txt: what an analyzer makes of a text.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "base/file.h"
#include "text/analyzer.h"
#include "text/fingerprint.h"
#include "text/token_filter.h"

namespace sakuin::text {
namespace {

struct GoldenLine {
  size_t number = 0;
  std::string analyzer;
  AnalysisMode mode = AnalysisMode::kIndex;
  std::string text;
  std::string tokens;
};

// "japanese? | 東京都 | 東京[0,6)@0 ..."; the question mark stands for kQuery.
const std::string kGoldenPath = std::string(SAKUIN_SOURCE_DIR) + "/tests/text/golden/analysis.txt";

std::vector<GoldenLine> ReadGolden() {
  std::ifstream file(kGoldenPath, std::ios::binary);
  EXPECT_TRUE(file.good());
  std::vector<GoldenLine> golden;
  size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const size_t first = line.find(" | ");
    const size_t second = line.find(" | ", first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      ADD_FAILURE() << "line " << number << " is not ANALYZER | TEXT | TOKENS";
      continue;
    }
    GoldenLine& row = golden.emplace_back();
    row = {number, line.substr(0, first), AnalysisMode::kIndex, line.substr(first + 3, second - first - 3), line.substr(second + 3)};
    if (row.analyzer.ends_with('?')) {
      row.analyzer.pop_back();
      row.mode = AnalysisMode::kQuery;
    }
  }
  return golden;
}

std::string Readable(const TokenList& tokens) {
  std::string line;
  for (const Token& token : tokens.tokens()) {
    if (!line.empty()) line += ' ';
    line += std::string(token.term) + "[" + std::to_string(token.start) + "," + std::to_string(token.end) + ")@" + std::to_string(token.position);
    if (token.position_length != 1) line += "+" + std::to_string(token.position_length);
  }
  return line;
}

TEST(Golden, EveryLine) {
  const std::vector<GoldenLine> golden = ReadGolden();
  ASSERT_GT(golden.size(), 50u);
  size_t skipped = 0;
  for (const GoldenLine& row : golden) {
    const Result<std::shared_ptr<const Analyzer>> analyzer = MakeAnalyzer(row.analyzer);
    ASSERT_TRUE(analyzer.ok()) << "line " << row.number << ": " << analyzer.status().ToString();
    if (!(*analyzer)->warning().empty()) {  // a dictionary is missing
      ++skipped;
      continue;
    }
    TokenList tokens;
    (*analyzer)->Analyze(row.text, row.mode, tokens);
    EXPECT_EQ(Readable(tokens), row.tokens) << "line " << row.number << ": " << row.analyzer << " of " << row.text;
  }
  if (skipped > 0) GTEST_SKIP() << skipped << " lines need a dictionary that is not installed";
}

TEST(Registry, KnowsEveryNameItLists) {
  for (const std::string& name : AnalyzerNames()) {
    const Result<std::shared_ptr<const Analyzer>> analyzer = MakeAnalyzer(name);
    ASSERT_TRUE(analyzer.ok()) << name;
    EXPECT_EQ((*analyzer)->name(), name);
    EXPECT_EQ(analyzer->get(), MakeAnalyzer(name)->get()) << name << " is made once";
  }
}

TEST(Registry, RefusesOtherNamesAndListsTheKnownOnes) {
  const Result<std::shared_ptr<const Analyzer>> analyzer = MakeAnalyzer("klingon");
  ASSERT_FALSE(analyzer.ok());
  EXPECT_EQ(analyzer.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(analyzer.status().message().find("korean"), std::string_view::npos);
}

std::string MessageOf(std::string_view name) {
  const Result<std::shared_ptr<const Analyzer>> analyzer = MakeAnalyzer(name);
  return analyzer.ok() ? std::string() : std::string(analyzer.status().message());
}

TEST(Composition, RefusesUnknownPartsAndSaysWhich) {
  EXPECT_NE(MessageOf("klingon+porter").find("unknown analyzer 'klingon'"), std::string::npos);
  EXPECT_NE(MessageOf("standard+klingon").find("unknown filter 'klingon'; expected one of: apostrophe, "), std::string::npos);
  for (const char* name : {"standard+", "+porter", "standard++porter", "standard+porter+"}) EXPECT_NE(MessageOf(name), "") << name;
  for (const char* name : {"length", "length:", "length:3", "length:5-2", "length:0-2", "length:1-256", "length:1-2x", "edge:-1-3", "porter:1-2"}) {
    EXPECT_NE(MessageOf(std::string("standard+") + name), "") << name;
  }
}

TEST(Composition, EveryFilterThatIsListedExists) {
  for (std::string filter : TokenFilterNames()) {
    if (const size_t range = filter.find("MIN-MAX"); range != std::string::npos) filter.replace(range, 7, "1-3");
    EXPECT_EQ(MessageOf("standard+" + filter), "");
  }
}

// An index tells by the version whether its texts were cut as they are now.
TEST(Fingerprint, ChangesWithTheGoldens) {
  const std::string golden = *PosixFileSystem().ReadAll(kGoldenPath);
  EXPECT_EQ(std::string(kAnalysisVersion) + " " + std::to_string(Checksum(golden)), "4 10646994645061012268")
      << "Where texts give other tokens than before, raise kAnalysisVersion (text/fingerprint.h); then write the new pair here.";
}

TEST(Composition, HasTheFingerprintOfItsRecipe) {
  const std::vector<std::string> names = {"standard",
                                          "standard+porter",
                                          "standard+porter2",
                                          "whitespace+porter",
                                          "standard+length:2-3",
                                          "standard+length:2-4",
                                          "standard+fold+porter",
                                          "standard+porter+fold"};
  std::set<uint64_t> fingerprints;
  for (const std::string& name : names) fingerprints.insert((*MakeAnalyzer(name))->fingerprint());
  EXPECT_EQ(fingerprints.size(), names.size());
}

}  // namespace
}  // namespace sakuin::text
