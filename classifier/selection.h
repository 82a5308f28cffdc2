// selection.h: which variant, smoothing and features fit these documents?
//
//   const Selection chosen = SelectVariant(set, index, multi_label, pool);
//   chosen.variant.Name();   // "complement of logs, pairs, alpha 0.3"
//
// No variant wins everywhere, so all are tried on held-out documents: first the
// models and transforms, then the smoothing of the best two, then fewer features. Of
// more than a few thousand documents a sample decides which six are tried with more.
// What decides is the mean of accuracy and macro F1; features of a higher order
// have to earn their memory with a tenth of a percent. The calibration is fitted on
// the documents that decided, 40,000 at most. A function of the documents.
#pragma once

#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "classifier/calibration.h"
#include "classifier/cross_validation.h"

namespace sakuin::classifier {

struct Trial {
  Variant variant;
  uint64_t documents = 0;  // that it was tried with
  double accuracy = 0;
  double macro_f1 = 0;
};

struct Selection {
  Variant variant;
  Calibration calibration;
  uint64_t judged = 0;
  double accuracy = 0;
  double macro_f1 = 0;
  double log_loss = 0;
  std::vector<Trial> trials;  // all, in the order in which they were made
};

Selection SelectVariant(const TrainingSet& ordered, const FeatureIndex& index, bool multi_label, ThreadPool* pool);

}  // namespace sakuin::classifier
