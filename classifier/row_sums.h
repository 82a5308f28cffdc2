// row_sums.h: what the weights of a text's features add up to, for every label: the
// inner loop of classification.
//
//   std::vector<float> scores(labels);
//   const RowSums sums = SumRows(table, known.features(), Transform::kLog, scores);
//
// Thread-safe. The sums have the same digits whichever instructions the machine has.
#pragma once

#include <cstdint>
#include <span>

#include "classifier/known_features.h"
#include "classifier/variant.h"
#include "classifier/weight_table.h"

namespace sakuin::classifier {

struct RowSums {
  double mass = 0;  // of the values of all features
  double base = 0;  // of values times bases
  uint32_t known = 0;
};

// Replaces `scores` by the sums of values times parts. REQUIRES: a score for each label of the table.
RowSums SumRows(const WeightTable& table, std::span<const KnownFeature> features, Transform transform, std::span<float> scores);

}  // namespace sakuin::classifier
