#include "base/file_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace sakuin {
namespace {

TEST(FileLimitTest, RisesAsFarAsItMay) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_GE(before.rlim_max, 200U);
  rlimit low = before;
  low.rlim_cur = 150;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(RaiseFileLimit(100), 150U) << "never lower";
  EXPECT_EQ(RaiseFileLimit(200), 200U);
  rlimit now{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, 200U);
  EXPECT_EQ(RaiseFileLimit(SIZE_MAX), before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace sakuin
