// similar_labels.h: labels that may be meant as one.
//
//   const std::vector<std::string> names = {"Spam", "ham", "ham ", "spam"};
//   SimilarLabels(names);    // {{"Spam", "spam"}, {"ham", "ham "}}
//
// Labels are what they are written as, and these are several; somebody may want to
// know. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace sakuin::classifier {

// Groups of two and more that differ in nothing but case, width and blanks; by their first, each in the order given.
std::vector<std::vector<std::string>> SimilarLabels(std::span<const std::string> names);

}  // namespace sakuin::classifier
