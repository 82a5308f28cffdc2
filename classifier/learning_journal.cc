#include "classifier/learning_journal.h"

#include "base/bytes.h"
#include "base/record_framing.h"

namespace sakuin::classifier {
namespace {

constexpr std::string_view kName = "journal";

Status GiveRecord(std::string_view payload, const LearningJournal::Reader& reader) {
  ByteReader in(payload);
  const uint8_t kind = in.ReadU8();
  Example example;
  example.id = in.ReadLengthPrefixed();
  const uint64_t labels = in.ReadVarint();
  for (uint64_t i = 0; i < labels && in.ok(); ++i) example.labels.emplace_back(in.ReadLengthPrefixed());
  example.text = in.ReadLengthPrefixed();
  const bool known = kind == static_cast<uint8_t>(JournalKind::kLearn) || kind == static_cast<uint8_t>(JournalKind::kUnlearn);
  if (!in.ok() || !in.AtEnd() || !known) return DataLossError("a record of the journal cannot be read");
  return reader(static_cast<JournalKind>(kind), example);
}

}  // namespace

std::string LearningJournal::PathIn(const std::string& folder) { return JoinPath(folder, kName); }

void LearningJournal::Add(JournalKind kind, const Example& example) {
  std::string payload;
  AppendU8(payload, static_cast<uint8_t>(kind));
  AppendLengthPrefixed(payload, example.id);
  AppendVarint(payload, example.labels.size());
  for (const std::string& label : example.labels) AppendLengthPrefixed(payload, label);
  AppendLengthPrefixed(payload, example.text);
  AppendRecord(payload, held_);
  synced_ = false;
  if (held_.size() < kMaxHeldBytes) return;
  if (status_.ok()) status_ = Write();
  held_ = std::string();
}

Status LearningJournal::Write() {
  if (file_ == nullptr) {
    ASSIGN_OR_RETURN(file_, fs_.Create(PathIn(folder_)));
    RETURN_IF_ERROR(fs_.SyncFolder(folder_));
    std::string head;
    AppendU64(head, checksum_);
    std::string record;
    AppendRecord(head, record);
    RETURN_IF_ERROR(file_->Append(record));
  }
  return file_->Append(held_);
}

Status LearningJournal::Sync() {
  if (synced_) return status_;
  if (status_.ok()) status_ = Write();
  if (status_.ok()) status_ = file_->Sync();
  synced_ = status_.ok();
  held_.clear();
  return status_;
}

Status LearningJournal::Replay(std::string_view bytes, const std::string& path, uint64_t model_checksum, const Reader& reader) {
  std::string_view rest = bytes;
  for (bool first = true; !rest.empty(); first = false) {
    const std::string at = path + " at byte " + std::to_string(bytes.size() - rest.size());
    std::string_view payload;
    const RecordState state = ReadRecord(rest, payload);
    if (state == RecordState::kUnfinished || (state == RecordState::kDamaged && EndsInZeros(rest))) return OkStatus();
    if (state == RecordState::kDamaged || (first && payload.size() != sizeof(uint64_t))) {
      return DataLossError(at + " is damaged; remove the file to give up what was learned since the model was written");
    }
    if (!first) RETURN_IF_ERROR(GiveRecord(payload, reader).WithContext(at));
    if (first && LoadUnaligned<uint64_t>(payload.data()) != model_checksum) return OkStatus();
    rest.remove_prefix(RecordBytes(payload.size()));
  }
  return OkStatus();
}

Result<uint64_t> LearningJournal::PendingBytes(FileSystem& fs, const std::string& folder, uint64_t model_checksum) {
  constexpr size_t kHead = RecordBytes(sizeof(uint64_t));
  const std::string path = PathIn(folder);
  const Result<std::string> head = fs.ReadSome(path, 0, kHead);
  if (head.status().code() == StatusCode::kNotFound) return uint64_t{0};
  if (!head.ok()) return head.status();
  std::string_view payload;
  const RecordState state = ReadRecord(*head, payload);
  if (state == RecordState::kUnfinished || (state == RecordState::kDamaged && EndsInZeros(*head))) return uint64_t{0};
  const bool names_model = state == RecordState::kWhole && payload.size() == sizeof(uint64_t);
  if (names_model && LoadUnaligned<uint64_t>(payload.data()) != model_checksum) return uint64_t{0};
  const Result<uint64_t> size = fs.Size(path);
  return size.ok() && *size > kHead ? *size - kHead : 0;
}

}  // namespace sakuin::classifier
