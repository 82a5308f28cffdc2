#include "crawler/frontier_records.h"

#include <algorithm>

#include "base/bytes.h"

namespace sakuin::crawler {
namespace {

constexpr std::string_view kTitle = "sakuin frontier ";
// Of all that stands in the folder of a crawl: records here, notes, fingerprints (simhash.h, page_fingerprint.h).
// 1: what is known of waiting URLs stood in `urls`. 2: no redirects in records; fingerprints of whole texts without names.
constexpr uint8_t kVersion = 3;
constexpr uint8_t kKnown = 0x80;  // beside the phase
constexpr uint8_t kRetry = 0x40;
constexpr uint8_t kRedirected = 0x20;  // redirects led to it: how many is told

template <typename T>
void AppendBigEndian(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

template <typename T>
T ReadBigEndian(std::string_view bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value << 8 | static_cast<uint8_t>(bytes[i]));
  return value;
}

// Never before 1970, so that keys are in order.
uint64_t Milliseconds(Time time) { return static_cast<uint64_t>(std::max<Duration::rep>(time.time_since_epoch().count(), 0)); }

void AppendTime(std::string& out, Time time) { AppendVarint(out, ZigZag(time.time_since_epoch().count())); }
Time ReadTime(ByteReader& in) { return Time(Duration(UnZigZag(in.ReadVarint()))); }

Status Unreadable(std::string_view what) {
  return DataLossError(std::string(what) + " of the frontier cannot be read; restore the state of the crawl from a copy, or begin a new one");
}

}  // namespace

std::string QueueKey(QueueId queue) {
  std::string key;
  AppendBigEndian(key, queue);
  return key;
}

std::string UrlKey(QueueId queue, std::string_view url) {
  std::string key;
  key.reserve(sizeof(QueueId) + url.size());
  AppendBigEndian(key, queue);
  key.append(url);
  return key;
}

std::string WaitingKey(QueueId queue, WaitingPlace place) {
  std::string key;
  AppendBigEndian(key, queue);
  AppendBigEndian(key, static_cast<uint8_t>(UINT8_MAX - place.priority));
  AppendBigEndian(key, place.number);
  return key;
}

std::string ScheduleKey(Time time, QueueId queue, std::string_view url) {
  std::string key;
  key.reserve(sizeof(uint64_t) + sizeof(QueueId) + url.size());
  AppendBigEndian(key, Milliseconds(time));
  AppendBigEndian(key, queue);
  key.append(url);
  return key;
}

Result<QueueId> ParseQueueKey(std::string_view key) {
  if (key.size() != sizeof(QueueId)) return Unreadable("a queue's number");
  return ReadBigEndian<QueueId>(key);
}

Result<WaitingPlace> ParseWaitingKey(std::string_view key) {
  if (key.size() != sizeof(QueueId) + 1 + sizeof(uint64_t)) return Unreadable("a place in a queue");
  key.remove_prefix(sizeof(QueueId));
  return WaitingPlace{static_cast<uint8_t>(UINT8_MAX - static_cast<uint8_t>(key[0])), ReadBigEndian<uint64_t>(key.substr(1))};
}

Result<ScheduleEntry> ParseScheduleKey(std::string_view key) {
  constexpr size_t kHead = sizeof(uint64_t) + sizeof(QueueId);
  if (key.size() < kHead) return Unreadable("an entry of the schedule");
  const Time time{Duration(static_cast<Duration::rep>(ReadBigEndian<uint64_t>(key)))};
  return ScheduleEntry{time, ReadBigEndian<QueueId>(key.substr(sizeof(uint64_t))), key.substr(kHead)};
}

std::string EncodePlace(const UrlRecord& record) {
  std::string out;
  const int flags = (record.known ? kKnown : 0) | (record.is_retry ? kRetry : 0) | (record.redirects > 0 ? kRedirected : 0);
  AppendU8(out, static_cast<uint8_t>(static_cast<int>(record.phase) | flags));
  AppendU8(out, record.place.priority);
  if (record.phase == UrlPhase::kWaiting) AppendVarint(out, record.place.number);
  return out;
}

std::string EncodeUrlRecord(const UrlRecord& record) {
  std::string out = EncodePlace(record);
  AppendVarint(out, record.depth);
  if (record.redirects > 0) AppendVarint(out, record.redirects);
  if (record.phase == UrlPhase::kScheduled) AppendTime(out, record.refetch_at);
  AppendLengthPrefixed(out, record.discovered_from);
  out.append(record.metadata);
  return out;
}

Result<UrlRecord> DecodeUrlRecord(std::string_view bytes) {
  ByteReader in(bytes);
  UrlRecord record;
  const uint8_t head = in.ReadU8();
  record.phase = static_cast<UrlPhase>(head & ~(kKnown | kRetry | kRedirected));
  record.known = (head & kKnown) != 0;
  record.is_retry = (head & kRetry) != 0;
  record.place.priority = in.ReadU8();
  if (record.phase == UrlPhase::kWaiting) record.place.number = in.ReadVarint();
  const bool is_place = record.phase == UrlPhase::kWaiting && in.AtEnd();
  if (is_place && in.ok() && !record.is_retry) return record;
  record.depth = in.ReadVarint32();
  if ((head & kRedirected) != 0) record.redirects = in.ReadVarint32();
  if (record.phase == UrlPhase::kScheduled) record.refetch_at = ReadTime(in);
  record.discovered_from = in.ReadLengthPrefixed();
  record.metadata = in.ReadBytes(in.remaining());
  const bool phase_known = record.phase >= UrlPhase::kWaiting && record.phase <= UrlPhase::kDone;
  const bool fits = !record.is_retry || record.phase == UrlPhase::kScheduled;
  if (!in.ok() || !phase_known || !fits) return Unreadable("a URL");
  return record;
}

std::string EncodeWaiting(std::string_view url, const UrlRecord& record) {
  std::string out;
  AppendLengthPrefixed(out, url);
  return out += EncodeUrlRecord(record);
}

Result<WaitingUrl> DecodeWaiting(std::string_view bytes) {
  ByteReader in(bytes);
  WaitingUrl waiting;
  waiting.url = in.ReadLengthPrefixed();
  if (!in.ok()) return Unreadable("a URL that waits");
  ASSIGN_OR_RETURN(waiting.record, DecodeUrlRecord(in.ReadBytes(in.remaining())));
  return waiting;
}

std::string EncodeQueueRecord(const QueueRecord& record) {
  std::string out;
  AppendLengthPrefixed(out, record.name);
  AppendLengthPrefixed(out, record.address);
  AppendVarint(out, ZigZag(record.delay.count()));
  AppendTime(out, record.blocked_until);
  AppendVarint(out, record.limit + 1);  // no limit: 0
  for (const uint64_t count : {record.waiting, record.scheduled, record.done, record.completed}) AppendVarint(out, count);
  AppendU8(out, record.active ? 1 : 0);
  return out;
}

Result<QueueRecord> DecodeQueueRecord(std::string_view bytes) {
  ByteReader in(bytes);
  QueueRecord record;
  record.name = in.ReadLengthPrefixed();
  record.address = in.ReadLengthPrefixed();
  record.delay = Duration(UnZigZag(in.ReadVarint()));
  record.blocked_until = ReadTime(in);
  record.limit = in.ReadVarint() - 1;
  for (uint64_t* count : {&record.waiting, &record.scheduled, &record.done, &record.completed}) *count = in.ReadVarint();
  record.active = in.ReadU8() != 0;
  if (!in.ok() || !in.AtEnd() || record.name.empty()) return Unreadable("a queue");
  return record;
}

std::string EncodeFrontierRecord(const FrontierRecord& record) {
  std::string out(kTitle);
  AppendU8(out, kVersion);
  AppendU64(out, record.next_number);
  return out;
}

Result<FrontierRecord> DecodeFrontierRecord(std::string_view bytes) {
  ByteReader in(bytes);
  const bool title = in.ReadBytes(kTitle.size()) == kTitle;
  const uint8_t version = in.ReadU8();
  if (title && in.ok() && version != kVersion) {
    return FailedPreconditionError("the frontier has version " + std::to_string(version) + "; this program reads version " +
                                   std::to_string(kVersion) + "; begin again with a new folder");
  }
  FrontierRecord record;
  record.next_number = in.ReadU64();
  if (!title || !in.ok() || !in.AtEnd()) return Unreadable("the head");
  return record;
}

}  // namespace sakuin::crawler
