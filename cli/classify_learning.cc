// sakuin classify train, learn, unlearn and merge: models are made and taught.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "classifier/learner.h"
#include "classifier/similar_labels.h"
#include "classifier/training_data.h"
#include "cli/bad_lines.h"
#include "cli/classify.h"
#include "cli/command.h"
#include "cli/input_lines.h"
#include "cli/output_file.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;
using classifier::Example;
using classifier::ExampleReader;
using classifier::Learner;
constexpr auto kSyncInterval = std::chrono::milliseconds(200);
constexpr uint64_t kLittleSupport = 10;  // documents
constexpr size_t kNamedGroups = 5;       // of labels that are similar

size_t Threads(const ClassifyOptions& options) { return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency()); }

class LearningRun {
 public:
  LearningRun(const ClassifyOptions& options, Change change)
      : options_(options), change_(change), pool_(Threads(options)), lines_(options.paths), bad_(options.strict) {}

  Status Run() {
    RETURN_IF_ERROR(Open());
    const Status read = ReadAll();
    RETURN_IF_ERROR(failed_ ? read : OkStatus());
    if (change_ == Change::kTrain) RETURN_IF_ERROR(CheckAllRead(read));
    if (options_.acks) RETURN_IF_ERROR(MakeDurable());
    // What came before a line or a file that stopped the run is learned or unlearned.
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
    ExampleReader examples(options_.label_field);
    Example example;
    const auto take = [&](std::string_view line) {
      Status status = examples.Read(line, true, example);
      if (status.ok()) status = change_ == Change::kUnlearn ? learner_->Unlearn(example) : learner_->Learn(example);
      if (first_wordless_.empty() && learner_->counts().wordless != 0) first_wordless_ = lines_.place();
      return status.code() == StatusCode::kInvalidArgument ? bad_.Report(lines_.place(), status) : status;
    };
    return lines_.ForEach(
        take, [&] { return bad_.Report(lines_.place(), BadLines::TooLong()); },
        [&] { return Clock::now() - last_sync_ > kSyncInterval ? MakeDurable() : OkStatus(); });
  }

  // A part of the lines makes no model: one that is there may be of them all.
  Status CheckAllRead(const Status& read) const {
    if (!read.ok()) return Status(read.code(), std::string(read.message()) + "; nothing is written to " + options_.model);
    if (learner_->set().label_count() != 0) return OkStatus();
    if (learner_->set().size() != 0) return FailedPreconditionError("no line has a label; nothing is written to " + options_.model);
    return FailedPreconditionError("there is no line to learn from" + (bad_.count() == 0 ? std::string() : ": all were broken") +
                                   "; expected lines of {\"id\",\"label\",\"text\"}");
  }

