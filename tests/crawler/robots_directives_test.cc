#include "crawler/robots_directives.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

constexpr int64_t kNow = 1'764'547'200;  // 2025-12-01

std::string Said(const RobotsDirectives& said) {
  return std::string(said.noindex ? "noindex " : "") + (said.nofollow ? "nofollow " : "") + (said.noarchive ? "noarchive " : "");
}

std::string Header(std::string_view value) { return Said(DirectivesOfHeader(value, "sakuin", kNow)); }
std::string Meta(std::string_view content) { return Said(DirectivesOfMeta(content, kNow)); }

TEST(RobotsDirectivesTest, ForAllAgents) {
  EXPECT_EQ(Header("noindex"), "noindex ");
  EXPECT_EQ(Header(" NoIndex ,NOFOLLOW"), "noindex nofollow ");
  EXPECT_EQ(Header("none"), "noindex nofollow ");
  EXPECT_EQ(Header("noarchive; nocache"), "noarchive ");
  EXPECT_EQ(Header("*: noindex"), "noindex ");
  for (const char* nothing : {"", ",", ":", "all", "index, follow", "noindexed", "max-snippet: 10, max-image-preview:large", "noodp"}) {
    EXPECT_EQ(Header(nothing), "") << nothing;
    EXPECT_EQ(Meta(nothing), "") << nothing;
  }
}

TEST(RobotsDirectivesTest, ForOneAgent) {
  EXPECT_EQ(Header("sakuin: nofollow"), "nofollow ");
  EXPECT_EQ(Header("SAKUIN:noindex,nofollow"), "noindex nofollow ");
  EXPECT_EQ(Header("otherbot: noindex, nofollow"), "");
  EXPECT_EQ(Header("otherbot: noindex, sakuin: nofollow"), "nofollow ");
  EXPECT_EQ(Header("noindex, otherbot: nofollow"), "noindex ");
  EXPECT_EQ(Header("otherbot: max-snippet: 3, noindex"), "");
}

TEST(RobotsDirectivesTest, SeveralHeadersAddUp) {
  RobotsDirectives said;
  for (const char* value : {"otherbot: noindex", "nofollow", "sakuin: noarchive"}) said |= DirectivesOfHeader(value, "sakuin", kNow);
  EXPECT_EQ(Said(said), "nofollow noarchive ");
}

TEST(RobotsDirectivesTest, Dates) {
  for (const char* past :
       {"unavailable_after: 25 Jun 2010 15:00:00 PST", "unavailable_after: 2025-11-29", "unavailable_after: 2025-11-29T23:00:00Z",
        "unavailable_after: Wednesday, 25-Jun-10 15:00:00 PST", "UNAVAILABLE_AFTER:25 June 2010", "max-snippet: 3, unavailable_after: 2025-11-29"}) {
    EXPECT_EQ(Header(past), "noindex ") << past;
    EXPECT_EQ(Meta(past), "noindex ") << past;
  }
  for (const char* future : {"unavailable_after: 25 Jun 2090 15:00:00 PST", "unavailable_after: 2025-12-01", "unavailable_after: soon",
                             "unavailable_after:", "unavailable_after: 99 99 99", "unavailable_after: 2025-13-41",
                             "otherbot: unavailable_after: 2010-01-01", "unavailable_after"}) {
    EXPECT_EQ(Header(future), "") << future;
  }
  EXPECT_EQ(Header("unavailable_after: Friday, 25 Jun 2090, nofollow"), "nofollow ");
}

TEST(RobotsDirectivesTest, Metas) {
  EXPECT_EQ(Meta("NOINDEX,follow"), "noindex ");
  EXPECT_EQ(Meta("noindex nofollow"), "noindex nofollow ") << "blanks instead of commas";
  EXPECT_TRUE(IsRobotsMeta("Robots", "sakuin"));
  EXPECT_TRUE(IsRobotsMeta(" SAKUIN ", "sakuin"));
  EXPECT_FALSE(IsRobotsMeta("googlebot", "sakuin"));
  EXPECT_FALSE(IsRobotsMeta("", "sakuin"));
}

TEST(RobotsDirectivesTest, Rels) {
  EXPECT_TRUE(RelOf("noopener NOFOLLOW").nofollow);
  EXPECT_TRUE(RelOf("ugc\tsponsored").ugc);
  EXPECT_TRUE(RelOf("ugc\tsponsored").sponsored);
  EXPECT_TRUE(RelOf("canonical").canonical);
  EXPECT_FALSE(RelOf("nofollowing,nofollow").nofollow);
  EXPECT_FALSE(RelOf("").canonical);
}

}  // namespace
}  // namespace sakuin::crawler
