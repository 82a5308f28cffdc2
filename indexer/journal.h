// journal.h: writes that are durable before they are in a segment.
//
//   ASSIGN_OR_RETURN(auto journal, JournalWriter::Create(fs, folder, number));
//   journal->AddUpsert(document);               // many, then one
//   RETURN_IF_ERROR(journal->Sync());           // group commit: now all of them are acknowledged
//
// A record is its size (u32), a checksum of the size (u32), the payload (kind, u8,
// and the write) and the payload's checksum (u64). The last journal may end within
// a record, or in the zeros of a file that grew before its bytes came: that was
// never acknowledged and is dropped. Any other damage is DATA_LOSS. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "indexer/mapped_document.h"

namespace sakuin::indexer {

class JournalWriter {
 public:
  static Result<std::unique_ptr<JournalWriter>> Create(FileSystem& fs, const std::string& folder, uint64_t number);

  // `document` as it will be mapped again at replay.
  void AddUpsert(const index::Document& document);
  void AddDelete(std::string_view key);

  // Durable when OK. After an error nothing more can be acknowledged.
  Status Sync();

  uint64_t bytes() const { return written_ + buffer_.size(); }
  size_t pending_bytes() const { return buffer_.size(); }

 private:
  explicit JournalWriter(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
  void AddRecord(std::string_view payload);

  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
  uint64_t written_ = 0;
  Status status_;
};

struct JournalFile {
  uint64_t number = 0;
  std::string path;
  bool last = false;  // being written when its writer ended; an empty one may follow
};

// The journals of a folder from number `first` on, in order; without one that a
// writer removes meanwhile, because it is committed.
Result<std::vector<JournalFile>> JournalsFrom(FileSystem& fs, const std::string& folder, uint64_t first);

struct JournalReader {
  std::function<Status(index::Document)> upsert;
  std::function<Status(std::string_view key)> erase;
};

// Gives every write of one journal, in order. `last`: it was being written when
// the process ended, so that an unfinished record at its end is no damage.
Status ReadJournal(FileSystem& fs, const std::string& path, bool last, const JournalReader& reader);
// The same of its bytes; `path` is for messages.
Status ReadJournalBytes(std::string_view bytes, const std::string& path, bool last, const JournalReader& reader);

}  // namespace sakuin::indexer
