#include "classifier/cross_validation.h"

#include <algorithm>
#include <cmath>

namespace sakuin::classifier {

// One pass over all features: each gives its part to every judged document that has it.
class ScoringPass {
 public:
  ScoringPass(const CrossValidation& validation, const Variant& variant)
      : of_(validation),
        variant_(variant),
        totals_(validation.totals_.at({variant.transform, variant.order})),
        labels_(validation.documents_.label_count),
        counter_(validation.index_, validation.documents_, variant.transform, variant.order),
        scores_(validation.judged_.size() * labels_),
        bases_(validation.judged_.size()),
        masses_(validation.judged_.size()),
        whole_(variant.model == ModelKind::kNormalizedComplement || variant.model == ModelKind::kBernoulli),
        all_bases_(kFolds),
        all_parts_(kFolds, std::vector<double>(labels_)) {}

  HeldOutScores Run() {
    for (size_t i = 0; i < of_.index_.size(); ++i) {
      if (OrderOf(of_.index_.hash(i)) <= static_cast<uint32_t>(variant_.order)) Take(i);
    }
    return Finish();
  }

 private:
  struct FoldRow {
    bool ready = false;
    bool known = false;
    double idf = 1;
    double base = 0;
    std::vector<std::pair<uint32_t, float>> parts;
  };

  void Take(size_t feature) {
    const auto postings = of_.index_.postings(feature);
    const bool judged = std::any_of(postings.begin(), postings.end(), [&](const Posting& posting) { return of_.place_[posting.document] >= 0; });
    if (!judged && !whole_) return;
    counter_.Count(feature);
    for (uint32_t f = 0; f < kFolds; ++f) {
      rows_[f].ready = false;
      if (whole_) Make(feature, f);
    }
    for (const Posting& posting : postings) {
      const int32_t place = of_.place_[posting.document];
      if (place < 0) continue;
      const uint32_t fold = of_.documents_.folds[posting.document];
      if (!rows_[fold].ready) Make(feature, fold);
      if (rows_[fold].known) Give(rows_[fold], posting.count, static_cast<size_t>(place));
    }
  }

  void Make(size_t feature, uint32_t fold) {
    FoldRow& row = rows_[fold];
    row.ready = true;
    row.parts.clear();
    const uint64_t with = counter_.documents(fold);
    row.known = with >= LeastDocuments(of_.index_.hash(feature));
    if (!row.known) return;
    row.idf = Idf(variant_.transform, of_.documents_.outside[fold], with);
    const double factor = row.idf * counter_.unit();
    sums_.resize(labels_);
    const FeatureSums sums{sums_.data(), factor * static_cast<double>(counter_.sum(fold))};
    row.base = BaseOf(variant_, sums);
    all_bases_[fold] += row.base;
    for (const uint32_t label : counter_.labels()) {
      const int64_t sum = counter_.label_sum(fold, label);
      if (sum == 0) continue;
      sums_[label] = factor * static_cast<double>(sum);
      const double part = PartOf(variant_, totals_[fold], sums, label);
      row.parts.emplace_back(label, static_cast<float>(part));
      if (!whole_) continue;
      all_parts_[fold][label] += variant_.model == ModelKind::kBernoulli ? AbsencePart(variant_, totals_[fold], sums_[label], label) : part;
    }
  }

  void Give(const FoldRow& row, uint32_t count, size_t place) {
    const double value = ValueOfCount(variant_.transform, count) * row.idf;
    const float factor = static_cast<float>(value);
    float* const scores = scores_.data() + place * labels_;
    for (const auto& [label, part] : row.parts) scores[label] += factor * part;
    bases_[place] += value * row.base;
    masses_[place] += value;
  }

  HeldOutScores Finish() {
    std::vector<LabelWeights> weights(kFolds);
    std::vector<std::vector<double>> gains(kFolds);
    for (uint32_t f = 0; f < kFolds; ++f) {
      weights[f] = MakeLabelWeights(variant_, totals_[f]);
      gains[f] = FinishLabels(variant_, totals_[f], all_bases_[f], all_parts_[f], weights[f]);
    }
    HeldOutScores held{of_.judged_, std::move(scores_), std::vector<float>(masses_.begin(), masses_.end())};
    for (size_t i = 0; i < of_.judged_.size(); ++i) {
      const uint32_t fold = of_.documents_.folds[of_.judged_[i]];
      for (size_t l = 0; l < labels_; ++l) {
        float& score = held.scores[i * labels_ + l];
        const double sum = static_cast<double>(score) + bases_[i] - masses_[i] * weights[fold].offsets[l];
        score = static_cast<float>(sum * gains[fold][l] + weights[fold].biases[l]);
      }
    }
    return held;
  }

  const CrossValidation& of_;
  const Variant& variant_;
  const std::vector<Totals>& totals_;
  size_t labels_;
  FeatureCounter counter_;
  std::vector<float> scores_;
  std::vector<double> bases_;
  std::vector<double> masses_;
  bool whole_;  // the model needs all features, not only those of judged documents
  std::vector<double> all_bases_;
  std::vector<std::vector<double>> all_parts_;
  std::vector<double> sums_;
  FoldRow rows_[kFolds];
};

CrossValidation::CrossValidation(const TrainingSet& ordered, const FeatureIndex& index, size_t judged) : index_(index), documents_(ordered) {
  std::vector<std::pair<uint64_t, uint32_t>> by_hash;
  for (uint32_t d = 0; d < ordered.size(); ++d) {
    by_hash.emplace_back(SampleHash(ordered.documents()[d].key), d);
  }
  std::sort(by_hash.begin(), by_hash.end());
  by_hash.resize(std::min(by_hash.size(), judged));
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

HeldOutScores CrossValidation::Score(const Variant& variant) const { return ScoringPass(*this, variant).Run(); }

}  // namespace sakuin::classifier
