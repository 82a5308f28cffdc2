// live_dictionary.h: a dictionary that changes while texts are linked with it.
//
//   ASSIGN_OR_RETURN(auto live, LiveDictionary::Open(fs, "site.keywords", {}));
//   RETURN_IF_ERROR(live->Add({"Tokyo", "/wiki/Tokyo", 0}));   // many, then one
//   RETURN_IF_ERROR(live->Commit());                 // durable, and seen by the next Snapshot
//   LinkStream stream({*live->Snapshot()}, {}, sink);
//
// A folder: a base (a dictionary as sakuin keywords build makes it), a journal of
// what came after, and a small dictionary of that in memory (dictionary_delta.h).
// What Commit has answered for is there after kill -9 and power loss. Fold makes
// base and changes a new version of the base; that may take seconds for a million
// keywords and happens on a thread of its own when there are many changes, while
// all else goes on. Some versions are kept, and RollBack makes one current again.
//
// One process may change a folder (UNAVAILABLE for others); any number read it
// with LiveDictionaryReader. Thread-safe; Snapshot never waits for a change.
// Files: live_folder.h.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/dictionary_builder.h"
#include "keyword_linker/dictionary_delta.h"
#include "keyword_linker/dictionary_view.h"
#include "keyword_linker/keyword_journal.h"
#include "keyword_linker/live_folder.h"
#include "keyword_linker/refolded_dictionary.h"

namespace sakuin::keyword_linker {

struct LiveOptions {
  uint64_t fold_after = 50'000;                    // changed keywords; 0: only when asked
  uint64_t fold_after_bytes = uint64_t{64} << 20;  // of the journal, where the same keywords change again and again
  size_t versions = 4;                             // kept, at least 1; the current one always is
};

class LiveDictionary {
 public:
  // A new folder, or one that holds no live dictionary yet. ALREADY_EXISTS. Leaves the builder empty.
  static Status Create(FileSystem& fs, const std::string& folder, DictionaryBuilder& keywords);

  // NOT_FOUND; UNAVAILABLE while another process has it open so; DATA_LOSS. What a
  // killed process has left is brought in. A version that was built with other rules
  // of folding is folded first; when that fails it is done in memory, and WaitForFold tells.
  static Result<std::unique_ptr<LiveDictionary>> Open(FileSystem& fs, const std::string& folder, const LiveOptions& options);
  // Waits for a fold; what was not committed is given up.
  ~LiveDictionary();
  LiveDictionary(const LiveDictionary&) = delete;
  LiveDictionary& operator=(const LiveDictionary&) = delete;

  // In place of the same keyword, if it is there. INVALID_ARGUMENT as CheckEntry.
  Status Add(const Entry& entry);
  // Nothing where it is not there. The very keyword, not others that fold to it.
  void Delete(std::string_view keyword);
  // After an error nothing more is acknowledged: open the folder again.
  Status Commit();

  // What is committed. Constant time.
  std::shared_ptr<const DictionaryView> Snapshot() const;
  uint64_t keywords() const;  // of it
  uint64_t changes() const;   // keywords added, replaced and deleted by this object, and committed

  // Commits, and makes a new version of what there is; when nothing has changed
  // since the last one, nothing. Waits; others do not. An error changes nothing.
  Status Fold();
  // Waits for a fold in the background; what was wrong with the last one, told once.
  // Nothing is lost by it, and it is tried again when twice as much has changed.
  Status WaitForFold();

  std::vector<DictionaryVersion> versions() const;
  uint64_t current_version() const;
  // The keywords that were to be deleted, and were not there, since this was asked last.
  std::vector<std::string> TakeMissing();
  // Folds first, so that what there is becomes a version too. NOT_FOUND. Commits wait meanwhile.
  Status RollBack(uint64_t version);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct OwnedChange {
    ChangeKind kind = ChangeKind::kAdd;
    std::string keyword;
    std::string target;
    int32_t priority = 0;
    KeywordChange View() const { return {kind, {keyword, target, priority}}; }
  };

  LiveDictionary(FileSystem& fs, std::string folder, const LiveOptions& options)
      : fs_(fs), folder_(std::move(folder)), options_(options), fold_at_(options.fold_after), fold_at_bytes_(options.fold_after_bytes) {}
  Status Load();
  Status CommitPending();
  Status Publish();
  Status StartJournal();
  // What is not const holds the lock; these two let go of it while they write and read a base.
  Status MakeVersion(Lock& lock);
  Status MakeCurrent(uint64_t version);
  Status Use(OpenedBase base, LiveState state, const std::vector<OwnedChange>& changes);
  void ForgetOldVersions(LiveState& state) const;
  void StartFold();
  void FoldInBackground();
  bool IsFoldDue() const { return delta_->changed() >= fold_at_ || journal_->bytes() >= fold_at_bytes_; }
  Status FoldNow(Lock& lock);

  FileSystem& fs_;
  const std::string folder_;
  const LiveOptions options_;
  std::unique_ptr<FileLock> folder_lock_;

  mutable std::mutex mutex_;
  // Guarded by mutex_:
  Status status_;  // an error after which nothing is acknowledged
  LiveState state_;
  std::unique_ptr<DictionaryDelta> delta_;
  bool refolded_ = false;  // the base is not as its file
  std::unique_ptr<KeywordJournal> journal_;
  uint64_t journal_number_ = 0;
  std::vector<OwnedChange> pending_;  // not yet committed
  std::vector<std::string> missing_;  // to be deleted, and not there
  std::vector<OwnedChange> since_;    // committed while a fold is at work
  bool folding_ = false;              // a version is being made or made current, by one thread
  bool rolling_back_ = false;         // commits wait
  std::condition_variable idle_;
  Status fold_status_;
  uint64_t fold_at_ = 0;         // changed keywords
  uint64_t fold_at_bytes_ = 0;   // of the journal
  uint64_t wanted_version_ = 0;  // is not forgotten: it will be rolled back to
  uint64_t changes_ = 0;

  mutable std::mutex view_mutex_;  // held to copy or swap one pointer
  std::shared_ptr<const DictionaryView> view_;
  std::thread fold_thread_;
};

}  // namespace sakuin::keyword_linker
