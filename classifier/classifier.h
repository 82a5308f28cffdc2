// classifier.h: what is this text about? Start here.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<Classifier> classifier, Classifier::Open(fs, "spam.model"));
//   Classifier::Scratch scratch;
//   const Prediction prediction = classifier->Predict("Free prize! Call now", {.top = 1}, scratch);
//   prediction.labels.front();    // label "spam", probability 0.998
//
// A text goes through units.h, features.h, weight_table.h and calibration.h; how
// the weights come about stands in model.h, how a model learns in learner.h. Of a
// text of which no feature is known the probabilities are how often each label was
// learned, and known_features is 0. Immutable and thread-safe; a Scratch is for one
// thread at a time and only saves allocations.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "classifier/features.h"
#include "classifier/known_features.h"
#include "classifier/model.h"
#include "classifier/row_sums.h"

namespace sakuin::classifier {

struct PredictOptions {
  // So many labels at most, whatever their probabilities; 0: the best one, or in a model of several labels those of at
  // least 1/2, and none where no feature is known.
  uint32_t top = 0;
  double abstain = 0;    // no labels when the best probability is below
  bool explain = false;  // also why the best label
};

struct LabelProbability {
  uint32_t label = 0;  // in Model::settings().labels
  float probability = 0;
};

// What a feature says for the best label and against the mean of the others, in units of log odds.
struct FeatureVote {
  std::string text;
  uint32_t count = 0;
  double weight = 0;
};

struct Prediction {
  std::vector<LabelProbability> labels;  // the likeliest first; equal ones by name
  bool abstained = false;
  double no_label = 0;  // in a model of several labels: the probability that the text has none, if labels do not depend on each other
  uint32_t known_features = 0;
  std::vector<FeatureVote> votes;  // the weightiest first, at most kMaxVotes
};

class Classifier {
 public:
  static constexpr size_t kMaxVotes = 20;

  struct Scratch {
    std::vector<Unit> units;
    std::vector<UnitSpan> spans;
    KnownFeatures known;
    FeatureBag bag;  // for explanations
    std::vector<float> scores;
  };

  // FAILED_PRECONDITION where all was unlearned.
  static Result<std::unique_ptr<Classifier>> Open(FileSystem& fs, const std::string& path);
  static Result<std::unique_ptr<Classifier>> OfModel(std::unique_ptr<Model> model);

  Prediction Predict(std::string_view text, const PredictOptions& options, Scratch& scratch) const;

  // The probabilities of all labels, in scratch.scores; returns the number of known features.
  uint32_t Probabilities(std::string_view text, Scratch& scratch) const;

  const Model& model() const { return *model_; }
  std::string_view label_name(uint32_t label) const { return model_->settings().labels[label].name; }

 private:
  explicit Classifier(std::unique_ptr<Model> model);
  RowSums Score(Scratch& scratch) const;
  void SetPriors(std::vector<float>& scores) const;
  void Explain(std::string_view text, uint32_t best, Scratch& scratch, std::vector<FeatureVote>& votes) const;
  double VoteOf(const WeightRow& row, double factor, uint32_t best) const;

  std::unique_ptr<Model> model_;
};

}  // namespace sakuin::classifier
