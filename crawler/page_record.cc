#include "crawler/page_record.h"

#include "base/bytes.h"

namespace sakuin::crawler {
namespace {

constexpr uint8_t kVersion = 1;

std::string_view Bounded(const std::string& validator) { return validator.size() > kMaxValidatorBytes ? std::string_view() : validator; }

}  // namespace

std::string EncodePageRecord(const PageRecord& record) {
  std::string out;
  AppendU8(out, kVersion);
  AppendU8(out, record.stored ? 1 : 0);
  AppendVarint(out, ZigZag(record.fetched.time_since_epoch().count()));
  AppendVarint(out, ZigZag(record.interval.count()));
  AppendU64(out, record.content_hash);
  AppendVarint(out, record.absences);
  AppendVarint(out, record.failures);
  AppendLengthPrefixed(out, Bounded(record.etag));
  AppendLengthPrefixed(out, Bounded(record.last_modified));
  return out;
}

Result<PageRecord> DecodePageRecord(std::string_view bytes) {
  ByteReader in(bytes);
  const uint8_t version = in.ReadU8();
  PageRecord record;
  record.stored = in.ReadU8() != 0;
  record.fetched = Time(Duration(UnZigZag(in.ReadVarint())));
  record.interval = Duration(UnZigZag(in.ReadVarint()));
  record.content_hash = in.ReadU64();
  record.absences = in.ReadVarint32();
  record.failures = in.ReadVarint32();
  record.etag = in.ReadLengthPrefixed();
  record.last_modified = in.ReadLengthPrefixed();
  if (!in.ok() || !in.AtEnd() || version != kVersion) return DataLossError("what is kept of a page cannot be read");
  return record;
}

}  // namespace sakuin::crawler
