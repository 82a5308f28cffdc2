// derived_weights.h: the weights of one variant from the counts of all documents.
//
//   const DerivedWeights weights = DeriveWeights(index, documents, variant);
//
// Pairs and triples that are in fewer documents than counting.h says have none.
#pragma once

#include <vector>

#include "classifier/counting.h"
#include "classifier/variant.h"
#include "classifier/weight_table.h"

namespace sakuin::classifier {

struct DerivedWeights {
  LabelWeights labels;
  std::vector<double> gains;
  uint64_t features = 0;
  WeightTableBytes table;
};

DerivedWeights DeriveWeights(const FeatureIndex& index, const LabelledDocuments& documents, const Variant& variant);

}  // namespace sakuin::classifier
