#include "crawler/revisit.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace sakuin::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Time kStart{hours(400'000)};

Sighting Page(Time now, uint64_t hash) { return {.http_status = 200, .content_hash = hash, .etag = "\"a\"", .last_modified = "", .now = now}; }
Sighting Status(Time now, int status) { return {.http_status = status, .content_hash = 0, .etag = "", .last_modified = "", .now = now}; }

TEST(Revisit, FirstTimeIsStored) {
  const RevisitOptions options;
  const NextVisit next = AfterSighting(options, std::nullopt, Page(kStart, 7));
  EXPECT_EQ(next.fate, PageFate::kStore);
  EXPECT_EQ(next.at, kStart + options.first_interval);
  EXPECT_TRUE(next.record.stored);
  EXPECT_EQ(next.record.etag, "\"a\"");
}

TEST(Revisit, ChangedComesSoonerAndUnchangedLater) {
  const RevisitOptions options;
  const NextVisit first = AfterSighting(options, std::nullopt, Page(kStart, 7));
  const NextVisit changed = AfterSighting(options, first.record, Page(kStart, 8));
  EXPECT_EQ(changed.fate, PageFate::kStore);
  EXPECT_EQ(changed.at, kStart + options.first_interval / 2);
  const NextVisit same = AfterSighting(options, first.record, Page(kStart, 7));
  EXPECT_EQ(same.fate, PageFate::kKeep);
  EXPECT_EQ(same.at, kStart + options.first_interval * 3 / 2);
  const NextVisit not_modified = AfterSighting(options, first.record, Status(kStart, 304));
  EXPECT_EQ(not_modified.fate, PageFate::kKeep);
  EXPECT_EQ(not_modified.at, same.at);
  EXPECT_EQ(not_modified.record.etag, "\"a\"") << "a 304 need not repeat it";
  EXPECT_EQ(not_modified.record.content_hash, 7U);
}

TEST(Revisit, GoneLeavesTheIndexAndIsLookedAtAgain) {
  const RevisitOptions options;
  NextVisit next = AfterSighting(options, std::nullopt, Page(kStart, 7));
  next = AfterSighting(options, next.record, Status(kStart, 410));
  EXPECT_EQ(next.fate, PageFate::kDelete);
  EXPECT_EQ(next.at, kStart + hours(24));
  EXPECT_FALSE(next.is_retry);
  EXPECT_EQ(next.record.etag, "") << "the page must come whole when it comes back";
  next = AfterSighting(options, next.record, Status(kStart, 404));
  EXPECT_EQ(next.fate, PageFate::kKeep) << "deleted once";
  EXPECT_EQ(next.at, kStart + hours(48));
  const NextVisit back = AfterSighting(options, next.record, Page(kStart, 7));
  EXPECT_EQ(back.fate, PageFate::kStore);
  next = AfterSighting(options, next.record, Status(kStart, 404));
  EXPECT_EQ(next.at, kStart + options.max_interval) << "seldom, not never";
}

TEST(Revisit, WhatMovesForGoodLeavesAtOnceAndWhatIsRefusedLater) {
  const RevisitOptions options;
  const NextVisit first = AfterSighting(options, std::nullopt, Page(kStart, 7));
  for (const int status : {301, 308}) EXPECT_EQ(AfterSighting(options, first.record, Status(kStart, status)).fate, PageFate::kDelete);
  for (const int status : {302, 303, 307, 401, 403, 451}) {
    NextVisit next = first;
    for (int i = 0; i < 3; ++i) {
      next = AfterSighting(options, next.record, Status(kStart, status));
      EXPECT_EQ(next.fate, PageFate::kKeep) << status;
      EXPECT_TRUE(next.record.stored);
      EXPECT_EQ(next.record.etag, "\"a\"");
    }
    next = AfterSighting(options, next.record, Status(kStart, status));
    EXPECT_EQ(next.fate, PageFate::kDelete) << status;
    EXPECT_FALSE(next.record.stored);
  }
}

