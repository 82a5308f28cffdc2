// sakuin classify eval and report: what a model is worth.

#include <algorithm>
#include <cstdio>

#include "base/counted.h"
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

constexpr size_t kNamedLabels = 5;

// The JSON object with "warnings", where there are such that are not empty.
std::string WithWarnings(std::string object, std::vector<std::string> warnings) {
  std::erase(warnings, "");
  if (warnings.empty()) return object;
  JsonWriter json;
  json.BeginArray();
  for (const std::string& warning : warnings) json.String(warning);
  json.EndArray();
  object.pop_back();
  return object + ",\"warnings\":" + json.text() + "}";
}

// "the model does not know the label 'ham' (3 documents), which it can never give", or empty. To standard error too.
std::string NoteUnknown(const classifier::Evaluation& evaluation) {
  const auto unknown = evaluation.unknown_labels();
  if (unknown.empty()) return "";
  std::string note =
      unknown.size() == 1 ? "the model does not know the label " : "the model does not know " + std::to_string(unknown.size()) + " of the labels: ";
  for (size_t i = 0; i < std::min(unknown.size(), kNamedLabels); ++i) {
    note += (i == 0 ? "'" : ", '") + Printable(unknown[i].label) + "' (" + Counted(unknown[i].support, "document") + ")";
  }
  if (unknown.size() > kNamedLabels) note += ", ...";
  note += unknown.size() == 1 ? "; it is never guessed, and wrong wherever it stands" : "; they are never guessed, and wrong wherever they stand";
  std::fprintf(stderr, "warning: %s\n", note.c_str());
  return note;
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
  const std::string unknown = NoteUnknown(evaluation);
  PrintLine(options.json ? WithWarnings(EvaluationJson(evaluation), {note, unknown}) : EvaluationText(evaluation));
  if (!options.svg.empty()) RETURN_IF_ERROR(WriteFileAtomically(PosixFileSystem(), options.svg, EvaluationSvg(evaluation)));
  return bad.Verdict();
}

Status RunReport(const ClassifyOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<classifier::Model> model, classifier::Model::Open(PosixFileSystem(), options.model));
  PrintLine(WithWarnings(std::string(model->report()), {NotePending(options.model, *model)}));
  return OkStatus();
}

}  // namespace sakuin::cli
