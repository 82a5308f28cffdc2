// Weights against the formulas of variant.h, computed the long way from the documents.

#include "classifier/variant.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "classifier/counting.h"
#include "classifier/cross_validation.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

struct NaiveDocument {
  std::map<uint64_t, uint32_t> counts;
  uint32_t label = 0;
};

// Everything from scratch, in doubles.
class NaiveBayes {
 public:
  NaiveBayes(std::vector<NaiveDocument> documents, size_t labels, const Variant& variant)
      : documents_(std::move(documents)), labels_(labels), variant_(variant), sums_(labels), with_label_(labels), documents_of_(labels) {
    std::map<uint64_t, uint64_t> with;
    for (const NaiveDocument& document : documents_) {
      ++documents_of_[document.label];
      for (const auto& [feature, count] : document.counts) ++with[feature];
    }
    for (const auto& [feature, n] : with) {
      if (n < LeastDocuments(feature)) continue;
      idf_[feature] = variant.transform == Transform::kLog ? std::log((1.0 + Size()) / (1.0 + static_cast<double>(n))) + 1 : 1;
    }
    for (const NaiveDocument& document : documents_) {
      const double length = Length(document);
      for (const auto& [feature, count] : document.counts) {
        if (!idf_.contains(feature)) continue;
        sums_[document.label][feature] += idf_[feature] * Value(count, length);
        ++with_label_[document.label][feature];
      }
    }
  }

  double Size() const { return static_cast<double>(documents_.size()); }
  const std::map<uint64_t, double>& features() const { return idf_; }

  double Weight(size_t label, uint64_t feature) const {
    switch (variant_.model) {
      case ModelKind::kMultinomial: return Multinomial(label, feature);
      case ModelKind::kComplement: return Complement(label, feature);
      case ModelKind::kNormalizedComplement: {
        double sum = 0;
        for (const auto& [other, idf] : idf_) sum += std::fabs(Complement(label, other));
        return Complement(label, feature) / sum;
      }
      case ModelKind::kContrast: return Multinomial(label, feature) + Complement(label, feature);
      default: return std::log(Share(label, feature) / (1 - Share(label, feature)));
    }
  }

  double Absent(size_t label, uint64_t feature) const { return std::log(1 - Share(label, feature)); }

 private:
  double Length(const NaiveDocument& document) const {
    double squares = 0;
    for (const auto& [feature, count] : document.counts) squares += std::log1p(count) * std::log1p(count);
    return std::sqrt(squares);
  }
  double Value(uint32_t count, double length) const {
    if (variant_.transform == Transform::kCounts) return count;
    if (variant_.transform == Transform::kPresence) return 1;
    return std::floor(std::log1p(count) * static_cast<double>(static_cast<float>(kLogUnit / length)) + 0.5) / kLogUnit;
  }
  double Sum(size_t label, uint64_t feature) const {
    const auto found = sums_[label].find(feature);
    return found == sums_[label].end() ? 0 : found->second;
  }
  double Total(size_t label) const {
    double total = 0;
    for (const auto& [feature, sum] : sums_[label]) total += sum;
    return total;
  }
  double Smoothing() const { return variant_.alpha * static_cast<double>(idf_.size()); }
  double Multinomial(size_t label, uint64_t feature) const { return std::log((Sum(label, feature) + variant_.alpha) / (Total(label) + Smoothing())); }
  double Complement(size_t label, uint64_t feature) const {
    double of_feature = 0;
    double of_all = 0;
    for (size_t other = 0; other < labels_; ++other) {
      if (other == label) continue;
      of_feature += Sum(other, feature);
      of_all += Total(other);
    }
    return -std::log((of_feature + variant_.alpha) / (of_all + Smoothing()));
  }
  double Share(size_t label, uint64_t feature) const {
    const auto found = with_label_[label].find(feature);
    const double with = found == with_label_[label].end() ? 0 : static_cast<double>(found->second);
    return (with + variant_.alpha) / (static_cast<double>(documents_of_[label]) + 2 * variant_.alpha);
  }

