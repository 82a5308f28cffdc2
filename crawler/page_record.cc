#include "crawler/page_record.h"

#include "base/bytes.h"

namespace sakuin::crawler {
namespace {

// 1: up to last_modified. 2: with what follows.
constexpr uint8_t kVersion = 2;
constexpr uint8_t kStored = 1;
constexpr uint8_t kListing = 2;
constexpr uint8_t kUndated = 4;

std::string_view Bounded(const std::string& validator) { return validator.size() > kMaxValidatorBytes ? std::string_view() : validator; }

}  // namespace

std::string EncodePageRecord(const PageRecord& record) {
  std::string out;
  AppendU8(out, kVersion);
  AppendU8(out, static_cast<uint8_t>((record.stored ? kStored : 0) | (record.listing ? kListing : 0) | (record.undated ? kUndated : 0)));
  AppendVarint(out, ZigZag(record.fetched.time_since_epoch().count()));
  AppendVarint(out, ZigZag(record.interval.count()));
  AppendU64(out, record.content_hash);
  AppendVarint(out, record.absences);
  AppendVarint(out, record.failures);
  AppendLengthPrefixed(out, Bounded(record.etag));
  AppendLengthPrefixed(out, Bounded(record.last_modified));
  AppendVarint(out, ZigZag(record.listed.time_since_epoch().count()));
  AppendVarint(out, record.false_alarms);
  AppendU64(out, record.scope);
  AppendVarint(out, ZigZag(record.archived.time_micros));
  AppendLengthPrefixed(out, record.archived.payload_digest);
  AppendLengthPrefixed(out, record.leads_to);
  return out;
}

Result<PageRecord> DecodePageRecord(std::string_view bytes) {
  ByteReader in(bytes);
  const uint8_t version = in.ReadU8();
  PageRecord record;
  const uint8_t flags = in.ReadU8();
  record.stored = (flags & kStored) != 0;
  record.listing = (flags & kListing) != 0;
  record.undated = (flags & kUndated) != 0;
  record.fetched = Time(Duration(UnZigZag(in.ReadVarint())));
  record.interval = Duration(UnZigZag(in.ReadVarint()));
  record.content_hash = in.ReadU64();
  record.absences = in.ReadVarint32();
  record.failures = in.ReadVarint32();
  record.etag = in.ReadLengthPrefixed();
  record.last_modified = in.ReadLengthPrefixed();
  if (version != 1) {
    record.listed = Time(Duration(UnZigZag(in.ReadVarint())));
    record.false_alarms = in.ReadVarint32();
    record.scope = in.ReadU64();
    record.archived.time_micros = UnZigZag(in.ReadVarint());
    record.archived.payload_digest = in.ReadLengthPrefixed();
    record.leads_to = in.ReadLengthPrefixed();
  }
  if (!in.ok() || !in.AtEnd() || version < 1 || version > kVersion) return DataLossError("what is kept of a page cannot be read");
  return record;
}

}  // namespace sakuin::crawler
