#include "crawler/http_date.h"

#include <gtest/gtest.h>

#include <random>

namespace sakuin::crawler {
namespace {

constexpr Time kBirthday{std::chrono::seconds(784111777)};  // 1994-11-06 08:49:37

TEST(HttpDate, ReadsTheThreeForms) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(ParseHttpDate(text), kBirthday) << text;
  }
  EXPECT_EQ(ParseHttpDate("Thu, 29 Feb 2024 00:00:00 GMT"), Time(std::chrono::seconds(1709164800)));
}

TEST(HttpDate, RefusesWhatIsNoDate) {
  for (const char* text : {"", "120", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 31 Feb 2024 00:00:00 GMT",
                           "Sun, 06 Abc 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
                           "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 199a 08:49:37 GMT", "a b c d e f g h i j k l m n o p"}) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
}

TEST(HttpDate, SurvivesAnyBytes) {
  std::mt19937 random(1);
  const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
  for (int i = 0; i < 10'000; ++i) {
    std::string damaged = date.substr(0, random() % (date.size() + 1));
    for (size_t n = random() % 3; n > 0 && !damaged.empty(); --n) damaged[random() % damaged.size()] = static_cast<char>(random());
    EXPECT_LT(ParseHttpDate(damaged).value_or(Time()), Time(std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)));
  }
}

}  // namespace
}  // namespace sakuin::crawler
