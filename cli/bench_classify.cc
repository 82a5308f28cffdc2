// sakuin bench classify and sakuin bench train: speed of a classifier over labelled texts in memory.

#include <algorithm>
#include <chrono>

#include "base/file.h"
#include "base/json_writer.h"
#include "classifier/classifier.h"
#include "classifier/evaluation.h"
#include "classifier/feature_index.h"
#include "classifier/selection.h"
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

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

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

classifier::Evaluation Evaluate(const classifier::Classifier& classifier, const std::vector<classifier::Example>& examples) {
  std::vector<std::string> names;
  for (const classifier::LabelSettings& label : classifier.model().settings().labels) names.push_back(label.name);
  classifier::Evaluation evaluation(names, classifier.model().settings().multi_label);
  classifier::Classifier::Scratch scratch;
  for (const classifier::Example& example : examples) {
    classifier.Probabilities(example.text, scratch);
    evaluation.Add(example.labels, scratch.scores);
  }
  return evaluation;
}

Status RunClassify(const Options& options) {
  ASSIGN_OR_RETURN(const std::vector<classifier::Example> examples, ReadExamples(options.path));
  const Clock::time_point before = Clock::now();
  ASSIGN_OR_RETURN(const auto classifier, classifier::Classifier::Open(PosixFileSystem(), options.model));
  const double load = SecondsSince(before);
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
    best = std::min(best, SecondsSince(start));
  }
  const classifier::Evaluation evaluation = Evaluate(*classifier, examples);
  JsonWriter out;
  out.BeginObject().Key("bytes").Number(bytes).Key("items").Number(examples.size()).Key("matches").Number(right).Key("seconds").Number(best);
  out.Key("per_second").Number(static_cast<double>(examples.size()) / best).Key("load_seconds").Number(load);
  out.Key("accuracy").Number(evaluation.accuracy()).Key("macro_f1").Number(evaluation.macro_f1());
  out.Key("memory_bytes").Number(PeakMemory()).EndObject();
  PrintLine(out.text());
  return OkStatus();
}

Status LearnAll(const std::vector<classifier::Example>& examples, classifier::TrainingSet& set) {
  std::vector<classifier::Unit> units;
  for (const classifier::Example& example : examples) {
    if (example.labels.size() != 1) return InvalidArgumentError("\"label\" is a list; one label for each text is wanted");
    classifier::CutUnits(example.text, units);
    set.Learn({example.id, example.labels, units});
  }
  return OkStatus();
}

// From texts to the bytes of the model, by one thread; with the choice made already where there is a selection.
Result<double> SecondsToTrain(const std::vector<classifier::Example>& examples, const classifier::Selection* selection) {
  const Clock::time_point start = Clock::now();
  classifier::TrainingSet set;
  RETURN_IF_ERROR(LearnAll(examples, set));
  RETURN_IF_ERROR((selection == nullptr ? classifier::BuildModel(set, nullptr) : classifier::BuildModelOf(*selection, set, nullptr)).status());
  return SecondsSince(start);
}

Result<classifier::Selection> Choose(const std::vector<classifier::Example>& examples) {
  classifier::TrainingSet set;
  RETURN_IF_ERROR(LearnAll(examples, set));
  const classifier::TrainingSet ordered = set.Ordered();
  return classifier::SelectVariant(ordered, classifier::FeatureIndex::Build(ordered, classifier::FeatureOrder::kTriples, nullptr), false, nullptr);
}

Status RunTrain(const Options& options) {
  ASSIGN_OR_RETURN(const std::vector<classifier::Example> examples, ReadExamples(options.path));
  ASSIGN_OR_RETURN(const classifier::Selection selection, Choose(examples));
  double best = 1e30;
  double best_chosen = 1e30;
  for (uint32_t pass = 0; pass < options.repeat; ++pass) {
    ASSIGN_OR_RETURN(const double whole, SecondsToTrain(examples, nullptr));
    ASSIGN_OR_RETURN(const double chosen, SecondsToTrain(examples, &selection));
    best = std::min(best, whole);
    best_chosen = std::min(best_chosen, chosen);
  }
  const double items = static_cast<double>(examples.size());
  JsonWriter out;
  out.BeginObject().Key("items").Number(examples.size()).Key("variant").String(selection.variant.Name());
  out.Key("seconds").Number(best).Key("per_second").Number(items / best);
  out.Key("chosen_seconds").Number(best_chosen).Key("chosen_per_second").Number(items / best_chosen);
  out.Key("memory_bytes").Number(PeakMemory()).EndObject();
  PrintLine(out.text());
  return OkStatus();
}

CLI::App* AddBench(CLI::App& bench, Run& run, const char* name, const char* what, const std::shared_ptr<Options>& options,
                   Status (*body)(const Options&)) {
  CLI::App* command = bench.add_subcommand(name, what);
  command->add_option("--repeat", options->repeat, "passes, of which the best counts")->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("data", options->path, "file of {\"id\",\"label\",\"text\"} lines")->required();
  command->callback([&run, options, body] {
    run = [options, body] {
      const Status status = body(*options);
      return status.ok() ? kExitDone : Fail(status, false);
    };
  });
  return command;
}

}  // namespace

void AddBenchClassify(CLI::App& bench, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* classifying =
      AddBench(bench, run, "classify", "speed of a classifier: documents per second; matches are right answers", options, RunClassify);
  classifying->footer("Example: sakuin bench classify --model spam.model test.jsonl");
  classifying->add_option("--model", options->model, "file of the model")->required();
  AddBench(bench, run, "train", "speed of learning, with the choice of the variant and (chosen) without", std::make_shared<Options>(), RunTrain)
      ->footer("Example: sakuin bench train messages.jsonl");
}

}  // namespace sakuin::cli
