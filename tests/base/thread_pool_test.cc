#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sakuin {
namespace {

TEST(ThreadPoolTest, WaitEndsWhenAllIsDone) {
  ThreadPool pool(3);
  EXPECT_EQ(pool.size(), 3U);
  std::atomic<int> done = 0;
  for (int round = 1; round <= 20; ++round) {
    for (int i = 0; i < 50; ++i) pool.Submit([&done] { ++done; });
    pool.Wait();
    EXPECT_EQ(done, round * 50);
  }
}

TEST(ThreadPoolTest, WaitWithoutTasksReturns) { ThreadPool(2).Wait(); }

TEST(ThreadPoolTest, DestructionFinishesWhatWasSubmitted) {
  std::atomic<int> done = 0;
  {
    ThreadPool pool(2);
    for (int i = 0; i < 200; ++i) pool.Submit([&done] { ++done; });
  }
  EXPECT_EQ(done, 200);
}

TEST(ThreadPoolTest, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  {
    ThreadPool pool(1);
    for (int i = 0; i < 100; ++i) pool.Submit([&order, i] { order.push_back(i); });
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(ThreadPoolTest, ThereIsAlwaysAThread) {
  ThreadPool pool(0);
  EXPECT_EQ(pool.size(), 1U);
  std::atomic<bool> done = false;
  pool.Submit([&done] { done = true; });
  pool.Wait();
  EXPECT_TRUE(done);
}

TEST(ThreadPoolTest, ATaskMaySubmitATask) {
  ThreadPool pool(1);
  std::atomic<int> done = 0;
  pool.Submit([&] { pool.Submit([&done] { ++done; }); });
  pool.Wait();
  EXPECT_EQ(done, 1);
}

TEST(ParallelForTest, RunsEachOnce) {
  ThreadPool pool(4);
  for (ThreadPool* where : {static_cast<ThreadPool*>(nullptr), &pool}) {
    for (const size_t n : {0U, 1U, 2U, 1000U}) {
      std::vector<std::atomic<int>> times(n);
      ParallelFor(where, n, [&times](size_t i) { ++times[i]; });
      for (const std::atomic<int>& time : times) EXPECT_EQ(time, 1);
    }
  }
}

TEST(ParallelForTest, SeveralAtOnce) {
  ThreadPool pool(2);
  std::atomic<int> done = 0;
  std::vector<std::jthread> callers;
  callers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) ParallelFor(&pool, 10, [&done](size_t) { ++done; });
    });
  }
  callers.clear();
  EXPECT_EQ(done, 4 * 50 * 10);
}

}  // namespace
}  // namespace sakuin
