#include "crawler/robots_gate.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

using Answer = RobotsGate::Answer;
using std::chrono::minutes;

constexpr Time kNow{std::chrono::hours(480'000)};

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

class RobotsGateTest : public testing::Test {
 protected:
  std::string Take(const FetchResult& result) { return gate_.Take(page_.Origin(), result, kNow); }

  RobotsGate gate_{"sakuin"};
  const Url page_ = *Url::Parse("http://public.example/page");
};

TEST_F(RobotsGateTest, SaysWhatRobotsTxtSays) {
  EXPECT_EQ(gate_.Ask(page_, kNow), Answer::kUnknown);
  const std::string url = gate_.Begin(page_);
  EXPECT_EQ(url, "http://public.example/robots.txt");
  EXPECT_EQ(Take(Came(url, 200, "", "User-agent: *\nDisallow: /page\n")), "");
  EXPECT_EQ(gate_.Ask(page_, kNow), Answer::kBlocked);
  EXPECT_EQ(gate_.Ask(*Url::Parse("http://public.example/other"), kNow), Answer::kAllowed);
  EXPECT_EQ(gate_.Ask(page_, kNow + std::chrono::hours(24)), Answer::kUnknown);
}

TEST_F(RobotsGateTest, APrivateAddressIsOneForAWhile) {
  EXPECT_EQ(Take(Failed(gate_.Begin(page_), FetchError::kRefusedAddress)), "");
  EXPECT_EQ(gate_.Ask(page_, kNow + minutes(9)), Answer::kPrivate);
  EXPECT_EQ(gate_.Ask(page_, kNow + minutes(10)), Answer::kUnknown) << "a resolver may have been wrong";
}

TEST_F(RobotsGateTest, ARedirectToAPrivateAddressMakesNoHostPrivate) {
  const std::string url = gate_.Begin(page_);
  const std::string next = Take(Came(url, 302, "Location: http://127.0.0.1/\r\n"));
  EXPECT_EQ(next, "http://127.0.0.1/");
  EXPECT_EQ(Take(Failed(next, FetchError::kRefusedAddress)), "");
  EXPECT_NE(gate_.Ask(page_, kNow), Answer::kPrivate);
  EXPECT_NE(gate_.Ask(page_, kNow), Answer::kAllowed) << "what could not be read allows nothing";
  EXPECT_EQ(gate_.Ask(page_, kNow + minutes(10)), Answer::kUnknown);
}

}  // namespace
}  // namespace sakuin::crawler
