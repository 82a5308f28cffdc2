// sakuin classify: a model that says what a text is about: made, taught, asked, measured.

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "base/json_writer.h"
#include "classifier/classifier.h"
#include "classifier/evaluation.h"
#include "classifier/learner.h"
#include "classifier/training_data.h"
#include "cli/command.h"
#include "cli/input_lines.h"
#include "cli/output_file.h"
#include "cli/training_lines.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;
using classifier::Classifier;
using classifier::Example;
using classifier::ExampleReader;
using classifier::Learner;
constexpr auto kAckInterval = std::chrono::milliseconds(200);
constexpr uint64_t kShownErrors = 100;
constexpr uint64_t kLittleSupport = 10;  // documents

struct Options {
  std::string model;
  std::vector<std::string> paths;
  size_t threads = 0;
  bool multi_label = false;
  bool strict = false;
  bool acks = false;
  bool json = false;
  classifier::PredictOptions predict;
  std::string format = "auto";
  std::string svg;
  std::string label_field = "label";
};

enum class Change { kTrain, kLearn, kUnlearn };

size_t Threads(const Options& options) { return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency()); }

// Lines that cannot be used: shown, counted, or the end of it.
class BadLines {
 public:
  explicit BadLines(bool strict) : strict_(strict) {}

  Status Report(const std::string& place, const Status& why) {
    ++count_;
    const std::string text = place + ": " + std::string(why.message());
    if (strict_) return InvalidArgumentError(text + " (stopped: --strict)");
    if (count_ <= kShownErrors) std::fprintf(stderr, "sakuin: %s\n", text.c_str());
    if (count_ == kShownErrors) std::fprintf(stderr, "sakuin: further broken lines are counted, not shown\n");
    return OkStatus();
  }

  uint64_t count() const { return count_; }
  Status Verdict() const {
    if (count_ == 0) return OkStatus();
    return InvalidArgumentError(Counted(count_, "broken line") + " left out; all others are used");
  }

 private:
  bool strict_;
  uint64_t count_ = 0;
};

Status TooLong() { return InvalidArgumentError("the line is longer than " + std::to_string(InputLines::kMaxLineBytes) + " bytes"); }

class LearningRun {
 public:
  LearningRun(const Options& options, Change change)
      : options_(options), change_(change), pool_(Threads(options)), lines_(options.paths), bad_(options.strict) {}

  Status Run() {
    RETURN_IF_ERROR(Open());
    const Status read = ReadAll();
    RETURN_IF_ERROR(failed_ ? read : OkStatus());
    if (change_ == Change::kTrain && learner_->set().size() == 0) {
      if (!read.ok()) return read;
      return FailedPreconditionError("there is no line to learn from" + (bad_.count() == 0 ? std::string() : ": all were broken") +
                                     "; expected lines of {\"id\",\"label\",\"text\"}");
    }
    RETURN_IF_ERROR(Acknowledge());
    // What came before a line or a file that stopped the run is kept.
    RETURN_IF_ERROR(learner_->Commit());
    return Print(read);
  }

  uint64_t bad_lines() const { return bad_.count(); }

 private:
  Status Open() {
    FileSystem& fs = PosixFileSystem();
    if (change_ == Change::kTrain) {
      RETURN_IF_ERROR(CheckOutput("--model", options_.model, options_.paths, {"SAKUINNB", "model"}));
      ASSIGN_OR_RETURN(learner_, Learner::Create(fs, options_.model, options_.multi_label, &pool_));
    } else {
      ASSIGN_OR_RETURN(learner_, Learner::Open(fs, options_.model, &pool_));
    }
    return OkStatus();
  }

  Status ReadAll() {
    TrainingLines examples(options_.label_field);
    Example example;
    const auto take = [&](std::string_view line) {
      Status status = examples.Read(line, example);
      if (status.ok()) status = change_ == Change::kUnlearn ? learner_->Unlearn(example) : learner_->Learn(example);
      return status.code() == StatusCode::kInvalidArgument ? bad_.Report(lines_.place(), status) : status;
    };
    return lines_.ForEach(
        take, [&] { return bad_.Report(lines_.place(), TooLong()); },
        [&] { return Clock::now() - last_ack_ > kAckInterval ? Acknowledge() : OkStatus(); });
  }

