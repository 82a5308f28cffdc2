// frontier_records.h: what the tables of a frontier on disk hold, as bytes.
//
//   table      key                                           value
//   urls       queue (u32), URL                              UrlRecord; of a waiting one its place
//   waiting    queue (u32), 255 - priority (u8), number (u64)   URL, UrlRecord
//   schedule   time (u64, ms since 1970), queue (u32), URL   nothing
//   retries    the same                                      nothing
//   queues     queue (u32)                                   QueueRecord
//   queues     nothing                                       FrontierRecord
//   notes      of the crawler                                of the crawler
//
// Numbers in keys are big-endian, so that bytes are in the order of numbers: the next URL of a queue is the
// first key of its prefix, and what is due stands at the begin of the schedule. Pure: thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "crawler/crawl_time.h"
#include "crawler/frontier.h"

namespace sakuin::crawler {

using QueueId = uint32_t;

// Where a waiting URL stands in its queue: smaller is sooner.
struct WaitingPlace {
  uint8_t priority = 0;
  uint64_t number = 0;  // counts what has ever begun to wait

  bool operator==(const WaitingPlace&) const = default;
  bool operator<(const WaitingPlace& other) const { return priority != other.priority ? priority > other.priority : number < other.number; }
};

inline constexpr WaitingPlace kFirstPlace{UINT8_MAX, 0};

struct UrlRecord {
  UrlPhase phase = UrlPhase::kWaiting;
  bool known = false;
  WaitingPlace place;  // of a waiting one; of others the priority counts
  uint32_t depth = 0;
  Time refetch_at{};     // of a scheduled one
  bool is_retry = false;  // of a scheduled one: it stands in `retries`
  uint32_t redirects = 0;
  std::string discovered_from;
  std::string metadata;

  bool operator==(const UrlRecord&) const = default;
};

struct QueueRecord {
  static constexpr Duration kDefaultDelay{-1};

  std::string name;
  std::string address;
  Duration delay = kDefaultDelay;
  Time blocked_until{};
  uint64_t limit = kNoCrawlLimit;
  uint64_t waiting = 0;
  uint64_t scheduled = 0;
  uint64_t done = 0;
  uint64_t completed = 0;
  bool active = true;

  bool operator==(const QueueRecord&) const = default;
};

struct FrontierRecord {
  uint64_t next_number = 0;

  bool operator==(const FrontierRecord&) const = default;
};

std::string QueueKey(QueueId queue);  // also the prefix of a queue in `urls` and `waiting`
std::string UrlKey(QueueId queue, std::string_view url);
std::string WaitingKey(QueueId queue, WaitingPlace place);
std::string ScheduleKey(Time time, QueueId queue, std::string_view url);

// What stands behind the queue in a key of `waiting`; the whole of a key of `schedule`. DATA_LOSS.
struct ScheduleEntry {
  Time time{};
  QueueId queue = 0;
  std::string_view url;  // in the key
};
Result<QueueId> ParseQueueKey(std::string_view key);
Result<WaitingPlace> ParseWaitingKey(std::string_view key);
Result<ScheduleEntry> ParseScheduleKey(std::string_view key);

std::string EncodeUrlRecord(const UrlRecord& record);
std::string EncodePlace(const UrlRecord& waiting);
std::string EncodeWaiting(std::string_view url, const UrlRecord& record);
std::string EncodeQueueRecord(const QueueRecord& record);
std::string EncodeFrontierRecord(const FrontierRecord& record);
// DATA_LOSS; FAILED_PRECONDITION for a frontier of another version.
Result<UrlRecord> DecodeUrlRecord(std::string_view bytes);  // also of a place, which has nothing else
struct WaitingUrl {
  std::string_view url;  // in the bytes
  UrlRecord record;
};
Result<WaitingUrl> DecodeWaiting(std::string_view bytes);
Result<QueueRecord> DecodeQueueRecord(std::string_view bytes);
Result<FrontierRecord> DecodeFrontierRecord(std::string_view bytes);

}  // namespace sakuin::crawler
