// learning_journal.h: what was learned and unlearned and is not yet in the model file.
//
//   ASSIGN_OR_RETURN(auto journal, LearningJournal::Create(fs, folder, model.checksum()));
//   journal->Add(JournalKind::kLearn, example);   // many, then one
//   RETURN_IF_ERROR(journal->Sync());             // now all of them are acknowledged
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
  // In place of one that is there.
  static Result<std::unique_ptr<LearningJournal>> Create(FileSystem& fs, const std::string& folder, uint64_t model_checksum);

  void Add(JournalKind kind, const Example& example);

  // Durable when OK. After an error nothing more can be acknowledged.
  Status Sync();

  static std::string PathIn(const std::string& folder);

  using Reader = std::function<Status(JournalKind, const Example&)>;
  // Gives every record of a journal that belongs to the model, in order.
  static Status Replay(std::string_view bytes, const std::string& path, uint64_t model_checksum, const Reader& reader);

 private:
  explicit LearningJournal(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
  void AddRecord(std::string_view payload);

  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
  Status status_;
};

}  // namespace sakuin::classifier
