// What holds for the tokens of every analyzer and any bytes.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "text/analyzer.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

constexpr std::pair<char32_t, char32_t> kBlocks[] = {
    {0x20, 0x7E},     {0xA0, 0x24F},    {0x300, 0x36F},   {0x370, 0x4FF},   {0x5D0, 0x6FF},     {0x900, 0x97F},     {0xE00, 0xE5B},
    {0x1100, 0x11FF}, {0x2000, 0x206F}, {0x3040, 0x30FF}, {0x3130, 0x318F}, {0x3300, 0x33FF},   {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF}, {0xFF00, 0xFFEF}, {'0', '9'},       {0xFE00, 0xFE0F}, {0x1F1E6, 0x1F1FF}, {0x1F300, 0x1F6FF}, {0x20000, 0x2A6DF},
};

// Runs of a script, now and then a counter, a blank or a byte that is not UTF-8.
std::string RandomText(std::mt19937& random, size_t characters) {
  std::string text;
  while (characters > 0) {
    const auto [low, high] = kBlocks[random() % std::size(kBlocks)];
    for (size_t run = 1 + random() % 8; run > 0 && characters > 0; --run, --characters) AppendUtf8(text, low + random() % (high - low + 1));
    switch (random() % 8) {
      case 0: text += static_cast<char>(0x80 + random() % 0x80); break;
      case 1: text += ' '; break;
      case 2: text += "2026年"; break;
      case 3: text += '\0'; break;
      default: break;
    }
  }
  return text;
}

std::vector<bool> Borders(std::string_view text) {
  std::vector<bool> border(text.size() + 1, false);
  for (size_t at = 0; at < text.size(); at += DecodeUtf8(text, at).bytes) border[at] = true;
  border[text.size()] = true;
  return border;
}

void ExpectSound(std::string_view text, const TokenList& tokens, bool ordered) {
  const std::vector<bool> border = Borders(text);
  uint32_t last = 0;
  for (const Token& token : tokens.tokens()) {
    ASSERT_FALSE(token.term.empty());
    ASSERT_LE(token.term.size(), kMaxTermBytes);
    ASSERT_LT(token.start, token.end) << token.term;
    ASSERT_LE(token.end, text.size()) << token.term;
    ASSERT_TRUE(border[token.start] && border[token.end]) << token.term << " [" << token.start << "," << token.end << ")";
    ASSERT_GE(token.position_length, 1u);
    ASSERT_LE(token.position + token.position_length, tokens.next_position()) << token.term;
    if (ordered) {
      ASSERT_GE(token.position, last) << token.term;
    }
    last = token.position;
  }
}

// "auto" analyses a query once per plausible language, each from the first position on.
bool IsOrdered(const std::string& name, AnalysisMode mode) { return name != "auto" || mode == AnalysisMode::kIndex; }

class EveryAnalyzer : public testing::TestWithParam<std::string> {};

TEST_P(EveryAnalyzer, SoundTokensForAnyBytes) {
  const std::shared_ptr<const Analyzer> analyzer = *MakeAnalyzer(GetParam());
  std::mt19937 random(20261121);
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(random, 1 + random() % 200);
    for (const AnalysisMode mode : {AnalysisMode::kIndex, AnalysisMode::kQuery}) {
      TokenList tokens;
      analyzer->Analyze(text, mode, tokens);
      ExpectSound(text, tokens, IsOrdered(GetParam(), mode));
      if (HasFatalFailure()) FAIL() << "round " << round;
    }
  }
}

TEST_P(EveryAnalyzer, SoundTokensOverManyStretches) {
  const std::shared_ptr<const Analyzer> analyzer = *MakeAnalyzer(GetParam());
  std::mt19937 random(7);
  const std::string text = RandomText(random, 20'000);
  TokenList tokens;
  analyzer->Analyze(text, AnalysisMode::kIndex, tokens);
  ExpectSound(text, tokens, true);
}

TEST_P(EveryAnalyzer, ASecondValueFollowsTheFirst) {
  const std::shared_ptr<const Analyzer> analyzer = *MakeAnalyzer(GetParam());
  TokenList tokens;
  analyzer->Analyze("Tokyo 東京都 서울 2026年", AnalysisMode::kIndex, tokens);
  const uint32_t next = tokens.next_position();
  const size_t first = tokens.size();
  analyzer->Analyze("Tokyo 東京都 서울 2026年", AnalysisMode::kIndex, tokens);
  ASSERT_EQ(tokens.size(), 2 * first);
  for (size_t i = 0; i < first; ++i) {
    EXPECT_EQ(tokens.tokens()[first + i].term, tokens.tokens()[i].term);
    EXPECT_EQ(tokens.tokens()[first + i].position, tokens.tokens()[i].position + next);
  }
}

using Row = std::tuple<std::string, uint32_t, uint32_t, uint32_t>;

std::vector<Row> RowsOf(const Analyzer& analyzer, const std::string& text) {
  TokenList tokens;
  analyzer.Analyze(text, AnalysisMode::kIndex, tokens);
  std::vector<Row> rows;
  rows.reserve(tokens.size());
  for (const Token& token : tokens.tokens()) rows.emplace_back(token.term, token.start, token.end, token.position);
  return rows;
}

TEST_P(EveryAnalyzer, ThreadsSeeTheSameTokens) {
  const std::shared_ptr<const Analyzer> analyzer = *MakeAnalyzer(GetParam());
  std::mt19937 random(3);
  const std::string text = RandomText(random, 2'000);
  const std::vector<Row> expected = RowsOf(*analyzer, text);
  std::vector<std::vector<Row>> seen(4);
  std::vector<std::thread> threads;
  threads.reserve(seen.size());
  for (std::vector<Row>& rows : seen) threads.emplace_back([&] { rows = RowsOf(*analyzer, text); });
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<Row>& rows : seen) EXPECT_EQ(rows, expected);
}

std::vector<std::string> NamesAndCompositions() {
  std::vector<std::string> names = AnalyzerNames();
  for (const char* name : {"standard+possessive+elision+apostrophe+stop_english+porter2", "whitespace+lowercase+edge:1-4+unique",
                           "keyword+fold+length:2-20", "japanese+fold+stop_lucene+porter", "korean+length:2-255+german"}) {
    names.emplace_back(name);
  }
  return names;
}

std::string TestName(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '+' || c == ':' || c == '-'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Text, EveryAnalyzer, testing::ValuesIn(NamesAndCompositions()),
                         [](const testing::TestParamInfo<std::string>& named) { return TestName(named.param); });

}  // namespace
}  // namespace sakuin::text
