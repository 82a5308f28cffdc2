#include "classifier/cross_validation.h"

#include <algorithm>
#include <cmath>

namespace sakuin::classifier {
namespace {

constexpr size_t kScoresOfPass = 4 << 20;
constexpr size_t kScoresOfAll = 64 << 20;
constexpr size_t kMostVariants = 8;
constexpr size_t kDenseShare = 3;  // from a third of the labels on it is faster to add to all

}  // namespace

// One pass over all features: each gives its part to every judged document that has it.
class ScoringPass {
 public:
  ScoringPass(const CrossValidation& validation, std::span<const Variant> variants)
      : of_(validation),
        kind_(variants.front()),
        totals_(validation.totals_.at({kind_.transform, kind_.order})),
        labels_(validation.documents_.label_count),
        counter_(validation.index_, validation.documents_, kind_.transform, kind_.order),
        masses_(validation.judged_.size()),
        sums_(labels_) {
    for (const Variant& variant : variants) {
      lanes_.emplace_back(variant, validation.judged_.size(), labels_);
      needs_all_ = needs_all_ || CrossValidation::NeedsAllFeatures(variant);
    }
  }

  std::vector<HeldOutScores> Run() {
    for (size_t i = 0; i < of_.index_.size(); ++i) {
      if (OrderOf(of_.index_.hash(i)) <= static_cast<uint32_t>(kind_.order)) Take(i);
    }
    std::vector<HeldOutScores> all;
    for (Lane& lane : lanes_) all.push_back(Finish(lane));
    return all;
  }

 private:
  // What one feature has in the documents outside a fold.
  struct FoldRow {
    bool ready = false;
    bool known = false;
    bool dense = false;  // its parts are of all labels, for most have one
    double idf = 1;
    std::vector<uint32_t> labels;
  };

  // One variant.
  struct Lane {
    Lane(const Variant& v, size_t judged, size_t labels)
        : variant(v), scores(judged * labels), bases(judged), all_parts(kFolds, std::vector<double>(labels)) {}

    const Variant& variant;
    std::vector<float> scores;
    std::vector<double> bases;
    double all_bases[kFolds] = {};
    std::vector<std::vector<double>> all_parts;
    // Of the feature that is looked at.
    double base[kFolds] = {};
    std::vector<float> parts[kFolds];  // of the labels of the FoldRow, or of all
  };

  void Take(size_t feature) {
    const auto postings = of_.index_.postings(feature);
    const bool judged = std::any_of(postings.begin(), postings.end(), [&](const Posting& posting) { return of_.place_[posting.document] >= 0; });
    if (!judged && !needs_all_) return;
    counter_.Count(feature);
    for (uint32_t f = 0; f < kFolds; ++f) {
      rows_[f].ready = false;
      if (needs_all_) Make(f);
    }
    for (const Posting& posting : postings) {
      const int32_t place = of_.place_[posting.document];
      if (place < 0) continue;
      const uint32_t fold = of_.documents_.folds[posting.document];
      if (!rows_[fold].ready) Make(fold);
      if (rows_[fold].known) Give(fold, posting.count, static_cast<size_t>(place));
    }
  }

  void Make(uint32_t fold) {
    FoldRow& row = rows_[fold];
    row.ready = true;
    row.known = counter_.known(fold);
    if (!row.known) return;
    const ScaledSums scaled = counter_.Scaled(fold);
    row.idf = scaled.idf;
    row.labels.clear();
    for (const uint32_t label : counter_.labels()) {
      const int64_t sum = counter_.label_sum(fold, label);
      if (sum == 0) continue;
      row.labels.push_back(label);
      sums_[label] = scaled.factor * static_cast<double>(sum);
    }
    row.dense = row.labels.size() * kDenseShare > labels_;
    const FeatureSums sums{sums_.data(), scaled.sum};
    for (Lane& lane : lanes_) MakeParts(row, fold, sums, lane);
  }

  void MakeParts(const FoldRow& row, uint32_t fold, const FeatureSums& sums, Lane& lane) const {
    const Variant& variant = lane.variant;
    lane.base[fold] = BaseOf(variant, sums);
    std::vector<float>& parts = lane.parts[fold];
    parts.assign(row.dense ? labels_ : row.labels.size(), 0);
    const bool needs_all = CrossValidation::NeedsAllFeatures(variant);
    const bool absence = variant.model == ModelKind::kBernoulli;
    for (size_t i = 0; i < row.labels.size(); ++i) {
      const uint32_t label = row.labels[i];
      const double part = PartOf(variant, totals_[fold], sums, label);
      parts[row.dense ? label : i] = static_cast<float>(part);
      if (needs_all) lane.all_parts[fold][label] += absence ? AbsencePart(variant, totals_[fold], sums.label_sums[label], label) : part;
    }
    if (needs_all) lane.all_bases[fold] += lane.base[fold];
  }