TEST(Revisit, FailureKeepsThePageAndTriesAgain) {
  const RevisitOptions options;
  NextVisit next = AfterSighting(options, std::nullopt, Page(kStart, 7));
  for (const int wait : {10, 20, 40, 80}) {
    next = AfterSighting(options, next.record, Status(kStart, wait == 20 ? 500 : 0));
    EXPECT_EQ(next.fate, PageFate::kKeep);
    EXPECT_EQ(next.at, kStart + minutes(wait));
    EXPECT_TRUE(next.is_retry);
    EXPECT_TRUE(next.record.stored);
    EXPECT_EQ(next.record.etag, "\"a\"");
  }
  for (int i = 0; i < 60; ++i) next = AfterSighting(options, next.record, Status(kStart, 503));
  EXPECT_EQ(next.at, kStart + options.max_failure_wait);
  Sighting lasting = Status(kStart, 0);
  lasting.may_pass = false;
  EXPECT_FALSE(AfterSighting(options, std::nullopt, lasting).is_retry);
}

// Any history: intervals stay within bounds, records survive their encoding, and the index
// holds a page exactly when the last fate that changed anything was to store it.
TEST(Revisit, HoldsOverAnyHistory) {
  const RevisitOptions options;
  std::mt19937 random(3);
  for (int run = 0; run < 500; ++run) {
    std::optional<PageRecord> record;
    bool in_index = false;
    Time now = kStart;
    for (int i = 0; i < 60; ++i) {
      const int status = std::array{200, 200, 304, 404, 500, 0, 403}[random() % 7];
      const NextVisit next = AfterSighting(options, record, status == 200 ? Page(now, random() % 3) : Status(now, status));
      EXPECT_TRUE(next.fate != PageFate::kDelete || in_index);
      if (next.fate != PageFate::kKeep) in_index = next.fate == PageFate::kStore;
      EXPECT_EQ(next.record.stored, in_index) << "seed 3, run " << run << ", visit " << i;
      EXPECT_GE(next.at - now, options.failure_wait);
      EXPECT_LE(next.at - now, options.max_interval);
      const Result<PageRecord> decoded = DecodePageRecord(EncodePageRecord(next.record));
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(*decoded, next.record);
      record = next.record;
      now = next.at;
    }
  }
}

TEST(Revisit, NotModifiedWithoutThePageIsNoPage) {
  Sighting sighting = Page(kStart, 0);
  sighting.http_status = 304;
  const NextVisit next = AfterSighting({}, std::nullopt, sighting);
  EXPECT_EQ(next.fate, PageFate::kKeep);
  EXPECT_FALSE(next.record.stored);
  EXPECT_EQ(next.record.etag, "") << "or it would never come";
}

TEST(Revisit, AListedChangeIsNewerThanTheLastFetch) {
  PageRecord record;
  record.fetched = kStart;
  EXPECT_FALSE(IsListedAsNewer({}, record, kStart, kStart + hours(1)));
  EXPECT_TRUE(IsListedAsNewer({}, record, kStart + minutes(1), kStart + hours(1)));
  EXPECT_FALSE(IsListedAsNewer({}, record, kStart + hours(2), kStart + hours(1))) << "it will have been, some day";
  record.listed = kStart + minutes(1);
  EXPECT_FALSE(IsListedAsNewer({}, record, kStart + minutes(1), kStart + hours(1))) << "it has been asked for because of that";
}

// A sitemap that says of every page that it has just been changed: so often is a page visited that never is.
TEST(Revisit, AListingThatLiesIsBelievedLessAndLess) {
  const RevisitOptions options;
  PageRecord record = AfterSighting(options, std::nullopt, Page(kStart, 7)).record;
  int visits = 0;
  for (Time now = kStart; now < kStart + hours(24 * 30); now += hours(1)) {
    const Time listed = now - minutes(1);
    if (!IsListedAsNewer(options, record, listed, now)) continue;
    record.listed = listed;
    record = AfterSighting(options, record, Page(now, 7)).record;
    ++visits;
  }
  EXPECT_LT(visits, 11);
  EXPECT_GT(visits, 4);
  const Time later = record.fetched + record.interval;
  record.listed = later;
  record = AfterSighting(options, record, Page(later, 8)).record;
  EXPECT_TRUE(IsListedAsNewer(options, record, later + hours(1), later + hours(1))) << "it was right";
}

