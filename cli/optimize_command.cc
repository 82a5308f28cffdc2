// sakuin optimize: merge an index to one segment per shard, and put similar documents side by side.

#include <chrono>
#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/progress_bar.h"
#include "index/filename.h"
#include "index/manifest.h"
#include "indexer/index_writer.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string index;
  bool reorder = false;
  std::string memory = "1G";
  size_t threads = 0;
  bool json = false;
};

struct Outcome {
  uint64_t bytes_before = 0;
  uint64_t bytes_after = 0;
  uint64_t segments = 0;
  double seconds = 0;
};

Result<index::Manifest> ReadManifest(const Options& options) { return index::ReadCurrentManifest(PosixFileSystem(), options.index); }

uint64_t BytesOf(const index::Manifest& manifest) {
  uint64_t bytes = 0;
  for (const index::SegmentEntry& segment : manifest.segments) bytes += segment.bytes;
  return bytes;
}

Status Optimize(const Options& options, uint64_t memory, Outcome& outcome) {
  const Clock::time_point start = Clock::now();
  ASSIGN_OR_RETURN(const index::Manifest before, ReadManifest(options));
  indexer::IndexWriterOptions writer_options;
  writer_options.memory_bytes = memory;
  writer_options.threads = options.threads;
  ASSIGN_OR_RETURN(const auto writer, indexer::IndexWriter::Open(PosixFileSystem(), options.index, std::move(writer_options)));
  StepProgress progress;
  indexer::OptimizeOptions optimize;
  optimize.reorder = options.reorder;
  optimize.progress = [&progress](const char* what, uint64_t done, uint64_t total) { progress.Update(what, done, total); };
  RETURN_IF_ERROR(writer->Optimize(optimize));
  for (const std::string& warning : writer->warnings()) std::fprintf(stderr, "sakuin: %s\n", warning.c_str());
  ASSIGN_OR_RETURN(const index::Manifest after, ReadManifest(options));
  outcome = {BytesOf(before), BytesOf(after), after.segments.size(), std::chrono::duration<double>(Clock::now() - start).count()};
  return OkStatus();
}

void Print(const Outcome& outcome, bool json) {
  if (json) {
    JsonWriter out;
    out.BeginObject().Key("segments").Number(outcome.segments).Key("bytes_before").Number(outcome.bytes_before);
    out.Key("bytes").Number(outcome.bytes_after).Key("seconds").Number(outcome.seconds).EndObject();
    PrintLine(out.text());
    return;
  }
  std::fprintf(stderr, "%s, %.1f MB (%.1f MB before), in %.1f s\n", Counted(outcome.segments, "segment").c_str(),
               static_cast<double>(outcome.bytes_after) / 1e6, static_cast<double>(outcome.bytes_before) / 1e6, outcome.seconds);
}

int RunOptimize(const Options& options) {
  const Result<uint64_t> memory = ParseMemory(options.memory);
  if (!memory.ok()) return FailUsage(memory.status(), options.json);
  Outcome outcome;
  const Status status = Optimize(options, *memory, outcome);
  if (!status.ok()) return Fail(status, options.json);
  Print(outcome, options.json);
  return kExitDone;
}

}  // namespace

void AddOptimizeCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("optimize", "merge to one segment per shard");
  command->footer("Example: sakuin optimize --reorder ./my-index");
  command->add_option("index,--index", options->index, "folder of the index")->required();
  command->add_flag("--reorder", options->reorder, "number similar documents side by side: smaller, faster, the same answers; takes a while");
  command->add_option("--memory", options->memory, "memory for the work, for instance 256M")->capture_default_str();
  command->add_option("--threads", options->threads, "threads (default: one per processor)")->check(CLI::Range(1, 64));
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options] { run = [options] { return RunOptimize(*options); }; });
}

}  // namespace sakuin::cli
