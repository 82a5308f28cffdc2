#include "text/robots_directives.h"

#include <gtest/gtest.h>

namespace sakuin::text {
namespace {

constexpr int64_t kNow = 1'764'547'200;  // 2025-12-01

std::string Said(const RobotsDirectives& said) {
  return std::string(said.ForbidsIndexing(kNow) ? "noindex " : "") + (said.nofollow ? "nofollow " : "");
}

std::string Header(std::string_view value) { return Said(DirectivesOfHeader(value, "sakuin")); }
std::string Meta(std::string_view content) { return Said(DirectivesOfMeta(content)); }

TEST(RobotsDirectivesTest, ForAllAgents) {
  EXPECT_EQ(Header("noindex"), "noindex ");
  EXPECT_EQ(Header(" NoIndex ,NOFOLLOW"), "noindex nofollow ");
  EXPECT_EQ(Header("none"), "noindex nofollow ");
  EXPECT_EQ(Header("noarchive; nofollow"), "nofollow ");
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
  for (const char* value : {"otherbot: noindex", "nofollow", "sakuin: none"}) said |= DirectivesOfHeader(value, "sakuin");
  EXPECT_EQ(Said(said), "noindex nofollow ");
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
    EXPECT_EQ(std::string_view(future).starts_with("otherbot") ? "" : Meta(future), "") << future;
  }
  EXPECT_EQ(Header("unavailable_after: Friday, 25 Jun 2090, nofollow"), "nofollow ");
}

TEST(RobotsDirectivesTest, Metas) {
  EXPECT_EQ(Meta("NOINDEX,follow"), "noindex ");
  EXPECT_EQ(Meta("noindex nofollow"), "noindex nofollow ") << "blanks instead of commas";
}

TEST(RobotsDirectivesTest, AMomentAndADayEndAtTheirEnd) {
  const auto forbids = [](std::string_view content, int64_t now) { return DirectivesOfMeta(content).ForbidsIndexing(now); };
  EXPECT_FALSE(forbids("unavailable_after: 2025-12-01T00:00:10Z", kNow + 9));
  EXPECT_TRUE(forbids("unavailable_after: 2025-12-01T00:00:10Z", kNow + 10));
  EXPECT_FALSE(forbids("unavailable_after: 2025-12-01T00:00:10+01:00", kNow - 3591));
  EXPECT_TRUE(forbids("unavailable_after: 2025-12-01T00:00:10+01:00", kNow - 3590));
  EXPECT_FALSE(forbids("unavailable_after: 1 Dec 2025", kNow + 86'399));
  EXPECT_TRUE(forbids("unavailable_after: 1 Dec 2025", kNow + 86'400));
  EXPECT_TRUE(forbids("unavailable_after: 2090-01-01, unavailable_after: 2010-01-01, unavailable_after: 2080-01-01", kNow)) << "the first counts";
  EXPECT_TRUE(forbids("unavailable_after: Monday, 01-Dec-25 00:00:00 GMT; nofollow", kNow));
  EXPECT_TRUE(DirectivesOfMeta("unavailable_after: Monday, 01-Dec-25 00:00:00 GMT; nofollow").nofollow);
}

}  // namespace
}  // namespace sakuin::text
