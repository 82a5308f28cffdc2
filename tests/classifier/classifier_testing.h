// classifier_testing.h: small training sets and models in memory.
//
//   const TrainingSet set = SetOf({{"k1", {"spam"}, "free prize"}});
//   const auto classifier = ClassifierOf(set);
//
// RandomExamples gives texts of words that lean toward a label each, with repeated
// words, characters and signs. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "classifier/classifier.h"
#include "classifier/model.h"
#include "classifier/training_set.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::classifier {

using namespace std::string_literals;

inline bool LearnInto(TrainingSet& set, const Example& example) {
  std::vector<Unit> units;
  CutUnits(example.text, units);
  return set.Learn({example.id, example.labels, units});
}

inline bool UnlearnFrom(TrainingSet& set, const Example& example) {
  std::vector<Unit> units;
  CutUnits(example.text, units);
  return set.Unlearn({example.id, example.labels, units});
}

inline TrainingSet SetOf(const std::vector<Example>& examples, bool multi_label = false) {
  TrainingSet set(multi_label);
  for (const Example& example : examples) LearnInto(set, example);
  return set;
}

inline Result<std::unique_ptr<Classifier>> OpenBytes(const std::string& bytes) {
  MemoryFileSystem fs;
  fs.Put("m", bytes);
  return Classifier::Open(fs, "m");
}

inline std::string ModelBytes(const TrainingSet& set, ThreadPool* pool = nullptr) {
  const Result<std::string> bytes = BuildModel(set, pool);
  EXPECT_TRUE(bytes.ok()) << bytes.status().ToString();
  return bytes.ok() ? *bytes : std::string();
}

inline std::unique_ptr<Classifier> ClassifierOf(const TrainingSet& set) {
  Result<std::unique_ptr<Classifier>> classifier = OpenBytes(ModelBytes(set));
  EXPECT_TRUE(classifier.ok()) << classifier.status().ToString();
  return classifier.ok() ? *std::move(classifier) : nullptr;
}

inline std::vector<Example> RandomExamples(std::mt19937& random, size_t count, size_t labels) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  std::vector<Example> examples;
  for (size_t i = 0; i < count; ++i) {
    const size_t label = below(labels);
    std::string text;
    for (size_t words = below(12); words > 0; --words) {
      const size_t word = below(2) == 0 ? label * 7 + below(7) : below(30);
      text += below(8) == 0 ? "가나다라마바"s.substr(below(6) * 3, 3) : "w" + std::to_string(word);
      text += below(6) == 0 ? "! " : " ";
    }
    examples.push_back({"id" + std::to_string(i), {"label" + std::to_string(label)}, text});
  }
  return examples;
}

}  // namespace sakuin::classifier
