// record_framing.h: records in a file that only grows: the journals.
//
//   AppendRecord(payload, out);
//   for (std::string_view rest = bytes; ReadRecord(rest, payload) == RecordState::kWhole;) {
//     Use(payload);
//     rest.remove_prefix(RecordBytes(payload.size()));
//   }
//
// A record is its size (u32), the low half of the size's checksum, the payload,
// and the payload's checksum (u64): a torn end is told from damage in the middle.
// Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/checksum.h"

namespace sakuin {

inline constexpr size_t kRecordHeadBytes = 8;
inline constexpr size_t kRecordTailBytes = 8;

inline constexpr size_t RecordBytes(size_t payload) { return kRecordHeadBytes + payload + kRecordTailBytes; }

enum class RecordState { kWhole, kUnfinished, kDamaged };

inline void AppendRecord(std::string_view payload, std::string& out) {
  std::string size;
  AppendU32(size, static_cast<uint32_t>(payload.size()));
  out.append(size);
  AppendU32(out, static_cast<uint32_t>(Checksum(size)));
  out.append(payload);
  AppendU64(out, Checksum(payload));
}

// What `rest` begins with; `payload` is set when it is whole.
inline RecordState ReadRecord(std::string_view rest, std::string_view& payload) {
  if (rest.size() < kRecordHeadBytes) return RecordState::kUnfinished;
  const size_t size = LoadUnaligned<uint32_t>(rest.data());
  if (static_cast<uint32_t>(Checksum(rest.substr(0, 4))) != LoadUnaligned<uint32_t>(rest.data() + 4)) return RecordState::kDamaged;
  if (rest.size() < RecordBytes(size)) return RecordState::kUnfinished;
  payload = rest.substr(kRecordHeadBytes, size);
  return Checksum(payload) == LoadUnaligned<uint64_t>(payload.data() + size) ? RecordState::kWhole : RecordState::kDamaged;
}

// A file that grew before its bytes came ends in zeros, more than a checksum ends in.
inline bool EndsInZeros(std::string_view rest) {
  return rest.size() >= kRecordTailBytes && rest.find_last_not_of('\0') + 1 <= rest.size() - kRecordTailBytes;
}

}  // namespace sakuin
