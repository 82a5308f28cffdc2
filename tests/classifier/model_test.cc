#include "classifier/model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "base/bytes.h"
#include "classifier/model_file.h"
#include "tests/base/sanitized.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

std::string SmallModel(size_t documents = 40) {
  std::mt19937 random(4);
  return ModelBytes(SetOf(RandomExamples(random, documents, 3)), nullptr);
}

TEST(Model, BytesDoNotDependOnThreads) {
  std::mt19937 random(6);
  const TrainingSet set = SetOf(RandomExamples(random, 300, 5));
  const std::string alone = ModelBytes(set, nullptr);
  for (const size_t threads : {1, 3}) {
    ThreadPool pool(threads);
    EXPECT_EQ(ModelBytes(set, &pool), alone) << threads;
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

// golden/version1.model was made from golden/version1.jsonl by the program that wrote version 1.
TEST(Model, OfVersionOneIsRead) {
  const auto classifier = Classifier::Open(PosixFileSystem(), SAKUIN_SOURCE_DIR "/tests/classifier/golden/version1.model");
  ASSERT_TRUE(classifier.ok()) << classifier.status().ToString();
  Classifier::Scratch scratch;
  const auto best = [&](const char* text) {
    const LabelProbability label = (*classifier)->Predict(text, {.top = 1, .abstain = 0, .explain = false}, scratch).labels.front();
    char probability[16];
    std::snprintf(probability, sizeof(probability), " %.4f", static_cast<double>(label.probability));
    return std::string((*classifier)->label_name(label.label)) + probability;
  };
  EXPECT_EQ(best("rain and wind tomorrow"), "weather 0.9443");
  EXPECT_EQ(best("fry the rice in butter"), "cooking 0.9316");
  EXPECT_EQ(best("the train along the coast"), "travel 0.9485");
  EXPECT_EQ(best("비가 오고 바람"), "weather 0.9734");
  const auto documents = (*classifier)->model().DecodeDocuments();
  ASSERT_TRUE(documents.ok());
  EXPECT_EQ(documents->size(), 9U);
}

// The bytes that docs/classification.md says every file begins with.
std::string DocumentedHead() {
  const Result<std::string> text = PosixFileSystem().ReadAll(SAKUIN_SOURCE_DIR "/docs/classification.md");
  const std::string before = "file begins with `";
  const size_t at = text.ok() ? text->find(before) : std::string::npos;
  if (at == std::string::npos) return "";
  std::string bytes;
  for (size_t i = at + before.size(); (*text)[i] != '`'; ++i) {
    if ((*text)[i] == ' ' || (*text)[i] == '|') continue;
    bytes += static_cast<char>(std::stoi(text->substr(i++, 2), nullptr, 16));
  }
  return bytes;
}

TEST(Model, HeadIsAsDocumented) {
  const std::string bytes = SmallModel();
  const std::string head = DocumentedHead();
  ASSERT_EQ(head.size(), 24U);
  EXPECT_EQ(bytes.substr(0, head.size()), head);
  ByteReader in(std::string_view(head).substr(8));
  EXPECT_EQ(in.ReadU32(), kModelVersion);
  EXPECT_EQ(in.ReadU32(), kModelSections);
  EXPECT_EQ(in.ReadU64(), 192U);  // the settings begin at the first multiple of 64 behind the head of 144 bytes
  ModelSections sections;
  ASSERT_TRUE(SplitModelFile(bytes, "m", sections).ok());
  EXPECT_EQ(sections[kSettings].data() - bytes.data(), 192);
}

// Sound checksums over settings of which one is no number.
TEST(Model, SettingsThatAreNoNumbersAreRefused) {
  const std::string bytes = SmallModel();
  ModelSections sections;
  ASSERT_TRUE(SplitModelFile(bytes, "m", sections).ok());
  const std::string sound(sections[kSettings]);
  const auto status_with = [&](const std::string& settings) {
    sections[kSettings] = settings;
    return OpenBytes(JoinModelFile(sections)).status();
  };
  ASSERT_TRUE(status_with(sound).ok());
  const double no_number = std::numeric_limits<double>::quiet_NaN();
  const double endless = std::numeric_limits<double>::infinity();
  // Smoothing, slope and shift behind five bytes, and the three numbers at the end: offset, gain and bias of the last label.
  for (const size_t at : {size_t{5}, size_t{13}, size_t{21}, sound.size() - 24, sound.size() - 16, sound.size() - 8}) {
    for (const double wrong : {no_number, endless}) {
      std::string settings = sound;
      std::memcpy(settings.data() + at, &wrong, sizeof(wrong));
      EXPECT_EQ(status_with(settings).code(), StatusCode::kDataLoss) << at;
    }
  }
  std::string settings = sound;
  const float no_scale = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(settings.data() + 29, &no_scale, sizeof(no_scale));
  EXPECT_EQ(status_with(settings).code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sakuin::classifier