  void Give(uint32_t fold, uint32_t count, size_t place) {
    const FoldRow& row = rows_[fold];
    const double value = ValueOfCount(kind_.transform, count) * row.idf;
    const float factor = static_cast<float>(value);
    for (Lane& lane : lanes_) {
      float* const __restrict scores = lane.scores.data() + place * labels_;
      const float* const __restrict parts = lane.parts[fold].data();
      if (row.dense) {
        for (size_t l = 0; l < labels_; ++l) scores[l] += factor * parts[l];
      } else {
        for (size_t i = 0; i < row.labels.size(); ++i) scores[row.labels[i]] += factor * parts[i];
      }
      lane.bases[place] += value * lane.base[fold];
    }
    masses_[place] += value;
  }

  HeldOutScores Finish(Lane& lane) const {
    std::vector<LabelWeights> weights(kFolds);
    std::vector<std::vector<double>> gains(kFolds);
    for (uint32_t f = 0; f < kFolds; ++f) {
      weights[f] = MakeLabelWeights(lane.variant, totals_[f]);
      gains[f] = FinishLabels(lane.variant, totals_[f], lane.all_bases[f], lane.all_parts[f], weights[f]);
    }
    HeldOutScores held{of_.judged_, std::move(lane.scores), std::vector<float>(masses_.begin(), masses_.end())};
    for (size_t i = 0; i < of_.judged_.size(); ++i) {
      const uint32_t fold = of_.documents_.folds[of_.judged_[i]];
      for (size_t l = 0; l < labels_; ++l) {
        float& score = held.scores[i * labels_ + l];
        const double sum = static_cast<double>(score) + lane.bases[i] - masses_[i] * weights[fold].offsets[l];
        score = static_cast<float>(sum * gains[fold][l] + weights[fold].biases[l]);
      }
    }
    return held;
  }

  const CrossValidation& of_;
  const Variant& kind_;  // the transform and order of all
  const std::vector<Totals>& totals_;
  size_t labels_;
  FeatureCounter counter_;
  std::vector<Lane> lanes_;
  bool needs_all_ = false;
  std::vector<double> masses_;
  std::vector<double> sums_;
  FoldRow rows_[kFolds];
};

CrossValidation::CrossValidation(const TrainingSet& ordered, const FeatureIndex& index, size_t judged) : index_(index), documents_(ordered) {
  std::vector<std::pair<uint64_t, uint32_t>> by_hash;
  for (uint32_t d = 0; d < ordered.size(); ++d) {
    by_hash.emplace_back(SampleHash(ordered.documents()[d].key), d);
  }
  std::sort(by_hash.begin(), by_hash.end());
  const size_t most_scores = ordered.multi_label() ? kMostScoresOfSeveral : kMostScores;
  by_hash.resize(std::min({by_hash.size(), judged, std::max<size_t>(most_scores / std::max<size_t>(documents_.label_count, 1), 1)}));
  for (const auto& [hash, document] : by_hash) judged_.push_back(document);
  std::sort(judged_.begin(), judged_.end());
  place_.assign(ordered.size(), -1);
  for (size_t i = 0; i < judged_.size(); ++i) place_[judged_[i]] = static_cast<int32_t>(i);
}

void CrossValidation::Prepare(const std::vector<Variant>& variants, ThreadPool* pool) {
  std::vector<std::vector<Totals>*> wanted;
  std::vector<std::pair<Transform, FeatureOrder>> kinds;
  for (const Variant& variant : variants) {
    const auto [place, is_new] = totals_.try_emplace({variant.transform, variant.order});
    if (!is_new) continue;
    wanted.push_back(&place->second);
    kinds.emplace_back(variant.transform, variant.order);
  }
  ParallelFor(pool, wanted.size(), [&](size_t i) { *wanted[i] = CountTotals(index_, documents_, kinds[i].first, kinds[i].second); });
}

size_t CrossValidation::MostAtOnce() const {
  const size_t scores = judged_.size() * documents_.label_count + 1;
  return std::clamp<size_t>(kScoresOfPass / scores, 1, kMostVariants);
}

size_t CrossValidation::MostPasses() const {
  const size_t scores = judged_.size() * documents_.label_count + 1;
  return std::max<size_t>(kScoresOfAll / (scores * MostAtOnce()), 1);
}

std::vector<HeldOutScores> CrossValidation::Score(std::span<const Variant> variants) const { return ScoringPass(*this, variants).Run(); }

}  // namespace sakuin::classifier
