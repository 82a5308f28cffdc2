#include "base/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

namespace sakuin {
namespace {

TEST(MemoryBudgetTest, GivesWhatFits) {
  MemoryBudget budget(100);
  EXPECT_TRUE(budget.TryTake(60));
  EXPECT_FALSE(budget.TryTake(41));
  EXPECT_TRUE(budget.TryTake(40));
  EXPECT_FALSE(budget.TryTake(1));
  EXPECT_TRUE(budget.TryTake(0));
  budget.Give(100);
  EXPECT_EQ(budget.used(), 0U);
  EXPECT_EQ(budget.limit(), 100U);
}

TEST(MemoryBudgetTest, HugeRequestsDoNotOverflow) {
  MemoryBudget budget(100);
  ASSERT_TRUE(budget.TryTake(50));
  EXPECT_FALSE(budget.TryTake(SIZE_MAX));
  EXPECT_FALSE(budget.TryTake(SIZE_MAX - 49));
  EXPECT_EQ(budget.used(), 50U);
}

TEST(MemoryReservationTest, GrowsShrinksAndGivesBack) {
  MemoryBudget budget(100);
  {
    MemoryReservation first(budget);
    MemoryReservation second(budget);
    EXPECT_TRUE(first.Resize(70));
    EXPECT_FALSE(second.Resize(31));
    EXPECT_EQ(second.held(), 0U);
    EXPECT_TRUE(first.Resize(10));
    EXPECT_TRUE(second.Resize(90));
    EXPECT_FALSE(first.Resize(11));
    EXPECT_EQ(first.held(), 10U);
    EXPECT_EQ(budget.used(), 100U);
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(MemoryReservationTest, MovingMovesWhatIsHeld) {
  MemoryBudget budget(100);
  MemoryReservation first(budget);
  ASSERT_TRUE(first.Resize(30));
  {
    const MemoryReservation second(std::move(first));
    EXPECT_EQ(second.held(), 30U);
    EXPECT_EQ(budget.used(), 30U);
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(MemoryBudgetTest, ThreadsNeverHoldMoreThanTheLimit) {
  MemoryBudget budget(1000);
  std::atomic<bool> exceeded = false;
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&budget, &exceeded, i] {
      MemoryReservation held(budget);
      for (size_t n = 0; n < 20000; ++n) {
        if (held.Resize((n * (i + 3)) % 700) && budget.used() > budget.limit()) exceeded = true;
      }
    });
  }
  threads.clear();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.used(), 0U);
}

}  // namespace
}  // namespace sakuin
