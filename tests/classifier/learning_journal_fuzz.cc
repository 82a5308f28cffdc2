// Any bytes as a journal, as they are (first byte 'r') and as the payload of the
// second record, with checksums that fit.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/checksum.h"
#include "classifier/learning_journal.h"

namespace sakuin::classifier {
namespace {

constexpr uint64_t kModel = 7;

std::string RecordOf(const std::string& payload) {
  std::string size;
  AppendU32(size, static_cast<uint32_t>(payload.size()));
  std::string record = size;
  AppendU32(record, static_cast<uint32_t>(Checksum(size)));
  record += payload;
  AppendU64(record, Checksum(payload));
  return record;
}

void Fuzz(const std::string& bytes) {
  const auto read = [&bytes](JournalKind kind, const Example& example) {
    if (kind != JournalKind::kLearn && kind != JournalKind::kUnlearn) __builtin_trap();
    // Each label takes a byte at least; a document of a multi-label model may have none.
    if (example.labels.size() > bytes.size()) __builtin_trap();
    return OkStatus();
  };
  const Status status = LearningJournal::Replay(bytes, "j", kModel, read);
  if (!status.ok() && status.code() != StatusCode::kDataLoss) __builtin_trap();
}

}  // namespace
}  // namespace sakuin::classifier

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::classifier;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  std::string model;
  sakuin::AppendU64(model, kModel);
  Fuzz(data[0] == 'r' ? bytes : RecordOf(model) + RecordOf(bytes));
  return 0;
}