  std::vector<NaiveDocument> documents_;
  size_t labels_;
  Variant variant_;
  std::map<uint64_t, double> idf_;
  std::vector<std::map<uint64_t, double>> sums_;
  std::vector<std::map<uint64_t, uint64_t>> with_label_;
  std::vector<uint64_t> documents_of_;
};

std::vector<NaiveDocument> NaiveDocuments(const TrainingSet& ordered, FeatureOrder order) {
  std::vector<NaiveDocument> documents;
  FeatureBag bag;
  for (const TrainingSet::Document& document : ordered.documents()) {
    std::vector<Unit> units;
    for (const uint32_t unit : ordered.units_of(document)) units.push_back(ordered.unit_of(unit));
    bag.Take(units, order);
    NaiveDocument naive{{}, ordered.labels_of(document).front()};
    for (const Feature& feature : bag.features()) naive.counts[feature.hash] = feature.count;
    documents.push_back(std::move(naive));
  }
  return documents;
}

std::vector<Variant> AllVariants() {
  std::vector<Variant> variants;
  for (const FeatureOrder order : {FeatureOrder::kUnits, FeatureOrder::kTriples}) {
    for (size_t model = 0; model < kModels; ++model) {
      for (size_t transform = 0; transform < kTransforms; ++transform) {
        const Variant variant{static_cast<ModelKind>(model), static_cast<Transform>(transform), order, 0.3};
        if (variant.model != ModelKind::kBernoulli || variant.transform == Transform::kPresence) variants.push_back(variant);
      }
    }
  }
  return variants;
}

// The weights in their three parts, put together again.
void ExpectSameWeights(const TrainingSet& ordered, const Variant& variant) {
  const size_t labels = ordered.label_names().size();
  const NaiveBayes naive(NaiveDocuments(ordered, variant.order), labels, variant);
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kTriples, nullptr);
  const LabelledDocuments documents(ordered);
  const Totals totals = CountTotals(index, documents, variant.transform, variant.order)[kNoFold];
  ASSERT_EQ(totals.features, naive.features().size());
  LabelWeights weights = MakeLabelWeights(variant, totals);
  const std::vector<double> biases_before = weights.biases;
  FeatureCounter counter(index, documents, variant.transform, variant.order);
  std::map<uint64_t, std::vector<double>> found;
  std::vector<double> all_parts(labels), sums(labels);
  double all_bases = 0;
  for (size_t i = 0; i < index.size(); ++i) {
    if (!naive.features().contains(index.hash(i))) continue;
    counter.Count(i);
    const ScaledSums scaled = counter.Scaled(kNoFold);
    const FeatureSums of{sums.data(), scaled.sum};
    all_bases += BaseOf(variant, of);
    std::vector<double>& row = found[index.hash(i)];
    for (size_t l = 0; l < labels; ++l) row.push_back(BaseOf(variant, of) - weights.offsets[l]);
    for (const uint32_t l : counter.labels()) {
      sums[l] = scaled.factor * static_cast<double>(counter.label_sum(kNoFold, l));
      const double part = PartOf(variant, totals, of, l);
      row[l] += part;
      all_parts[l] += variant.model == ModelKind::kBernoulli ? AbsencePart(variant, totals, sums[l], l) : part;
    }
  }
  const std::vector<double> gains = FinishLabels(variant, totals, all_bases, all_parts, weights);
  ASSERT_EQ(found.size(), naive.features().size());
  // Normalized weights are scaled so that their mean over the labels is as before.
  double scale = 1;
  for (size_t l = 0; l < labels; ++l) {
    double absent = 0;
    for (const auto& [feature, row] : found) {
      if (variant.model == ModelKind::kNormalizedComplement && l == 0 && scale == 1) scale = row[0] * gains[0] / naive.Weight(0, feature);
      ASSERT_NEAR(row[l] * gains[l] / scale, naive.Weight(l, feature), 1e-9) << variant.Name();
      absent += naive.Absent(l, feature);
    }
    if (variant.model == ModelKind::kBernoulli) {
      ASSERT_NEAR(weights.biases[l] - biases_before[l], absent, 1e-9 * (1 + std::fabs(absent)));
    }
  }
}

