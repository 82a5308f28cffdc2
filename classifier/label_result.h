// label_result.h: how often a label was right, and how often it was guessed.
//
//   std::vector<LabelResult> labels = {{.label = "spam", .support = 4, .guessed = 5, .right = 3}};
//   MacroF1(labels);   // 0.67: 2 x 3 / (4 + 5), of this one label
//
// Thread-safe as values are.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace sakuin::classifier {

struct LabelResult {
  std::string label;
  uint64_t support = 0;  // documents of this label
  uint64_t guessed = 0;
  uint64_t right = 0;
  double precision() const { return guessed == 0 ? 0 : static_cast<double>(right) / static_cast<double>(guessed); }
  double recall() const { return support == 0 ? 0 : static_cast<double>(right) / static_cast<double>(support); }
  double f1() const { return support + guessed == 0 ? 0 : 2 * static_cast<double>(right) / static_cast<double>(support + guessed); }
};

// The mean over all labels that are right or guessed somewhere.
inline double MacroF1(std::span<const LabelResult> labels) {
  double sum = 0;
  uint64_t met = 0;
  for (const LabelResult& label : labels) {
    if (label.support + label.guessed == 0) continue;
    sum += label.f1();
    ++met;
  }
  return met == 0 ? 0 : sum / static_cast<double>(met);
}

}  // namespace sakuin::classifier
