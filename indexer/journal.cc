#include "indexer/journal.h"

#include "base/bytes.h"
#include "base/record_framing.h"
#include "index/filename.h"

namespace sakuin::indexer {
namespace {

enum Kind : uint8_t { kUpsert = 1, kDelete = 2 };
enum ValueKind : uint8_t { kBool = 0, kInteger = 1, kDouble = 2, kString = 3 };


void AppendValue(const index::Value& value, std::string& out) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    AppendU8(out, kBool);
    AppendU8(out, *flag ? 1 : 0);
  } else if (const auto* number = std::get_if<int64_t>(&value)) {
    AppendU8(out, kInteger);
    AppendU64(out, static_cast<uint64_t>(*number));
  } else if (const auto* real = std::get_if<double>(&value)) {
    AppendU8(out, kDouble);
    AppendFixed(out, *real);
  } else {
    AppendU8(out, kString);
    AppendLengthPrefixed(out, std::get<std::string>(value));
  }
}

index::Value ReadValue(ByteReader& in) {
  switch (in.ReadU8()) {
    case kBool: return in.ReadU8() != 0;
    case kInteger: return static_cast<int64_t>(in.ReadU64());
    case kDouble: return in.ReadFixed<double>();
    default: return std::string(in.ReadLengthPrefixed());
  }
}

index::Document ReadDocument(ByteReader& in) {
  index::Document document;
  document.key = in.ReadLengthPrefixed();
  document.version = in.ReadU64();
  document.stored = in.ReadLengthPrefixed();
  const uint64_t fields = in.ReadVarint();
  for (uint64_t i = 0; i < fields && in.ok(); ++i) {
    std::string path(in.ReadLengthPrefixed());
    document.fields.push_back({std::move(path), ReadValue(in)});
  }
  return document;
}

Status GiveRecord(std::string_view payload, const JournalReader& reader) {
  ByteReader in(payload);
  switch (in.ReadU8()) {
    case kUpsert: {
      index::Document document = ReadDocument(in);
      if (!in.ok()) return DataLossError("a document ends too early");
      return reader.upsert(std::move(document));
    }
    case kDelete: return reader.erase(in.ReadBytes(in.remaining()));
    default: return DataLossError("a record is of no known kind");
  }
}

Status Damaged(const std::string& path, const std::string& at) {
  return DataLossError(path + " is damaged" + at +
                       ": a record does not fit its checksum; restore a backup, or remove the file to give up the writes in it");
}

}  // namespace

Result<std::unique_ptr<JournalWriter>> JournalWriter::Create(FileSystem& fs, const std::string& folder, uint64_t number) {
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.Create(JoinPath(folder, index::JournalFile(number))));
  RETURN_IF_ERROR(fs.SyncFolder(folder));
  return std::unique_ptr<JournalWriter>(new JournalWriter(std::move(file)));
}

Result<std::vector<JournalFile>> JournalsFrom(FileSystem& fs, const std::string& folder, uint64_t first) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  std::vector<JournalFile> journals;
  size_t last = 0;
  for (const std::string& name : names) {
    uint64_t number = 0;
    if (index::KindOfFile(name, &number) != index::FileKind::kJournal || number < first) continue;
    std::string path = JoinPath(folder, name);
    const Result<uint64_t> bytes = fs.Size(path);
    if (bytes.status().code() == StatusCode::kNotFound) continue;
    if (!bytes.ok()) return bytes.status();
    journals.push_back({number, std::move(path), false});
    if (*bytes > 0) last = journals.size() - 1;
  }
  for (size_t i = last; i < journals.size(); ++i) journals[i].last = true;
  return journals;
}

void JournalWriter::AddRecord(std::string_view payload) {
  AppendRecord(payload, buffer_);
}

void JournalWriter::AddUpsert(const index::Document& document) {
  std::string payload;
  AppendU8(payload, kUpsert);
  AppendLengthPrefixed(payload, document.key);
  AppendU64(payload, document.version);
  AppendLengthPrefixed(payload, document.stored);
  AppendVarint(payload, document.fields.size());
  for (const index::FieldValue& field : document.fields) {
    AppendLengthPrefixed(payload, field.path);
    AppendValue(field.value, payload);
  }
  AddRecord(payload);
}

void JournalWriter::AddDelete(std::string_view key) {
  std::string payload;
  AppendU8(payload, kDelete);
  payload.append(key);
  AddRecord(payload);
}

Status JournalWriter::Sync() {
  if (!status_.ok() || buffer_.empty()) return status_;
  status_ = file_->Append(buffer_);
  if (status_.ok()) status_ = file_->Sync();
  written_ += buffer_.size();
  buffer_.clear();
  return status_;
}

Status ReadJournal(FileSystem& fs, const std::string& path, bool last, const JournalReader& reader) {
  ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
  return ReadJournalBytes(file->bytes(), path, last, reader);
}

Status ReadJournalBytes(std::string_view bytes, const std::string& path, bool last, const JournalReader& reader) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string at = " at byte " + std::to_string(bytes.size() - rest.size());
    std::string_view payload;
    const RecordState state = ReadRecord(rest, payload);
    if (last && (state == RecordState::kUnfinished || (state == RecordState::kDamaged && EndsInZeros(rest)))) return OkStatus();
    if (state != RecordState::kWhole) return Damaged(path, at);
    RETURN_IF_ERROR(GiveRecord(payload, reader).WithContext(path + at));
    rest.remove_prefix(RecordBytes(payload.size()));
  }
  return OkStatus();
}

}  // namespace sakuin::indexer
