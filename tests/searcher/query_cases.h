// query_cases.h: reads tables of queries and what they mean, as they stand in
// docs/query_language.md and golden/queries.txt:
//
//   brown NOT dog      ->  (brown -dog)
//   +brown OR dog      ->  (brown dog)
//   ! column 1: + means nothing beside OR: left out
//
// For tests only. Not thread-safe; a line that cannot be read fails the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "searcher/query_parser.h"

namespace sakuin::searcher {

struct QueryCase {
  size_t line = 0;
  std::string query;
  std::string canonical;
  std::vector<std::string> warnings;
};

inline std::string ReadTestFile(const std::string& path) {
  std::ifstream file(std::string(SAKUIN_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Adds what one line of a table says.
inline void ReadCaseLine(const std::string& line, size_t number, std::vector<QueryCase>& cases) {
  if (line.starts_with("! ") && !cases.empty()) {
    cases.back().warnings.push_back(line.substr(2));
    return;
  }
  const size_t arrow = line.rfind("  ->");
  ASSERT_NE(arrow, std::string::npos) << "line " << number << ": " << line;
  const std::string right = line.substr(arrow + 4);
  const size_t end = line.find_last_not_of(' ', arrow);
  const size_t begin = right.find_first_not_of(' ');
  cases.push_back({number, end == std::string::npos ? "" : line.substr(0, end + 1), begin == std::string::npos ? "" : right.substr(begin), {}});
}

// The lines of `text` between "```query" and "```"; without fences, all lines but
// empty ones and those that begin with "## ".
inline std::vector<QueryCase> ReadCases(std::string_view text, bool fenced) {
  std::vector<QueryCase> cases;
  std::istringstream lines{std::string(text)};
  bool inside = !fenced;
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (fenced && line.starts_with("```")) {
      inside = line == "```query";
    } else if (inside && !line.empty() && !line.starts_with("## ")) {
      ReadCaseLine(line, number, cases);
    }
  }
  return cases;
}

// The fields of the examples.
inline ParseOptions ExampleOptions() {
  static const std::array<std::string_view, 10> kFields = {"_key", "title", "body", "tags", "author.name", "year", "price", "date", "public", "제목"};
  ParseOptions options;
  options.is_field = [](std::string_view name) { return std::find(kFields.begin(), kFields.end(), name) != kFields.end(); };
  return options;
}

// Any field, and as deep as a canonical form can be.
inline ParseOptions CanonicalOptions() {
  ParseOptions options;
  options.is_field = [](std::string_view name) { return !name.empty(); };
  options.max_depth = 1000;
  return options;
}

inline std::vector<std::string> MessagesOf(const ParsedQuery& parsed) {
  std::vector<std::string> messages;
  messages.reserve(parsed.warnings.size());
  for (const QueryWarning& warning : parsed.warnings) messages.push_back(warning.message);
  return messages;
}

// A canonical form means what the tree means, and is its own canonical form.
inline void ExpectCanonical(const Query& query) {
  const std::string text = ToString(query);
  const Result<ParsedQuery> again = ParseQuery(text, CanonicalOptions());
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_TRUE(SameMeaning(query, again->query)) << text << "\nbecomes\n" << ToString(again->query);
  EXPECT_EQ(text, ToString(again->query));
}

// The meaning, the warnings, and that strict parsing refuses exactly what is
// warned of.
inline void CheckCase(const QueryCase& expected) {
  SCOPED_TRACE("line " + std::to_string(expected.line) + ": " + expected.query);
  ParseOptions options = ExampleOptions();
  const Result<ParsedQuery> parsed = ParseQuery(expected.query, options);
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  EXPECT_EQ(ToString(parsed->query), expected.canonical);
  EXPECT_EQ(MessagesOf(*parsed), expected.warnings);
  ExpectCanonical(parsed->query);
  const bool wrong = std::any_of(parsed->warnings.begin(), parsed->warnings.end(),
                                 [](const QueryWarning& warning) { return warning.kind != QueryWarning::Kind::kNote; });
  options.strict = true;
  EXPECT_EQ(ParseQuery(expected.query, options).ok(), !wrong);
}

}  // namespace sakuin::searcher
