#include "crawler/politeness.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace sakuin::crawler {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kNow{seconds(784111777)};

TEST(HostDelay, IsTheSlowerOfRateAndCrawlDelay) {
  PolitenessOptions options;
  EXPECT_EQ(HostDelay(options, std::nullopt).delay, seconds(1));
  EXPECT_EQ(HostDelay(options, milliseconds(200)).delay, seconds(1));
  EXPECT_EQ(HostDelay(options, seconds(5)).delay, seconds(5));
  EXPECT_FALSE(HostDelay(options, seconds(30)).partial);
  options.pages_per_second = 8;
  EXPECT_EQ(HostDelay(options, std::nullopt).delay, milliseconds(125));
  options.pages_per_second = 3000;
  EXPECT_EQ(HostDelay(options, std::nullopt).delay, milliseconds(1)) << "never faster than asked for";
  options.pages_per_second = 0;
  EXPECT_EQ(HostDelay(options, std::nullopt).delay, seconds(0));
  options.pages_per_second = 1e-300;
  EXPECT_EQ(HostDelay(options, std::nullopt).delay, hours(24));
}

TEST(HostDelay, CutsLongCrawlDelaysAndSaysSo) {
  const Delay delay = HostDelay({}, hours(24 * 365));
  EXPECT_EQ(delay.delay, seconds(30));
  EXPECT_TRUE(delay.partial);
}

TEST(AfterVisit, RestsAsLongAsTheAnswerTook) {
  PolitenessOptions options;
  HostConduct conduct;
  EXPECT_EQ(AfterVisit(options, {.http_status = 200, .took = milliseconds(700)}, conduct).rest, milliseconds(700));
  EXPECT_EQ(AfterVisit(options, {.http_status = 200, .took = hours(1)}, conduct).rest, options.max_rest);
  EXPECT_EQ(AfterVisit(options, {.http_status = 200, .took = milliseconds(-5)}, conduct).rest, seconds(0));
  options.rest_factor = 2.5;
  EXPECT_EQ(AfterVisit(options, {.http_status = 404, .took = milliseconds(100)}, conduct).rest, milliseconds(250));
}

TEST(AfterVisit, BlocksForTheTimeThatIsAskedFor) {
  const PolitenessOptions options;
  HostConduct conduct;
  EXPECT_EQ(AfterVisit(options, {.http_status = 429, .retry_after = seconds(2)}, conduct).blocked, seconds(2));
  EXPECT_EQ(AfterVisit(options, {.http_status = 503, .retry_after = seconds(2)}, conduct).blocked, seconds(20)) << "2 seconds were too few";
  EXPECT_EQ(AfterVisit(options, {.http_status = 503, .retry_after = seconds(100)}, conduct).blocked, seconds(100));
  EXPECT_EQ(AfterVisit(options, {.http_status = 503, .retry_after = hours(100)}, conduct).blocked, options.max_retry_after);
}

// Of a server with thousands of names one that is down for hours must not be all that is asked for.
TEST(AfterVisit, OtherNamesOfAnAddressAreBlockedToo) {
  const PolitenessOptions options;
  HostConduct conduct;
  EXPECT_EQ(AfterVisit(options, {.http_status = 429, .retry_after = seconds(5)}, conduct).shared, seconds(5));
  EXPECT_EQ(AfterVisit(options, {.http_status = 503, .retry_after = hours(1)}, conduct).shared, options.max_shared_block);
  EXPECT_EQ(AfterVisit(options, {.http_status = 200}, conduct).shared, seconds(0));
  for (int i = 0; i < 9; ++i) EXPECT_EQ(AfterVisit(options, {.http_status = 0}, conduct).shared, seconds(0)) << "a name may fail by itself";
}

TEST(AfterVisit, DoublesBlocksAndRecovers) {
  const PolitenessOptions options;
  HostConduct conduct;
  for (const int expected : {10, 20, 40, 80}) {
    EXPECT_EQ(AfterVisit(options, {.http_status = 429}, conduct).blocked, seconds(expected));
  }
  for (int i = 0; i < 100; ++i) EXPECT_LE(AfterVisit(options, {.http_status = 503}, conduct).blocked, options.max_block);
  EXPECT_EQ(AfterVisit(options, {.http_status = 503}, conduct).blocked, options.max_block);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(AfterVisit(options, {.http_status = 200}, conduct).blocked, seconds(0));
  EXPECT_EQ(AfterVisit(options, {.http_status = 429}, conduct).blocked, seconds(10));
}

TEST(AfterVisit, BlocksAHostThatFailsInARow) {
  const PolitenessOptions options;
  HostConduct conduct;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(AfterVisit(options, {.http_status = i % 2 == 0 ? 0 : 500}, conduct).blocked, seconds(0));
  for (const int expected : {10, 20, 40}) EXPECT_EQ(AfterVisit(options, {.http_status = 0}, conduct).blocked, seconds(expected));
  EXPECT_EQ(AfterVisit(options, {.http_status = 200}, conduct).blocked, seconds(0));
  EXPECT_EQ(AfterVisit(options, {.http_status = 0}, conduct).blocked, seconds(0)) << "an answer ends the row";
}

// Whatever a host answers: blocks are bounded, and a block never shrinks while the host goes on refusing.
TEST(AfterVisit, IsBoundedAndGrowsOverAnyHistory) {
  const PolitenessOptions options;
  std::mt19937 random(7);
  for (int run = 0; run < 200; ++run) {
    HostConduct conduct;
    Duration last_refusal{0};
    for (int i = 0; i < 200; ++i) {
      const int status = std::array{200, 404, 301, 429, 503, 500, 0}[random() % 7];
      const Pause pause = AfterVisit(options, {.http_status = status, .took = milliseconds(random() % 100'000)}, conduct);
      EXPECT_GE(pause.blocked, seconds(0));
      EXPECT_LE(pause.blocked, options.max_block);
      EXPECT_LE(pause.rest, options.max_rest);
      if (ConductOf(status) == Conduct::kRefused) {
        EXPECT_GE(pause.blocked, last_refusal) << "seed 7, run " << run << ", visit " << i;
        last_refusal = pause.blocked;
      } else if (ConductOf(status) == Conduct::kAnswered) {
        last_refusal = Duration(0);
      }
    }
  }
}

TEST(Budget, IsSpentByPagesOrBytes) {
  PolitenessOptions options;
  HostConduct conduct{.pages = 2};
  AfterVisit(options, {.http_status = 200, .bytes = 700}, conduct);
  EXPECT_FALSE(IsBudgetSpent(options, conduct));
  options.max_pages = 3;
  options.max_bytes = 1000;
  EXPECT_FALSE(IsBudgetSpent(options, conduct));
  ++conduct.pages;
  EXPECT_TRUE(IsBudgetSpent(options, conduct));
  options.max_pages = 0;
  EXPECT_FALSE(IsBudgetSpent(options, conduct));
  AfterVisit(options, {.http_status = 200, .bytes = 300}, conduct);
  EXPECT_TRUE(IsBudgetSpent(options, conduct));
}

}  // namespace
}  // namespace sakuin::crawler
