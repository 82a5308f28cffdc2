// sakuin classify eval and report: what a model is worth.

#include "base/file.h"
#include "base/json_writer.h"
#include "classifier/evaluation.h"
#include "classifier/training_data.h"
#include "cli/bad_lines.h"
#include "cli/classify.h"
#include "cli/command.h"
#include "cli/input_lines.h"
#include "cli/output_file.h"

namespace sakuin::cli {
namespace {

using classifier::Classifier;
using classifier::Example;
using classifier::ExampleReader;

// The JSON object with "warnings", where there is one.
std::string WithWarning(std::string object, const std::string& warning) {
  if (warning.empty()) return object;
  JsonWriter json;
  json.BeginArray().String(warning).EndArray();
  object.pop_back();
  return object + ",\"warnings\":" + json.text() + "}";
}

}  // namespace

Status RunEvaluation(const ClassifyOptions& options) {
  if (!options.svg.empty()) RETURN_IF_ERROR(CheckOutput("--svg", options.svg, options.paths, {"<svg", "SVG picture"}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Classifier> classifier, Classifier::Open(PosixFileSystem(), options.model));
  const std::string note = NotePending(options.model, classifier->model());
  const classifier::ModelSettings& settings = classifier->model().settings();
  std::vector<std::string> names;
  for (const classifier::LabelSettings& label : settings.labels) names.push_back(label.name);
  classifier::Evaluation evaluation(names, settings.multi_label);
  InputLines lines(options.paths);
  BadLines bad(options.strict);
  ExampleReader examples(options.label_field);
  Example example;
  Classifier::Scratch scratch;
  const auto take = [&](std::string_view line) {
    Status status = examples.Read(line, true, example);
    if (status.ok() && !settings.multi_label && example.labels.size() != 1) {
      status = InvalidArgumentError("\"label\" is a list; this model gives one label");
    }
    if (!status.ok()) return bad.Report(lines.place(), status);
    classifier->Probabilities(example.text, scratch);
    evaluation.Add(example.labels, scratch.scores);
    return OkStatus();
  };
  RETURN_IF_ERROR(lines.ForEach(
      take, [&] { return bad.Report(lines.place(), BadLines::TooLong()); }, [] { return OkStatus(); }));
  if (evaluation.documents() == 0) return FailedPreconditionError("there is no line to judge by; expected lines of {\"id\",\"label\",\"text\"}");
  PrintLine(options.json ? WithWarning(EvaluationJson(evaluation), note) : EvaluationText(evaluation));
  if (!options.svg.empty()) RETURN_IF_ERROR(WriteFileAtomically(PosixFileSystem(), options.svg, EvaluationSvg(evaluation)));
  return bad.Verdict();
}

Status RunReport(const ClassifyOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<classifier::Model> model, classifier::Model::Open(PosixFileSystem(), options.model));
  PrintLine(WithWarning(std::string(model->report()), NotePending(options.model, *model)));
  return OkStatus();
}

}  // namespace sakuin::cli