TEST(Variant, WeightsAgreeWithTheFormulas) {
  std::mt19937 random(5);
  for (int round = 0; round < 5; ++round) {
    const TrainingSet ordered = SetOf(RandomExamples(random, 60, 2 + static_cast<size_t>(round))).Ordered();
    for (const Variant& variant : AllVariants()) ExpectSameWeights(ordered, variant);
  }
}

// The probabilities that the formulas give for a text, with scores as they are.
std::vector<double> NaiveProbabilities(const TrainingSet& ordered, const Variant& variant, const std::map<uint64_t, uint32_t>& counts) {
  const size_t labels = ordered.label_names().size();
  const NaiveBayes naive(NaiveDocuments(ordered, variant.order), labels, variant);
  const bool normalized = variant.model == ModelKind::kNormalizedComplement;
  Variant plain = variant;
  plain.model = ModelKind::kComplement;
  const NaiveBayes complement(NaiveDocuments(ordered, variant.order), labels, plain);
  std::vector<double> scores(labels), documents(labels);
  double scale = 0;  // the mean sum of the weights of a label
  for (const TrainingSet::Document& document : ordered.documents()) ++documents[ordered.labels_of(document).front()];
  for (size_t l = 0; l < labels; ++l) {
    for (const auto& [feature, idf] : naive.features()) scale += std::fabs(complement.Weight(l, feature)) / static_cast<double>(labels);
  }
  for (size_t l = 0; l < labels; ++l) {
    if (variant.model == ModelKind::kContrast) scores[l] = std::log((documents[l] + 0.5) / (naive.Size() - documents[l] + 0.5));
    if (variant.model == ModelKind::kMultinomial || variant.model == ModelKind::kBernoulli) {
      scores[l] = std::log((documents[l] + 0.5) / (naive.Size() + 0.5 * static_cast<double>(labels)));
    }
    for (const auto& [feature, idf] : naive.features()) {
      if (variant.model == ModelKind::kBernoulli) scores[l] += naive.Absent(l, feature);
      const auto found = counts.find(feature);
      if (found == counts.end()) continue;
      scores[l] += ValueOfCount(variant.transform, found->second) * idf * naive.Weight(l, feature) * (normalized ? scale : 1);
    }
  }
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - top);
  for (double& score : scores) score /= sum;
  return scores;
}

// What a model file answers is what the formulas say: rows, bases, offsets, gains and biases are stored and put together.
TEST(Model, AnswersByTheFormulas) {
  std::mt19937 random(61);
  std::vector<Example> examples = RandomExamples(random, 60, 3);
  // Labels of several sizes.
  for (size_t i = 0; i < 15; ++i) examples.push_back({"more" + std::to_string(i), {"label1"}, "w3 w4 w" + std::to_string(i)});
  const TrainingSet ordered = SetOf(examples).Ordered();
  std::vector<std::string> texts;
  for (const Example& example : RandomExamples(random, 6, 3)) texts.push_back(example.text + " w1");
  for (const Variant& variant : AllVariants()) {
    Selection selection;
    selection.variant = variant;
    const auto classifier = OpenBytes(*BuildModelOf(selection, ordered, nullptr));
    ASSERT_TRUE(classifier.ok());
    Classifier::Scratch scratch;
    FeatureBag bag;
    for (const std::string& text : texts) {
      std::vector<Unit> units;
      CutUnits(text, units);
      bag.Take(units, variant.order);
      std::map<uint64_t, uint32_t> counts;
      for (const Feature& feature : bag.features()) counts[feature.hash] = feature.count;
      const std::vector<double> expected = NaiveProbabilities(ordered, variant, counts);
      ASSERT_GT((*classifier)->Probabilities(text, scratch), 0U);
      for (size_t l = 0; l < expected.size(); ++l) {
        ASSERT_NEAR(static_cast<double>(scratch.scores[l]), expected[l], 5e-3) << variant.Name() << ": " << text;
      }
    }
  }
}

