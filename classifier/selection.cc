#include "classifier/selection.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "classifier/label_result.h"

namespace sakuin::classifier {
namespace {

constexpr double kPriceOfOrder = 0.001;
constexpr size_t kSmallSet = 6000;           // documents: all is tried with all of them
constexpr size_t kExploredDocuments = 3000;  // of a larger set: what all is tried with
constexpr size_t kMostDocuments = 40000;     // what decides between the best
constexpr size_t kCandidates = 6;
constexpr uint64_t kFewDocuments = 10;
constexpr double kAlphas[] = {0.01, 0.03, 0.1, 0.3, 1};

struct Kind {
  ModelKind model;
  Transform transform;
  double alpha;  // to begin with
};

constexpr Kind kKinds[] = {
    {ModelKind::kMultinomial, Transform::kCounts, 0.3},
    {ModelKind::kMultinomial, Transform::kPresence, 0.3},
    {ModelKind::kMultinomial, Transform::kLog, 0.3},
    {ModelKind::kComplement, Transform::kCounts, 0.3},
    {ModelKind::kComplement, Transform::kPresence, 0.3},
    {ModelKind::kComplement, Transform::kLog, 0.3},
    {ModelKind::kNormalizedComplement, Transform::kLog, 0.3},
    {ModelKind::kContrast, Transform::kPresence, 0.1},
    {ModelKind::kContrast, Transform::kLog, 0.1},
    {ModelKind::kBernoulli, Transform::kPresence, 0.1},
};

// Of each label.
std::vector<uint64_t> LabelSizes(const TrainingSet& set) {
  std::vector<uint64_t> sizes(set.label_names().size());
  for (const TrainingSet::Document& document : set.documents()) {
    for (const uint32_t label : set.labels_of(document)) ++sizes[label];
  }
  return sizes;
}

class Selector {
 public:
  Selector(const TrainingSet& ordered, const FeatureIndex& index, bool multi_label, ThreadPool* pool)
      : index_(index), validation_(ordered, index), documents_(ordered.size()), multi_label_(multi_label), pool_(pool) {}

  // All kinds of variants, the smoothing of the best, fewer features: the best `n`.
  std::vector<Variant> Explore(size_t n) {
    std::vector<FeatureOrder> orders = {FeatureOrder::kUnits};
    for (const FeatureOrder order : {FeatureOrder::kPairs, FeatureOrder::kTriples}) {
      if (index_.has(order)) orders.push_back(order);
    }
    std::vector<Variant> variants;
    for (const Kind& kind : kKinds) {
      if (!multi_label_ || kind.model == ModelKind::kContrast) variants.push_back({kind.model, kind.transform, orders.back(), kind.alpha});
    }
    TryAll(variants);
    TryAll(OtherAlphas(2));
    variants.clear();
    for (const FeatureOrder order : orders) {
      for (Variant best : Best(2)) {
        best.order = order;
        variants.push_back(best);
      }
    }
    TryAll(variants);
    TryAll(OtherAlphas(1));
    return Best(n);
  }

  const std::vector<Trial>& trials() const { return trials_; }

  // These, and the best of them with a little more and less smoothing.
  void Decide(const std::vector<Variant>& candidates) {
    TryAll(candidates);
    const Variant best = Best(1).front();
    std::vector<Variant> neighbours;
    for (size_t i = 0; i < std::size(kAlphas); ++i) {
      const bool near = (i > 0 && kAlphas[i - 1] == best.alpha) || (i + 1 < std::size(kAlphas) && kAlphas[i + 1] == best.alpha);
      if (near) neighbours.push_back({best.model, best.transform, best.order, kAlphas[i]});
    }
    TryAll(neighbours);
  }

