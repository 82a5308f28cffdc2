// classify.h: what is below sakuin classify: its options, and what each command does.
//
//   ClassifyOptions options;
//   options.model = "spam.model";
//   options.paths = {"messages.jsonl"};
//   return RunLearning(options, Change::kTrain);     // the exit code
//
// The commands are described to the parser in classify_command.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "classifier/classifier.h"

namespace sakuin::cli {

struct ClassifyOptions {
  std::string model;
  std::vector<std::string> paths;
  size_t threads = 0;  // 0: one per processor
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

// classify_learning.cc: commands that write a model.
int RunLearning(const ClassifyOptions& options, Change change);
Status RunMerge(const ClassifyOptions& options);

// classify_predict.cc
Status RunPredict(const ClassifyOptions& options);

// classify_measures.cc: what a model is worth.
Status RunEvaluation(const ClassifyOptions& options);
Status RunReport(const ClassifyOptions& options);

// To standard error: what was learned and is not in the model that was opened; returns it, empty where there is nothing.
std::string NotePending(const std::string& path, const classifier::Model& model);

// A model to ask, as it was written last, with NotePending. Writes nothing.
Result<std::unique_ptr<classifier::Classifier>> OpenToAsk(const std::string& path);

// For people: a label or a name on one line, without what moves a terminal or turns the direction of its text.
std::string Printable(std::string_view text);

}  // namespace sakuin::cli
