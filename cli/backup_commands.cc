// sakuin backup and restore: all of an index that is durable, copied and checked.

#include <cstdio>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "indexer/index_copier.h"

namespace sakuin::cli {
namespace {

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
  std::fprintf(stderr, "copied %llu files, %llu bytes, from %s to %s: generation %llu, checked\n", static_cast<unsigned long long>(copied.files),
               static_cast<unsigned long long>(copied.bytes), options.from.c_str(), options.to.c_str(),
               static_cast<unsigned long long>(copied.generation));
}

int RunCopy(const Options& options) {
  const Result<indexer::CopiedIndex> copied = indexer::CopyIndex(PosixFileSystem(), options.from, options.to);
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
