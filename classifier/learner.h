// learner.h: a model that learns and unlearns, durably.
//
//   ASSIGN_OR_RETURN(const auto learner, Learner::Open(fs, "spam.model", &pool));
//   RETURN_IF_ERROR(learner->Learn(example));    // many, then one
//   RETURN_IF_ERROR(learner->Sync());            // durable, even if the process is killed now
//   RETURN_IF_ERROR(learner->Commit());          // the model file is what was learned
//
// Sync writes a journal in the folder `spam.model.learning`, which is also the lock
// of the one process that may learn. What a killed process has left there is
// brought into the model by whoever opens a Learner or calls FinishLearning next.
// Commit replaces the file at once, by rename. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/file.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "classifier/learning_journal.h"
#include "classifier/model.h"
#include "classifier/training_set.h"

namespace sakuin::classifier {

struct LearningCounts {
  uint64_t learned = 0;
  uint64_t known = 0;  // were learned before: nothing changed
  uint64_t unlearned = 0;
  uint64_t unknown = 0;  // to be unlearned, but never learned: nothing changed
};

class Learner {
 public:
  // Of a model that is there. UNAVAILABLE when another process is learning.
  static Result<std::unique_ptr<Learner>> Open(FileSystem& fs, const std::string& path, ThreadPool* pool);
  // Of a new model, in place of one that may be there.
  static Result<std::unique_ptr<Learner>> Create(FileSystem& fs, const std::string& path, bool multi_label, ThreadPool* pool);

  // INVALID_ARGUMENT: the model takes one label for a document, or has too many.
  Status Learn(const Example& example);
  Status Unlearn(const Example& example);
  Status Sync();
  Status Commit();

  const LearningCounts& counts() const { return counts_; }
  const TrainingSet& set() const { return set_; }

 private:
  Learner(FileSystem& fs, std::string path, bool multi_label, ThreadPool* pool)
      : fs_(fs), path_(std::move(path)), folder_(path_ + ".learning"), set_(multi_label), pool_(pool) {}
  Status Load();
  Status Take(JournalKind kind, const Example& example);
  Status CheckLabels(const Example& example) const;

  FileSystem& fs_;
  std::string path_;
  std::string folder_;
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<LearningJournal> journal_;  // null for a new model
  TrainingSet set_;
  ThreadPool* pool_;
  LearningCounts counts_;
  bool changed_ = false;
  std::vector<Unit> units_;
};

// Brings in what a killed process has learned; nothing when there is nothing, or while another process learns.
Status FinishLearning(FileSystem& fs, const std::string& path, ThreadPool* pool);

}  // namespace sakuin::classifier
