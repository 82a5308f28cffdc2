#include "crawler/duplicate_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::crawler {
namespace {

TextFingerprint Random(std::mt19937_64& random) { return {{random(), random()}, random(), 100}; }

TextFingerprint Flipped(TextFingerprint fingerprint, std::mt19937_64& random, int bits) {
  fingerprint.content = {random(), random()};
  const uint64_t before = fingerprint.simhash;
  while (SimHashDistance(before, fingerprint.simhash) < bits) fingerprint.simhash ^= uint64_t{1} << random() % 64;
  return fingerprint;
}

std::unique_ptr<DuplicateDetector> Open(FileSystem& fs, const std::string& path, DuplicateOptions options = {}) {
  Result<std::unique_ptr<DuplicateDetector>> out = DuplicateDetector::Open(fs, path, options);
  EXPECT_TRUE(out.ok()) << out.status().ToString();
  return out.ok() ? *std::move(out) : nullptr;
}

TEST(DuplicateDetectorTest, ExactNearAndNeither) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({});
  const TextFingerprint page = Random(random);
  EXPECT_EQ(seen.Find(page).kind, DuplicateKind::kNone);
  seen.Add(page, 7);
  EXPECT_EQ(seen.Find(page).kind, DuplicateKind::kExact);
  EXPECT_EQ(seen.Find(page).page, 7u);
  for (int bits = 0; bits <= 6; ++bits) {
    const DuplicateVerdict verdict = seen.Find(Flipped(page, random, bits));
    EXPECT_EQ(verdict.kind, bits <= 3 ? DuplicateKind::kNear : DuplicateKind::kNone) << bits;
    EXPECT_EQ(verdict.page, bits <= 3 ? 7u : 0u);
  }
}

TEST(DuplicateDetectorTest, OnlyPagesThatCountAreFound) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({});
  const TextFingerprint page = Random(random);
  seen.Add(page, 1);
  seen.Add(page, 2);
  seen.Add(Flipped(page, random, 1), 3);
  const auto only = [&](uint64_t number) {
    return seen.Find(page, [number](const TextFingerprint&, uint64_t found) { return found == number; });
  };
  EXPECT_EQ(only(1).page, 1u) << "behind a later one";
  EXPECT_EQ(only(2).kind, DuplicateKind::kExact);
  EXPECT_EQ(only(3).kind, DuplicateKind::kNear);
  EXPECT_EQ(only(4).kind, DuplicateKind::kNone);
}

TEST(DuplicateDetectorTest, ShortTextsAreOnlyExact) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({});
  TextFingerprint page = Random(random);
  page.shingles = 49;
  seen.Add(page, 1);
  EXPECT_EQ(seen.Find(page).kind, DuplicateKind::kExact);
  EXPECT_EQ(seen.Find(Flipped(page, random, 0)).kind, DuplicateKind::kNone);
  TextFingerprint longer = Flipped(page, random, 0);
  longer.shingles = 51;
  EXPECT_EQ(seen.Find(longer).kind, DuplicateKind::kNone);
}

TEST(DuplicateDetectorTest, NamesMustBeTheSame) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({});
  TextFingerprint page = Random(random);
  page.name = 1;
  seen.Add(page, 1);
  TextFingerprint other = Flipped(page, random, 1);
  EXPECT_EQ(seen.Find(other).kind, DuplicateKind::kNear);
  other.name = 2;
  EXPECT_EQ(seen.Find(other).kind, DuplicateKind::kNone);
}

TEST(DuplicateDetectorTest, MayBeAskedForEqualTextsOnly) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({.near = false});
  const TextFingerprint page = Random(random);
  seen.Add(page, 1);
  EXPECT_EQ(seen.Find(page).kind, DuplicateKind::kExact);
  EXPECT_EQ(seen.Find(Flipped(page, random, 0)).kind, DuplicateKind::kNone);
}

