#include "keyword_linker/live_copier.h"

#include "keyword_linker/live_dictionary_reader.h"
#include "keyword_linker/live_folder.h"

namespace sakuin::keyword_linker {
namespace {

// A writer may take files away while they are copied; then CURRENT is another.
constexpr int kMostTries = 100;

Status WriteCopy(FileSystem& fs, const std::string& path, std::string_view bytes, CopiedDictionary& copied) {
  RETURN_IF_ERROR(WriteNewFile(fs, path, bytes));
  ++copied.files;
  copied.bytes += bytes.size();
  return OkStatus();
}

Status CopyVersions(FileSystem& fs, const std::string& from, const std::string& to, const LiveState& state, CopiedDictionary& copied) {
  for (const DictionaryVersion& version : state.versions) {
    ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> base, fs.Map(BasePath(from, version.number)));
    RETURN_IF_ERROR(WriteCopy(fs, BasePath(to, version.number), base->bytes(), copied));
  }
  return OkStatus();
}

Status CopyJournals(FileSystem& fs, const std::string& from, const std::string& to, const LiveState& state, CopiedDictionary& copied) {
  for (uint64_t journal = state.first_journal;; ++journal) {
    // Asked first: a journal that another follows is no longer written to.
    const bool last = !fs.Exists(JournalPath(from, journal + 1));
    ASSIGN_OR_RETURN(const std::string bytes, fs.ReadAll(JournalPath(from, journal)));
    RETURN_IF_ERROR(WriteCopy(fs, JournalPath(to, journal), bytes, copied));
    if (last) return OkStatus();
  }
}

Status CopyCounts(FileSystem& fs, const std::string& from, const std::string& to, CopiedDictionary& copied) {
  const Result<std::string> bytes = fs.ReadAll(JoinPath(from, kCountsFile));
  if (bytes.status().code() == StatusCode::kNotFound) return OkStatus();
  if (!bytes.ok()) return bytes.status();
  RETURN_IF_ERROR(CreateDurableFolder(fs, JoinPath(to, kCountsFolder)));
  RETURN_IF_ERROR(WriteCopy(fs, JoinPath(to, kCountsFile), *bytes, copied));
  return fs.SyncFolder(JoinPath(to, kCountsFolder));
}

Result<CopiedDictionary> CopyState(FileSystem& fs, const std::string& from, const std::string& to, const LiveState& state) {
  CopiedDictionary copied;
  RETURN_IF_ERROR(CopyVersions(fs, from, to, state, copied));
  RETURN_IF_ERROR(CopyJournals(fs, from, to, state, copied));
  RETURN_IF_ERROR(CopyCounts(fs, from, to, copied));
  RETURN_IF_ERROR(fs.SyncFolder(to));
  return copied;
}

}  // namespace

Result<CopiedDictionary> CopyLiveDictionary(FileSystem& fs, const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(CreateDurableFolder(fs, to));
  ASSIGN_OR_RETURN(LiveState state, ReadLiveState(fs, from));
  for (int tries = 1;; ++tries) {
    Result<CopiedDictionary> copied = CopyState(fs, from, to, state);
    if (copied.ok()) {
      RETURN_IF_ERROR(WriteLiveState(fs, to, state));
      ASSIGN_OR_RETURN(const uint64_t current, fs.Size(JoinPath(to, kCurrentFile)));
      ++copied->files;
      copied->bytes += current;
      RETURN_IF_ERROR(RemoveUnused(fs, to, state));
      RETURN_IF_ERROR(LiveDictionaryReader::Open(fs, to).status());
      return copied;
    }
    ASSIGN_OR_RETURN(LiveState now, ReadLiveState(fs, from));
    if (now == state || tries == kMostTries) return copied.status();
    state = std::move(now);
  }
}

}  // namespace sakuin::keyword_linker
