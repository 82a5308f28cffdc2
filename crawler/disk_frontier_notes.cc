// Notes stand in memory first, and are written with the URLs that were fetched meanwhile, in one batch, or by Sync: a note that
// says what an index has must not be written before the index has it. Those that neither has written are gone with the frontier.

#include "crawler/disk_frontier.h"

namespace sakuin::crawler {
namespace {

// The first key behind all that begin with it.
std::string EndOfPrefix(std::string_view prefix) {
  std::string end(prefix.substr(0, prefix.find_last_not_of('\xFF') + 1));
  end.back() = static_cast<char>(end.back() + 1);
  return end;
}

}  // namespace

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
  return OkStatus();
}

size_t DiskFrontier::gathered_notes() {
  const std::lock_guard lock(mutex_);
  return notes_.size();
}

Status DiskFrontier::PutNote(std::string_view key, std::string_view value) { return ChangeNote(key, std::string(value)); }
Status DiskFrontier::DeleteNote(std::string_view key) { return ChangeNote(key, std::nullopt); }

Status DiskFrontier::DeleteNotes(char first) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  const std::string begin(1, first);
  const std::string end(1, static_cast<char>(first + 1));
  notes_.erase(notes_.lower_bound(begin), notes_.lower_bound(end));
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

// What is gathered and what is written, in one order; what is gathered counts.
Status DiskFrontier::ScanNotes(std::string_view prefix, const FrontierStore::Visitor& visitor) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  const std::string end = EndOfPrefix(prefix);
  auto gathered = notes_.lower_bound(prefix);
  const auto last = notes_.lower_bound(end);
  bool goes_on = true;
  const auto show_gathered = [&] {
    if (gathered->second.has_value()) goes_on = visitor(gathered->first, *gathered->second);
    ++gathered;
  };
  const auto visit = [&](std::string_view key, std::string_view value) {
    while (goes_on && gathered != last && gathered->first < key) show_gathered();
    if (!goes_on) return false;
    if (gathered != last && gathered->first == key) {
      show_gathered();
    } else {
      goes_on = visitor(key, value);
    }
    return goes_on;
  };
  RETURN_IF_ERROR(store_->Scan(FrontierTable::kNotes, prefix, end, visit));
  while (goes_on && gathered != last) show_gathered();
  return OkStatus();
}

}  // namespace sakuin::crawler
