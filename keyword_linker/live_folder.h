// live_folder.h: the names of the files of a live dictionary, and CURRENT, which
// says which of them count.
//
//   CURRENT                       which base and journals count, and the versions one may go back to
//   base-00000000000000000007.dict     immutable: a dictionary as sakuin keywords build makes it
//   journal-00000000000000000012       keywords added and deleted since
//   counts/linked                 how often each was linked
//   creating                      the folder is being made: there is no CURRENT yet
//
//   ASSIGN_OR_RETURN(LiveState state, ReadLiveState(fs, folder));
//   OpenBase(fs, BasePath(folder, state.current));      // refolded_dictionary.h
//
// CURRENT is lines of text, the last one a checksum of those before; it is
// replaced at once, by rename. Pure but for the files: thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/keyword_journal.h"

namespace sakuin::keyword_linker {

inline constexpr std::string_view kCurrentFile = "CURRENT";
inline constexpr std::string_view kCreatingFile = "creating";  // there until a new folder has its first CURRENT
inline constexpr std::string_view kCountsFolder = "counts";
inline constexpr std::string_view kCountsFile = "counts/linked";

struct DictionaryVersion {
  uint64_t number = 0;
  uint64_t keywords = 0;
  int64_t made = 0;  // seconds since 1970

  bool operator==(const DictionaryVersion&) const = default;
};

struct LiveState {
  uint64_t current = 0;                     // version
  uint64_t first_journal = 0;               // what came after the version is in this journal and those that follow
  uint64_t next = 0;                        // the version that the next fold makes
  std::vector<DictionaryVersion> versions;  // ascending; the current one is among them

  bool Has(uint64_t version) const;
  bool operator==(const LiveState&) const = default;
};

// Whether a folder holds a live dictionary.
bool IsLiveDictionary(FileSystem& fs, const std::string& folder);
// The same, or what is left of one: versions.
bool IsOrWasLiveDictionary(FileSystem& fs, const std::string& folder);

// FAILED_PRECONDITION where there are files in a folder that no live dictionary has.
Status CheckNoOtherFiles(FileSystem& fs, const std::string& folder);

// NOT_FOUND; DATA_LOSS, also where versions are there without CURRENT.
Result<LiveState> ReadLiveState(FileSystem& fs, const std::string& folder);
// The same of the bytes of CURRENT.
Result<LiveState> ParseLiveState(std::string_view bytes);
Status WriteLiveState(FileSystem& fs, const std::string& folder, const LiveState& state);

std::string BasePath(const std::string& folder, uint64_t version);
std::string JournalPath(const std::string& folder, uint64_t journal);

// A place in the journals: so many bytes of this one.
struct JournalPlace {
  uint64_t journal = 0;
  uint64_t bytes = 0;
};

// Gives what the journals hold behind a place, in order; returns where it ends,
// without an unfinished record there. DATA_LOSS for damage and for what no dictionary takes.
Result<JournalPlace> ReplayJournals(FileSystem& fs, const std::string& folder, JournalPlace from, const ChangeReader& reader);

// Removes what a writer left that ended early, and what no longer counts.
Status RemoveUnused(FileSystem& fs, const std::string& folder, const LiveState& state);

}  // namespace sakuin::keyword_linker