  Status Acknowledge() {
    last_ack_ = Clock::now();
    if (!options_.acks || acknowledged_ == lines_.lines()) return OkStatus();
    const Status synced = learner_->Sync();
    failed_ = failed_ || !synced.ok();
    RETURN_IF_ERROR(synced);
    acknowledged_ = lines_.lines();
    std::printf("acknowledged %llu\n", static_cast<unsigned long long>(acknowledged_));
    std::fflush(stdout);
    return OkStatus();
  }

  Status Print(const Status& read) const {
    ASSIGN_OR_RETURN(const std::unique_ptr<classifier::Model> model, classifier::Model::Open(PosixFileSystem(), options_.model));
    const classifier::LearningCounts& counts = learner_->counts();
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    if (options_.json) {
      JsonWriter json;
      json.BeginObject().Key("learned").Number(counts.learned).Key("known").Number(counts.known).Key("unlearned").Number(counts.unlearned);
      json.Key("unknown").Number(counts.unknown).Key("errors").Number(bad_.count()).Key("documents").Number(learner_->set().size());
      json.Key("seconds").Number(seconds).Key("report").Raw(model->report()).EndObject();
      PrintLine(json.text());
      return read;
    }
    const std::string done = change_ == Change::kUnlearn ? Done("unlearned", counts.unlearned, "not learned before", counts.unknown)
                                                         : Done("learned", counts.learned, "known before", counts.known);
    std::fprintf(stderr, "%s in %.2f s; the model holds %s of %s: %s\n", done.c_str(), seconds,
                 Counted(learner_->set().size(), "document").c_str(), Counted(model->settings().labels.size(), "label").c_str(),
                 model->settings().variant.Name().c_str());
    PrintCrossValidation(*model);
    WarnOfLittleSupport(*model);
    return read;
  }

  // "learned 340 documents (2 more were known before)".
  static std::string Done(const char* what, uint64_t done, const char* why_not, uint64_t others) {
    const std::string text = std::string(what) + " " + Counted(done, "document");
    return others == 0 ? text : text + " (" + std::to_string(others) + " more " + (others == 1 ? "was " : "were ") + why_not + ")";
  }

  // What to expect of texts that are like these.
  static void PrintCrossValidation(const classifier::Model& model) {
    const auto report = nlohmann::json::parse(model.report(), nullptr, false);
    const auto measured = report.is_object() ? report.value("cross_validation", nlohmann::json::object()) : nlohmann::json::object();
    const uint64_t judged = measured.value("judged", uint64_t{0});
    if (judged == 0) return;
    std::fprintf(stderr, "cross-validation: accuracy %.3f, macro F1 %.3f (%s, each judged by a model that had not learned it)\n",
                 measured.value("accuracy", 0.0), measured.value("macro_f1", 0.0), Counted(judged, "document").c_str());
  }

  static void WarnOfLittleSupport(const classifier::Model& model) {
    for (const classifier::LabelSettings& label : model.settings().labels) {
      if (label.documents >= kLittleSupport) continue;
      std::fprintf(stderr, "note: label '%s' has %llu documents; its probabilities mean little\n", label.name.c_str(),
                   static_cast<unsigned long long>(label.documents));
    }
  }

  const Options& options_;
  Change change_;
  ThreadPool pool_;
  std::unique_ptr<Learner> learner_;
  InputLines lines_;
  BadLines bad_;
  uint64_t acknowledged_ = 0;
  bool failed_ = false;  // what is learned can no longer be made durable
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ack_ = start_;
};

int RunLearning(const Options& options, Change change) {
  LearningRun run(options, change);
  const Status status = run.Run();
  if (!status.ok()) return Fail(status, options.json);
  if (run.bad_lines() == 0) return kExitDone;
  return Fail(InvalidArgumentError(Counted(run.bad_lines(), "broken line") + " left out; all others are used"), options.json);
}

