// sakuin bench classify: speed of a classifier over labelled texts in memory.

#include <algorithm>
#include <chrono>

#include "base/file.h"
#include "base/json_writer.h"
#include "classifier/classifier.h"
#include "classifier/training_data.h"
#include "cli/command.h"
#include "cli/input_lines.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string model;
  std::string path;
  uint32_t repeat = 3;
};

// Of the lines of a file, those that can be used.
Result<std::vector<classifier::Example>> ReadExamples(const std::string& path) {
  std::vector<classifier::Example> examples;
  classifier::ExampleReader reader;
  InputLines lines({path});
  const auto take = [&](std::string_view line) {
    classifier::Example example;
    RETURN_IF_ERROR(reader.Read(line, true, example).WithContext(lines.place()));
    examples.push_back(std::move(example));
    return OkStatus();
  };
  RETURN_IF_ERROR(lines.ForEach(take, [&] { return InvalidArgumentError(lines.place() + ": the line is too long"); }, [] { return OkStatus(); }));
  return examples;
}

Status RunClassify(const Options& options) {
  ASSIGN_OR_RETURN(const std::vector<classifier::Example> examples, ReadExamples(options.path));
  const Clock::time_point before = Clock::now();
  ASSIGN_OR_RETURN(const auto classifier, classifier::Classifier::Open(PosixFileSystem(), options.model));
  const double load = std::chrono::duration<double>(Clock::now() - before).count();
  double best = 1e30;
  uint64_t bytes = 0;
  uint64_t right = 0;
  classifier::Classifier::Scratch scratch;
  for (uint32_t pass = 0; pass < options.repeat; ++pass) {
    bytes = right = 0;
    const Clock::time_point start = Clock::now();
    for (const classifier::Example& example : examples) {
      classifier->Probabilities(example.text, scratch);
      const auto guess = std::max_element(scratch.scores.begin(), scratch.scores.end()) - scratch.scores.begin();
      right += classifier->label_name(static_cast<uint32_t>(guess)) == example.labels.front() ? 1 : 0;
      bytes += example.text.size();
    }
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  JsonWriter out;
  out.BeginObject().Key("bytes").Number(bytes).Key("items").Number(examples.size()).Key("matches").Number(right).Key("seconds").Number(best);
  out.Key("per_second").Number(static_cast<double>(examples.size()) / best).Key("load_seconds").Number(load);
  out.Key("memory_bytes").Number(PeakMemory()).EndObject();
  PrintLine(out.text());
  return OkStatus();
}

}  // namespace

void AddBenchClassify(CLI::App& bench, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* classifying = bench.add_subcommand("classify", "speed of a classifier: documents per second; matches are right answers");
  classifying->footer("Example: sakuin bench classify --model spam.model test.jsonl");
  classifying->add_option("--model", options->model, "file of the model")->required();
  classifying->add_option("--repeat", options->repeat, "passes, of which the best counts")->check(CLI::Range(1, 1000))->capture_default_str();
  classifying->add_option("data", options->path, "file of {\"id\",\"label\",\"text\"} lines")->required();
  classifying->callback([&run, options] {
    run = [options] {
      const Status status = RunClassify(*options);
      return status.ok() ? kExitDone : Fail(status, false);
    };
  });
}

}  // namespace sakuin::cli
