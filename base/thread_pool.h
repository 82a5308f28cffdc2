// thread_pool.h: a fixed number of threads that take tasks in order.
//
//   ThreadPool pool(4);
//   pool.Submit([] { Work(); });
//   pool.Wait();                        // until all submitted so far are done
//
// Thread-safe. A task must not throw and must not wait for the pool it runs in.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sakuin {

class ThreadPool {
 public:
  explicit ThreadPool(size_t threads);  // at least one
  ~ThreadPool();  // finishes what was submitted
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void Submit(std::function<void()> task);
  void Wait();
  size_t size() const { return threads_.size(); }

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable has_task_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> tasks_;
  size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Runs body(0) .. body(n - 1), on the pool when there is one, and waits for all.
void ParallelFor(ThreadPool* pool, size_t n, const std::function<void(size_t)>& body);

}  // namespace sakuin