Result<std::unique_ptr<Classifier>> OpenClassifier(const Options& options) {
  FileSystem& fs = PosixFileSystem();
  {
    ThreadPool pool(Threads(options));
    RETURN_IF_ERROR(classifier::FinishLearning(fs, options.model, &pool));
  }
  return Classifier::Open(fs, options.model);
}

class PredictRun {
 public:
  explicit PredictRun(const Options& options) : options_(options), lines_(options.paths), bad_(options.strict) {}

  Status Run() {
    ASSIGN_OR_RETURN(classifier_, OpenClassifier(options_));
    const auto flush = [] {
      std::fflush(stdout);
      return OkStatus();
    };
    RETURN_IF_ERROR(lines_.ForEach([&](std::string_view line) { return Take(line); }, [&] { return Refuse(TooLong()); }, flush));
    return bad_.Verdict();
  }

 private:
  Status Take(std::string_view line) {
    const bool json = options_.format == "jsonl" || (options_.format == "auto" && line[line.find_first_not_of(" \t")] == '{');
    if (json) {
      if (const Status status = reader_.Read(line, false, example_); !status.ok()) return Refuse(status);
    } else {
      example_.text = line;
      example_.id.clear();
    }
    if (example_.id.empty()) example_.id = std::to_string(lines_.lines());
    const classifier::Prediction prediction = classifier_->Predict(example_.text, options_.predict, scratch_);
    options_.json ? PrintJson(prediction) : Print(prediction);
    return OkStatus();
  }

  // One answer for each line, also where there is none.
  Status Refuse(const Status& why) {
    if (options_.json) {
      JsonWriter json;
      json.BeginObject().Key("id").String(std::to_string(lines_.lines())).Key("labels").BeginArray().EndArray();
      json.Key("error").String(why.message()).EndObject();
      PrintLine(json.text());
    }
    return bad_.Report(lines_.place(), why);
  }

  void PrintJson(const classifier::Prediction& prediction) {
    json_.Clear();
    json_.BeginObject().Key("id").String(example_.id).Key("labels").BeginArray();
    for (const classifier::LabelProbability& label : prediction.labels) {
      json_.BeginObject().Key("label").String(classifier_->label_name(label.label)).Key("probability").Number(label.probability);
      json_.Key("support").Number(classifier_->model().settings().labels[label.label].documents).EndObject();
    }
    json_.EndArray().Key("known_features").Number(prediction.known_features);
    if (prediction.abstained) json_.Key("abstained").Boolean(true);
    if (options_.predict.explain) {
      json_.Key("explanation").BeginArray();
      for (const classifier::FeatureVote& vote : prediction.votes) {
        json_.BeginObject().Key("feature").String(vote.text).Key("count").Number(vote.count).Key("weight").Number(vote.weight).EndObject();
      }
      json_.EndArray();
    }
    json_.EndObject();
    PrintLine(json_.text());
  }

  void Print(const classifier::Prediction& prediction) {
    std::string text = example_.id;
    for (const classifier::LabelProbability& label : prediction.labels) {
      char probability[32];
      std::snprintf(probability, sizeof(probability), " %.4f", static_cast<double>(label.probability));
      text += "\t" + std::string(classifier_->label_name(label.label)) + probability;
    }
    if (prediction.abstained) text += "\t(unsure)";
    if (prediction.known_features == 0) text += "\t(no known word: how often each label was learned)";
    PrintLine(text);
    for (const classifier::FeatureVote& vote : prediction.votes) {
      std::string shown = vote.text;
      for (char& c : shown) c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
      std::printf("  %+8.3f  %s%s\n", vote.weight, shown.c_str(), vote.count > 1 ? (" x" + std::to_string(vote.count)).c_str() : "");
    }
  }

  const Options& options_;
  InputLines lines_;
  BadLines bad_;
  std::unique_ptr<Classifier> classifier_;
  Classifier::Scratch scratch_;
  ExampleReader reader_;
  Example example_;
  JsonWriter json_;
};

