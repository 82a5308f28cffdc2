#include "crawler/run_notes.h"

namespace sakuin::crawler {

Result<std::unique_ptr<RunNotes>> RunNotes::Open(DiskFrontier& frontier, size_t most_in_memory) {
  RETURN_IF_ERROR(frontier.DeleteNotes(kKind));
  return std::unique_ptr<RunNotes>(new RunNotes(frontier, most_in_memory));
}

Status RunNotes::Put(std::string_view about, std::string text) {
  entries_.emplace_back(about, std::move(text));
  by_subject_.emplace(entries_.back().first, std::prev(entries_.end()));
  if (entries_.size() <= most_in_memory_) return OkStatus();
  const auto& [subject, oldest] = entries_.front();
  RETURN_IF_ERROR(frontier_.PutNote(KeyOf(subject), oldest));
  ++on_disk_;
  by_subject_.erase(subject);
  entries_.pop_front();
  return OkStatus();
}

Result<std::optional<std::string>> RunNotes::Take(std::string_view about) {
  if (const auto found = by_subject_.find(about); found != by_subject_.end()) {
    const Entries::iterator entry = found->second;
    by_subject_.erase(found);
    std::string text = std::move(entry->second);
    entries_.erase(entry);
    return std::optional<std::string>(std::move(text));
  }
  if (on_disk_ == 0) return std::optional<std::string>();
  std::string text;
  ASSIGN_OR_RETURN(const bool is_there, frontier_.ReadNote(KeyOf(about), text));
  if (!is_there) return std::optional<std::string>();
  RETURN_IF_ERROR(frontier_.DeleteNote(KeyOf(about)));
  --on_disk_;
  return std::optional<std::string>(std::move(text));
}

}  // namespace sakuin::crawler