  // `label_sizes` of all documents, not only of those it was tried with.
  Selection Finish(const std::vector<uint64_t>& label_sizes) {
    Selection selection;
    selection.variant = Choose(label_sizes);
    const HeldOutScores held = std::move(validation_.Score({&selection.variant, 1}).front());
    selection.calibration = Calibration::Fit(held, validation_.documents(), multi_label_, pool_);
    const Trial trial = Judge(selection.variant, held, selection.calibration);
    selection.judged = held.documents.size();
    selection.accuracy = trial.accuracy;
    selection.macro_f1 = trial.macro_f1;
    selection.log_loss = LogLoss(selection.calibration, held, validation_.documents(), multi_label_);
    selection.trials = std::move(trials_);
    return selection;
  }

 private:
  static double Worth(const Trial& trial) { return (trial.accuracy + trial.macro_f1) / 2 - kPriceOfOrder * static_cast<double>(trial.variant.order); }

  // The best kinds of model, transform and order, each with its best smoothing.
  std::vector<Variant> Best(size_t n) const {
    std::vector<Trial> sorted = trials_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Trial& a, const Trial& b) { return Worth(a) > Worth(b); });
    std::vector<Variant> best;
    for (const Trial& trial : sorted) {
      const auto same_kind = [&](const Variant& v) {
        return v.model == trial.variant.model && v.transform == trial.variant.transform && v.order == trial.variant.order;
      };
      if (best.size() < n && std::none_of(best.begin(), best.end(), same_kind)) best.push_back(trial.variant);
    }
    return best;
  }

  std::vector<Variant> OtherAlphas(size_t of_best) const {
    std::vector<Variant> variants;
    for (const Variant& best : Best(of_best)) {
      for (const double alpha : kAlphas) {
        variants.push_back(best);
        variants.back().alpha = alpha;
      }
    }
    return variants;
  }

  void TryAll(std::vector<Variant> variants) {
    std::erase_if(variants, [&](const Variant& variant) {
      return std::any_of(trials_.begin(), trials_.end(), [&](const Trial& trial) { return trial.variant == variant; });
    });
    validation_.Prepare(variants, pool_);
    const std::vector<std::vector<size_t>> groups = Groups(variants);
    std::vector<Trial> tried(variants.size());
    const auto try_group = [&](const std::vector<size_t>& numbers) {
      std::vector<Variant> group;
      group.reserve(numbers.size());
      for (const size_t i : numbers) group.push_back(variants[i]);
      const std::vector<HeldOutScores> held = validation_.Score(group);
      for (size_t i = 0; i < group.size(); ++i) tried[numbers[i]] = JudgeTrial(group[i], held[i]);
    };
    const size_t passes = validation_.MostPasses();
    for (size_t begin = 0; begin < groups.size(); begin += passes) {
      ParallelFor(pool_, std::min(passes, groups.size() - begin), [&](size_t g) { try_group(groups[begin + g]); });
    }
    trials_.insert(trials_.end(), tried.begin(), tried.end());
  }

  // The numbers of those that are scored together.
  std::vector<std::vector<size_t>> Groups(const std::vector<Variant>& variants) const {
    std::vector<std::vector<size_t>> groups;
    for (size_t i = 0; i < variants.size(); ++i) {
      const auto fits = [&](const std::vector<size_t>& group) {
        return group.size() < validation_.MostAtOnce() && CrossValidation::ShareCounts(variants[group.front()], variants[i]);
      };
      const auto group = std::find_if(groups.begin(), groups.end(), fits);
      (group == groups.end() ? groups.emplace_back() : *group).push_back(i);
    }
    return groups;
  }

  Trial JudgeTrial(const Variant& variant, const HeldOutScores& held) const {
    const Calibration calibration = multi_label_ ? Calibration::Fit(held, validation_.documents(), true, nullptr) : Calibration();
    return Judge(variant, held, calibration);
  }

