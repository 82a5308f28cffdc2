#include "indexer/index_copier.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "index/filename.h"
#include "index/snapshot.h"
#include "indexer/index_verifier.h"
#include "indexer/journal.h"
#include "indexer/schema_file.h"

namespace sakuin::indexer {
namespace {

struct OpenJournal {
  uint64_t number = 0;
  std::string path;
  std::unique_ptr<MappedFile> mapped;  // what it held when it was opened: a writer only appends
};

// A generation and the journals that it needs, open: a writer may remove the files meanwhile.
struct OpenIndex {
  std::shared_ptr<const index::Snapshot> snapshot;
  std::vector<OpenJournal> journals;
};

// A journal is whole once the next one is in the folder: what is listed may grow at its end only.
Result<std::vector<OpenJournal>> OpenJournals(FileSystem& fs, const std::string& folder, uint64_t first) {
  ASSIGN_OR_RETURN(const std::vector<JournalFile> files, JournalsFrom(fs, folder, first));
  std::vector<OpenJournal> journals;
  for (const JournalFile& file : files) {
    Result<std::unique_ptr<MappedFile>> mapped = fs.Map(file.path);
    if (mapped.status().code() == StatusCode::kNotFound) continue;  // then a later generation has committed it
    if (!mapped.ok()) return mapped.status();
    journals.push_back({file.number, file.path, *std::move(mapped)});
  }
  return journals;
}

// A commit removes the journals before its first one. As long as that stays the
// first one of the snapshot, none that the snapshot needs has been removed.
Result<OpenIndex> OpenWithJournals(FileSystem& fs, const std::string& folder) {
  OpenIndex open;
  for (;;) {
    const std::shared_ptr<const index::Snapshot> previous = std::move(open.snapshot);
    ASSIGN_OR_RETURN(open.snapshot, index::Snapshot::Open(fs, folder, previous.get()));
    const uint64_t first = open.snapshot->manifest().first_journal;
    ASSIGN_OR_RETURN(open.journals, OpenJournals(fs, folder, first));
    ASSIGN_OR_RETURN(const index::Manifest now, index::ReadCurrentManifest(fs, folder));
    if (now.first_journal == first) return open;
  }
}

Status WriteCopy(FileSystem& fs, const std::string& path, std::string_view bytes, CopiedIndex& copied) {
  RETURN_IF_ERROR(WriteNewFile(fs, path, bytes));
  ++copied.files;
  copied.bytes += bytes.size();
  return OkStatus();
}

// The whole mapped file, of which each section is a part.
std::string_view BytesOf(const index::SegmentFileView& file) {
  const index::SectionEntry& entry = file.sections().front();
  return {file.Section(entry.kind, entry.field).data() - entry.offset, file.bytes()};
}

Status CopyPart(FileSystem& fs, const index::Snapshot::Part& part, const index::SegmentEntry& entry, const std::string& to, CopiedIndex& copied) {
  RETURN_IF_ERROR(WriteCopy(fs, JoinPath(to, index::SegmentFile(entry.name)), BytesOf(part.segment->file()), copied));
  if (part.deleted == nullptr || entry.deletes_generation == 0) return OkStatus();
  const std::string path = JoinPath(to, index::DeletesFile(entry.name, entry.deletes_generation));
  ASSIGN_OR_RETURN(const uint64_t checksum, part.deleted->Write(fs, path));
  if (checksum != entry.deletes_checksum) return DataLossError(path + ": the copy differs from what the manifest names");
  ASSIGN_OR_RETURN(const uint64_t bytes, fs.Size(path));
  ++copied.files;
  copied.bytes += bytes;
  return OkStatus();
}

std::string UnfinishedJournal(const std::string& folder, uint64_t number) { return JoinPath(folder, index::JournalFile(number)) + ".tmp"; }

// Only the last journal that holds anything may end within a record.
Status CheckJournals(const std::vector<OpenJournal>& journals) {
  const JournalReader check{[](const index::Document&) { return OkStatus(); }, [](std::string_view) { return OkStatus(); }};
  bool last = true;
  for (size_t i = journals.size(); i-- > 0;) {
    const std::string_view bytes = journals[i].mapped->bytes();
    RETURN_IF_ERROR(ReadJournalBytes(bytes, journals[i].path, last, check));
    last = last && bytes.empty();
  }
  return OkStatus();
}

// Under names of unfinished files, so that a copy which ends early can be made again.
Status CopyJournals(FileSystem& fs, const std::vector<OpenJournal>& journals, const std::string& to, CopiedIndex& copied) {
  RETURN_IF_ERROR(CheckJournals(journals));
  for (const OpenJournal& journal : journals) {
    const std::string path = UnfinishedJournal(to, journal.number);
    RETURN_IF_ERROR(WriteCopy(fs, path, journal.mapped->bytes(), copied));
    ASSIGN_OR_RETURN(const std::string copy, fs.ReadAll(path));
    if (copy != journal.mapped->bytes()) return DataLossError("the copy is not whole: " + path + " differs from " + journal.path);
  }
  return OkStatus();
}

// What a copy that ended early leaves is written over; anything else of an index is somebody's.
Status CheckNoIndex(FileSystem& fs, const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  for (const std::string& name : names) {
    const index::FileKind kind = index::KindOfFile(name, nullptr);
    if (kind != index::FileKind::kCurrent && kind != index::FileKind::kManifest && kind != index::FileKind::kJournal) continue;
    return AlreadyExistsError(
        std::string("there is an index in ").append(folder).append(" already (").append(name).append("); give an empty folder, or remove it first"));
  }
  return OkStatus();
}

// From here on the folder holds an index.
Status Finish(FileSystem& fs, const OpenIndex& open, const index::Manifest& manifest, const std::string& to, CopiedIndex& copied) {
  for (const OpenJournal& journal : open.journals) {
    RETURN_IF_ERROR(fs.Rename(UnfinishedJournal(to, journal.number), JoinPath(to, index::JournalFile(journal.number))));
  }
  RETURN_IF_ERROR(index::CommitManifest(fs, to, manifest));
  for (const std::string& name : {std::string(index::kSchemaFile), index::ManifestFile(manifest.generation), std::string(index::kCurrentFile)}) {
    ASSIGN_OR_RETURN(const uint64_t bytes, fs.Size(JoinPath(to, name)));
    ++copied.files;
    copied.bytes += bytes;
  }
  return OkStatus();
}

}  // namespace

Result<CopiedIndex> CopyIndex(FileSystem& fs, const std::string& from, const std::string& to, const CopyMore& more) {
  ASSIGN_OR_RETURN(const OpenIndex open, OpenWithJournals(fs, from));
  RETURN_IF_ERROR(CreateDurableFolder(fs, to));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock, fs.LockFolder(to));
  RETURN_IF_ERROR(CheckNoIndex(fs, to));
  index::Manifest manifest = open.snapshot->manifest();
  CopiedIndex copied;
  copied.generation = manifest.generation;
  for (size_t i = 0; i < manifest.segments.size(); ++i) {
    RETURN_IF_ERROR(CopyPart(fs, open.snapshot->parts()[i], manifest.segments[i], to, copied));
  }
  RETURN_IF_ERROR(CopyJournals(fs, open.journals, to, copied));
  if (more) RETURN_IF_ERROR(more(manifest.schema, copied));
  RETURN_IF_ERROR(WriteSchemaFile(fs, to, manifest.schema));
  const std::vector<std::string> problems = VerifyFiles(fs, to, manifest);
  if (!problems.empty()) return DataLossError("the copy is not whole: " + problems[0]);
  RETURN_IF_ERROR(Finish(fs, open, manifest, to, copied));
  return copied;
}

}  // namespace sakuin::indexer
