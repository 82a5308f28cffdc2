#include "text/date_text.h"

#include <gtest/gtest.h>

namespace sakuin::text {
namespace {

constexpr int64_t kExample = 784'111'777;

TEST(DateTextTest, ReadsTheFormsOfTheStandards) {
  for (const char* text :
       {"1994-11-06T08:49:37Z", "1994-11-06 09:49:37+01:00", "19941106", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "6 nov 1994 00:49:37 pst", "Sun 06 Nov 1994 08:49:37 +0000", "06-November-1994 08:49:37"}) {
    EXPECT_EQ(ParseDate(text), std::string_view(text) == "19941106" ? kExample - 31'777 : kExample) << text;
  }
}

TEST(DateTextTest, TellsHowADateWasWritten) {
  const DateParts old = *ReadDate("Sunday, 06-Nov-94 08:49 GMT");
  EXPECT_EQ(old.form, DateForm::kDayFirst);
  EXPECT_EQ(old.year, 94);
  EXPECT_EQ(old.year_digits, 2);
  EXPECT_TRUE(old.has_time && old.has_zone);
  const DateParts c = *ReadDate("Sun Nov  6 08:49:37 1994");
  EXPECT_EQ(c.form, DateForm::kAsctime);
  EXPECT_EQ(c.second_of_day, 31'777);
  EXPECT_FALSE(c.has_zone);
  const DateParts iso = *ReadDate("1994-11");
  EXPECT_EQ(iso.form, DateForm::kIso);
  EXPECT_FALSE(iso.has_time);
  EXPECT_EQ(iso.day, 1);
}

TEST(DateTextTest, TwoDigitsAreAYearFrom1970) {
  EXPECT_EQ(FormatDate(*ParseDate("01-Jan-70")), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatDate(*ParseDate("01-Jan-69")), "2069-01-01T00:00:00Z");
}

TEST(DateTextTest, EndsOfDays) {
  EXPECT_EQ(ParseDate("1994-11-06T24:00:00Z"), ParseDate("1994-11-07"));
  EXPECT_EQ(ParseDate("1994-11-06T23:59:60Z"), ParseDate("1994-11-06T23:59:59Z")) << "a leap second does not count";
  for (const char* text : {"1994-11-06T24:00:01Z", "Sun, 06 Nov 1994 24:00:00 GMT", "1994-11-06T23:60Z", "1994-11-06T23:59:61Z"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(DateTextTest, RefusesWhatIsNoDate) {
  for (const char* text : {"", "yesterday", "Sun", "Sun,", "Sunday, Nov", "06 Nov", "06 Nov 199", "06 Nov 19944", "Su 06 Nov 1994", "0999-01-01",
                           "2023-02-29", "Nov 6 08:49:37 94", "Sun Nov 6 08:49:37 1994 x", "12:30", "06.11.1994"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sakuin::text
