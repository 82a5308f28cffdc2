// A fold, step by step: a new journal is begun (what is in the old ones is in the
// view that is folded); the new base is written; CURRENT names it and the new
// journal. Whenever the process ends, CURRENT names a base and the first of the
// journals that hold all that came after it.
#include "keyword_linker/live_dictionary.h"

#include <algorithm>
#include <chrono>

namespace sakuin::keyword_linker {
namespace {

int64_t Now() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

Status WriteBase(FileSystem& fs, const std::string& path, const DictionaryView& view) {
  DictionaryBuilder builder;
  Status status;
  view.ForEach([&](const Entry& entry) {
    if (status.ok()) status = builder.Add(entry);
  });
  RETURN_IF_ERROR(status);
  return builder.Write(fs, path);
}

}  // namespace

Status LiveDictionary::Create(FileSystem& fs, const std::string& folder, DictionaryBuilder& keywords) {
  RETURN_IF_ERROR(CreateDurableFolder(fs, folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock, fs.LockFolder(folder));
  RETURN_IF_ERROR(CheckNoOtherFiles(fs, folder));
  const Result<LiveState> present = ReadLiveState(fs, folder);
  if (!present.ok() && present.status().code() != StatusCode::kNotFound) return present.status();
  if (present.ok()) {
    return AlreadyExistsError("there is a live dictionary in " + folder + "; add to it with sakuin keywords add, or choose another folder");
  }
  RETURN_IF_ERROR(WriteFileAtomically(fs, JoinPath(folder, kCreatingFile), ""));
  const uint64_t first = 1;
  RETURN_IF_ERROR(keywords.Write(fs, BasePath(folder, first)));
  ASSIGN_OR_RETURN(const OpenedBase base, OpenBase(fs, BasePath(folder, first)));
  ASSIGN_OR_RETURN(const std::unique_ptr<KeywordJournal> journal, KeywordJournal::Create(fs, JournalPath(folder, first)));
  RETURN_IF_ERROR(WriteLiveState(fs, folder, {first, first, first + 1, {{first, base.dictionary->entries(), Now()}}}));
  static_cast<void>(fs.Remove(JoinPath(folder, kCreatingFile)));  // else whoever opens the folder does so
  return OkStatus();
}

Result<std::unique_ptr<LiveDictionary>> LiveDictionary::Open(FileSystem& fs, const std::string& folder, const LiveOptions& options) {
  RETURN_IF_ERROR(ReadLiveState(fs, folder).status());
  std::unique_ptr<LiveDictionary> live(new LiveDictionary(fs, folder, options));
  ASSIGN_OR_RETURN(live->folder_lock_, fs.LockFolder(folder));
  RETURN_IF_ERROR(live->Load());
  return live;
}

LiveDictionary::~LiveDictionary() {
  if (fold_thread_.joinable()) fold_thread_.join();
}

Status LiveDictionary::Load() {
  ASSIGN_OR_RETURN(state_, ReadLiveState(fs_, folder_));
  ASSIGN_OR_RETURN(OpenedBase base, OpenBase(fs_, BasePath(folder_, state_.current)));
  refolded_ = base.refolded;
  delta_ = std::make_unique<DictionaryDelta>(std::move(base.dictionary));
  const auto apply = [this](const KeywordChange& change) {
    delta_->Apply(change);
    return OkStatus();
  };
  ASSIGN_OR_RETURN(const JournalPlace end, ReplayJournals(fs_, folder_, {state_.first_journal, 0}, apply));
  ASSIGN_OR_RETURN(journal_, KeywordJournal::Continue(fs_, JournalPath(folder_, end.journal), end.bytes));
  journal_number_ = end.journal;
  RETURN_IF_ERROR(Publish());
  RETURN_IF_ERROR(RemoveUnused(fs_, folder_, state_));
  if (!refolded_) return OkStatus();
  Lock lock(mutex_);
  fold_status_ = FoldNow(lock);
  return OkStatus();
}

Status LiveDictionary::Add(const Entry& entry) {
  RETURN_IF_ERROR(CheckEntry(entry));
  const Lock lock(mutex_);
  pending_.push_back({ChangeKind::kAdd, std::string(entry.keyword), std::string(entry.target), entry.priority});
  return OkStatus();
}

void LiveDictionary::Delete(std::string_view keyword) {
  if (keyword.empty()) return;
  const Lock lock(mutex_);
  pending_.push_back({ChangeKind::kDelete, std::string(keyword), {}, 0});
}

Status LiveDictionary::Commit() {
  Lock lock(mutex_);
  idle_.wait(lock, [this] { return !rolling_back_; });
  RETURN_IF_ERROR(CommitPending());
  if (options_.fold_after > 0 && !folding_ && IsFoldDue()) StartFold();
  return OkStatus();
}

// What changes nothing is not written.
Status LiveDictionary::CommitPending() {
  RETURN_IF_ERROR(status_);
  uint64_t changes = 0;
  for (OwnedChange& change : pending_) {
    if (!delta_->Apply(change.View())) {
      if (change.kind == ChangeKind::kDelete) missing_.push_back(std::move(change.keyword));
      continue;
    }
    journal_->Add(change.View());
    ++changes;
    if (folding_) since_.push_back(std::move(change));
  }
  pending_.clear();
  if (changes == 0) return OkStatus();
  status_ = journal_->Sync();
  if (status_.ok()) status_ = Publish();
  if (status_.ok()) changes_ += changes;
  return status_;
}

Status LiveDictionary::Publish() {
  ASSIGN_OR_RETURN(std::shared_ptr<const DictionaryView> view, delta_->Publish());
  const std::lock_guard<std::mutex> lock(view_mutex_);
  view_.swap(view);
  return OkStatus();
}

std::shared_ptr<const DictionaryView> LiveDictionary::Snapshot() const {
  const std::lock_guard<std::mutex> lock(view_mutex_);
  return view_;
}

// Whoever finds a journal that follows takes the one before for ended: when it cannot be begun it must not be there.
Status LiveDictionary::StartJournal() {
  const std::string path = JournalPath(folder_, journal_number_ + 1);
  Result<std::unique_ptr<KeywordJournal>> journal = KeywordJournal::Create(fs_, path);
  if (!journal.ok()) {
    if (fs_.Exists(path) && (!fs_.Remove(path).ok() || !fs_.SyncFolder(folder_).ok())) status_ = journal.status();
    return journal.status();
  }
  journal_ = *std::move(journal);
  ++journal_number_;
  return OkStatus();
}

// The base and what came after it, in memory. Old files that stay are removed by whoever opens the folder next.
Status LiveDictionary::Use(OpenedBase base, LiveState state, const std::vector<OwnedChange>& changes) {
  state_ = std::move(state);
  refolded_ = base.refolded;
  delta_ = std::make_unique<DictionaryDelta>(std::move(base.dictionary));
  for (const OwnedChange& change : changes) delta_->Apply(change.View());
  status_ = Publish();
  static_cast<void>(RemoveUnused(fs_, folder_, state_));
  return status_;
}

void LiveDictionary::ForgetOldVersions(LiveState& state) const {
  size_t spare = state.versions.size() - std::min(state.versions.size(), std::max<size_t>(options_.versions, 1));
  std::erase_if(state.versions, [&](const DictionaryVersion& version) {
    return version.number != state.current && version.number != wanted_version_ && spare > 0 && spare-- > 0;
  });
}

Status LiveDictionary::MakeVersion(Lock& lock) {
  since_.clear();
  RETURN_IF_ERROR(CommitPending());
  since_.clear();
  if (delta_->changed() == 0 && !refolded_) return OkStatus();
  RETURN_IF_ERROR(StartJournal());
  const uint64_t number = state_.next;
  const uint64_t journal = journal_number_;
  const std::shared_ptr<const DictionaryView> view = Snapshot();
  lock.unlock();
  Status written = WriteBase(fs_, BasePath(folder_, number), *view);
  Result<OpenedBase> base = written.ok() ? OpenBase(fs_, BasePath(folder_, number)) : written;
  lock.lock();
  RETURN_IF_ERROR(status_);  // a commit was refused meanwhile: its changes are in since_, and stay refused
  RETURN_IF_ERROR(base.status());
  LiveState state = state_;
  state.current = number;
  state.first_journal = journal;
  state.next = number + 1;
  state.versions.push_back({number, base->dictionary->entries(), Now()});
  ForgetOldVersions(state);
  RETURN_IF_ERROR(WriteLiveState(fs_, folder_, state));
  return Use(*std::move(base), std::move(state), std::exchange(since_, {}));
}

Status LiveDictionary::Fold() {
  Lock lock(mutex_);
  idle_.wait(lock, [this] { return !folding_; });
  folding_ = true;
  return FoldNow(lock);
}

// One that failed is tried again when twice as much is there to fold.
Status LiveDictionary::FoldNow(Lock& lock) {
  Status status = MakeVersion(lock);
  fold_at_ = std::max<uint64_t>(options_.fold_after, status.ok() ? 0 : 2 * delta_->changed());
  fold_at_bytes_ = std::max(options_.fold_after_bytes, status.ok() ? 0 : 2 * journal_->bytes());
  folding_ = false;
  idle_.notify_all();
  return status;
}

void LiveDictionary::StartFold() {
  if (fold_thread_.joinable()) fold_thread_.join();  // it is done: folding_ says so
  folding_ = true;
  fold_thread_ = std::thread([this] { FoldInBackground(); });
}

void LiveDictionary::FoldInBackground() {
  Lock lock(mutex_);
  fold_status_ = FoldNow(lock);
}

Status LiveDictionary::WaitForFold() {
  Lock lock(mutex_);
  idle_.wait(lock, [this] { return !folding_; });
  return std::exchange(fold_status_, OkStatus());
}

// When it fails nobody knows which version CURRENT names: nothing more is acknowledged.
Status LiveDictionary::MakeCurrent(uint64_t version) {
  ASSIGN_OR_RETURN(OpenedBase base, OpenBase(fs_, BasePath(folder_, version)));
  RETURN_IF_ERROR(StartJournal());
  LiveState state = state_;
  state.current = version;
  state.first_journal = journal_number_;
  wanted_version_ = 0;
  ForgetOldVersions(state);
  status_ = WriteLiveState(fs_, folder_, state);
  return status_.ok() ? Use(std::move(base), std::move(state), {}) : status_;
}

Status LiveDictionary::RollBack(uint64_t version) {
  Lock lock(mutex_);
  idle_.wait(lock, [this] { return !folding_; });
  if (!state_.Has(version)) {
    return NotFoundError("there is no version " + std::to_string(version) + "; sakuin keywords versions lists those that are kept");
  }
  folding_ = rolling_back_ = true;
  wanted_version_ = version;
  Status status = MakeVersion(lock);
  if (status.ok() && state_.current != version) status = MakeCurrent(version);
  wanted_version_ = 0;
  folding_ = rolling_back_ = false;
  idle_.notify_all();
  return status;
}

std::vector<DictionaryVersion> LiveDictionary::versions() const {
  const Lock lock(mutex_);
  return state_.versions;
}

std::vector<std::string> LiveDictionary::TakeMissing() {
  const Lock lock(mutex_);
  return std::exchange(missing_, {});
}

uint64_t LiveDictionary::current_version() const {
  const Lock lock(mutex_);
  return state_.current;
}

uint64_t LiveDictionary::keywords() const {
  const Lock lock(mutex_);
  return delta_->entries();
}

uint64_t LiveDictionary::changes() const {
  const Lock lock(mutex_);
  return changes_;
}

}  // namespace sakuin::keyword_linker
