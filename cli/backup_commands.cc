// sakuin backup and restore: one whole generation of an index and what was
// acknowledged since, copied and checked.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "index/filename.h"
#include "index/snapshot.h"
#include "indexer/index_verifier.h"
#include "indexer/journal.h"
#include "indexer/schema_file.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string from;
  std::string to;
  bool json = false;
};

struct Copied {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t generation = 0;
};

Status WriteCopy(FileSystem& fs, const std::string& path, std::string_view bytes, Copied& copied) {
  ASSIGN_OR_RETURN(const std::unique_ptr<WritableFile> target, fs.Create(path));
  RETURN_IF_ERROR(target->Append(bytes));
  RETURN_IF_ERROR(target->Sync());
  ++copied.files;
  copied.bytes += bytes.size();
  return target->Close();
}

// The whole mapped file, of which each section is a part.
std::string_view BytesOf(const index::SegmentFileView& file) {
  const index::SectionEntry& entry = file.sections().front();
  return {file.Section(entry.kind, entry.field).data() - entry.offset, file.bytes()};
}

// From what is open: a writer may remove the files meanwhile.
Status CopyPart(FileSystem& fs, const index::Snapshot::Part& part, const index::SegmentEntry& entry, const std::string& to, Copied& copied) {
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

// A generation, and the journals of what was acknowledged since. The files are
// open: a writer may remove them meanwhile.
struct OpenIndex {
  std::shared_ptr<const index::Snapshot> snapshot;
  std::vector<std::pair<std::string, std::unique_ptr<MappedFile>>> journals;  // with their names
};

// Where a writer has committed meanwhile, so that the journals are not those of the generation, once more.
Result<OpenIndex> OpenToCopy(FileSystem& fs, const std::string& from) {
  for (;;) {
    OpenIndex open;
    ASSIGN_OR_RETURN(open.snapshot, index::Snapshot::Open(fs, from));
    ASSIGN_OR_RETURN(const std::vector<indexer::JournalFile> journals,
                     indexer::JournalsFrom(fs, from, open.snapshot->manifest().first_journal));
    Status status;
    for (const indexer::JournalFile& journal : journals) {
      Result<std::unique_ptr<MappedFile>> mapped = fs.Map(journal.path);
      if (!mapped.ok()) status = mapped.status();
      if (mapped.ok()) open.journals.emplace_back(index::JournalFile(journal.number), *std::move(mapped));
    }
    ASSIGN_OR_RETURN(const index::Manifest now, index::ReadCurrentManifest(fs, from));
    if (now.generation != open.snapshot->manifest().generation) continue;
    if (!status.ok()) return status;
    return open;
  }
}

Status CopyJournals(FileSystem& fs, const OpenIndex& open, const std::string& to, Copied& copied) {
  for (const auto& [name, journal] : open.journals) {
    if (!journal->bytes().empty()) RETURN_IF_ERROR(WriteCopy(fs, JoinPath(to, name), journal->bytes(), copied));
  }
  return OkStatus();
}

// Copies one generation and its journals, checks the copy, and makes it an index last.
Result<Copied> CopyIndex(const std::string& from, const std::string& to) {
  FileSystem& fs = PosixFileSystem();
  RETURN_IF_ERROR(PrepareToRead(from));
  ASSIGN_OR_RETURN(const OpenIndex open, OpenToCopy(fs, from));
  const auto& snapshot = open.snapshot;
  RETURN_IF_ERROR(fs.CreateFolder(to));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock, fs.LockFolder(to));
  RETURN_IF_ERROR(CheckNoIndex(fs, to));
  const index::Manifest& manifest = snapshot->manifest();
  Copied copied;
  copied.generation = manifest.generation;
  for (size_t i = 0; i < manifest.segments.size(); ++i) {
    RETURN_IF_ERROR(CopyPart(fs, snapshot->parts()[i], manifest.segments[i], to, copied));
  }
  RETURN_IF_ERROR(CopyJournals(fs, open, to, copied));
  RETURN_IF_ERROR(indexer::WriteSchemaFile(fs, to, manifest.schema));
  const std::vector<std::string> problems = indexer::VerifyFiles(fs, to, manifest);
  if (!problems.empty()) return DataLossError("the copy is not whole: " + problems[0]);
  RETURN_IF_ERROR(index::CommitManifest(fs, to, manifest));
  for (const std::string& name : {std::string(index::kSchemaFile), index::ManifestFile(manifest.generation), std::string(index::kCurrentFile)}) {
    ASSIGN_OR_RETURN(const uint64_t bytes, fs.Size(JoinPath(to, name)));
    ++copied.files;
    copied.bytes += bytes;
  }
  return copied;
}

void Print(const Copied& copied, const Options& options) {
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("files").Number(copied.files).Key("bytes").Number(copied.bytes).Key("generation").Number(copied.generation).EndObject();
    PrintLine(out.text());
    return;
  }
  std::fprintf(stderr, "copied %llu files, %llu bytes, from %s to %s: generation %llu, checked\n", static_cast<unsigned long long>(copied.files),
               static_cast<unsigned long long>(copied.bytes), options.from.c_str(), options.to.c_str(),
               static_cast<unsigned long long>(copied.generation));
}

int RunCopy(const Options& options) {
  const Result<Copied> copied = CopyIndex(options.from, options.to);
  if (!copied.ok()) return Fail(copied.status(), options.json);
  Print(*copied, options);
  return kExitDone;
}

void AddCopy(CLI::App& app, Run& run, const char* name, const char* what, const char* from, const char* to) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, what);
  command->footer(std::string("Example: sakuin ") + name + " " + from + " " + to);
  command->add_option("from", options->from, "folder to copy from")->required();
  command->add_option("to", options->to, "folder to copy to")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options] {
    run = [options] { return RunCopy(*options); };
  });
}

}  // namespace

void AddBackupCommands(CLI::App& app, Run& run) {
  AddCopy(app, run, "backup", "save an index to another folder", "./my-index", "./my-backup");
  AddCopy(app, run, "restore", "bring an index back from a backup", "./my-backup", "./my-index");
}

}  // namespace sakuin::cli
