// evaluation.h: how often a classifier is right, with which labels it errs, and
// whether its probabilities mean what they say.
//
//   Evaluation evaluation({"ham", "spam"}, /*multi_label=*/false);
//   evaluation.Add(gold, probabilities);             // of every test document
//   evaluation.accuracy();
//   WriteFile("confusion.svg", EvaluationSvg(evaluation));
//
// Labels that the classifier does not know may be right ones: they are added, and
// are never guessed. Macro F1 is the mean over all labels that are right or guessed
// somewhere. With several labels for a document accuracy counts the documents whose
// labels are all right, and there is no confusion matrix. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "classifier/label_result.h"

namespace sakuin::classifier {

// Guesses of about the same probability.
struct ReliabilityBin {
  uint64_t guesses = 0;
  uint64_t right = 0;
  double probability = 0;  // the sum
};

class Evaluation {
 public:
  static constexpr size_t kBins = 10;

  Evaluation(const std::vector<std::string>& labels, bool multi_label);

  // `probabilities` of the labels of the classifier, in its order.
  void Add(std::span<const std::string> gold, std::span<const float> probabilities);

  uint64_t documents() const { return documents_; }
  double accuracy() const;
  double macro_f1() const;
  double log_loss() const;
  // The mean difference between probability and share of right guesses.
  double calibration_error() const;
  const std::vector<LabelResult>& labels() const { return labels_; }
  uint64_t confusion(size_t gold, size_t guessed) const;
  // Of all pairs of a right and a guessed label that were met: gold << 32 | guessed, and the number of documents.
  const std::unordered_map<uint64_t, uint64_t>& confusions() const { return confusion_; }
  const std::array<ReliabilityBin, kBins>& reliability() const { return bins_; }
  bool multi_label() const { return multi_label_; }
  // Right labels that the classifier does not know.
  std::span<const LabelResult> unknown_labels() const { return std::span(labels_).subspan(known_labels_); }

 private:
  size_t NumberOf(const std::string& label);
  void AddOne(const std::string& gold, std::span<const float> probabilities);
  void AddSeveral(std::span<const std::string> gold, std::span<const float> probabilities);
  void AddToBin(double probability, bool right);

  bool multi_label_;
  size_t known_labels_;
  std::vector<LabelResult> labels_;
  std::unordered_map<std::string, size_t> numbers_;
  std::unordered_map<uint64_t, uint64_t> confusion_;
  std::array<ReliabilityBin, kBins> bins_{};
  uint64_t documents_ = 0;
  uint64_t exact_ = 0;
  double loss_ = 0;
};

// For a terminal: everything, the confusion matrix where it has at most 30 labels, else the commonest confusions.
std::string EvaluationText(const Evaluation& evaluation);

// One JSON object: accuracy, macro_f1, per_label, confusion, reliability, ...
std::string EvaluationJson(const Evaluation& evaluation);

// A picture of the confusion matrix, of at most the 30 labels with the most documents, and of the reliability.
std::string EvaluationSvg(const Evaluation& evaluation);

}  // namespace sakuin::classifier
