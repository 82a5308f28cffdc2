#include "crawler/host_conducts.h"

#include <gtest/gtest.h>

#include "tests/base/scratch_folder.h"

namespace sakuin::crawler {
namespace {

using std::chrono::seconds;

class HostConductsTest : public testing::Test {
 protected:
  HostConductsTest() : frontier_(*DiskFrontier::Open(scratch_.Path("frontier"), {})) {}

  std::unique_ptr<HostConducts> Open(size_t most) { return *HostConducts::Open(*frontier_, options_, most); }

  const ScratchFolder scratch_;
  std::unique_ptr<DiskFrontier> frontier_;
  PolitenessOptions options_;
};

TEST_F(HostConductsTest, NothingIsRememberedOfHostsThatAnswer) {
  const auto conducts = Open(10);
  for (const char* host : {"a", "b"}) {
    ASSERT_TRUE(conducts->CountPage(host).ok());
    ASSERT_TRUE(conducts->AfterVisit(host, {.http_status = 200}).ok());
  }
  EXPECT_EQ(conducts->notes().in_memory(), 0U);
  ASSERT_TRUE(conducts->AfterVisit("a", {.http_status = 503}).ok());
  EXPECT_EQ(conducts->notes().in_memory(), 1U);
  ASSERT_TRUE(conducts->AfterVisit("a", {.http_status = 200}).ok());
  EXPECT_EQ(conducts->notes().in_memory(), 0U) << "it is well again";
}

TEST_F(HostConductsTest, BlocksAndBudgetsCountOnDiskToo) {
  options_.max_pages = 2;
  options_.max_bytes = 1000;
  const auto conducts = Open(1);
  for (const char* host : {"a", "b", "c"}) {
    ASSERT_TRUE(conducts->CountPage(host).ok());
    EXPECT_EQ(conducts->AfterVisit(host, {.http_status = 503, .bytes = 400})->blocked, seconds(10));
  }
  EXPECT_EQ(conducts->notes().on_disk(), 2U);
  for (const char* host : {"a", "b", "c"}) {
    EXPECT_FALSE(*conducts->IsBudgetSpent(host));
    EXPECT_EQ(conducts->AfterVisit(host, {.http_status = 503, .bytes = 599})->blocked, seconds(20));
    EXPECT_FALSE(*conducts->IsBudgetSpent(host));
  }
  ASSERT_TRUE(conducts->CountPage("a").ok());
  EXPECT_TRUE(*conducts->IsBudgetSpent("a"));
  ASSERT_TRUE(conducts->AfterVisit("b", {.http_status = 200, .bytes = 1}).ok());
  EXPECT_TRUE(*conducts->IsBudgetSpent("b"));
  EXPECT_FALSE(*conducts->IsBudgetSpent("c"));
}

}  // namespace
}  // namespace sakuin::crawler
