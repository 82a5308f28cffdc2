#include "classifier/evaluation.h"

#include <algorithm>
#include <cmath>

#include "classifier/calibration.h"

namespace sakuin::classifier {

Evaluation::Evaluation(const std::vector<std::string>& labels, bool multi_label) : multi_label_(multi_label), known_labels_(labels.size()) {
  for (const std::string& label : labels) NumberOf(label);
}

size_t Evaluation::NumberOf(const std::string& label) {
  const auto [place, is_new] = numbers_.try_emplace(label, labels_.size());
  if (is_new) labels_.push_back({label, 0, 0, 0});
  return place->second;
}

void Evaluation::AddToBin(double probability, bool right) {
  const size_t bin = std::min(kBins - 1, static_cast<size_t>(std::max(probability, 0.0) * kBins));
  ++bins_[bin].guesses;
  bins_[bin].right += right ? 1 : 0;
  bins_[bin].probability += probability;
}

void Evaluation::AddOne(const std::string& gold, std::span<const float> probabilities) {
  const size_t right = NumberOf(gold);
  const size_t guess = static_cast<size_t>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
  ++labels_[right].support;
  ++labels_[guess].guessed;
  ++confusion_[(uint64_t{right} << 32) | guess];
  if (guess == right) {
    ++labels_[guess].right;
    ++exact_;
  }
  loss_ += LossOf(right < known_labels_ ? static_cast<double>(probabilities[right]) : 0);
  AddToBin(static_cast<double>(probabilities[guess]), guess == right);
}

void Evaluation::AddSeveral(std::span<const std::string> gold, std::span<const float> probabilities) {
  bool exact = true;
  std::vector<size_t> known;
  for (const std::string& label : gold) {
    const size_t number = NumberOf(label);
    known.push_back(number);
    ++labels_[number].support;
    exact = exact && number < known_labels_;
  }
  std::sort(known.begin(), known.end());
  for (size_t l = 0; l < known_labels_; ++l) {
    const bool right = std::binary_search(known.begin(), known.end(), l);
    const bool guessed = probabilities[l] >= 0.5F;
    const double probability = static_cast<double>(probabilities[l]);
    if (guessed) ++labels_[l].guessed;
    if (guessed && right) ++labels_[l].right;
    exact = exact && guessed == right;
    loss_ += LossOf(right ? probability : 1 - probability);
    AddToBin(probability, right);
  }
  if (exact) ++exact_;
}

// REQUIRES: the classifier has a label.
void Evaluation::Add(std::span<const std::string> gold, std::span<const float> probabilities) {
  ++documents_;
  multi_label_ ? AddSeveral(gold, probabilities) : AddOne(gold.front(), probabilities);
}

double Evaluation::accuracy() const { return documents_ == 0 ? 0 : static_cast<double>(exact_) / static_cast<double>(documents_); }

double Evaluation::macro_f1() const { return MacroF1(labels_); }

double Evaluation::log_loss() const { return documents_ == 0 ? 0 : loss_ / static_cast<double>(documents_); }

double Evaluation::calibration_error() const {
  double sum = 0;
  double guesses = 0;
  for (const ReliabilityBin& bin : bins_) {
    sum += std::fabs(bin.probability - static_cast<double>(bin.right));
    guesses += static_cast<double>(bin.guesses);
  }
  return guesses == 0 ? 0 : sum / guesses;
}

uint64_t Evaluation::confusion(size_t gold, size_t guessed) const {
  const auto found = confusion_.find((uint64_t{gold} << 32) | guessed);
  return found == confusion_.end() ? 0 : found->second;
}

}  // namespace sakuin::classifier
