#include "crawler/robots_hops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

using std::chrono::seconds;

constexpr Time kNow{std::chrono::hours(480'000)};

TEST(RobotsHopsTest, EachAddressIsAskedForOnceAtItsTime) {
  RobotsHops hops;
  EXPECT_EQ(hops.NextTime(), std::nullopt);
  hops.Add("http://c/r", "c", "http://a", kNow);
  hops.Add("http://d/r", "d", "http://a2", kNow + seconds(1));
  hops.Add("http://c/r", "c", "http://b", kNow + seconds(9));
  EXPECT_EQ(hops.waiting(), 2U);
  ASSERT_NE(hops.First(kNow), nullptr);
  EXPECT_EQ(hops.First(kNow)->host, "c");
  hops.Wait(kNow + seconds(2));
  EXPECT_EQ(hops.First(kNow), nullptr);
  EXPECT_EQ(hops.NextTime(), kNow + seconds(1));
  EXPECT_EQ(hops.First(kNow + seconds(2))->url, "http://d/r");
  hops.Begin();
  EXPECT_EQ(hops.First(kNow + seconds(2))->url, "http://c/r");
  hops.Begin();
  hops.Add("http://c/r", "c", "http://late", kNow);
  EXPECT_EQ(hops.waiting(), 0U) << "it is under way";
  EXPECT_THAT(hops.Take("http://c/r").origins, testing::ElementsAre("http://a", "http://b", "http://late"));
  hops.Add("http://c/r", "c", "http://later", kNow);
  EXPECT_EQ(hops.waiting(), 1U);
}

}  // namespace
}  // namespace sakuin::crawler
