#include "crawler/robots_gate.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Answer = RobotsGate::Answer;

constexpr Time kStart{hours(480'000)};

FetchResult Came(const std::string& url, int status, const std::string& headers = "", const std::string& body = "") {
  FetchResult result;
  result.url = url;
  result.status = status;
  result.headers = ResponseHeaders("HTTP/1.1 " + std::to_string(status) + " x\r\n" + headers + "\r\n");
  result.body = body;
  return result;
}

FetchResult Failed(const std::string& url, FetchError error) {
  FetchResult result;
  result.url = url;
  result.error = error;
  return result;
}

class RobotsGateOfAHost : public testing::Test {
 protected:
  std::string Take(const FetchResult& result) { return gate_.Take(page_.Origin(), result, kStart); }

  RobotsGate gate_{"sakuin", {.first = seconds(10), .longest = hours(1)}};
  const Url page_ = *Url::Parse("http://public.example/page");
};

TEST_F(RobotsGateOfAHost, SaysWhatRobotsTxtSays) {
  EXPECT_EQ(gate_.Ask(page_, kStart), Answer::kUnknown);
  const std::string url = gate_.Begin(page_);
  EXPECT_EQ(url, "http://public.example/robots.txt");
  EXPECT_EQ(Take(Came(url, 200, "", "User-agent: *\nDisallow: /page\n")), "");
  EXPECT_EQ(gate_.Ask(page_, kStart), Answer::kBlocked);
  EXPECT_EQ(gate_.Ask(*Url::Parse("http://public.example/other"), kStart), Answer::kAllowed);
  EXPECT_EQ(gate_.Ask(page_, kStart + std::chrono::hours(24)), Answer::kUnknown);
}

TEST_F(RobotsGateOfAHost, APrivateAddressIsOneForAWhile) {
  EXPECT_EQ(Take(Failed(gate_.Begin(page_), FetchError::kRefusedAddress)), "");
  EXPECT_EQ(gate_.Ask(page_, kStart + std::chrono::minutes(9)), Answer::kPrivate);
  EXPECT_EQ(gate_.Ask(page_, kStart + std::chrono::minutes(10)), Answer::kUnknown) << "a resolver may have been wrong";
}

TEST_F(RobotsGateOfAHost, ARedirectToAPrivateAddressMakesNoHostPrivate) {
  const std::string url = gate_.Begin(page_);
  const std::string next = Take(Came(url, 302, "Location: http://127.0.0.1/\r\n"));
  EXPECT_EQ(next, "http://127.0.0.1/");
  EXPECT_EQ(Take(Failed(next, FetchError::kRefusedAddress)), "");
  EXPECT_NE(gate_.Ask(page_, kStart), Answer::kPrivate);
  EXPECT_NE(gate_.Ask(page_, kStart), Answer::kAllowed) << "what could not be read allows nothing";
  EXPECT_EQ(gate_.Ask(page_, kStart + std::chrono::minutes(10)), Answer::kUnknown);
}

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

TEST(RobotsGate, RemembersTheTroublesOfSoManyOrigins) {
  RobotsGate gate("sakuin", {.first = seconds(10), .longest = hours(1)});
  const auto fail = [&gate](size_t number, Time now) {
    const std::string origin = "http://h" + std::to_string(number) + ".example";
    gate.Take(origin, Failed(origin + "/robots.txt", FetchError::kUnreachable), now);
    return gate.TroubleOf(origin);
  };
  for (size_t i = 0; i < RobotsGate::kMostTroubles; ++i) fail(i, kStart);
  ASSERT_EQ(fail(0, kStart + seconds(10))->failures, 2U);
  ASSERT_EQ(fail(RobotsGate::kMostTroubles, kStart + seconds(11))->failures, 1U);
  EXPECT_NE(gate.TroubleOf("http://h0.example"), nullptr) << "it is yet to be left alone";
  EXPECT_EQ(gate.TroubleOf("http://h1.example"), nullptr);
}

}  // namespace
}  // namespace sakuin::crawler
