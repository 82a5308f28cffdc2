#include "classifier/feature_index.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

using Postings = std::map<uint64_t, std::map<uint32_t, uint32_t>>;  // of each feature: documents and counts

std::vector<Unit> UnitsOf(const TrainingSet& set, size_t document) {
  std::vector<Unit> units;
  for (const uint32_t unit : set.units_of(set.documents()[document])) units.push_back(set.unit_of(unit));
  return units;
}

Postings NaivePostings(const TrainingSet& ordered, FeatureOrder order) {
  Postings postings;
  FeatureBag bag;
  for (uint32_t d = 0; d < ordered.size(); ++d) {
    bag.Take(UnitsOf(ordered, d), order);
    for (const Feature& feature : bag.features()) postings[feature.hash][d] = feature.count;
  }
  std::erase_if(postings, [](const auto& feature) { return feature.second.size() == 1 && OrderOf(feature.first) != 1; });
  return postings;
}

TEST(FeatureIndex, AgreesWithAMap) {
  std::mt19937 random(23);
  ThreadPool pool(3);
  for (const size_t documents : {size_t{0}, size_t{1}, size_t{63}, size_t{700}}) {
    const TrainingSet ordered = SetOf(RandomExamples(random, documents, 3)).Ordered();
    for (const FeatureOrder order : {FeatureOrder::kUnits, FeatureOrder::kPairs, FeatureOrder::kTriples}) {
      const FeatureIndex index = FeatureIndex::Build(ordered, order, documents == 700 ? &pool : nullptr);
      const Postings expected = NaivePostings(ordered, order);
      ASSERT_EQ(index.size(), expected.size());
      auto next = expected.begin();
      for (size_t f = 0; f < index.size(); ++f, ++next) {
        ASSERT_EQ(index.hash(f), next->first);  // in the order of the hashes
        std::map<uint32_t, uint32_t> found;
        for (const Posting& posting : index.postings(f)) {
          ASSERT_TRUE(found.empty() || found.rbegin()->first < posting.document);
          found[posting.document] = posting.count;
        }
        ASSERT_EQ(found, next->second);
      }
    }
  }
}

// Of all features of a document, those that are nowhere else too.
TEST(FeatureIndex, LengthsAreThoseOfLogs) {
  std::mt19937 random(24);
  const TrainingSet ordered = SetOf(RandomExamples(random, 50, 3)).Ordered();
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kTriples, nullptr);
  FeatureBag bag;
  for (uint32_t d = 0; d < ordered.size(); ++d) {
    for (const FeatureOrder order : {FeatureOrder::kUnits, FeatureOrder::kPairs, FeatureOrder::kTriples}) {
      bag.Take(UnitsOf(ordered, d), order);
      double squares = 0;
      for (const Feature& feature : bag.features()) squares += std::pow(std::log1p(feature.count), 2);
      EXPECT_NEAR(index.length(d, order), std::sqrt(squares), 1e-9);
    }
  }
}

TEST(FeatureIndex, KnowsWhichOrdersThereAre) {
  const auto has = [](const std::string& text) {
    const FeatureIndex index = FeatureIndex::Build(SetOf({{"a", {"x"}, text}}).Ordered(), FeatureOrder::kTriples, nullptr);
    return std::vector<bool>{index.has(FeatureOrder::kUnits), index.has(FeatureOrder::kPairs), index.has(FeatureOrder::kTriples)};
  };
  EXPECT_EQ(has(""), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(has("one"), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(has("one two three"), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(has("가나다"), (std::vector<bool>{true, true, true}));
}

}  // namespace
}  // namespace sakuin::classifier
