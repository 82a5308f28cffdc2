#include "crawler/frontier_records.h"

#include <gtest/gtest.h>

#include <random>

namespace sakuin::crawler {
namespace {

TEST(FrontierRecords, KeysAreInTheOrderOfWhatTheyMean) {
  EXPECT_LT(WaitingKey(1, {200, 9}), WaitingKey(1, {100, 2})) << "a higher priority is sooner";
  EXPECT_LT(WaitingKey(1, {100, 255}), WaitingKey(1, {100, 256}));
  EXPECT_LT(WaitingKey(255, {0, 9}), WaitingKey(256, {255, 0}));
  EXPECT_LT(ScheduleKey(Time(Duration(255)), 9, "b"), ScheduleKey(Time(Duration(256)), 1, "a"));
  EXPECT_EQ(ScheduleKey(Time(Duration(-5)), 1, "a"), ScheduleKey(Time(), 1, "a"));
  EXPECT_LT(UrlKey(1, "z"), UrlKey(2, "a"));
}

TEST(FrontierRecords, KeysCanBeRead) {
  const WaitingPlace place{7, 1234567};
  EXPECT_EQ(*ParseWaitingKey(WaitingKey(3, place)), place);
  const std::string key = ScheduleKey(Time(Duration(1234567890123)), 77, "http://a/");
  const Result<ScheduleEntry> entry = ParseScheduleKey(key);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->time, Time(Duration(1234567890123)));
  EXPECT_EQ(entry->queue, 77U);
  EXPECT_EQ(entry->url, "http://a/");
  EXPECT_EQ(*ParseQueueKey(QueueKey(77)), 77U);
  EXPECT_FALSE(ParseQueueKey("abc").ok());
  EXPECT_FALSE(ParseWaitingKey("abc").ok());
  EXPECT_FALSE(ParseScheduleKey("abc").ok());
}

TEST(FrontierRecords, SurviveTheirEncoding) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 2000; ++i) {
    UrlRecord url;
    url.phase = static_cast<UrlPhase>(1 + random() % 3);
    url.known = random() % 2 == 0;
    url.place.priority = static_cast<uint8_t>(random());
    if (url.phase == UrlPhase::kWaiting) url.place.number = random() >> (random() % 64);
    url.depth = static_cast<uint32_t>(random() >> (32 + random() % 32));
    url.is_retry = url.phase == UrlPhase::kScheduled && random() % 2 == 0;
    if (url.phase == UrlPhase::kScheduled) url.refetch_at = Time(Duration(random() >> 20));
    url.redirects = random() % 2 == 0 ? 0 : static_cast<uint32_t>(random() >> (32 + random() % 32));
    url.discovered_from.assign(random() % 5, 'f');
    url.metadata.assign(random() % 5, '\xFF');
    EXPECT_EQ(*DecodeUrlRecord(EncodeUrlRecord(url)), url);
    const std::string waiting = EncodeWaiting("http://a/", url);
    EXPECT_EQ(DecodeWaiting(waiting)->url, "http://a/");
    EXPECT_EQ(DecodeWaiting(waiting)->record, url);
    if (url.phase == UrlPhase::kWaiting) {
      EXPECT_EQ(DecodeUrlRecord(EncodePlace(url))->place, url.place);
    }
    QueueRecord queue;
    queue.name = "a.example";
    queue.address.assign(random() % 3, '1');
    queue.delay = random() % 2 == 0 ? QueueRecord::kDefaultDelay : Duration(random() >> 40);
    queue.blocked_until = Time(Duration(random() >> 20));
    queue.limit = random() % 2 == 0 ? kNoCrawlLimit : random() >> 30;
    queue.waiting = random() >> 20;
    queue.completed = random() >> 50;
    queue.active = random() % 2 == 0;
    EXPECT_EQ(*DecodeQueueRecord(EncodeQueueRecord(queue)), queue);
  }
}

TEST(FrontierRecords, OtherVersionsAreRefusedByName) {
  std::string bytes = EncodeFrontierRecord({42});
  EXPECT_EQ(DecodeFrontierRecord(bytes)->next_number, 42U);
  ++bytes[bytes.size() - sizeof(uint64_t) - 1];
  EXPECT_EQ(DecodeFrontierRecord(bytes).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(DecodeFrontierRecord("nothing").status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sakuin::crawler
