// The cases of Google's parser, which are not part of this tree (crawler_data.h).

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/robots.h"
#include "tests/crawler/crawler_data.h"

namespace sakuin::crawler {
namespace {

using nlohmann::json;

std::string PathOf(const std::string& url) {
  const size_t host = url.find("://");
  const size_t path = url.find('/', host == std::string::npos ? 0 : host + 3);
  return path == std::string::npos ? "/" : url.substr(path);
}

bool Allows(const json& test, RobotsEncoding encoding) {
  return RobotsRules::Parse(test["robots_txt"].get<std::string>(), encoding).Allows(test["agent"].get<std::string>(), PathOf(test["url"]));
}

// Three cases show that Google's parser leaves paths as they are, where the RFC has them normalized.
bool IsAboutEncoding(const json& test) { return test["test"] == "ID_Encoding" && test["allowed"] == false; }

TEST(RobotsCasesTest, AllOfGoogles) {
  const std::filesystem::path path = CrawlerData() / "robotstxt/cases.jsonl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the cases of Google's parser are not in " << path << " (set SAKUIN_DATA)";
  size_t count = 0;
  size_t about_encoding = 0;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line); ++count) {
    const json test = json::parse(line, nullptr, false);
    ASSERT_FALSE(test.is_discarded()) << line;
    const bool allowed = test["allowed"];
    EXPECT_EQ(Allows(test, RobotsEncoding::kPatternsOnly), allowed) << line;
    EXPECT_EQ(Allows(test, RobotsEncoding::kNormalized), allowed != IsAboutEncoding(test)) << line;
    about_encoding += IsAboutEncoding(test) ? 1 : 0;
  }
  EXPECT_EQ(count, 140u);
  EXPECT_EQ(about_encoding, 3u);
}

}  // namespace
}  // namespace sakuin::crawler
