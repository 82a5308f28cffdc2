// variant.h: the members of the family, and the weights each derives from counts.
//
//   const Variant variant{.model = ModelKind::kComplement, .transform = Transform::kLog, .alpha = 0.3};
//
// A document has a value for each of its features (the transform), a label the
// sum of the values of its documents. With
//
//   S(l,f)  the sum of a feature in a label's documents, S(f) in all documents
//   S(l)    the sum of all features of a label, S of all documents, V features
//   d, N    the same of documents: d(l,f) of label l have f, N(l) are of label l
//
// the weight of a feature for a label is
//
//   multinomial             log (S(l,f) + a) / (S(l) + aV)
//   complement              - log (S(f) - S(l,f) + a) / (S - S(l) + aV)
//   normalized complement   the same, over the sum of its absolute values of the label
//   contrast                multinomial + complement: the label against all others
//   Bernoulli               log p/(1-p), p = (d(l,f) + a) / (N(l) + 2a); and log (1-p) for every feature there is
//
// and what a document says for a label is the sum over its features of value
// times weight, plus the label's bias: log N(l)/N where the model has a prior.
//
// Weights are kept in three parts, since most features have met few labels:
//   weight(l,f) = base(f) + part(l,f) - offset(l),   part(l,f) = 0 where S(l,f) = 0
// so a document costs what is not 0, and its mass (the sum of its values) times
// offset(l), once.
#pragma once

#include <array>
#include <cmath>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "classifier/fast_log.h"
#include "classifier/features.h"

namespace sakuin::classifier {

enum class ModelKind : uint8_t { kMultinomial = 0, kComplement = 1, kNormalizedComplement = 2, kContrast = 3, kBernoulli = 4 };
inline constexpr size_t kModels = 5;

enum class Transform : uint8_t {
  kCounts = 0,    // how often
  kPresence = 1,  // 1
  kLog = 2,       // log(1 + count), in training over the length of the document's vector, times log((1+N)/(1+d)) + 1
};
inline constexpr size_t kTransforms = 3;

struct Variant {
  ModelKind model = ModelKind::kMultinomial;
  Transform transform = Transform::kCounts;
  FeatureOrder order = FeatureOrder::kUnits;
  double alpha = 1;

  std::string Name() const;  // "complement of logs, pairs, alpha 0.3"
  auto operator<=>(const Variant&) const = default;  // NOLINT(modernize-use-nullptr): the tool takes its zero for a pointer
};

// Sums of all features, of documents that are learned.
struct Totals {
  std::vector<double> label_sums;         // S(l)
  std::vector<uint64_t> label_documents;  // N(l)
  double sum = 0;                         // S
  uint64_t documents = 0;                 // N
  uint64_t features = 0;                  // V
};

// What a label has whatever the features are.
struct LabelWeights {
  std::vector<double> offsets;
  std::vector<double> biases;
};

// One feature: its sums of the transform, already times Idf where there is one.
struct FeatureSums {
  const double* label_sums = nullptr;  // S(l,f)
  double sum = 0;                      // S(f)
};

// log(1 + count)
inline constexpr uint32_t kLogsInTable = 256;
extern const std::array<double, kLogsInTable> kLogTable;
inline double LogOfCount(uint32_t count) { return count < kLogsInTable ? kLogTable[count] : std::log1p(static_cast<double>(count)); }

// What a count is worth in a text that is judged, before Idf.
inline double ValueOfCount(Transform transform, uint32_t count) {
  if (transform == Transform::kCounts) return count;
  return transform == Transform::kPresence ? 1 : LogOfCount(count);
}

// The factor of a feature that is in `with` of `documents`; 1 where the transform has none.
inline double Idf(Transform transform, uint64_t documents, uint64_t with) {
  if (transform != Transform::kLog) return 1;
  return FastLog((1 + static_cast<double>(documents)) / (1 + static_cast<double>(with))) + 1;
}

LabelWeights MakeLabelWeights(const Variant& variant, const Totals& totals);

// Adds to the biases what depends on all features, given the sums of their bases and of their parts (for Bernoulli: of
// what log (1-p) has more than without the feature); returns what each label's sum is multiplied with before its bias.
std::vector<double> FinishLabels(const Variant& variant, const Totals& totals, double all_bases, const std::vector<double>& all_parts,
                                 LabelWeights& weights);

// base(f)
inline double BaseOf(const Variant& variant, const FeatureSums& sums) {
  const double alpha = variant.alpha;
  if (variant.model == ModelKind::kMultinomial || variant.model == ModelKind::kBernoulli) return FastLog(alpha);
  return (variant.model == ModelKind::kContrast ? FastLog(alpha) : 0) - FastLog(sums.sum + alpha);
}

// part(l,f). REQUIRES: S(l,f) > 0.
inline double PartOf(const Variant& variant, const Totals& totals, const FeatureSums& sums, size_t label) {
  const double alpha = variant.alpha;
  const double own = sums.label_sums[label];
  const bool complement = variant.model == ModelKind::kComplement || variant.model == ModelKind::kNormalizedComplement;
  const double toward = complement ? 0 : FastLog((own + alpha) / alpha);
  if (variant.model == ModelKind::kMultinomial) return toward;
  if (variant.model == ModelKind::kBernoulli) {
    const double documents = static_cast<double>(totals.label_documents[label]);
    return toward - FastLog((documents - own + alpha) / (documents + alpha));
  }
  return toward + FastLog((sums.sum + alpha) / (sums.sum - own + alpha));
}

// Bernoulli: what log (1-p) of a feature has more when `own` documents of the label have it than when none has.
inline double AbsencePart(const Variant& variant, const Totals& totals, double own, size_t label) {
  const double all = static_cast<double>(totals.label_documents[label]) + variant.alpha;
  return FastLog((all - own) / all);
}

}  // namespace sakuin::classifier