  // What learn and unlearn have taken so far; of a new model nothing is durable before it is whole.
  Status MakeDurable() {
    last_sync_ = Clock::now();
    if (change_ == Change::kTrain || durable_ == lines_.lines()) return OkStatus();
    const Status synced = learner_->Sync();
    failed_ = failed_ || !synced.ok();
    RETURN_IF_ERROR(synced);
    durable_ = lines_.lines();
    if (!options_.acks) return OkStatus();
    std::printf("acknowledged %llu\n", static_cast<unsigned long long>(durable_));
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
      json.Key("seconds").Number(seconds).Key("report").Raw(model->report()).Key("warnings").BeginArray();
      for (const std::string& warning : Warnings(*model)) json.String(warning);
      json.EndArray().EndObject();
      PrintLine(json.text());
      return read;
    }
    const std::string done = change_ == Change::kUnlearn ? Done("unlearned", counts.unlearned, "not learned before", counts.unknown)
                                                         : Done("learned", counts.learned, "known before", counts.known);
    std::fprintf(stderr, "%s in %.2f s; the model holds %s of %s: %s\n", done.c_str(), seconds, Counted(learner_->set().size(), "document").c_str(),
                 Counted(model->settings().labels.size(), "label").c_str(), model->settings().variant.Name().c_str());
    PrintCrossValidation(*model);
    for (const std::string& warning : Warnings(*model)) std::fprintf(stderr, "note: %s\n", warning.c_str());
    return read;
  }

  // "learned 340 documents (2 more were known before)".
  static std::string Done(const char* what, uint64_t done, const char* why_not, uint64_t others) {
    const std::string text = std::string(what) + " " + Counted(done, "document");
    return others == 0 ? text : text + " (" + std::to_string(others) + " more " + (others == 1 ? "was " : "were ") + why_not + ")";
  }

  // What to expect of texts that are like these.
  static void PrintCrossValidation(const classifier::Model& model) {
    if (KnowsOneAnswer(model)) return;
    const auto report = nlohmann::json::parse(model.report(), nullptr, false);
    const auto measured = report.is_object() ? report.value("cross_validation", nlohmann::json::object()) : nlohmann::json::object();
    const uint64_t judged = measured.value("judged", uint64_t{0});
    if (judged == 0) return;
    std::fprintf(stderr, "cross-validation: accuracy %.3f, macro F1 %.3f (%s, each judged by a model that had not learned it)\n",
                 measured.value("accuracy", 0.0), measured.value("macro_f1", 0.0), Counted(judged, "document").c_str());
  }

  // What somebody may not have meant.
  std::vector<std::string> Warnings(const classifier::Model& model) const {
    std::vector<std::string> warnings;
    const std::vector<classifier::LabelSettings>& labels = model.settings().labels;
    if (KnowsOneAnswer(model)) warnings.push_back("all documents have the label '" + Printable(labels[0].name) + "', so every text gets it");
    if (learner_->counts().wordless != 0) {
      warnings.push_back(Counted(learner_->counts().wordless, "document") + " without a word, the first " + first_wordless_ +
                         "; nothing can be learned of a text from that");
    }
    std::vector<std::string> names;
    names.reserve(labels.size());
    for (const classifier::LabelSettings& label : labels) names.push_back(label.name);
    const auto similar = classifier::SimilarLabels(names);
    for (size_t i = 0; i < std::min(similar.size(), kNamedGroups); ++i) warnings.push_back(NoteOfSimilar(similar[i]));
    if (similar.size() > kNamedGroups) warnings.push_back("so do the labels of " + Counted(similar.size() - kNamedGroups, "more group"));
    for (const classifier::LabelSettings& label : labels) {
      if (label.documents >= kLittleSupport) continue;
      warnings.push_back("label '" + Printable(label.name) + "' has " + Counted(label.documents, "document") + "; its probabilities mean little");
    }
    return warnings;
  }

  // "the labels 'Spam' and 'spam' differ in case, width or blanks only; each is a label of its own".
  static std::string NoteOfSimilar(const std::vector<std::string>& group) {
    std::string names;
    for (size_t i = 0; i < group.size(); ++i) names += (i == 0 ? "'" : i + 1 == group.size() ? "' and '" : "', '") + Printable(group[i]);
    return "the labels " + names + "' differ in case, width or blanks only; each is a label of its own";
  }

  static bool KnowsOneAnswer(const classifier::Model& model) {
    const classifier::ModelSettings& settings = model.settings();
    return settings.labels.size() == 1 && settings.labels[0].documents == settings.documents;
  }

  const ClassifyOptions& options_;
  Change change_;
  ThreadPool pool_;
  std::unique_ptr<Learner> learner_;
  InputLines lines_;
  BadLines bad_;
  std::string first_wordless_;  // where it stands
  uint64_t durable_ = 0;        // so many lines
  bool failed_ = false;         // what is learned can no longer be made durable
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_sync_ = start_;
};

}  // namespace

int RunLearning(const ClassifyOptions& options, Change change) {
  LearningRun run(options, change);
  const Status status = run.Run();
  if (!status.ok()) return Fail(status, options.json);
  if (run.bad_lines() == 0) return kExitDone;
  return Fail(InvalidArgumentError(Counted(run.bad_lines(), "broken line") + " left out; all others are used"), options.json);
}

Status RunMerge(const ClassifyOptions& options) {
  RETURN_IF_ERROR(CheckOutput("--model", options.model, {}, {"SAKUINNB", "model"}));
  ThreadPool pool(Threads(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<Learner> all, Learner::Merge(PosixFileSystem(), options.model, options.paths, &pool));
  RETURN_IF_ERROR(all->Commit());
  std::fprintf(stderr, "the model holds %s of %s\n", Counted(all->set().size(), "document").c_str(),
               Counted(all->set().label_count(), "label").c_str());
  return OkStatus();
}

}  // namespace sakuin::cli
