// live_dictionary_reader.h: a live dictionary as other processes see it.
//
//   ASSIGN_OR_RETURN(auto reader, LiveDictionaryReader::Open(fs, "site.keywords"));
//   LinkStream stream({*reader->Snapshot()}, {}, sink);
//   RETURN_IF_ERROR(reader->Refresh());              // now and then: what was committed meanwhile
//
// Any number may read while one process changes the folder (live_dictionary.h).
// Refresh reads what was added to the journal, or a new base where there is one;
// it shows all that was acknowledged before it began. Thread-safe; Snapshot never
// waits for Refresh.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/dictionary_delta.h"
#include "keyword_linker/live_folder.h"

namespace sakuin::keyword_linker {

class LiveDictionaryReader {
 public:
  // NOT_FOUND, DATA_LOSS.
  static Result<std::unique_ptr<LiveDictionaryReader>> Open(FileSystem& fs, const std::string& folder);

  std::shared_ptr<const DictionaryView> Snapshot() const;
  // After an error the snapshot is the one before.
  Status Refresh();

 private:
  LiveDictionaryReader(FileSystem& fs, std::string folder) : fs_(fs), folder_(std::move(folder)) {}
  Status Read(const LiveState& state);
  Status ReadRest();

  FileSystem& fs_;
  const std::string folder_;

  std::mutex mutex_;
  // Guarded by mutex_:
  LiveState state_;
  std::unique_ptr<DictionaryDelta> delta_;
  JournalPlace place_;

  mutable std::mutex view_mutex_;  // held to copy or swap one pointer
  std::shared_ptr<const DictionaryView> view_;
};

}  // namespace sakuin::keyword_linker