Status RunEvaluation(const Options& options) {
  if (!options.svg.empty()) RETURN_IF_ERROR(CheckOutput("--svg", options.svg, options.paths, {"<svg", "SVG picture"}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Classifier> classifier, OpenClassifier(options));
  const classifier::ModelSettings& settings = classifier->model().settings();
  std::vector<std::string> names;
  for (const classifier::LabelSettings& label : settings.labels) names.push_back(label.name);
  classifier::Evaluation evaluation(names, settings.multi_label);
  InputLines lines(options.paths);
  BadLines bad(options.strict);
  TrainingLines examples(options.label_field);
  Example example;
  Classifier::Scratch scratch;
  const auto take = [&](std::string_view line) {
    Status status = examples.Read(line, example);
    if (status.ok() && !settings.multi_label && example.labels.size() != 1) {
      status = InvalidArgumentError("\"label\" is a list; this model gives one label");
    }
    if (!status.ok()) return bad.Report(lines.place(), status);
    classifier->Probabilities(example.text, scratch);
    evaluation.Add(example.labels, scratch.scores);
    return OkStatus();
  };
  RETURN_IF_ERROR(lines.ForEach(
      take, [&] { return bad.Report(lines.place(), TooLong()); }, [] { return OkStatus(); }));
  if (evaluation.documents() == 0) return FailedPreconditionError("there is no line to judge by; expected lines of {\"id\",\"label\",\"text\"}");
  PrintLine(options.json ? EvaluationJson(evaluation) : EvaluationText(evaluation));
  if (!options.svg.empty()) RETURN_IF_ERROR(WriteFileAtomically(PosixFileSystem(), options.svg, EvaluationSvg(evaluation)));
  return bad.Verdict();
}

Status RunReport(const Options& options) {
  ThreadPool pool(Threads(options));
  RETURN_IF_ERROR(classifier::FinishLearning(PosixFileSystem(), options.model, &pool));
  ASSIGN_OR_RETURN(const std::unique_ptr<classifier::Model> model, classifier::Model::Open(PosixFileSystem(), options.model));
  PrintLine(std::string(model->report()));
  return OkStatus();
}

// A model of all that the models have learned.
Status RunMerge(const Options& options) {
  RETURN_IF_ERROR(CheckOutput("--model", options.model, {}, {"SAKUINNB", "model"}));
  FileSystem& fs = PosixFileSystem();
  ThreadPool pool(Threads(options));
  classifier::TrainingSet all;
  for (size_t i = 0; i < options.paths.size(); ++i) {
    RETURN_IF_ERROR(classifier::FinishLearning(fs, options.paths[i], &pool));
    ASSIGN_OR_RETURN(const std::unique_ptr<classifier::Model> model, classifier::Model::Open(fs, options.paths[i]));
    ASSIGN_OR_RETURN(const classifier::TrainingSet part, model->DecodeDocuments());
    if (i == 0) all = classifier::TrainingSet(part.multi_label());
    if (all.multi_label() != part.multi_label()) {
      return FailedPreconditionError(options.paths[i] + " and " + options.paths[0] + " differ: one is made with --multi-label, the other is not");
    }
    all.Merge(part);
  }
  RETURN_IF_ERROR(WriteFileAtomically(fs, options.model, classifier::BuildModel(all, &pool)));
  std::fprintf(stderr, "the model holds %zu documents of %zu labels\n", all.size(), all.label_names().size());
  return OkStatus();
}

CLI::App* AddCommand(CLI::App& classify, Run& run, const std::shared_ptr<Options>& options, const char* name, const char* what,
                     const std::function<int(const Options&)>& body) {
  CLI::App* command = classify.add_subcommand(name, what);
  command->add_option("--model", options->model, "file of the model")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options, body] { run = [options, body] { return body(*options); }; });
  return command;
}

void AddData(CLI::App& command, Options& options) {
  command.add_option("--label-field", options.label_field, "which field of a line is its label, for instance category")->capture_default_str();
  command.add_flag("--strict", options.strict, "stop at the first broken line");
  command.add_option("data", options.paths, "files of {\"id\",\"label\",\"text\"} lines (\"title\" and \"body\" may stand for \"text\"), or - for standard input")->required();
}

