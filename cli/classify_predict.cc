// sakuin classify predict: an answer for each line.

#include <cstdio>

#include "base/json_writer.h"
#include "classifier/training_data.h"
#include "cli/bad_lines.h"
#include "cli/classify.h"
#include "cli/command.h"
#include "cli/input_lines.h"

namespace sakuin::cli {
namespace {

using classifier::Classifier;
using classifier::Example;
using classifier::ExampleReader;

constexpr const char* kIfText = " (where lines that begin with { are plain text: --format text)";

class PredictRun {
 public:
  explicit PredictRun(const ClassifyOptions& options) : options_(options), lines_(options.paths), bad_(options.strict) {}

  Status Run() {
    ASSIGN_OR_RETURN(classifier_, OpenToAsk(options_.model));
    const auto flush = [] {
      std::fflush(stdout);
      return OkStatus();
    };
    RETURN_IF_ERROR(lines_.ForEach([&](std::string_view line) { return Take(line); }, [&] { return Refuse(BadLines::TooLong()); }, flush));
    return bad_.Verdict();
  }

 private:
  Status Take(std::string_view line) {
    const bool guessed = options_.format == "auto" && line[line.find_first_not_of(" \t")] == '{';
    if (guessed || options_.format == "jsonl") {
      const Status status = reader_.Read(line, false, example_);
      if (!status.ok()) return Refuse(guessed ? Status(status.code(), std::string(status.message()) + kIfText) : status);
    } else {
      example_.text = line;
      example_.id.clear();
    }
    if (example_.id.empty()) example_.id = LineId();
    const classifier::Prediction prediction = classifier_->Predict(example_.text, options_.predict, scratch_);
    options_.json ? PrintJson(prediction) : Print(prediction);
    return OkStatus();
  }

  // Where the line stands.
  std::string LineId() const { return options_.paths.size() == 1 ? std::to_string(lines_.number()) : lines_.place(); }

  // One answer for each line, also where there is none.
  Status Refuse(const Status& why) {
    if (options_.json) {
      JsonWriter json;
      json.BeginObject().Key("id").String(LineId()).Key("labels").BeginArray().EndArray();
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
    if (MultiLabel() && prediction.known_features != 0) json_.Key("no_label").Number(prediction.no_label);
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

  bool MultiLabel() const { return classifier_->model().settings().multi_label; }

  static std::string FourDigits(double probability) {
    char digits[32];
    std::snprintf(digits, sizeof(digits), "%.4f", probability);
    return digits;
  }

  void Print(const classifier::Prediction& prediction) {
    std::string text = Printable(example_.id);
    for (const classifier::LabelProbability& label : prediction.labels) {
      text += "\t" + Printable(classifier_->label_name(label.label)) + " " + FourDigits(static_cast<double>(label.probability));
    }
    const bool none = MultiLabel() && prediction.labels.empty() && !prediction.abstained;
    if (none) text += prediction.known_features == 0 ? "\t-" : "\t- " + FourDigits(prediction.no_label);
    if (prediction.abstained) text += "\t(unsure)";
    if (prediction.known_features == 0) text += none ? "\t(no known word)" : "\t(no known word: how often each label was learned)";
    PrintLine(text);
    for (const classifier::FeatureVote& vote : prediction.votes) {
      std::printf("  %+8.3f  %s%s\n", vote.weight, Printable(vote.text).c_str(), vote.count > 1 ? (" x" + std::to_string(vote.count)).c_str() : "");
    }
  }

  const ClassifyOptions& options_;
  InputLines lines_;
  BadLines bad_;
  std::unique_ptr<Classifier> classifier_;
  Classifier::Scratch scratch_;
  ExampleReader reader_;
  Example example_;
  JsonWriter json_;
};

}  // namespace

Status RunPredict(const ClassifyOptions& options) { return PredictRun(options).Run(); }

}  // namespace sakuin::cli
