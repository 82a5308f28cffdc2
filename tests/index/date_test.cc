#include "index/date.h"

#include <gtest/gtest.h>

namespace sakuin::index {
namespace {

TEST(Date, WhatIsNotSaidIsARange) {
  DateRange range;
  ASSERT_TRUE(ParseDate("1970", range));
  EXPECT_EQ(range.first, 0);
  EXPECT_EQ(range.last, int64_t{365} * 86'400 * 1'000'000 - 1);
  ASSERT_TRUE(ParseDate("1970-01-02", range));
  EXPECT_EQ(range.first, int64_t{86'400} * 1'000'000);
  EXPECT_EQ(range.last - range.first, int64_t{86'400} * 1'000'000 - 1);
  ASSERT_TRUE(ParseDate("2010-12-31T23:59:59Z", range));
  EXPECT_EQ(FormatDate(range.first), "2010-12-31T23:59:59Z");
  EXPECT_EQ(range.last - range.first, 999'999);
}

TEST(Date, OffsetsAreTakenOff) {
  DateRange utc;
  DateRange seoul;
  ASSERT_TRUE(ParseDate("2020-02-29T00:30:00Z", utc));
  ASSERT_TRUE(ParseDate("2020-02-29T09:30:00+09:00", seoul));
  EXPECT_EQ(utc.first, seoul.first);
  ASSERT_TRUE(ParseDate("2020-02-29T09:30:00+0900", seoul));
  EXPECT_EQ(utc.first, seoul.first);
  ASSERT_TRUE(ParseDate("2020-02-29T09:30:00+09", seoul));
  EXPECT_EQ(utc.first, seoul.first);
}

TEST(Date, WhatIsNoDateIsRefused) {
  DateRange range;
  for (const char* text : {"", "20", "2021-02-29", "2020-13-01", "2020-1-1", "2020-01-01T25:00Z", "2020-01-01x",
                           "2020-01-01T10:00+09:", "2020-01-01T10:00+9", "z"}) {
    EXPECT_FALSE(ParseDate(text, range)) << text;
  }
  EXPECT_FALSE(LooksLikeDate("2020"));
  EXPECT_TRUE(LooksLikeDate("2020-05-01"));
}

TEST(Date, BeforeTheEpochToo) {
  DateRange range;
  ASSERT_TRUE(ParseDate("1969-12-31T23:59:59.5Z", range));
  EXPECT_EQ(range.first, -500'000);
  EXPECT_EQ(FormatDate(range.first), "1969-12-31T23:59:59.500000Z");
}

}  // namespace
}  // namespace sakuin::index