TEST(DuplicateDetectorTest, LengthsMustBeAlike) {
  std::mt19937_64 random(1);
  DuplicateDetector seen({});
  const TextFingerprint page = Random(random);
  seen.Add(page, 1);
  TextFingerprint other = Flipped(page, random, 1);
  other.shingles = 111;
  EXPECT_EQ(seen.Find(other).kind, DuplicateKind::kNear);
  other.shingles = 130;
  EXPECT_EQ(seen.Find(other).kind, DuplicateKind::kNone);
}

// Pages of a template that differ in numbers only, and a copy of one of them.
TEST(DuplicateDetectorTest, PagesThatDifferInNumbersAreAllKept) {
  const auto page = [](int n) {
    const std::string number = std::to_string(n);
    return FingerprintOf("Page " + number + " menu menu Article number" + number + " tells of topic" + std::to_string(n % 7) + ". x y");
  };
  DuplicateDetector seen({});
  for (int n = 0; n < 120; ++n) {
    EXPECT_EQ(seen.Find(page(n)).kind, DuplicateKind::kNone) << n;
    seen.Add(page(n), static_cast<uint64_t>(n));
  }
  EXPECT_EQ(seen.Find(page(5)).kind, DuplicateKind::kExact);
  EXPECT_EQ(seen.Find(page(5)).page, 5u);
}

TEST(DuplicateDetectorTest, FindsWhatLookingAtAllFinds) {
  std::mt19937_64 random(20241121);
  constexpr size_t kMost = 500;
  DuplicateDetector seen({.max_pages = kMost});
  std::vector<TextFingerprint> all;
  size_t near = 0;
  for (int i = 0; i < 5000; ++i) {
    const bool like_another = !all.empty() && random() % 2 == 0;
    const TextFingerprint next = like_another ? Flipped(all[random() % all.size()], random, static_cast<int>(random() % 6)) : Random(random);
    const size_t first = all.size() - std::min(all.size(), kMost);
    const bool expected = std::any_of(all.begin() + static_cast<ptrdiff_t>(first), all.end(),
                                      [&](const TextFingerprint& other) { return SimHashDistance(other.simhash, next.simhash) <= 3; });
    ASSERT_EQ(seen.Find(next).kind, expected ? DuplicateKind::kNear : DuplicateKind::kNone) << i;
    near += expected ? 1 : 0;
    seen.Add(next, static_cast<uint64_t>(i));
    all.push_back(next);
    ASSERT_EQ(seen.Find(next).kind, DuplicateKind::kExact);
    if (all.size() <= kMost) continue;
    ASSERT_NE(seen.Find(all[all.size() - kMost - 1]).kind, DuplicateKind::kExact);
    ASSERT_EQ(seen.Find(all[all.size() - kMost]).kind, DuplicateKind::kExact);
  }
  EXPECT_EQ(seen.pages(), kMost);
  EXPECT_GT(near, 100u);
}

// Pages of a template: they share a piece, and none is near to another.
TEST(DuplicateDetectorTest, PagesOfATemplateAreNotAllLookedAt) {
  std::mt19937_64 random(5);
  DuplicateDetector seen({.max_walk = 10});
  const TextFingerprint first = Random(random);
  const TextFingerprint second = Random(random);
  const auto like = [&](const TextFingerprint& page) {  // its first piece, and nothing else
    TextFingerprint other = Random(random);
    other.simhash = (other.simhash & ~uint64_t{0xFFFF}) | (page.simhash & 0xFFFF);
    return other;
  };
  TextFingerprint near_first = first;
  near_first.content = {1, 1};
  near_first.simhash ^= (uint64_t{1} << 20) | (uint64_t{1} << 40) | (uint64_t{1} << 60);
  TextFingerprint near_second = second;
  near_second.content = {2, 2};
  near_second.simhash ^= (uint64_t{1} << 20) | (uint64_t{1} << 40) | (uint64_t{1} << 60);
  seen.Add(first, 1);
  seen.Add(second, 2);
  for (uint64_t i = 0; i < 10; ++i) seen.Add(like(first), 10 + i);
  for (uint64_t i = 0; i < 9; ++i) seen.Add(like(second), 20 + i);
  EXPECT_EQ(seen.Find(near_first).kind, DuplicateKind::kNone) << "ten came since that share its only piece";
  EXPECT_EQ(seen.Find(near_second).page, 2U);
  EXPECT_EQ(seen.Find(first).kind, DuplicateKind::kExact) << "however many came since";
}

