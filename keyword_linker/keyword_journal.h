// keyword_journal.h: keywords that were added and deleted since a base was built.
//
//   ASSIGN_OR_RETURN(auto journal, KeywordJournal::Create(fs, path));
//   journal->Add({ChangeKind::kAdd, {"Tokyo", "/wiki/Tokyo", 0}});   // many, then one
//   RETURN_IF_ERROR(journal->Sync());                // now all of them are acknowledged
//
// A record is its size (u32), a checksum of the size (u32), the payload (kind, u8,
// priority, i32, keyword and target with a varint length each) and the payload's
// checksum (u64). The last journal may end within a record, or in the zeros of a
// file that grew before its bytes came: that was never acknowledged. Any other
// damage is DATA_LOSS. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/dictionary.h"

namespace sakuin::keyword_linker {

enum class ChangeKind : uint8_t { kAdd = 1, kDelete = 2 };

struct KeywordChange {
  ChangeKind kind = ChangeKind::kAdd;
  Entry entry;  // the keyword alone for kDelete
};

class KeywordJournal {
 public:
  // Durable as a file, and empty, when OK.
  static Result<std::unique_ptr<KeywordJournal>> Create(FileSystem& fs, const std::string& path);
  // One that is there: what stands behind its first `whole` bytes is cut away.
  static Result<std::unique_ptr<KeywordJournal>> Continue(FileSystem& fs, const std::string& path, uint64_t whole);

  void Add(const KeywordChange& change);

  // Durable when OK. After an error nothing more can be acknowledged.
  Status Sync();

  uint64_t bytes() const { return written_ + buffer_.size(); }
  bool pending() const { return !buffer_.empty(); }

 private:
  KeywordJournal(std::unique_ptr<WritableFile> file, uint64_t written) : file_(std::move(file)), written_(written) {}

  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
  uint64_t written_ = 0;
  Status status_;
};

using ChangeReader = std::function<Status(const KeywordChange&)>;

// Gives every record of a journal's bytes from `from` on, in order; returns where in
// the file the last whole one ends. `last`: an unfinished record at the end is no damage.
Result<uint64_t> ReadKeywordJournal(std::string_view rest, uint64_t from, const std::string& path, bool last, const ChangeReader& reader);

}  // namespace sakuin::keyword_linker
