#include "crawler/seen_urls.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sakuin::crawler {
namespace {

constexpr size_t kBytes = 1 << 20;
constexpr size_t kPlaces = kBytes / 64 * 10;

std::vector<uint64_t> Fingerprints(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> out(count);
  for (uint64_t& fingerprint : out) fingerprint = random();
  return out;
}

size_t Remembered(const SeenUrls& seen, const std::vector<uint64_t>& fingerprints) {
  size_t count = 0;
  for (const uint64_t fingerprint : fingerprints) {
    seen.Expect(fingerprint);
    count += seen.Has(fingerprint) ? 1 : 0;
  }
  return count;
}

TEST(SeenUrlsTest, RemembersWhatFitsAndNothingElse) {
  SeenUrls seen(kBytes);
  const std::vector<uint64_t> known = Fingerprints(kPlaces * 85 / 100, 1);
  EXPECT_EQ(Remembered(seen, known), 0u);
  for (const uint64_t fingerprint : known) seen.Add(fingerprint);
  EXPECT_GE(Remembered(seen, known), known.size() - known.size() / 1000);
  EXPECT_EQ(Remembered(seen, Fingerprints(1'000'000, 2)), 0u);
}

TEST(SeenUrlsTest, AddingAgainTakesNoPlace) {
  SeenUrls seen(kBytes);
  const std::vector<uint64_t> known = Fingerprints(kPlaces * 85 / 100, 3);
  for (int round = 0; round < 5; ++round) {
    for (const uint64_t fingerprint : known) seen.Add(fingerprint);
  }
  EXPECT_GE(Remembered(seen, known), known.size() - known.size() / 1000);
}

TEST(SeenUrlsTest, BeyondItsRoomTheNewerStay) {
  SeenUrls seen(kBytes);
  const std::vector<uint64_t> older = Fingerprints(kPlaces * 10, 4);
  const std::vector<uint64_t> newer = Fingerprints(kPlaces / 2, 5);
  for (const uint64_t fingerprint : older) seen.Add(fingerprint);
  for (const uint64_t fingerprint : newer) seen.Add(fingerprint);
  EXPECT_GE(Remembered(seen, newer), newer.size() * 95 / 100);
  EXPECT_LE(Remembered(seen, older), kPlaces);
}

TEST(SeenUrlsTest, ForgetsAllAndHoldsSomethingInNoRoom) {
  SeenUrls seen(0);
  for (const uint64_t fingerprint : {uint64_t{0}, uint64_t{1}, ~uint64_t{0}}) {
    EXPECT_FALSE(seen.Has(fingerprint));
    seen.Add(fingerprint);
    EXPECT_TRUE(seen.Has(fingerprint));
  }
  seen.Clear();
  EXPECT_FALSE(seen.Has(0));
  EXPECT_FALSE(seen.Has(1));
}

}  // namespace
}  // namespace sakuin::crawler
