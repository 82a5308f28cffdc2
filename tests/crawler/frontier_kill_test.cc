// A process that works on a frontier is killed at random moments: nothing that it acknowledged is lost, nothing is there
// by halves, and hardly anything is handed out twice.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <random>
#include <sstream>
#include <thread>

#include "crawler/disk_frontier.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"
#include "tests/crawler/frontier_ledger.h"

namespace sakuin::crawler {
namespace {

constexpr int kRounds = kSanitized ? 8 : 30;

DiskFrontierOptions SmallOptions() {
  DiskFrontierOptions options;
  options.memory_bytes = size_t{4} << 20;
  options.default_delay = Duration(0);
  return options;
}

struct Child {
  pid_t process = 0;
  int out = -1;  // what it prints
};

Child StartWriter(const std::string& folder, uint64_t first) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::array<std::string, 3> words = {SAKUIN_FRONTIER_WRITER, folder, std::to_string(first)};
  std::array<char*, 4> arguments = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  Child child;
  EXPECT_EQ(::posix_spawn(&child.process, arguments[0], &actions, nullptr, arguments.data(), environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  child.out = ends[0];
  return child;
}

// Waits until it has acknowledged so much, and `more`, which is so short that it is still at work then; returns all that it said.
std::string KillAfter(const Child& child, int64_t lines, std::chrono::microseconds more) {
  std::string said;
  std::array<char, 1 << 16> buffer;
  const auto read = [&] {
    const ssize_t got = ::read(child.out, buffer.data(), buffer.size());
    if (got > 0) said.append(buffer.data(), static_cast<size_t>(got));
    return got > 0;
  };
  while (std::count(said.begin(), said.end(), '\n') < lines && read()) {
  }
  std::this_thread::sleep_for(more);
  ::kill(child.process, SIGKILL);
  while (read()) {
  }
  ::close(child.out);
  int status = 0;
  EXPECT_EQ(::waitpid(child.process, &status, 0), child.process);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
  return said;
}

// The acknowledgements in whole lines.
void TakeLines(const std::string& said, FrontierLedger& ledger) {
  std::istringstream lines(said.substr(0, said.rfind('\n') + 1));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream numbers(line);
    uint64_t discovered = 0;
    numbers >> discovered;
    std::set<uint64_t> completed;
    for (uint64_t number = 0; numbers >> number;) completed.insert(number);
    ledger.Acknowledge(discovered, completed);
  }
}

TEST(FrontierKill, LosesNothingThatWasAcknowledged) {
  const ScratchFolder scratch;
  const std::string folder = scratch.Path("frontier");
  FrontierLedger ledger;
  std::mt19937 random(11);
  uint64_t there = 0;
  uint64_t awaited = 0;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto lines = static_cast<int64_t>(random() % 12);  // 0: perhaps while it opens the frontier
    awaited += static_cast<uint64_t>(lines) * FrontierLedger::kBatch;
    const std::string said = KillAfter(StartWriter(folder, there), lines, std::chrono::microseconds(random() % 20'000));
    TakeLines(said, ledger);
    const auto frontier = DiskFrontier::Open(folder, SmallOptions());
    ASSERT_TRUE(frontier.ok()) << frontier.status().ToString();
    there = ledger.Check(**frontier, ledger.discovered() + 10 * FrontierLedger::kBatch);
  }
  EXPECT_GE(there, awaited);
}

TEST(FrontierKill, HandsOutEverythingOnceInTheEnd) {
  const ScratchFolder scratch;
  const std::string folder = scratch.Path("frontier");
  FrontierLedger ledger;
  TakeLines(KillAfter(StartWriter(folder, 0), 40, std::chrono::microseconds(0)), ledger);
  const auto frontier = DiskFrontier::Open(folder, SmallOptions());
  ASSERT_TRUE(frontier.ok());
  const uint64_t waiting = (*frontier)->Stats().waiting;
  std::set<std::string> given;
  for (Time now = CurrentTime();; now += Duration(1)) {
    const auto urls = (*frontier)->GetUrls({.max_queues = 100}, now);
    ASSERT_TRUE(urls.ok());
    if (urls->empty()) break;
    for (const LeasedUrl& url : *urls) {
      EXPECT_TRUE(given.insert(url.url).second) << url.url;
      ASSERT_TRUE((*frontier)->PutKnown({.url = url.url, .queue = url.queue}, now).ok());
    }
  }
  EXPECT_EQ(given.size(), waiting);
  EXPECT_EQ((*frontier)->Stats().waiting, 0U);
}

TEST(FrontierKill, ASecondProcessIsToldWhoHoldsIt) {
  const ScratchFolder scratch;
  const auto frontier = DiskFrontier::Open(scratch.Path("frontier"), SmallOptions());
  ASSERT_TRUE(frontier.ok());
  const auto second = DiskFrontier::Open(scratch.Path("frontier"), SmallOptions());
  ASSERT_EQ(second.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(second.status().message().find("process " + std::to_string(::getpid())), std::string::npos) << second.status().message();
  EXPECT_NE(second.status().message().find("another state folder"), std::string::npos);
}

}  // namespace
}  // namespace sakuin::crawler