// A held-out document is scored as by a model that has never seen its fold.
TEST(CrossValidation, ScoresAreThoseOfModelsWithoutTheFold) {
  std::mt19937 random(9);
  const TrainingSet ordered = SetOf(RandomExamples(random, 120, 3)).Ordered();
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kTriples, nullptr);
  for (Variant variant : AllVariants()) {
    if (variant.model != ModelKind::kMultinomial && variant.model != ModelKind::kContrast) continue;
    variant.alpha = 0.1;
    CrossValidation validation(ordered, index);
    validation.Prepare({variant}, nullptr);
    const HeldOutScores held = validation.Score({&variant, 1}).front();
    ASSERT_EQ(held.documents.size(), ordered.size());
    const std::vector<NaiveDocument> all = NaiveDocuments(ordered, variant.order);
    for (uint32_t fold = 0; fold < kFolds; ++fold) {
      std::vector<NaiveDocument> outside;
      for (size_t d = 0; d < all.size(); ++d) {
        if (validation.documents().folds[d] != fold) outside.push_back(all[d]);
      }
      const NaiveBayes naive(outside, 3, variant);
      for (size_t i = 0; i < held.documents.size(); ++i) {
        const uint32_t document = held.documents[i];
        if (validation.documents().folds[document] != fold) continue;
        std::vector<double> scores(3);
        for (const auto& [feature, count] : all[document].counts) {
          if (!naive.features().contains(feature)) continue;
          const double value = ValueOfCount(variant.transform, count) * naive.features().at(feature);
          for (size_t l = 0; l < 3; ++l) scores[l] += value * naive.Weight(l, feature);
        }
        for (size_t l = 0; l < 3; ++l) {
          const double own = static_cast<double>(validation.documents().outside_by_label[fold][l]);
          const double size = static_cast<double>(outside.size());
          const double prior = variant.model == ModelKind::kMultinomial ? (own + 0.5) / (size + 1.5) : (own + 0.5) / (size - own + 0.5);
          ASSERT_NEAR(static_cast<double>(held.scores[i * 3 + l]), scores[l] + std::log(prior), 1e-3) << variant.Name();
        }
      }
    }
  }
}

// Also where as many documents have no label as have two.
TEST(FeatureCounter, GivesEachLabelWhatItsDocumentsHave) {
  std::vector<Example> examples;
  const std::vector<std::vector<std::string>> labels = {{"a"}, {}, {"a", "b"}, {"b"}};
  for (size_t i = 0; i < 40; ++i) examples.push_back({"id" + std::to_string(i), labels[i % 4], i % 3 == 0 ? "word word" : "other"});
  const TrainingSet ordered = SetOf(examples, true).Ordered();
  const Result<TrainingSet> read = TrainingSet::Decode(ordered.EncodeOrdered());
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  ASSERT_EQ(read->size(), 40U);
  const FeatureIndex index = FeatureIndex::Build(*read, FeatureOrder::kUnits, nullptr);
  const LabelledDocuments documents(*read);
  FeatureCounter counter(index, documents, Transform::kCounts, FeatureOrder::kUnits);
  for (size_t f = 0; f < index.size(); ++f) {
    std::vector<int64_t> expected(2);
    int64_t all = 0;
    for (const Posting& posting : index.postings(f)) {
      all += posting.count;
      for (const uint32_t label : documents.labels(posting.document)) expected[label] += posting.count;
    }
    counter.Count(f);
    EXPECT_EQ(counter.sum(kNoFold), all);
    for (uint32_t label = 0; label < 2; ++label) EXPECT_EQ(counter.label_sum(kNoFold, label), expected[label]);
  }
}

}  // namespace
}  // namespace sakuin::classifier
