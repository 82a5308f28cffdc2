#include "index/filename.h"

#include <charconv>

namespace sakuin::index {
namespace {

constexpr std::string_view kManifestPrefix = "manifest-";
constexpr std::string_view kJournalPrefix = "journal-";
constexpr std::string_view kSegmentPrefix = "segment-";

constexpr size_t kDigits = 20;

std::string Padded(uint64_t number) {
  std::string digits = std::to_string(number);
  return std::string(kDigits - digits.size(), '0') + digits;
}

// Only as Padded writes it.
bool ParseNumber(std::string_view digits, uint64_t* number) {
  if (digits.size() != kDigits) return false;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  if (number != nullptr) *number = value;
  return true;
}

bool BeginsAsOne(std::string_view name) {
  const auto begins = [name](std::string_view prefix) { return name.starts_with(prefix); };
  return begins(kManifestPrefix) || begins(kJournalPrefix) || begins(kSegmentPrefix) || begins(kCurrentFile) || begins(kSchemaFile);
}

}  // namespace

std::string ManifestFile(uint64_t generation) { return std::string(kManifestPrefix) + Padded(generation); }
std::string SegmentFile(std::string_view segment) { return std::string(kSegmentPrefix).append(segment).append(".seg"); }
std::string JournalFile(uint64_t number) { return std::string(kJournalPrefix) + Padded(number); }

std::string DeletesFile(std::string_view segment, uint64_t generation) {
  return std::string(kSegmentPrefix).append(segment).append(".").append(std::to_string(generation)).append(".del");
}

FileKind KindOfFile(std::string_view name, uint64_t* number) {
  if (name == kCurrentFile) return FileKind::kCurrent;
  if (name == kSchemaFile) return FileKind::kSchema;
  if (name.ends_with(".tmp")) return BeginsAsOne(name) ? FileKind::kTemporary : FileKind::kOther;
  if (name.starts_with(kManifestPrefix)) return ParseNumber(name.substr(kManifestPrefix.size()), number) ? FileKind::kManifest : FileKind::kOther;
  if (name.starts_with(kJournalPrefix)) return ParseNumber(name.substr(kJournalPrefix.size()), number) ? FileKind::kJournal : FileKind::kOther;
  if (name.starts_with(kSegmentPrefix)) {
    if (name.ends_with(".seg")) return FileKind::kSegment;
    if (name.ends_with(".del")) return FileKind::kDeletes;
  }
  return FileKind::kOther;
}

bool IsIncidental(std::string_view name) { return name.starts_with('.') || name == "lost+found"; }

std::string Hex(uint64_t value) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  std::string hex(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) hex[i] = kHexDigits[value & 15];
  return hex;
}

}  // namespace sakuin::index
