// learner.h: a model that learns and unlearns, durably.
//
//   ASSIGN_OR_RETURN(const auto learner, Learner::Open(fs, "spam.model", &pool));
//   RETURN_IF_ERROR(learner->Learn(example));    // many, then one
//   RETURN_IF_ERROR(learner->Sync());            // durable, even if the process is killed now
//   RETURN_IF_ERROR(learner->Commit());          // the model file is what was learned
//
// Sync writes a journal in the folder `spam.model.learning`, which is also the lock
// of the one process that may make or change this model. What a killed process has
// left there is brought into the model by whoever opens a Learner next; until then
// who only reads the model does without it, and PendingNote says so.
// Commit replaces the file at once, by rename. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

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
  uint64_t wordless = 0;  // of those learned: with nothing in their text that a feature could be of
};

class Learner {
 public:
  // Of a model that is there. UNAVAILABLE when another process is learning.
  static Result<std::unique_ptr<Learner>> Open(FileSystem& fs, const std::string& path, ThreadPool* pool);

  // Of a new model, which takes the place of one that may be there, with what is in its journal: when it is
  // committed, and not before. Until then nothing of it is durable. UNAVAILABLE as Open.
  static Result<std::unique_ptr<Learner>> Create(FileSystem& fs, const std::string& path, bool multi_label, ThreadPool* pool);

  // The same with all that these models have learned, also what is only in their journals; they are read, not changed,
  // but for `path` where it is one of them. FAILED_PRECONDITION: some are of several labels for a document, some of one.
  // INVALID_ARGUMENT: they have too many labels.
  static Result<std::unique_ptr<Learner>> Merge(FileSystem& fs, const std::string& path, const std::vector<std::string>& models, ThreadPool* pool);

  // INVALID_ARGUMENT: the model takes one label for a document, or has too many.
  Status Learn(const Example& example);
  Status Unlearn(const Example& example);

  // FAILED_PRECONDITION for a model that is new and not committed yet.
  Status Sync();

  // May be followed by more of all. When it fails, what was synced is still durable, and nothing more can be.
  Status Commit();

  const LearningCounts& counts() const { return counts_; }
  const TrainingSet& set() const { return set_; }

 private:
  Learner(FileSystem& fs, std::string path, bool multi_label, ThreadPool* pool)
      : fs_(fs), path_(std::move(path)), folder_(path_ + ".learning"), set_(multi_label), pool_(pool) {}
  Status Lock();
  Status Read();
  Status Load();
  Status Take(JournalKind kind, const Example& example);
  Status CheckLabels(const Example& example) const;
  Status Write();

  FileSystem& fs_;
  std::string path_;
  std::string folder_;
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<LearningJournal> journal_;  // null for a new model
  TrainingSet set_;
  ThreadPool* pool_;
  LearningCounts counts_;
  uint64_t checksum_ = 0;  // of the model file
  bool changed_ = false;   // since then
  Status failed_;          // why nothing more can be made durable
  std::vector<Unit> units_;
};

// For who reads the model with this checksum: a line that says that more was learned than it knows, and what to do.
// Empty when there is no more. Writes nothing and waits for nobody.
std::string PendingNote(FileSystem& fs, const std::string& path, uint64_t model_checksum);

}  // namespace sakuin::classifier
