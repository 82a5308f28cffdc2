#include "classifier/model.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "classifier/model_file.h"
#include "tests/base/sanitized.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

std::string SmallModel(size_t documents = 40) {
  std::mt19937 random(4);
  return BuildModel(SetOf(RandomExamples(random, documents, 3)), nullptr);
}

TEST(Model, BytesDoNotDependOnThreads) {
  std::mt19937 random(6);
  const TrainingSet set = SetOf(RandomExamples(random, 300, 5));
  const std::string alone = BuildModel(set, nullptr);
  for (const size_t threads : {1, 3}) {
    ThreadPool pool(threads);
    EXPECT_EQ(BuildModel(set, &pool), alone) << threads;
  }
}

TEST(Model, EveryFlipAndTruncationIsRefused) {
  const std::string bytes = SmallModel();
  ASSERT_TRUE(OpenBytes(bytes).ok());
  std::mt19937 random(8);
  for (int round = 0; round < Rounds(10000); ++round) {
    std::string hurt = bytes;
    hurt[random() % hurt.size()] ^= static_cast<char>(1 << random() % 8);
    const Status status = OpenBytes(hurt).status();
    ASSERT_TRUE(status.code() == StatusCode::kDataLoss || status.code() == StatusCode::kFailedPrecondition) << status.ToString();
    ASSERT_EQ(OpenBytes(bytes.substr(0, random() % bytes.size())).status().code(), StatusCode::kDataLoss);
  }
  EXPECT_EQ(OpenBytes(bytes + "x").status().code(), StatusCode::kDataLoss);
}

TEST(Model, AnotherVersionSaysSo) {
  std::string bytes = SmallModel();
  bytes[8] = 9;
  const Status status = OpenBytes(bytes).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("version 9"), std::string_view::npos) << status.message();
}

// Damage with checksums that fit: wrong answers, never a read outside.
TEST(Model, HostileSectionsAreSurvived) {
  const std::string bytes = SmallModel();
  ModelSections sections;
  ASSERT_TRUE(SplitModelFile(bytes, "m", sections).ok());
  std::mt19937 random(12);
  Classifier::Scratch scratch;
  for (int round = 0; round < Rounds(2000); ++round) {
    std::array<std::string, kModelSections> hurt;
    ModelSections views;
    for (size_t s = 0; s < kModelSections; ++s) hurt[s] = sections[s];
    std::string& section = hurt[random() % kModelSections];
    for (size_t flips = 1 + random() % 4; flips > 0 && !section.empty(); --flips) section[random() % section.size()] = static_cast<char>(random());
    for (size_t s = 0; s < kModelSections; ++s) views[s] = hurt[s];
    const auto classifier = OpenBytes(JoinModelFile(views));
    if (!classifier.ok()) continue;
    (*classifier)->Predict("w1 w2 w3 가나 w8!", {.top = 3, .explain = true}, scratch);
    const auto documents = (*classifier)->model().DecodeDocuments();
    EXPECT_TRUE(documents.ok() || documents.status().code() == StatusCode::kDataLoss);
  }
}

// The worked example of docs/classification.md.
TEST(Model, HeadIsAsDocumented) {
  const std::string bytes = SmallModel();
  EXPECT_EQ(bytes.substr(0, 8), "SAKUINNB");
  ByteReader in(std::string_view(bytes).substr(8));
  EXPECT_EQ(in.ReadU32(), 2U);
  EXPECT_EQ(in.ReadU32(), 5U);
  EXPECT_EQ(in.ReadU64(), 192U);  // the settings begin at the first multiple of 64 behind the head of 144 bytes
}

}  // namespace
}  // namespace sakuin::classifier
