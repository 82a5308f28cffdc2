#include "keyword_linker/keyword_journal.h"

#include "base/bytes.h"
#include "base/record_framing.h"

namespace sakuin::keyword_linker {
namespace {

Result<KeywordChange> DecodeChange(std::string_view payload) {
  ByteReader in(payload);
  const uint8_t kind = in.ReadU8();
  KeywordChange change;
  change.entry.priority = static_cast<int32_t>(in.ReadU32());
  change.entry.keyword = in.ReadLengthPrefixed();
  change.entry.target = in.ReadLengthPrefixed();
  const bool known = kind == static_cast<uint8_t>(ChangeKind::kAdd) || kind == static_cast<uint8_t>(ChangeKind::kDelete);
  if (!in.ok() || !in.AtEnd() || !known || change.entry.keyword.empty()) return DataLossError("a record of the journal cannot be read");
  change.kind = static_cast<ChangeKind>(kind);
  return change;
}

}  // namespace

Result<std::unique_ptr<KeywordJournal>> KeywordJournal::Create(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.Create(path));
  RETURN_IF_ERROR(file->Sync());
  RETURN_IF_ERROR(fs.SyncFolder(FolderOf(path)));
  return std::unique_ptr<KeywordJournal>(new KeywordJournal(std::move(file), 0));
}

Result<std::unique_ptr<KeywordJournal>> KeywordJournal::Continue(FileSystem& fs, const std::string& path, uint64_t whole) {
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  if (size > whole) RETURN_IF_ERROR(fs.Truncate(path, whole));
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.OpenForAppend(path));
  RETURN_IF_ERROR(file->Sync());  // the cut, and whole records that nobody has acknowledged
  return std::unique_ptr<KeywordJournal>(new KeywordJournal(std::move(file), whole));
}

void KeywordJournal::Add(const KeywordChange& change) {
  std::string payload;
  AppendU8(payload, static_cast<uint8_t>(change.kind));
  AppendU32(payload, static_cast<uint32_t>(change.entry.priority));
  AppendLengthPrefixed(payload, change.entry.keyword);
  AppendLengthPrefixed(payload, change.entry.target);
  AppendRecord(payload, buffer_);
}

Status KeywordJournal::Sync() {
  if (!status_.ok() || buffer_.empty()) return status_;
  status_ = file_->Append(buffer_);
  if (status_.ok()) status_ = file_->Sync();
  written_ += buffer_.size();
  buffer_.clear();
  return status_;
}

Result<uint64_t> ReadKeywordJournal(std::string_view rest, uint64_t from, const std::string& path, bool last, const ChangeReader& reader) {
  while (!rest.empty()) {
    const std::string at = path + " at byte " + std::to_string(from);
    std::string_view payload;
    const RecordState state = ReadRecord(rest, payload);
    if (last && (state == RecordState::kUnfinished || (state == RecordState::kDamaged && EndsInZeros(rest)))) break;
    if (state != RecordState::kWhole) {
      return DataLossError(at + " is damaged; restore the folder from a copy, or cut the file there to give up what was changed since");
    }
    const Result<KeywordChange> change = DecodeChange(payload);
    if (!change.ok()) return change.status().WithContext(at);
    RETURN_IF_ERROR(reader(*change).WithContext(at));
    rest.remove_prefix(RecordBytes(payload.size()));
    from += RecordBytes(payload.size());
  }
  return from;
}

}  // namespace sakuin::keyword_linker
