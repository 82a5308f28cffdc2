// The main text of whole pages, against what a reader came for: golden/pages/*.html
// and the .txt beside each. What is measured are words; a character of Han, kana or
// Hangul counts as one.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "text/html_page.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

using Words = std::map<std::string, int>;

Words WordsOf(std::string_view text) {
  Words words;
  std::string word;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    const bool letter = c.value < 0x80 && std::isalnum(static_cast<int>(c.value)) != 0;
    if (letter) word += static_cast<char>(c.value);
    if (!letter && !word.empty()) ++words[std::exchange(word, {})];
    if (c.value >= 0x80) ++words[std::string(text.substr(at, c.bytes))];
    at += c.bytes;
  }
  if (!word.empty()) ++words[word];
  return words;
}

int Count(const Words& words) {
  int count = 0;
  for (const auto& [word, times] : words) count += times;
  return count;
}

int Common(const Words& a, const Words& b) {
  int count = 0;
  for (const auto& [word, times] : a) count += b.contains(word) ? std::min(times, b.at(word)) : 0;
  return count;
}

TEST(MainText, PrecisionAndRecallOfWords) {
  const std::filesystem::path folder = std::filesystem::path(SAKUIN_SOURCE_DIR) / "tests/text/golden/pages";
  std::vector<std::filesystem::path> pages;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".html") pages.push_back(entry.path());
  }
  std::ranges::sort(pages);
  ASSERT_GE(pages.size(), 10U);
  double precisions = 0;
  double recalls = 0;
  for (const std::filesystem::path& path : pages) {
    const Words found = WordsOf(ReadHtmlPage(ReadAll(path)).body);
    const Words wanted = WordsOf(ReadAll(std::filesystem::path(path).replace_extension(".txt")));
    const double precision = Common(found, wanted) / std::max(1.0, static_cast<double>(Count(found)));
    const double recall = Common(found, wanted) / std::max(1.0, static_cast<double>(Count(wanted)));
    std::cout << path.stem().string() << ": precision " << precision << ", recall " << recall << "\n";
    EXPECT_GE(precision, 0.9) << path;
    EXPECT_GE(recall, 0.9) << path;
    precisions += precision;
    recalls += recall;
  }
  const auto count = static_cast<double>(pages.size());
  std::cout << "all: precision " << precisions / count << ", recall " << recalls / count << "\n";
  EXPECT_GE(precisions / count, 0.97);
  EXPECT_GE(recalls / count, 0.97);
}

}  // namespace
}  // namespace sakuin::text
