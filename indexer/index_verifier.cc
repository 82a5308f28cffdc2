#include "indexer/index_verifier.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

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

// A segment and its deletes, open: a writer may remove the files while they are checked.
struct OpenedSegment {
  Result<std::unique_ptr<index::SegmentReader>> segment;
  Result<uint32_t> deleted;

  bool ok() const { return segment.ok() && deleted.ok(); }
};

Result<uint32_t> CountDeleted(FileSystem& fs, const std::string& folder, const index::SegmentEntry& entry) {
  if (entry.deletes_generation == 0) return uint32_t{0};
  const std::string path = JoinPath(folder, index::DeletesFile(entry.name, entry.deletes_generation));
  ASSIGN_OR_RETURN(const index::DeletedDocs deletes, index::DeletedDocs::Read(fs, path, entry.documents, entry.deletes_checksum));
  return deletes.count();
}

// One by one, so that a segment that does not open hides nothing of the others.
std::vector<OpenedSegment> OpenSegments(FileSystem& fs, const std::string& folder, const index::Manifest& manifest) {
  std::vector<OpenedSegment> opened;
  opened.reserve(manifest.segments.size());
  for (const index::SegmentEntry& entry : manifest.segments) {
    opened.push_back({index::SegmentReader::Open(fs, folder, entry), CountDeleted(fs, folder, entry)});
  }
  return opened;
}

void VerifySegments(const std::vector<OpenedSegment>& opened, const index::Manifest& manifest, std::vector<std::string>& problems) {
  for (size_t i = 0; i < opened.size(); ++i) {
    const index::SegmentEntry& entry = manifest.segments[i];
    Note(opened[i].deleted.status(), problems);
    if (opened[i].deleted.ok() && *opened[i].deleted != entry.deleted) {
      problems.push_back("segment " + entry.name + ": the number of deleted documents does not fit the manifest");
    }
    Note(opened[i].segment.status(), problems);
    if (opened[i].segment.ok()) VerifySegment(**opened[i].segment, manifest.schema, problems);
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
  for (const JournalFile& journal : *journals) {
    const Status status = ReadJournal(fs, journal.path, journal.last, ignore);
    if (status.code() != StatusCode::kNotFound) Note(status, problems);  // a writer has committed it meanwhile
  }
}

struct OpenedGeneration {
  index::Manifest manifest;
  std::vector<OpenedSegment> segments;
};

// Of the current generation. Where something does not open because a writer has
// committed meanwhile and removed it, the next generation is looked at.
Result<OpenedGeneration> OpenCurrent(FileSystem& fs, const std::string& folder) {
  ASSIGN_OR_RETURN(index::Manifest manifest, index::ReadCurrentManifest(fs, folder));
  for (;;) {
    std::vector<OpenedSegment> segments = OpenSegments(fs, folder, manifest);
    const bool whole = std::all_of(segments.begin(), segments.end(), [](const OpenedSegment& segment) { return segment.ok(); });
    Result<index::Manifest> now = index::ReadCurrentManifest(fs, folder);
    if (whole || !now.ok() || now->generation == manifest.generation) return OpenedGeneration{std::move(manifest), std::move(segments)};
    manifest = *std::move(now);
  }
}

}  // namespace

std::vector<std::string> VerifyFiles(FileSystem& fs, const std::string& folder, const index::Manifest& manifest) {
  std::vector<std::string> problems;
  VerifySegments(OpenSegments(fs, folder, manifest), manifest, problems);
  VerifySchemaFile(fs, folder, problems);
  return problems;
}

std::vector<std::string> VerifyIndex(FileSystem& fs, const std::string& folder) {
  std::vector<std::string> problems;
  const Result<OpenedGeneration> current = OpenCurrent(fs, folder);
  if (!current.ok()) {
    Note(current.status(), problems);
    return problems;
  }
  VerifySegments(current->segments, current->manifest, problems);
  VerifySchemaFile(fs, folder, problems);
  VerifyJournals(fs, folder, current->manifest.first_journal, problems);
  return problems;
}

}  // namespace sakuin::indexer
