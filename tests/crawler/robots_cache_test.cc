#include "crawler/robots_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace sakuin::crawler {
namespace {

constexpr int64_t kDay = 24 * 3600;
constexpr std::string_view kText = "User-agent: *\nDisallow: /a\n";

TEST(RobotsCacheTest, WhatFetchingCameTo) {
  RobotsCache cache({});
  EXPECT_EQ(cache.Find("http://a:80", 0).state, RobotsState::kUnknown);
  cache.Put("http://a:80", RobotsFetch::kFound, kText, 0);
  cache.Put("http://b:80", RobotsFetch::kMissing, "ignored", 0);
  cache.Put("http://c:80", RobotsFetch::kUnreachable, "", 0);
  EXPECT_FALSE(cache.Find("http://a:80", 1).Allows("sakuin", "/a"));
  EXPECT_TRUE(cache.Find("http://a:80", 1).Allows("sakuin", "/b"));
  EXPECT_TRUE(cache.Find("http://b:80", 1).Allows("sakuin", "/a"));
  EXPECT_FALSE(cache.Find("http://c:80", 1).Allows("sakuin", "/b"));
  EXPECT_TRUE(cache.Find("http://c:80", 1).Allows("sakuin", "/robots.txt"));
  EXPECT_EQ(cache.Find("https://a:443", 1).state, RobotsState::kUnknown) << "another scheme is another origin";
}

TEST(RobotsCacheTest, ADayLong) {
  RobotsCache cache({});
  cache.Put("a", RobotsFetch::kFound, kText, 100);
  EXPECT_EQ(cache.Find("a", 100 + kDay - 1).state, RobotsState::kRules);
  EXPECT_EQ(cache.Find("a", 100 + kDay).state, RobotsState::kUnknown);
  cache.Put("a", RobotsFetch::kMissing, "", 100 + kDay);
  EXPECT_EQ(cache.Find("a", 100 + kDay).state, RobotsState::kAllowAll);
  EXPECT_EQ(cache.origins(), 1u);
}

TEST(RobotsCacheTest, WhileUnreachable) {
  RobotsCache cache({.retry_seconds = 60});
  cache.Put("a", RobotsFetch::kUnreachable, "", 0);
  EXPECT_EQ(cache.Find("a", 59).state, RobotsState::kDisallowAll);
  EXPECT_EQ(cache.Find("a", 60).state, RobotsState::kUnknown) << "it is tried again";
  cache.Put("a", RobotsFetch::kUnreachable, "", 40 * kDay);
  EXPECT_EQ(cache.Find("a", 40 * kDay).state, RobotsState::kDisallowAll) << "however long it lasts";
  cache.Put("a", RobotsFetch::kFound, kText, 41 * kDay);
  EXPECT_EQ(cache.Find("a", 42 * kDay).state, RobotsState::kUnknown);
  cache.Put("a", RobotsFetch::kUnreachable, "", 42 * kDay);
  EXPECT_EQ(cache.Find("a", 42 * kDay).state, RobotsState::kRules) << "what was known stays in force";
  EXPECT_FALSE(cache.Find("a", 42 * kDay).Allows("sakuin", "/a"));
  EXPECT_EQ(cache.Find("a", 42 * kDay + 60).state, RobotsState::kUnknown);
}

TEST(RobotsCacheTest, TheLeastAskedForIsForgotten) {
  RobotsCache cache({.max_origins = 2});
  cache.Put("a", RobotsFetch::kFound, kText, 0);
  cache.Put("b", RobotsFetch::kFound, kText, 0);
  cache.Find("a", 1);
  cache.Put("c", RobotsFetch::kFound, kText, 0);
  EXPECT_EQ(cache.Find("b", 1).state, RobotsState::kUnknown);
  EXPECT_EQ(cache.Find("a", 1).state, RobotsState::kRules);
  EXPECT_EQ(cache.Find("c", 1).state, RobotsState::kRules);
  EXPECT_EQ(cache.origins(), 2u);
}

TEST(RobotsCacheTest, BytesAreBounded) {
  constexpr size_t kMost = 1 << 20;
  RobotsCache cache({.max_bytes = kMost});
  for (int i = 0; i < 200; ++i) {
    cache.Put("origin" + std::to_string(i), RobotsFetch::kFound, "User-agent: *\nDisallow: /" + std::string(20000, 'x'), 0);
    ASSERT_LE(cache.bytes(), kMost);
  }
  EXPECT_GT(cache.origins(), 10u);
  cache.Put("large", RobotsFetch::kFound, std::string(2 * kMost, '#'), 0);
  EXPECT_EQ(cache.Find("large", 1).state, RobotsState::kRules);
  EXPECT_LE(cache.bytes(), kMost);
}

}  // namespace
}  // namespace sakuin::crawler
