#include "classifier/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sakuin::classifier {
namespace {

// Documents whose labels are drawn by the probabilities that a calibration gives for their scores.
struct Drawn {
  LabelledDocuments documents{TrainingSet()};
  HeldOutScores held;
};

Drawn Draw(const Calibration& truth, bool multi_label, size_t count) {
  constexpr size_t kLabels = 4;
  std::mt19937 random(41);
  std::normal_distribution<float> score(0, 6);
  std::uniform_real_distribution<float> chance(0, 1);
  Drawn drawn;
  drawn.documents.label_count = kLabels;
  for (uint32_t d = 0; d < count; ++d) {
    const float mass = 1 + 50 * chance(random);
    const float growth = truth.scaling == MassScaling::kNone ? 1 : truth.scaling == MassScaling::kRoot ? std::sqrt(mass) : mass;
    std::vector<float> row(kLabels);
    for (float& s : row) s = score(random) * growth;
    drawn.held.documents.push_back(d);
    drawn.held.masses.push_back(mass);
    drawn.held.scores.insert(drawn.held.scores.end(), row.begin(), row.end());
    truth.Apply(row, static_cast<double>(mass), multi_label);
    float left = chance(random);
    for (uint32_t l = 0; l < kLabels; ++l) {
      const bool one_label = !multi_label && left >= 0 && (left < row[l] || l + 1 == kLabels);
      if (multi_label ? chance(random) < row[l] : one_label) drawn.documents.label_numbers.push_back(l);
      left = one_label ? -1 : left - row[l];
    }
    drawn.documents.label_begins.push_back(drawn.documents.label_numbers.size());
  }
  return drawn;
}

TEST(Calibration, FindsTheSlopeAndTheScaling) {
  for (const MassScaling scaling : {MassScaling::kNone, MassScaling::kRoot, MassScaling::kWhole}) {
    const Calibration truth{scaling, 0.3, 0};
    const Drawn drawn = Draw(truth, false, 4000);
    const Calibration found = Calibration::Fit(drawn.held, drawn.documents, false, nullptr);
    EXPECT_EQ(found.scaling, scaling);
    EXPECT_NEAR(found.slope, 0.3, 0.03);
    EXPECT_EQ(found.shift, 0);
    EXPECT_LT(LogLoss(found, drawn.held, drawn.documents, false), LogLoss(Calibration(), drawn.held, drawn.documents, false));
  }
}

TEST(Calibration, OfSeveralLabelsFindsSlopeAndShift) {
  const Calibration truth{MassScaling::kRoot, 0.4, -1.5};
  const Drawn drawn = Draw(truth, true, 4000);
  const Calibration found = Calibration::Fit(drawn.held, drawn.documents, true, nullptr);
  EXPECT_EQ(found.scaling, MassScaling::kRoot);
  EXPECT_NEAR(found.slope, 0.4, 0.04);
  EXPECT_NEAR(found.shift, -1.5, 0.15);
}

TEST(Calibration, DoesNotDependOnThreads) {
  ThreadPool pool(3);
  for (const bool multi_label : {false, true}) {
    const Drawn drawn = Draw({MassScaling::kWhole, 0.7, 0}, multi_label, 500);
    const Calibration alone = Calibration::Fit(drawn.held, drawn.documents, multi_label, nullptr);
    const Calibration together = Calibration::Fit(drawn.held, drawn.documents, multi_label, &pool);
    EXPECT_EQ(alone.slope, together.slope);
    EXPECT_EQ(alone.shift, together.shift);
    EXPECT_EQ(alone.scaling, together.scaling);
  }
}

TEST(Calibration, AppliesByHand) {
  std::vector<float> scores = {0, 2};
  Calibration{MassScaling::kNone, 0.5, 9}.Apply(scores, 100, false);  // one of several: no shift
  EXPECT_NEAR(static_cast<double>(scores[1]), 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(static_cast<double>(scores[0] + scores[1]), 1, 1e-6);
  scores = {4, -8};
  Calibration{MassScaling::kRoot, 0.5, -1}.Apply(scores, 16, true);
  EXPECT_NEAR(static_cast<double>(scores[0]), 1 / (1 + std::exp(0.5)), 1e-6);
  EXPECT_NEAR(static_cast<double>(scores[1]), 1 / (1 + std::exp(2.0)), 1e-6);
}

TEST(Calibration, LogLossByHand) {
  Drawn drawn = Draw({}, false, 0);
  drawn.documents.label_count = 2;
  drawn.documents.label_numbers = {1};
  drawn.documents.label_begins = {0, 1};
  drawn.held = {{0}, {0, 2}, {1}};
  EXPECT_NEAR(LogLoss({}, drawn.held, drawn.documents, false), std::log(1 + std::exp(-2.0)), 1e-6);
  EXPECT_NEAR(LogLoss({}, drawn.held, drawn.documents, true), std::log(2) + std::log(1 + std::exp(-2.0)), 1e-6);
}

}  // namespace
}  // namespace sakuin::classifier
