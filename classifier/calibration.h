// calibration.h: scores as probabilities that mean what they say.
//
//   const Calibration calibration = Calibration::Fit(held_out, documents, multi_label, pool);
//   calibration.Apply(scores, mass, multi_label);   // scores become probabilities
//
// Naive Bayes is far too sure of itself: it takes words for independent. So its
// scores are made smaller by one slope, over 1, the square root of a text's mass,
// or the mass (its number of known features, weighted), whichever makes the labels
// of held-out documents likeliest. One label of several: softmax. Any number of
// labels: a logistic function of each score, with a shift. Thread-safe.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "classifier/cross_validation.h"

namespace sakuin::classifier {

enum class MassScaling : uint8_t { kNone = 0, kRoot = 1, kWhole = 2 };

struct Calibration {
  MassScaling scaling = MassScaling::kNone;
  double slope = 1;
  double shift = 0;

  // `pool` may be null. The result does not depend on it.
  static Calibration Fit(const HeldOutScores& held, const LabelledDocuments& documents, bool multi_label, ThreadPool* pool);

  // What scores of a text of this mass are multiplied with.
  double SlopeAt(double mass) const;

  void Apply(std::span<float> scores, double mass, bool multi_label) const;
};

// Minus the logarithm of the probability of what was right; that of what was held impossible is bounded.
inline constexpr double kLeastProbability = 1e-12;
inline double LossOf(double probability) { return -std::log(std::max(probability, kLeastProbability)); }

// The mean of minus the logarithm of the probability of what was right.
double LogLoss(const Calibration& calibration, const HeldOutScores& held, const LabelledDocuments& documents, bool multi_label);

}  // namespace sakuin::classifier
