#include "crawler/http_date.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kNow = 1'700'000'000;  // 2023-11-14
constexpr int64_t kExample = 784'111'777;

TEST(HttpDateTest, ReadsTheThreeFormsOfTheStandard) {
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", kNow), kExample);
  EXPECT_EQ(ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", kNow), kExample);
  EXPECT_EQ(ParseHttpDate("Sun Nov  6 08:49:37 1994", kNow), kExample);
}

TEST(HttpDateTest, ReadsWhatServersMakeOfThem) {
  for (const char* text :
       {"sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT",
        "  Sun, 06 Nov 1994 08:49:37 UTC ", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun Nov 06 08:49:37 1994"}) {
    EXPECT_EQ(ParseHttpDate(text, kNow), kExample) << text;
  }
}

TEST(HttpDateTest, RefusesWhatIsNoDate) {
  for (const char* text : {"",
                           "0",
                           "-1",
                           "now",
                           "1994-11-06T08:49:37Z",
                           "Sun, 06 Nov 1994",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 PST",
                           "Sun, 06 Nov 1994 08:49:37 +0900",
                           "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:00 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 199 08:49:37 GMT",
                           "Sun, 06 Nov 19940 08:49:37 GMT",
                           "Sun, 06 Foo 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT x",
                           "Sun Nov  6 08:49:37 94",
                           "Sun, 06 Nov 0000 08:49:37 GMT"}) {
    EXPECT_EQ(ParseHttpDate(text, kNow), std::nullopt) << text;
  }
}

TEST(HttpDateTest, TwoDigitsAreTheYearNearestToNow) {
  const auto year = [](const char* date, int64_t now) { return text::FormatDate(*ParseHttpDate(date, now)).substr(0, 4); };
  EXPECT_EQ(year("Friday, 01-Jan-73 00:00:00 GMT", kNow), "2073");
  EXPECT_EQ(year("Friday, 01-Jan-74 00:00:00 GMT", kNow), "1974");
  EXPECT_EQ(year("Friday, 01-Jan-00 00:00:00 GMT", kNow), "2000");
  EXPECT_EQ(year("Friday, 01-Jan-10 00:00:00 GMT", *ParseHttpDate("Fri, 01 Jan 2090 00:00:00 GMT", 0)), "2110");
}

TEST(HttpDateTest, KnowsLeapYears) {
  EXPECT_TRUE(ParseHttpDate("Thu, 29 Feb 2024 00:00:00 GMT", kNow));
  EXPECT_TRUE(ParseHttpDate("Tue, 29 Feb 2000 00:00:00 GMT", kNow));
  EXPECT_FALSE(ParseHttpDate("Mon, 29 Feb 2100 00:00:00 GMT", kNow));
}

// strftime of the C library is the oracle.
TEST(HttpDateTest, AgreesWithTheCLibrary) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> any(-62'135'596'800, 253'402'300'799);
  for (int i = 0; i < 10'000; ++i) {
    const time_t seconds = any(random);
    std::tm parts{};
    ASSERT_NE(gmtime_r(&seconds, &parts), nullptr);
    char name[64];
    ASSERT_GT(std::strftime(name, sizeof(name), "%a, %d %b", &parts), 0u);
    char text[128];
    std::snprintf(text, sizeof(text), "%s %04d %02d:%02d:%02d GMT", name, parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    EXPECT_EQ(ParseHttpDate(text, kNow), seconds) << text;
  }
}

TEST(HttpDateTest, RetryAfterIsSecondsOrADate) {
  using std::chrono::seconds;
  EXPECT_EQ(ParseRetryAfter("120", kNow), seconds(120));
  EXPECT_EQ(ParseRetryAfter(" 0 ", kNow), seconds(0));
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", kExample - 30), seconds(30));
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", kNow), seconds(0)) << "past";
  EXPECT_EQ(ParseRetryAfter("99999999999999999999999999", kNow), seconds(365 * 86400)) << "never is a year";
  for (const char* text : {"", "-5", "1.5", "soon", "5 minutes"}) EXPECT_EQ(ParseRetryAfter(text, kNow), std::nullopt) << text;
}

}  // namespace
}  // namespace sakuin::crawler
