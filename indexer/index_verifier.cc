#include "indexer/index_verifier.h"

#include <algorithm>

#include "index/filename.h"
#include "index/snapshot.h"
#include "indexer/journal.h"
#include "indexer/schema_file.h"

namespace sakuin::indexer {
namespace {

void Note(const Status& status, std::vector<std::string>& problems) {
  if (!status.ok()) problems.emplace_back(status.message());
}

void VerifySegments(FileSystem& fs, const std::string& folder, const index::Manifest& manifest, std::vector<std::string>& problems) {
  const auto snapshot = index::Snapshot::Open(fs, folder, manifest, nullptr);
  if (!snapshot.ok()) return Note(snapshot.status(), problems);
  for (size_t i = 0; i < manifest.segments.size(); ++i) {
    const index::Snapshot::Part& part = (*snapshot)->parts()[i];
    Note(part.segment->file().VerifyAll(), problems);
    const uint32_t deleted = part.deleted == nullptr ? 0 : part.deleted->count();
    if (deleted != manifest.segments[i].deleted) {
      problems.push_back("segment " + manifest.segments[i].name + ": the number of deleted documents does not fit the manifest");
    }
  }
}

void VerifySchemaFile(FileSystem& fs, const std::string& folder, std::vector<std::string>& problems) {
  const std::string path = JoinPath(folder, index::kSchemaFile);
  const Result<std::string> text = fs.ReadAll(path);
  if (!text.ok()) return Note(text.status(), problems);
  if (!IsAsWritten(*text)) {
    problems.push_back(path + " is not as it was written (an edit that the next `sakuin index` takes up, or damage)");
  }
}

void VerifyJournals(FileSystem& fs, const std::string& folder, uint64_t first, std::vector<std::string>& problems) {
  const Result<std::vector<std::string>> names = fs.List(folder);
  if (!names.ok()) return Note(names.status(), problems);
  std::vector<std::string> journals;
  for (const std::string& name : *names) {
    uint64_t number = 0;
    if (index::KindOfFile(name, &number) == index::FileKind::kJournal && number >= first) journals.push_back(name);
  }
  const JournalReader ignore{[](const index::Document&) { return OkStatus(); }, [](std::string_view) { return OkStatus(); }};
  for (const std::string& name : journals) Note(ReadJournal(fs, JoinPath(folder, name), name == journals.back(), ignore), problems);
}

}  // namespace

std::vector<std::string> VerifyIndex(FileSystem& fs, const std::string& folder) {
  std::vector<std::string> problems;
  const Result<index::Manifest> manifest = index::ReadCurrentManifest(fs, folder);
  if (!manifest.ok()) {
    Note(manifest.status(), problems);
    return problems;
  }
  VerifySegments(fs, folder, *manifest, problems);
  VerifySchemaFile(fs, folder, problems);
  VerifyJournals(fs, folder, manifest->first_journal, problems);
  return problems;
}

}  // namespace sakuin::indexer
