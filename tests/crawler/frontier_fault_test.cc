// A disk that fills up at any moment, and power that goes then: what was acknowledged is there when the frontier is opened
// again, and until then every call says what is wrong.

#include <gtest/gtest.h>

#include <random>

#include "crawler/disk_frontier.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"
#include "tests/crawler/faulty_env.h"
#include "tests/crawler/frontier_ledger.h"

namespace sakuin::crawler {
namespace {

constexpr int kRounds = kSanitized ? 8 : 24;
constexpr int kBatches = 120;
constexpr Time kNow{std::chrono::hours(480'000)};

DiskFrontierOptions Options(FaultyEnv& env) {
  DiskFrontierOptions options;
  options.memory_bytes = size_t{1} << 20;  // so that files are written and merged
  options.default_delay = Duration(0);
  options.env = env.env();
  return options;
}

// Works until something fails; whether everything worked.
bool Work(FaultyEnv& env, const std::string& folder, FrontierLedger& ledger) {
  const auto frontier = DiskFrontier::Open(folder, Options(env));
  if (!frontier.ok()) return false;
  for (int i = 0; i < kBatches; ++i) {
    const Status status = ledger.Work(**frontier, kNow + Duration(i));
    if (!status.ok()) {
      EXPECT_EQ(status.code(), StatusCode::kResourceExhausted) << status.ToString();
      EXPECT_FALSE((*frontier)->GetUrls({}, kNow).ok()) << "it goes on after an error";
      EXPECT_FALSE((*frontier)->Sync().ok()) << "it acknowledges after an error";
      return false;
    }
    ledger.Acknowledge();
  }
  return true;
}

struct RoundResult {
  uint64_t operations = 0;  // that the work took; merging in the background takes now more of them, now fewer
  bool worked = false;
};

RoundResult Round(uint64_t fail_from, bool power_goes, FaultyEnv& env) {
  SCOPED_TRACE("fails from operation " + std::to_string(fail_from) + (power_goes ? ", and power goes" : ""));
  const ScratchFolder scratch;
  FrontierLedger ledger;
  env.FailFrom(fail_from);
  const bool worked = Work(env, scratch.Path("frontier"), ledger);
  const RoundResult result{.operations = env.operations(), .worked = worked};
  EXPECT_TRUE(worked || result.operations >= fail_from) << "it fails though nothing has";
  env.FailFrom(UINT64_MAX);
  if (power_goes) env.LosePower();
  const auto frontier = DiskFrontier::Open(scratch.Path("frontier"), Options(env));
  if (!frontier.ok()) {
    ADD_FAILURE() << frontier.status().ToString();
    return result;
  }
  ledger.Check(**frontier, ledger.discovered() + FrontierLedger::kBatch);
  EXPECT_TRUE(ledger.Work(**frontier, kNow).ok()) << "it can go on";
  return result;
}

TEST(FrontierFault, KeepsWhatItAcknowledged) {
  FaultyEnv env;
  const uint64_t operations = Round(UINT64_MAX, true, env).operations;
  ASSERT_GT(operations, 500U);
  std::mt19937_64 random(5);
  int failed = 0;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure(); ++round) {
    // The first ones lie in the making of the files.
    const uint64_t fail_from = round % 4 == 0 ? 1 + random() % 60 : 60 + random() % (operations / 2);
    failed += Round(fail_from, round % 2 == 0, env).worked ? 0 : 1;
  }
  EXPECT_GE(failed, kRounds / 2);
}

}  // namespace
}  // namespace sakuin::crawler