  Trial Judge(const Variant& variant, const HeldOutScores& held, const Calibration& calibration) const {
    const size_t labels = validation_.documents().label_count;
    std::vector<LabelResult> results(labels);
    uint64_t exact = 0;
    std::vector<float> row;
    std::vector<uint32_t> guessed;  // in their order
    for (size_t i = 0; i < held.documents.size(); ++i) {
      const std::span<const float> scores = std::span(held.scores).subspan(i * labels, labels);
      guessed.clear();
      if (!multi_label_) {
        guessed.push_back(static_cast<uint32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin()));
      } else {
        row.assign(scores.begin(), scores.end());
        calibration.Apply(row, static_cast<double>(held.masses[i]), true);
        for (uint32_t l = 0; l < labels; ++l) {
          if (row[l] >= 0.5F) guessed.push_back(l);
        }
      }
      const auto gold = validation_.documents().labels(held.documents[i]);
      for (const uint32_t label : guessed) ++results[label].guessed;
      for (const uint32_t label : gold) {
        ++results[label].support;
        if (std::binary_search(guessed.begin(), guessed.end(), label)) ++results[label].right;
      }
      if (std::equal(guessed.begin(), guessed.end(), gold.begin(), gold.end())) ++exact;
    }
    const double judged = static_cast<double>(std::max<size_t>(held.documents.size(), 1));
    return {variant, documents_, static_cast<double>(exact) / judged, MacroF1(results)};
  }

  // Smoothing that is best for labels with many documents buries those with few: where there are such, the least
  // smoothing that is as good within one standard error is taken.
  Variant Choose(const std::vector<uint64_t>& label_sizes) const {
    Variant chosen = Best(1).front();
    if (label_sizes.empty() || *std::min_element(label_sizes.begin(), label_sizes.end()) >= kFewDocuments) return chosen;
    const auto same = std::find_if(trials_.begin(), trials_.end(), [&](const Trial& trial) { return trial.variant == chosen; });
    const double judged = static_cast<double>(std::max<size_t>(validation_.judged().size(), 1));
    const double error = std::sqrt(same->accuracy * (1 - same->accuracy) / judged);
    for (const Trial& trial : trials_) {
      Variant smoothed = trial.variant;
      smoothed.alpha = same->variant.alpha;
      const bool as_good = smoothed == same->variant && Worth(trial) >= Worth(*same) - error;
      if (as_good && trial.variant.alpha < chosen.alpha) chosen = trial.variant;
    }
    return chosen;
  }

  const FeatureIndex& index_;
  CrossValidation validation_;
  uint64_t documents_;
  bool multi_label_;
  ThreadPool* pool_;
  std::vector<Trial> trials_;
};

}  // namespace

Selection SelectVariant(const TrainingSet& ordered, const FeatureIndex& index, bool multi_label, ThreadPool* pool) {
  const std::vector<uint64_t> label_sizes = LabelSizes(ordered);
  if (ordered.size() <= kSmallSet) {
    Selector selector(ordered, index, multi_label, pool);
    selector.Explore(1);
    return selector.Finish(label_sizes);
  }
  const TrainingSet few = ordered.Sample(kExploredDocuments);
  const FeatureIndex index_of_few = FeatureIndex::Build(few, FeatureOrder::kTriples, pool);
  Selector explorer(few, index_of_few, multi_label, pool);
  const std::vector<Variant> candidates = explorer.Explore(kCandidates);
  const auto decide = [&](const TrainingSet& set, const FeatureIndex& index_of_set) {
    Selector selector(set, index_of_set, multi_label, pool);
    selector.Decide(candidates);
    Selection selection = selector.Finish(label_sizes);
    selection.trials.insert(selection.trials.begin(), explorer.trials().begin(), explorer.trials().end());
    return selection;
  };
  if (ordered.size() <= kMostDocuments) return decide(ordered, index);
  const TrainingSet many = ordered.Sample(kMostDocuments);
  return decide(many, FeatureIndex::Build(many, FeatureOrder::kTriples, pool));
}

}  // namespace sakuin::classifier
