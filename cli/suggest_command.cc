// sakuin suggest: how the last word of a text may go on.

#include <chrono>
#include <cstdio>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "searcher/completer.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string index;
  size_t top = 10;
  bool json = false;
  std::string prefix;
};

std::string ToJson(const std::vector<searcher::Completion>& completions, int64_t micros) {
  JsonWriter out;
  out.BeginObject().Key("suggestions").BeginArray();
  for (const searcher::Completion& completion : completions) {
    out.BeginObject().Key("text").String(completion.text).Key("word").String(completion.word);
    out.Key("documents").Number(completion.documents).EndObject();
  }
  out.EndArray().Key("took_us").Number(micros).EndObject();
  return out.Take();
}

int RunSuggest(const Options& options) {
  const Clock::time_point start = Clock::now();
  if (Status status = PrepareToRead(options.index); !status.ok()) return Fail(status, options.json);
  const Result<std::unique_ptr<searcher::Searcher>> searcher = searcher::Searcher::Open(PosixFileSystem(), options.index);
  if (!searcher.ok()) return Fail(searcher.status(), options.json);
  const auto completions = searcher::Completer(**searcher).Complete(options.prefix, options.top);
  if (!completions.ok()) return FailUsage(completions.status(), options.json);
  if (options.json) {
    PrintLine(ToJson(*completions, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count()));
    return kExitDone;
  }
  for (const searcher::Completion& completion : *completions) {
    std::printf("%s  (%llu)\n", completion.text.c_str(), static_cast<unsigned long long>(completion.documents));
  }
  return kExitDone;
}

}  // namespace

void AddSuggestCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("suggest", "complete the last word of a text, with the number of documents that have it");
  command->footer("Example: sakuin suggest --index ./my-index --top 5 'black cof'");
  command->add_option("--index", options->index, "folder of the index")->required();
  command->add_option("--top", options->top, "number of completions")->check(CLI::Range(size_t{1}, searcher::kMaxCompletions))->capture_default_str();
  command->add_flag("--json", options->json, "one JSON object");
  command->add_option("prefix", options->prefix, "what has been typed so far; after -- it may begin with a minus")->required();
  command->callback([&run, options] { run = [options] { return RunSuggest(*options); }; });
}

}  // namespace sakuin::cli
