#include "keyword_linker/live_dictionary_reader.h"

#include "keyword_linker/refolded_dictionary.h"

namespace sakuin::keyword_linker {
namespace {

// A writer may take files away while they are read; then CURRENT is another.
constexpr int kMostTries = 100;

}  // namespace

Result<std::unique_ptr<LiveDictionaryReader>> LiveDictionaryReader::Open(FileSystem& fs, const std::string& folder) {
  std::unique_ptr<LiveDictionaryReader> reader(new LiveDictionaryReader(fs, folder));
  RETURN_IF_ERROR(reader->Refresh());
  return reader;
}

Status LiveDictionaryReader::Refresh() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(LiveState state, ReadLiveState(fs_, folder_));
  for (int tries = 1;; ++tries) {
    Status status = Read(state);
    if (status.ok()) break;
    delta_.reset();  // what it has read is not known
    ASSIGN_OR_RETURN(LiveState now, ReadLiveState(fs_, folder_));
    if (now == state || tries == kMostTries) return status;
    state = std::move(now);
  }
  Result<std::shared_ptr<const DictionaryView>> view = delta_->Publish();
  if (!view.ok()) {
    delta_.reset();  // some of its levels are gone
    return view.status();
  }
  const std::lock_guard<std::mutex> view_lock(view_mutex_);
  view_ = *std::move(view);
  return OkStatus();
}

Status LiveDictionaryReader::Read(const LiveState& state) {
  if (delta_ == nullptr || state.current != state_.current || state.first_journal != state_.first_journal) {
    ASSIGN_OR_RETURN(OpenedBase base, OpenBase(fs_, BasePath(folder_, state.current)));
    delta_ = std::make_unique<DictionaryDelta>(std::move(base.dictionary));
    place_ = {state.first_journal, 0};
    state_ = state;
  }
  return ReadRest();
}

Status LiveDictionaryReader::ReadRest() {
  const Result<uint64_t> size = fs_.Size(JournalPath(folder_, place_.journal));
  if (size.ok() && *size == place_.bytes && !fs_.Exists(JournalPath(folder_, place_.journal + 1))) return OkStatus();
  const auto apply = [this](const KeywordChange& change) {
    delta_->Apply(change);
    return OkStatus();
  };
  ASSIGN_OR_RETURN(place_, ReplayJournals(fs_, folder_, place_, apply));
  return OkStatus();
}

std::shared_ptr<const DictionaryView> LiveDictionaryReader::Snapshot() const {
  const std::lock_guard<std::mutex> lock(view_mutex_);
  return view_;
}

}  // namespace sakuin::keyword_linker
