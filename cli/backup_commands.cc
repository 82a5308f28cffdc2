// sakuin backup and restore: all of an index that is durable, copied and checked,
// with the dictionaries and models that its schema names.

#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/annotator_files.h"
#include "cli/command.h"
#include "indexer/index_copier.h"

namespace sakuin::cli {
namespace {

enum class Direction { kBackup, kRestore };

struct Options {
  std::string from;
  std::string to;
  bool json = false;
};

void Print(const indexer::CopiedIndex& copied, const Options& options) {
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("files").Number(copied.files).Key("bytes").Number(copied.bytes).Key("generation").Number(copied.generation).EndObject();
    PrintLine(out.text());
    return;
  }
  std::fprintf(stderr, "copied %s, %s, from %s to %s: generation %llu, checked\n", Counted(copied.files, "file").c_str(),
               Counted(copied.bytes, "byte").c_str(), options.from.c_str(), options.to.c_str(), static_cast<unsigned long long>(copied.generation));
}

int RunCopy(const Options& options, Direction direction) {
  FileSystem& fs = PosixFileSystem();
  std::vector<std::string> notes;
  const auto more = [&](index::Schema& schema, indexer::CopiedIndex& copied) {
    if (direction == Direction::kBackup) return SaveAnnotatorFiles(fs, options.from, options.to, schema, copied, notes);
    return BringBackAnnotatorFiles(fs, options.from, options.to, schema, copied, notes);
  };
  const Result<indexer::CopiedIndex> copied = indexer::CopyIndex(fs, options.from, options.to, more);
  if (!copied.ok()) return Fail(copied.status(), options.json);
  Print(*copied, options);
  for (const std::string& note : notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return kExitDone;
}

void AddCopy(CLI::App& app, Run& run, Direction direction, const char* name, const char* what, const char* from, const char* to) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, what);
  command->footer(std::string("Example: sakuin ") + name + " " + from + " " + to);
  command->add_option("from", options->from, "folder to copy from")->required();
  command->add_option("to", options->to, "folder to copy to")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options, direction] { run = [options, direction] { return RunCopy(*options, direction); }; });
}

}  // namespace

void AddBackupCommands(CLI::App& app, Run& run) {
  AddCopy(app, run, Direction::kBackup, "backup", "save an index to another folder, with the dictionaries and models that its schema names", "./my-index", "./my-backup");
  AddCopy(app, run, Direction::kRestore, "restore", "bring an index back from a backup", "./my-backup", "./my-index");
}

}  // namespace sakuin::cli
