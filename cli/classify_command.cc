// sakuin classify: a model that says what a text is about: made, taught, asked, measured.

#include "cli/classify.h"
#include "cli/command.h"

namespace sakuin::cli {
namespace {

CLI::App* AddCommand(CLI::App& classify, Run& run, const std::shared_ptr<ClassifyOptions>& options, const char* name, const char* what,
                     const std::function<int(const ClassifyOptions&)>& body) {
  CLI::App* command = classify.add_subcommand(name, what);
  command->add_option("--model", options->model, "file of the model")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options, body] { run = [options, body] { return body(*options); }; });
  return command;
}

void AddData(CLI::App& command, ClassifyOptions& options) {
  command.add_option("--label-field", options.label_field, "which field of a line is its label, for instance category")->capture_default_str();
  command.add_flag("--strict", options.strict, "stop at the first broken line");
  command
      .add_option("data", options.paths,
                  "files of {\"id\",\"label\",\"text\"} lines (\"title\" and \"body\" may stand for \"text\"), or - for standard "
                  "input")
      ->required();
}

void AddThreads(CLI::App& command, ClassifyOptions& options) {
  command.add_option("--threads", options.threads, "threads (default: one per processor)")->check(CLI::Range(1, 64));
}

void AddLearning(CLI::App& classify, Run& run) {
  auto options = std::make_shared<ClassifyOptions>();
  CLI::App* train = AddCommand(classify, run, options, "train", "make a model from labelled texts",
                               [](const ClassifyOptions& o) { return RunLearning(o, Change::kTrain); });
  train->footer("Example: sakuin classify train --model spam.model messages.jsonl");
  train->add_flag("--multi-label", options->multi_label, "a document has any number of labels, also none: \"label\" may be a list");
  AddThreads(*train, *options);
  AddData(*train, *options);
  for (const Change change : {Change::kLearn, Change::kUnlearn}) {
    options = std::make_shared<ClassifyOptions>();
    const bool learn = change == Change::kLearn;
    CLI::App* command =
        AddCommand(classify, run, options, learn ? "learn" : "unlearn", learn ? "add documents to a model" : "take documents back out of a model",
                   [change](const ClassifyOptions& o) { return RunLearning(o, change); });
    command->footer(learn ? "Example: sakuin classify learn --model spam.model new.jsonl"
                          : "Example: sakuin classify unlearn --model spam.model mistakes.jsonl");
    command->add_flag("--acks", options->acks, "print `acknowledged N` when the first N lines have become durable");
    AddThreads(*command, *options);
    AddData(*command, *options);
  }
}

int Exit(const Status& status, const ClassifyOptions& options) { return status.ok() ? kExitDone : Fail(status, options.json); }

}  // namespace

void AddClassifyCommand(CLI::App& app, Run& run) {
  CLI::App* classify = app.add_subcommand("classify", "say what texts are about, by a model that learns from examples");
  classify->require_subcommand(1);
  classify->footer(
      "Example: sakuin classify train --model spam.model messages.jsonl && echo 'Free prize' | sakuin classify predict --model spam.model -");
  AddLearning(*classify, run);

  auto options = std::make_shared<ClassifyOptions>();
  CLI::App* predict = AddCommand(*classify, run, options, "predict", "label texts: lines of JSON with a \"text\", or of plain text",
                                 [](const ClassifyOptions& o) { return Exit(RunPredict(o), o); });
  predict->footer("Example: echo 'Free prize! Call now' | sakuin classify predict --model spam.model --explain -");
  predict
      ->add_option("--top", options->predict.top,
                   "so many labels at most, the likeliest first, whatever their probabilities (default: the best one; of a "
                   "--multi-label "
                   "model those of one half or more)")
      ->check(CLI::Range(1, 65535));
  predict->add_option("--abstain", options->predict.abstain, "give no label when the best has a smaller probability")
      ->check(CLI::Range(0.0, 1.0))
      ->check(IsFinite());
  predict->add_flag("--explain", options->predict.explain, "show what spoke for the best label and against it");
  predict->add_option("--format", options->format, "auto (lines that begin with { are JSON), jsonl or text")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->capture_default_str();
  predict->add_flag("--strict", options->strict, "stop at the first broken line");
  options->paths = {"-"};
  predict->add_option("file", options->paths, "file of a text per line, or - for standard input (the default)");

  options = std::make_shared<ClassifyOptions>();
  CLI::App* eval = AddCommand(*classify, run, options, "eval", "measure a model by labelled texts that it has not learned",
                              [](const ClassifyOptions& o) { return Exit(RunEvaluation(o), o); });
  eval->footer("Example: sakuin classify eval --model spam.model test.jsonl --svg confusion.svg");
  eval->add_option("--svg", options->svg, "write a picture of the confusion matrix and of the reliability of the probabilities");
  AddData(*eval, *options);

  options = std::make_shared<ClassifyOptions>();
  CLI::App* report = AddCommand(*classify, run, options, "report", "print what a model has learned and how it did in cross-validation, as JSON",
                                [](const ClassifyOptions& o) { return Exit(RunReport(o), o); });
  report->footer("Example: sakuin classify report --model spam.model");

  options = std::make_shared<ClassifyOptions>();
  CLI::App* merge = AddCommand(*classify, run, options, "merge", "make one model of all that several have learned",
                               [](const ClassifyOptions& o) { return Exit(RunMerge(o), o); });
  merge->footer("Example: sakuin classify merge --model all.model monday.model tuesday.model");
  AddThreads(*merge, *options);
  merge->add_option("models", options->paths, "the models to merge")->required();
}

}  // namespace sakuin::cli
