#include "indexer/index_verifier.h"

#include <algorithm>

#include "index/deletes.h"
#include "index/filename.h"
#include "index/manifest.h"
#include "index/segment_reader.h"
#include "indexer/journal.h"
#include "indexer/schema_file.h"
#include "indexer/segment_verifier.h"

namespace sakuin::indexer {
namespace {

void Note(const Status& status, std::vector<std::string>& problems) {
  if (!status.ok()) problems.emplace_back(status.message());
}

void VerifyDeletes(FileSystem& fs, const std::string& folder, const index::SegmentEntry& entry, std::vector<std::string>& problems) {
  uint32_t deleted = 0;
  if (entry.deletes_generation != 0) {
    const std::string path = JoinPath(folder, index::DeletesFile(entry.name, entry.deletes_generation));
    const Result<index::DeletedDocs> deletes = index::DeletedDocs::Read(fs, path, entry.documents, entry.deletes_checksum);
    if (!deletes.ok()) return Note(deletes.status(), problems);
    deleted = deletes->count();
  }
  if (deleted != entry.deleted) problems.push_back("segment " + entry.name + ": the number of deleted documents does not fit the manifest");
}

// One by one, so that a segment that does not open hides nothing of the others.
void VerifySegments(FileSystem& fs, const std::string& folder, const index::Manifest& manifest, std::vector<std::string>& problems) {
  for (const index::SegmentEntry& entry : manifest.segments) {
    VerifyDeletes(fs, folder, entry, problems);
    const auto segment = index::SegmentReader::Open(fs, folder, entry);
    if (segment.ok()) {
      VerifySegment(**segment, manifest.schema, problems);
    } else {
      Note(segment.status(), problems);
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
  const Result<std::vector<JournalFile>> journals = JournalsFrom(fs, folder, first);
  if (!journals.ok()) return Note(journals.status(), problems);
  const JournalReader ignore{[](const index::Document&) { return OkStatus(); }, [](std::string_view) { return OkStatus(); }};
  for (const JournalFile& journal : *journals) Note(ReadJournal(fs, journal.path, journal.last, ignore), problems);
}

}  // namespace

std::vector<std::string> VerifyFiles(FileSystem& fs, const std::string& folder, const index::Manifest& manifest) {
  std::vector<std::string> problems;
  VerifySegments(fs, folder, manifest, problems);
  VerifySchemaFile(fs, folder, problems);
  return problems;
}

std::vector<std::string> VerifyIndex(FileSystem& fs, const std::string& folder) {
  std::vector<std::string> problems;
  const Result<index::Manifest> manifest = index::ReadCurrentManifest(fs, folder);
  if (!manifest.ok()) {
    Note(manifest.status(), problems);
    return problems;
  }
  problems = VerifyFiles(fs, folder, *manifest);
  VerifyJournals(fs, folder, manifest->first_journal, problems);
  return problems;
}

}  // namespace sakuin::indexer
