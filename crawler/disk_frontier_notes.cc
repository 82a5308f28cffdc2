// Notes stand in memory first: most of them are written with the URLs that were fetched meanwhile, in one batch.

#include "crawler/disk_frontier.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kMostGathered = 16'384;

// The first key behind all that begin with it.
std::string EndOfPrefix(std::string_view prefix) {
  std::string end(prefix.substr(0, prefix.find_last_not_of('\xFF') + 1));
  end.back() = static_cast<char>(end.back() + 1);
  return end;
}

}  // namespace

// Those that no Sync has made durable are kept where that is possible.
DiskFrontier::~DiskFrontier() { (void)WriteNotes(); }

void DiskFrontier::AddNotes(Batch& batch) {
  for (const auto& [key, value] : notes_) {
    if (value.has_value()) {
      batch.Put(FrontierTable::kNotes, key, *value);
    } else {
      batch.Delete(FrontierTable::kNotes, key);
    }
  }
}

Status DiskFrontier::WriteNotes() {
  if (notes_.empty()) return OkStatus();
  Batch batch(*store_);
  AddNotes(batch);
  notes_.clear();
  return Write(batch);
}

Status DiskFrontier::ChangeNote(std::string_view key, std::optional<std::string> value) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  notes_.insert_or_assign(std::string(key), std::move(value));
  return notes_.size() < kMostGathered ? OkStatus() : WriteNotes();
}

Status DiskFrontier::PutNote(std::string_view key, std::string_view value) { return ChangeNote(key, std::string(value)); }
Status DiskFrontier::DeleteNote(std::string_view key) { return ChangeNote(key, std::nullopt); }

Status DiskFrontier::DeleteNotes(char first) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  RETURN_IF_ERROR(WriteNotes());
  const std::string begin(1, first);
  const std::string end(1, static_cast<char>(first + 1));
  bool are_there = false;
  const auto visit = [&are_there](std::string_view, std::string_view) { return !(are_there = true); };
  RETURN_IF_ERROR(store_->Scan(FrontierTable::kNotes, begin, end, visit));
  if (!are_there) return OkStatus();
  Batch batch(*store_);
  batch.DeleteRange(FrontierTable::kNotes, begin, end);
  return Write(batch);
}

Result<bool> DiskFrontier::ReadNote(std::string_view key, std::string& value) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  const auto gathered = notes_.find(key);
  if (gathered == notes_.end()) return store_->Get(FrontierTable::kNotes, key, value);
  if (gathered->second.has_value()) value = *gathered->second;
  return gathered->second.has_value();
}

Status DiskFrontier::ScanNotes(std::string_view prefix, const FrontierStore::Visitor& visitor) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  const auto gathered = notes_.lower_bound(prefix);
  if (gathered != notes_.end() && gathered->first.starts_with(prefix)) RETURN_IF_ERROR(WriteNotes());
  return store_->Scan(FrontierTable::kNotes, prefix, EndOfPrefix(prefix), visitor);
}

}  // namespace sakuin::crawler