TEST(Revisit, ADateFromAFeedIsNoChange) {
  const RevisitOptions options;
  PageRecord record = AfterSighting(options, std::nullopt, Page(kStart, 7)).record;
  record.listed = kStart + hours(1);
  record.false_alarms = 2;
  Sighting dated = Page(kStart + hours(2), 8);
  dated.undated_hash = 7;
  const NextVisit next = AfterSighting(options, record, dated);
  EXPECT_EQ(next.fate, PageFate::kDate);
  EXPECT_TRUE(next.record.stored);
  EXPECT_EQ(next.record.content_hash, 8U);
  EXPECT_EQ(next.record.interval, options.first_interval * 3 / 2);
  EXPECT_EQ(next.record.false_alarms, 3U);
  EXPECT_EQ(AfterSighting(options, next.record, dated).fate, PageFate::kKeep) << "the date is known";
  dated.undated_hash = 9;
  dated.content_hash = 10;
  EXPECT_EQ(AfterSighting(options, record, dated).fate, PageFate::kStore) << "the page has changed, too";
}

TEST(Revisit, AListingIsNoPageAndComesAgainSoon) {
  const RevisitOptions options = ForListings({});
  Sighting sitemap = Page(kStart, 7);
  sitemap.is_listing = true;
  NextVisit next = AfterSighting(options, std::nullopt, sitemap);
  EXPECT_EQ(next.fate, PageFate::kKeep);
  EXPECT_FALSE(next.record.stored);
  EXPECT_TRUE(next.record.listing);
  EXPECT_EQ(next.record.etag, "\"a\"") << "if it has not changed, it costs nothing";
  EXPECT_EQ(next.at, kStart + hours(1));
  for (int i = 0; i < 20; ++i) next = AfterSighting(options, next.record, Status(kStart, 304));
  EXPECT_TRUE(next.record.listing);
  EXPECT_EQ(next.at, kStart + hours(24));
  next = AfterSighting(options, next.record, Page(kStart, 8));
  EXPECT_EQ(next.fate, PageFate::kStore) << "it has become a page";
  EXPECT_EQ(AfterSighting(options, next.record, sitemap).fate, PageFate::kDelete) << "and is none any more";
}

TEST(PageRecord, ReadsTheFirstVersion) {
  PageRecord record;
  record.stored = true;
  record.fetched = kStart;
  record.etag = "\"abc\"";
  std::string bytes = EncodePageRecord(record);
  bytes[0] = 1;
  bytes.resize(bytes.size() - 1 - 1 - sizeof(uint64_t) - 1 - 1 - 1);
  const Result<PageRecord> read = DecodePageRecord(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, record);
  bytes[0] = 3;
  EXPECT_FALSE(DecodePageRecord(bytes).ok());
}

TEST(PageRecord, RefusesDamage) {
  PageRecord record;
  record.etag = "\"abc\"";
  record.archived = {1'700'000'000'123'456, "sha1:ABC"};
  record.leads_to = "https://example.org/";
  record.scope = 77;
  record.listing = true;
  record.undated = true;
  EXPECT_EQ(*DecodePageRecord(EncodePageRecord(record)), record);
  const std::string bytes = EncodePageRecord(record);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(DecodePageRecord(bytes.substr(0, size)).ok()) << size;
  EXPECT_FALSE(DecodePageRecord(bytes + "x").ok());
  record.etag.assign(kMaxValidatorBytes + 1, 'x');
  EXPECT_EQ(DecodePageRecord(EncodePageRecord(record))->etag, "");
}

}  // namespace
}  // namespace sakuin::crawler
