// learning_journal.h: what was learned and unlearned and is not yet in the model file.
//
//   LearningJournal journal(fs, folder, model.checksum());
//   journal.Add(JournalKind::kLearn, example);    // many, then one
//   RETURN_IF_ERROR(journal.Sync());              // now all of them are acknowledged
//
// A journal belongs to one state of the model, which it names by checksum: beside
// any other model it is of the past, and its records are in the model already. A
// record is its size (u32), a checksum of the size (u32), the payload, and the
// payload's checksum (u64). The end may be a record that was being written: it was
// never acknowledged and is dropped. Any other damage is DATA_LOSS. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"
#include "classifier/training_set.h"

namespace sakuin::classifier {

enum class JournalKind : uint8_t { kLearn = 1, kUnlearn = 2 };

class LearningJournal {
 public:
  // More than this, and a record, is never held in memory.
  static constexpr size_t kMaxHeldBytes = size_t{1} << 20;

  // Nothing is written before there is a record to write: then the file takes the place of one that is there.
  // REQUIRES: `fs` outlives this, and the folder is there.
  LearningJournal(FileSystem& fs, std::string folder, uint64_t model_checksum) : fs_(fs), folder_(std::move(folder)), checksum_(model_checksum) {}

  // An error of writing is told by the next Sync.
  void Add(JournalKind kind, const Example& example);

  // Durable when OK. After an error nothing more can be acknowledged.
  Status Sync();

  static std::string PathIn(const std::string& folder);

  using Reader = std::function<Status(JournalKind, const Example&)>;
  // Gives every record of a journal that belongs to the model, in order.
  static Status Replay(std::string_view bytes, const std::string& path, uint64_t model_checksum, const Reader& reader);

  // How many bytes of records the file in this folder holds that belong to the model; 0 where there is no file, or one
  // of the past. Looks at the first record only; where that is damaged the file counts, since who learns next refuses it.
  static Result<uint64_t> PendingBytes(FileSystem& fs, const std::string& folder, uint64_t model_checksum);

 private:
  Status Write();

  FileSystem& fs_;
  std::string folder_;
  uint64_t checksum_;
  std::unique_ptr<WritableFile> file_;  // null: nothing is written yet
  std::string held_;                    // records that are not written yet
  bool synced_ = true;
  Status status_;
};

}  // namespace sakuin::classifier