void AddThreads(CLI::App& command, Options& options) {
  command.add_option("--threads", options.threads, "threads (default: one per processor)")->check(CLI::Range(1, 64));
}

void AddLearning(CLI::App& classify, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* train = AddCommand(classify, run, options, "train", "make a model from labelled texts",
                               [](const Options& o) { return RunLearning(o, Change::kTrain); });
  train->footer("Example: sakuin classify train --model spam.model messages.jsonl");
  train->add_flag("--multi-label", options->multi_label, "a document has any number of labels: \"label\" may be a list");
  AddThreads(*train, *options);
  AddData(*train, *options);
  for (const Change change : {Change::kLearn, Change::kUnlearn}) {
    options = std::make_shared<Options>();
    const bool learn = change == Change::kLearn;
    CLI::App* command =
        AddCommand(classify, run, options, learn ? "learn" : "unlearn", learn ? "add documents to a model" : "take documents back out of a model",
                   [change](const Options& o) { return RunLearning(o, change); });
    command->footer(learn ? "Example: sakuin classify learn --model spam.model new.jsonl"
                          : "Example: sakuin classify unlearn --model spam.model mistakes.jsonl");
    command->add_flag("--acks", options->acks, "print `acknowledged N` when the first N lines have become durable");
    AddThreads(*command, *options);
    AddData(*command, *options);
  }
}

int Exit(const Status& status, const Options& options) { return status.ok() ? kExitDone : Fail(status, options.json); }

}  // namespace

void AddClassifyCommand(CLI::App& app, Run& run) {
  CLI::App* classify = app.add_subcommand("classify", "say what texts are about, by a model that learns from examples");
  classify->require_subcommand(1);
  classify->footer(
      "Example: sakuin classify train --model spam.model messages.jsonl && echo 'Free prize' | sakuin classify predict --model spam.model -");
  AddLearning(*classify, run);

  auto options = std::make_shared<Options>();
  CLI::App* predict = AddCommand(*classify, run, options, "predict", "label texts: lines of JSON with a \"text\", or of plain text",
                                 [](const Options& o) { return Exit(PredictRun(o).Run(), o); });
  predict->footer("Example: echo 'Free prize! Call now' | sakuin classify predict --model spam.model --explain -");
  predict->add_option("--top", options->predict.top, "so many labels at most, the likeliest first (default: the best)")->check(CLI::Range(1, 65535));
  predict->add_option("--abstain", options->predict.abstain, "give no label when the best has a smaller probability")->check(CLI::Range(0.0, 1.0));
  predict->add_flag("--explain", options->predict.explain, "show what spoke for the best label and against it");
  predict->add_option("--format", options->format, "auto (lines that begin with { are JSON), jsonl or text")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->capture_default_str();
  predict->add_flag("--strict", options->strict, "stop at the first broken line");
  options->paths = {"-"};
  predict->add_option("file", options->paths, "file of a text per line, or - for standard input (the default)");

  options = std::make_shared<Options>();
  CLI::App* eval = AddCommand(*classify, run, options, "eval", "measure a model by labelled texts that it has not learned",
                              [](const Options& o) { return Exit(RunEvaluation(o), o); });
  eval->footer("Example: sakuin classify eval --model spam.model test.jsonl --svg confusion.svg");
  eval->add_option("--svg", options->svg, "write a picture of the confusion matrix and of the reliability of the probabilities");
  AddData(*eval, *options);

  options = std::make_shared<Options>();
  CLI::App* report = AddCommand(*classify, run, options, "report", "print what a model has learned and how it did in cross-validation, as JSON",
                                [](const Options& o) { return Exit(RunReport(o), o); });
  report->footer("Example: sakuin classify report --model spam.model");

  options = std::make_shared<Options>();
  CLI::App* merge = AddCommand(*classify, run, options, "merge", "make one model of all that several have learned",
                               [](const Options& o) { return Exit(RunMerge(o), o); });
  merge->footer("Example: sakuin classify merge --model all.model monday.model tuesday.model");
  AddThreads(*merge, *options);
  merge->add_option("models", options->paths, "the models to merge")->required();
}

}  // namespace sakuin::cli
