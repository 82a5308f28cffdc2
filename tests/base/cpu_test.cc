#include "base/cpu.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sakuin {
namespace {

TEST(CpuTest, LevelsHaveNames) {
  EXPECT_EQ(SimdLevelName(SimdLevel::kScalar), "scalar");
  EXPECT_EQ(SimdLevelName(SimdLevel::kAvx2), "avx2");
  EXPECT_EQ(SimdLevelName(SimdLevel::kAvx512), "avx512");
}

TEST(CpuTest, TheAnswerStays) { EXPECT_EQ(CurrentSimdLevel(), CurrentSimdLevel()); }

// The answer is found once in a process: each in one of its own.
void ExitWithLevel(const char* asked) {
  ::setenv("SAKUIN_SIMD", asked, 1);
  std::_Exit(static_cast<int>(CurrentSimdLevel()));
}

TEST(CpuDeathTest, TheEnvironmentLowersTheLevel) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(ExitWithLevel("scalar"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(ExitWithLevel("avx2"), [](int status) { return WIFEXITED(status) && WEXITSTATUS(status) <= 1; }, "");
  EXPECT_EXIT(ExitWithLevel("nonsense"), [](int status) { return WIFEXITED(status) && WEXITSTATUS(status) <= 2; }, "");
}

}  // namespace
}  // namespace sakuin
