#include "crawler/robots_gate.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Answer = RobotsGate::Answer;

constexpr Time kStart{hours(480'000)};

class RobotsGateTest : public testing::Test {
 protected:
  void Take(int status, FetchError error, const std::string& body, Time now) {
    FetchResult result;
    result.url = gate_.Begin(url_);
    result.status = status;
    result.error = error;
    result.body = body;
    EXPECT_EQ(gate_.Take(origin_, result, now), "");
  }

  const Url url_ = *Url::Parse("http://a.example/page");
  const std::string origin_ = url_.Origin();
  RobotsGate gate_{"sakuin", {.first = seconds(10), .longest = hours(1)}};
};

TEST_F(RobotsGateTest, WaitsLongerEachTimeAndForgetsItWhenTheFileIsThere) {
  EXPECT_EQ(gate_.Ask(url_, kStart), Answer::kUnknown);
  Time now = kStart;
  for (const int wait : {10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600}) {
    Take(0, FetchError::kConnectionRefused, "", now);
    ASSERT_NE(gate_.TroubleOf(origin_), nullptr);
    EXPECT_EQ(gate_.TroubleOf(origin_)->until, now + seconds(wait));
    EXPECT_EQ(gate_.TroubleOf(origin_)->why, "robots.txt: the host refused the connection");
    EXPECT_FALSE(gate_.Knows(origin_, now));
    EXPECT_EQ(gate_.Ask(url_, now + seconds(wait) - seconds(1)), Answer::kLater);
    now += seconds(wait);
    EXPECT_EQ(gate_.Ask(url_, now), Answer::kUnknown);
  }
  Take(404, FetchError::kNone, "", now);
  EXPECT_EQ(gate_.TroubleOf(origin_), nullptr);
  EXPECT_TRUE(gate_.Knows(origin_, now));
  EXPECT_EQ(gate_.Ask(url_, now), Answer::kAllowed);
}

// A server that cannot be asked for a while has not changed its mind.
TEST_F(RobotsGateTest, RulesStayInForceWhileTheFileCannotBeRead) {
  Take(200, FetchError::kNone, "User-agent: *\nDisallow: /page\n", kStart);
  EXPECT_EQ(gate_.Ask(url_, kStart), Answer::kBlocked);
  const Time later = kStart + hours(25);
  EXPECT_EQ(gate_.Ask(url_, later), Answer::kUnknown);
  Take(503, FetchError::kNone, "", later);
  EXPECT_EQ(gate_.TroubleOf(origin_), nullptr);
  EXPECT_EQ(gate_.Ask(url_, later), Answer::kBlocked);
}

TEST_F(RobotsGateTest, WhatIsCutShortCountsAsFarAsItGoes) {
  for (const FetchError error : {FetchError::kBodyTooLarge, FetchError::kBomb, FetchError::kTruncated}) {
    Take(200, error, "User-agent: *\nDisallow: /page\n", kStart);
    EXPECT_EQ(gate_.Ask(url_, kStart), Answer::kBlocked);
  }
}

TEST_F(RobotsGateTest, NothingOfAFileIsNotTheFile) {
  Take(200, FetchError::kTruncated, "", kStart);
  EXPECT_EQ(gate_.Ask(url_, kStart), Answer::kLater);
}

}  // namespace
}  // namespace sakuin::crawler