TEST(DuplicateDetectorTest, ItIsRemembered) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("duplicates");
  std::mt19937_64 random(3);
  std::vector<TextFingerprint> all;
  for (int i = 0; i < 3000; ++i) all.push_back(Random(random));
  {
    const std::unique_ptr<DuplicateDetector> seen = Open(PosixFileSystem(), path);
    for (size_t i = 0; i < all.size(); ++i) seen->Add(all[i], i);
    ASSERT_TRUE(seen->Sync().ok());
  }
  const std::unique_ptr<DuplicateDetector> again = Open(PosixFileSystem(), path);
  EXPECT_EQ(again->pages(), all.size());
  for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(again->Find(all[i]).page, i);
}

TEST(DuplicateDetectorTest, TheFileIsWrittenAnewWhenItIsTooLong) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("duplicates");
  std::mt19937_64 random(3);
  TextFingerprint last;
  for (int round = 0; round < 30; ++round) {
    const std::unique_ptr<DuplicateDetector> seen = Open(PosixFileSystem(), path, {.max_pages = 10});
    EXPECT_EQ(seen->Find(last).kind, round == 0 ? DuplicateKind::kNone : DuplicateKind::kExact);
    for (int i = 0; i < 7; ++i) seen->Add(last = Random(random), 1);
    ASSERT_TRUE(seen->Sync().ok());
    EXPECT_LT(*PosixFileSystem().Size(path), 60u * 30) << round;
  }
}

TEST(DuplicateDetectorTest, ATornEndIsCutOffAndDamageIsTold) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("duplicates");
  std::mt19937_64 random(3);
  {
    const std::unique_ptr<DuplicateDetector> seen = Open(PosixFileSystem(), path);
    for (int i = 0; i < 3; ++i) seen->Add(Random(random), 1);
    ASSERT_TRUE(seen->Sync().ok());
  }
  const std::string whole = *PosixFileSystem().ReadAll(path);
  for (size_t size = 0; size < whole.size(); size += 3) {
    ASSERT_TRUE(WriteNewFile(PosixFileSystem(), path, whole.substr(0, size)).ok());
    const std::unique_ptr<DuplicateDetector> seen = Open(PosixFileSystem(), path);
    ASSERT_EQ(seen->pages(), size * 3 / whole.size());
    seen->Add(Random(random), 1);
    ASSERT_TRUE(seen->Sync().ok());
    ASSERT_EQ(Open(PosixFileSystem(), path)->pages(), size * 3 / whole.size() + 1);
  }
  std::string damaged = whole;
  damaged[20] ^= 1;
  ASSERT_TRUE(WriteNewFile(PosixFileSystem(), path, damaged).ok());
  EXPECT_EQ(DuplicateDetector::Open(PosixFileSystem(), path, {}).status().code(), StatusCode::kDataLoss);
}

TEST(DuplicateDetectorTest, PowerGoesAtEveryPoint) {
  for (size_t n = 1;; ++n) {
    const ScratchFolder scratch;
    const std::string path = scratch.Path("duplicates");
    FaultyFileSystem fs(PosixFileSystem());
    fs.PowerOffAt(n);
    std::mt19937_64 random(3);
    size_t synced = 0;
    bool finished = false;
    if (Result<std::unique_ptr<DuplicateDetector>> seen = DuplicateDetector::Open(fs, path, {}); seen.ok()) {
      finished = true;
      for (int i = 0; i < 3 && finished; ++i) {
        (*seen)->Add(Random(random), 1);
        finished = (*seen)->Sync().ok();
        if (finished) ++synced;
      }
    }
    fs.Restart(FaultyFileSystem::UnsyncedNames::kLost);
    EXPECT_GE(Open(PosixFileSystem(), path)->pages(), synced) << n;
    if (finished) break;
  }
}

}  // namespace
}  // namespace sakuin::crawler
