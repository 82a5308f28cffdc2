#include "classifier/training_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "classifier/feature_index.h"
#include "tests/base/sanitized.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

TEST(TrainingSet, ADocumentWithAnIdIsLearnedOnce) {
  TrainingSet set;
  const Example example{"k1", {"spam"}, "free prize"};
  EXPECT_TRUE(LearnInto(set, example));
  EXPECT_FALSE(LearnInto(set, example));
  EXPECT_EQ(set.size(), 1U);
  EXPECT_TRUE(LearnInto(set, {"k1", {"ham"}, "free prize"}));  // another label: another document
  EXPECT_EQ(set.size(), 2U);
  EXPECT_TRUE(UnlearnFrom(set, example));
  EXPECT_FALSE(UnlearnFrom(set, example));
  EXPECT_EQ(set.size(), 1U);
}

TEST(TrainingSet, OneWithoutAnIdCountsAsOftenAsItIsGiven) {
  TrainingSet set;
  const Example example{"", {"spam"}, "free prize"};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(LearnInto(set, example));
  EXPECT_EQ(set.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(UnlearnFrom(set, example));
  EXPECT_FALSE(UnlearnFrom(set, example));
  EXPECT_EQ(set.Encode(), TrainingSet().Encode());
}

TEST(TrainingSet, LabelsThatDifferInCaseAreTwo) {
  const TrainingSet set = SetOf({{"a", {"News"}, "x"}, {"b", {"news"}, "y"}});
  EXPECT_EQ(set.label_names().size(), 2U);
}

// Random histories of learning, unlearning and merging end in the bytes of learning what is left at once.
TEST(TrainingSet, HistoryLeavesNoTrace) {
  for (uint32_t seed = 1; seed <= Rounds(40U); ++seed) {
    std::mt19937 random(seed);
    std::vector<Example> pool = RandomExamples(random, 60, 4);
    for (size_t i = 0; i < 10; ++i) {
      pool[i].id.clear();
      pool[i].text += " own" + std::to_string(i);
    }
    TrainingSet set;
    std::multiset<size_t> inside;
    for (int step = 0; step < 300; ++step) {
      const size_t i = random() % pool.size();
      switch (random() % 5) {
        case 0:
        case 1:
          if (LearnInto(set, pool[i])) inside.insert(i);
          break;
        case 2:
        case 3:
          if (UnlearnFrom(set, pool[i])) inside.erase(inside.find(i));
          break;
        default: {
          TrainingSet other;
          if (LearnInto(other, pool[i]) && *set.Merge(other) == 1) inside.insert(i);
        }
      }
    }
    ASSERT_EQ(set.size(), inside.size());
    std::vector<size_t> order(inside.begin(), inside.end());
    std::shuffle(order.begin(), order.end(), random);
    TrainingSet at_once;
    for (const size_t i : order) LearnInto(at_once, pool[i]);
    ASSERT_EQ(set.Encode(), at_once.Encode()) << "seed " << seed;
    if (seed % 8 == 0) {
      ASSERT_EQ(ModelBytes(set, nullptr), ModelBytes(at_once, nullptr));
    }
    const Result<TrainingSet> decoded = TrainingSet::Decode(set.Encode());
    ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
    ASSERT_EQ(decoded->Encode(), set.Encode());
  }
}

// What comes and goes leaves neither units nor labels behind.
TEST(TrainingSet, ASetThatIsUsedForLongDoesNotGrow) {
  TrainingSet set = SetOf({{"a", {"kept"}, "one two three"}});
  std::string text;
  for (int i = 0; i < 40; ++i) text += "w" + std::to_string(i) + " ";
  for (int i = 0; i < 70000; ++i) {
    const Example example{"k" + std::to_string(i), {"label" + std::to_string(i)}, text + std::to_string(i)};
    ASSERT_TRUE(LearnInto(set, example));
    ASSERT_EQ(set.label_count(), 2U);
    ASSERT_TRUE(UnlearnFrom(set, example));
    ASSERT_FALSE(set.HasLabel(example.labels.front()));
  }
  EXPECT_LE(set.label_names().size(), 2U);
  EXPECT_LT(set.kept_numbers(), 150000U);
  EXPECT_EQ(set.Encode(), SetOf({{"a", {"kept"}, "one two three"}}).Encode());
}

// Half of the labels go; what is left is as if they had never been, and others find room.
TEST(TrainingSet, LabelsGoWithTheirLastDocument) {
  std::vector<Example> examples;
  for (int i = 0; i < 100; ++i) examples.push_back({std::to_string(i), {"l" + std::to_string(i % 50)}, "text " + std::to_string(i)});
  TrainingSet set = SetOf(examples);
  for (size_t i = 0; i < 50; i += 2) {
    UnlearnFrom(set, examples[i]);
    EXPECT_TRUE(set.HasLabel(examples[i].labels.front()));
    UnlearnFrom(set, examples[i + 50]);
    EXPECT_FALSE(set.HasLabel(examples[i].labels.front()));
  }
  EXPECT_EQ(set.label_count(), 25U);
  for (int i = 0; i < 25; ++i) LearnInto(set, {"new" + std::to_string(i), {"new" + std::to_string(i)}, "x"});
  EXPECT_EQ(set.label_names().size(), 50U);
  for (int i = 0; i < 25; ++i) UnlearnFrom(set, {"new" + std::to_string(i), {"new" + std::to_string(i)}, "x"});
  std::vector<Example> odd;
  for (size_t i = 1; i < 100; i += 2) odd.push_back(examples[i]);
  EXPECT_EQ(set.Encode(), SetOf(odd).Encode());
}

// (Whoever looked for the next copy from the start each time would take minutes.)
TEST(TrainingSet, CopiesAreUnlearnedOneByOne) {
  TrainingSet set;
  constexpr int kOthers = 200000;
  for (int i = 0; i < kOthers; ++i) LearnInto(set, {"k" + std::to_string(i), {"other"}, "x"});
  const Example copy{"", {"spam"}, "free prize"};
  const Example rare{"", {"ham"}, "lunch"};
  for (int i = 0; i < kOthers; ++i) LearnInto(set, i % 1000 == 0 ? rare : copy);
  for (int i = 0; i < kOthers; ++i) ASSERT_TRUE(UnlearnFrom(set, i % 1000 == 999 ? rare : copy)) << i;
  EXPECT_FALSE(UnlearnFrom(set, copy));
  EXPECT_FALSE(UnlearnFrom(set, rare));
  EXPECT_EQ(set.size(), static_cast<size_t>(kOthers));
}

// Copies of some texts come and go among documents with ids; the count of each is right all the time.
TEST(TrainingSet, CopiesAreCounted) {
  std::mt19937 random(31);
  TrainingSet set;
  std::map<std::string, size_t> counts;
  for (int step = 0; step < 20000; ++step) {
    const Example example{"", {"l"}, "text " + std::to_string(random() % 7)};
    const Example named{std::to_string(random() % 50), {"l"}, "named"};
    random() % 2 == 0 ? LearnInto(set, named) : UnlearnFrom(set, named);
    size_t& count = counts[example.text];
    if (random() % 2 == 0) {
      ASSERT_TRUE(LearnInto(set, example));
      ++count;
    } else {
      ASSERT_EQ(UnlearnFrom(set, example), count != 0) << "step " << step;
      count -= count != 0 ? 1 : 0;
    }
  }
  for (auto& [text, count] : counts) {
    for (; count > 0; --count) ASSERT_TRUE(UnlearnFrom(set, {"", {"l"}, text}));
    ASSERT_FALSE(UnlearnFrom(set, {"", {"l"}, text}));
  }
}

std::vector<DocumentKey> KeysOf(const TrainingSet& set) {
  std::vector<DocumentKey> keys;
  for (const TrainingSet::Document& document : set.documents()) keys.push_back(document.key);
  return keys;
}

TEST(TrainingSet, ASampleHasTheSmallestHashes) {
  std::mt19937 random(17);
  const TrainingSet ordered = SetOf(RandomExamples(random, 500, 4)).Ordered();
  for (const size_t most : {size_t{0}, size_t{1}, size_t{200}, size_t{499}, size_t{500}, size_t{1000}}) {
    const TrainingSet sample = ordered.Sample(most);
    std::vector<DocumentKey> expected = KeysOf(ordered);
    std::sort(expected.begin(), expected.end(), [](const DocumentKey& a, const DocumentKey& b) { return SampleHash(a) < SampleHash(b); });
    expected.resize(std::min(most, expected.size()));
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(KeysOf(sample), expected);
    for (const TrainingSet::Document& document : sample.documents()) {
      const auto same = [&](const TrainingSet::Document& other) { return other.key == document.key; };
      const auto original = std::find_if(ordered.documents().begin(), ordered.documents().end(), same);
      EXPECT_TRUE(std::ranges::equal(sample.units_of(document), ordered.units_of(*original)));
      EXPECT_TRUE(std::ranges::equal(sample.labels_of(document), ordered.labels_of(*original)));
    }
  }
}

// Equal documents have equal hashes, and are taken one by one all the same.
TEST(TrainingSet, ASampleOfEqualDocumentsIsFull) {
  TrainingSet set;
  for (int i = 0; i < 7000; ++i) LearnInto(set, {"", {"l"}, "the same"});
  EXPECT_EQ(set.Ordered().Sample(3000).size(), 3000U);
  for (int i = 0; i < 7000; ++i) LearnInto(set, {"", {"m"}, "text " + std::to_string(i % 100)});
  EXPECT_EQ(set.Ordered().Sample(3000).size(), 3000U);
}

// A file may name any units. (Where they all met in one place of a table, a million of them would take many minutes.)
TEST(TrainingSet, UnitsThatAreMadeToCollideAreQuick) {
  constexpr uint64_t kUnits = 1 << 20;
  for (const int shift : {2, 22, 42}) {
    std::string bytes;
    AppendU8(bytes, 0);
    AppendVarint(bytes, 1);
    AppendLengthPrefixed(bytes, "l");
    AppendVarint(bytes, kUnits);
    for (uint64_t i = 0; i < kUnits; ++i) AppendU64(bytes, i << shift);
    AppendVarint(bytes, 1);
    AppendU64(bytes, 1);
    AppendU64(bytes, 1);
    AppendVarint(bytes, 1);
    AppendVarint(bytes, 0);
    AppendVarint(bytes, kUnits);
    for (uint64_t i = 0; i < kUnits; ++i) AppendVarint(bytes, i);
    const Result<TrainingSet> set = TrainingSet::Decode(bytes);
    ASSERT_TRUE(set.ok()) << set.status().ToString();
    const FeatureIndex index = FeatureIndex::Build(set->Ordered(), FeatureOrder::kUnits, nullptr);
    ASSERT_EQ(index.size(), kUnits);
    WeightTableBuilder builder(1);
    for (size_t f = 0; f < index.size(); ++f) builder.Add(index.hash(f), {});
    EXPECT_GT(builder.Finish().buckets.size(), kUnits);
  }
}

TEST(TrainingSet, EveryTruncationIsDamage) {
  std::mt19937 random(2);
  const std::string bytes = SetOf(RandomExamples(random, 20, 3)).Encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(TrainingSet::Decode(bytes.substr(0, size)).status().code(), StatusCode::kDataLoss) << size;
  }
}

TrainingSet LabelsFrom(size_t from, size_t to) {
  TrainingSet set;
  for (size_t i = from; i < to; ++i) LearnInto(set, {"id" + std::to_string(i), {"label" + std::to_string(i)}, "a text"});
  return set;
}

TEST(TrainingSet, UnitesAsManyLabelsAsAModelHolds) {
  TrainingSet set = LabelsFrom(0, 40000);
  const Result<uint64_t> refused = set.Merge(LabelsFrom(30000, TrainingSet::kMaxLabels + 1));
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(set.size(), 40000U) << "nothing is changed";
  EXPECT_EQ(*set.Merge(LabelsFrom(30000, TrainingSet::kMaxLabels)), TrainingSet::kMaxLabels - 40000);
}

TEST(TrainingSet, WithTooManyLabelsMakesNoModel) {
  EXPECT_EQ(BuildModel(LabelsFrom(0, TrainingSet::kMaxLabels + 1), nullptr).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sakuin::classifier
