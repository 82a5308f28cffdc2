// sakuin backup and restore: one whole generation of an index, copied and checked.

#include <cstdio>

#include "base/file.h"
#include "cli/command.h"
#include "index/filename.h"
#include "index/snapshot.h"
#include "indexer/index_verifier.h"
#include "indexer/schema_file.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string from;
  std::string to;
  bool json = false;
};

Status CopyFile(FileSystem& fs, const std::string& from, const std::string& to) {
  ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> source, fs.Map(from));
  ASSIGN_OR_RETURN(const std::unique_ptr<WritableFile> target, fs.Create(to));
  RETURN_IF_ERROR(target->Append(source->bytes()));
  RETURN_IF_ERROR(target->Sync());
  return target->Close();
}

// Copies what the current generation names, checks the copy, and makes it an index last.
Status CopyIndex(const std::string& from, const std::string& to) {
  FileSystem& fs = PosixFileSystem();
  RETURN_IF_ERROR(PrepareToRead(from));
  ASSIGN_OR_RETURN(const auto snapshot, index::Snapshot::Open(fs, from));
  if (fs.Exists(JoinPath(to, index::kCurrentFile))) {
    return AlreadyExistsError("there is an index in " + to + " already; give an empty folder, or remove it first");
  }
  RETURN_IF_ERROR(fs.CreateFolder(to));
  const index::Manifest& manifest = snapshot->manifest();
  for (const index::SegmentEntry& segment : manifest.segments) {
    const std::string file = index::SegmentFile(segment.name);
    RETURN_IF_ERROR(CopyFile(fs, JoinPath(from, file), JoinPath(to, file)));
    if (segment.deletes_generation == 0) continue;
    const std::string deletes = index::DeletesFile(segment.name, segment.deletes_generation);
    RETURN_IF_ERROR(CopyFile(fs, JoinPath(from, deletes), JoinPath(to, deletes)));
  }
  RETURN_IF_ERROR(indexer::WriteSchemaFile(fs, to, manifest.schema));
  RETURN_IF_ERROR(index::CommitManifest(fs, to, manifest));
  const std::vector<std::string> problems = indexer::VerifyIndex(fs, to);
  return problems.empty() ? OkStatus() : DataLossError("the copy is not whole: " + problems[0]);
}

void AddCopy(CLI::App& app, Run& run, const char* name, const char* what, const char* from, const char* to) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, what);
  command->footer(std::string("Example: sakuin ") + name + " " + from + " " + to);
  command->add_option("from", options->from, "folder to copy from")->required();
  command->add_option("to", options->to, "folder to copy to")->required();
  command->add_flag("--json", options->json, "errors as JSON");
  command->callback([&run, options] {
    run = [options] {
      const Status status = CopyIndex(options->from, options->to);
      return status.ok() ? kExitDone : Fail(status, options->json);
    };
  });
}

}  // namespace

void AddBackupCommands(CLI::App& app, Run& run) {
  AddCopy(app, run, "backup", "save an index to another folder", "./my-index", "./my-backup");
  AddCopy(app, run, "restore", "bring an index back from a backup", "./my-backup", "./my-index");
}

}  // namespace sakuin::cli
