#include "classifier/classifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "classifier/training_data.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

std::vector<Example> SpamAndHam() {
  std::vector<Example> examples;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    examples.push_back({"s" + n, {"spam"}, "free prize call now to claim code" + n});
    examples.push_back({"h" + n, {"ham"}, "see you at lunch tomorrow then " + n});
  }
  return examples;
}

TEST(Classifier, OfTheHeader) {
  const auto classifier = ClassifierOf(SetOf(SpamAndHam()));
  Classifier::Scratch scratch;
  const Prediction prediction = classifier->Predict("Free prize! Call now", {.top = 2, .explain = true}, scratch);
  ASSERT_EQ(prediction.labels.size(), 2U);
  EXPECT_EQ(classifier->label_name(prediction.labels[0].label), "spam");
  EXPECT_GT(prediction.labels[0].probability, 0.9F);
  EXPECT_NEAR(static_cast<double>(prediction.labels[0].probability + prediction.labels[1].probability), 1, 1e-6);
  ASSERT_FALSE(prediction.votes.empty());
  EXPECT_GT(prediction.votes[0].weight, 0);
  std::vector<std::string> texts;
  for (const FeatureVote& vote : prediction.votes) texts.push_back(vote.text);
  EXPECT_NE(std::find(texts.begin(), texts.end(), "prize"), texts.end());
}

TEST(Classifier, NothingKnownIsAnsweredWithHowOftenLabelsWereLearned) {
  std::vector<Example> examples = SpamAndHam();
  examples.resize(60);
  examples.push_back({"x", {"ham"}, "one more"});
  const auto classifier = ClassifierOf(SetOf(examples));
  Classifier::Scratch scratch;
  for (const char* const text : {"zzz qqq", "", "\xff"}) {
    const Prediction prediction = classifier->Predict(text, {.top = 2}, scratch);
    EXPECT_EQ(prediction.known_features, 0U);
    EXPECT_NEAR(static_cast<double>(prediction.labels[0].probability), 31.0 / 61, 1e-6);
  }
}

TEST(Classifier, AbstainsWhenUnsure) {
  const auto classifier = ClassifierOf(SetOf(SpamAndHam()));
  Classifier::Scratch scratch;
  const Prediction unsure = classifier->Predict("zzz", {.abstain = 0.9}, scratch);
  EXPECT_TRUE(unsure.abstained);
  EXPECT_TRUE(unsure.labels.empty());
  EXPECT_FALSE(classifier->Predict("free prize call now", {.abstain = 0.9}, scratch).abstained);
}

TEST(Classifier, OneLabelIsCertain) {
  const auto classifier = ClassifierOf(SetOf({{"a", {"x"}, "only one"}}));
  Classifier::Scratch scratch;
  EXPECT_FLOAT_EQ(classifier->Predict("only", {}, scratch).labels.at(0).probability, 1);
}

TEST(Classifier, WhereAllWasUnlearnedThereIsNoAnswer) {
  const Status status = OpenBytes(ModelBytes(TrainingSet(), nullptr)).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status.ToString();
}

TEST(Classifier, SeveralLabels) {
  std::vector<Example> examples;
  for (int i = 0; i < 60; ++i) {
    Example example{std::to_string(i), {}, ""};
    if (i % 2 == 0) example.labels.push_back("cooking"), example.text += "boil salt onion ";
    if (i % 3 == 0) example.labels.push_back("travel"), example.text += "train hotel beach ";
    if (example.labels.empty()) example.labels.push_back("work"), example.text += "meeting office desk";
    examples.push_back(example);
  }
  const auto classifier = ClassifierOf(SetOf(examples, true));
  Classifier::Scratch scratch;
  const auto names = [&](const char* text) {
    std::vector<std::string> found;
    for (const LabelProbability& label : classifier->Predict(text, {}, scratch).labels) found.emplace_back(classifier->label_name(label.label));
    std::sort(found.begin(), found.end());
    return found;
  };
  EXPECT_EQ(names("boil onion hotel beach"), (std::vector<std::string>{"cooking", "travel"}));
  EXPECT_EQ(names("office meeting"), (std::vector<std::string>{"work"}));
}

TEST(Classifier, LongTextsAndManyLabels) {
  std::vector<Example> examples;
  for (int i = 0; i < 700; ++i) examples.push_back({"", {"label" + std::to_string(i)}, "word" + std::to_string(i) + " common"});
  const auto classifier = ClassifierOf(SetOf(examples));
  Classifier::Scratch scratch;
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "common other" + std::to_string(i) + " ";
  const Prediction prediction = classifier->Predict(text + "word123", {.top = 700}, scratch);
  EXPECT_EQ(prediction.labels.size(), 700U);
  EXPECT_EQ(prediction.known_features, 2U);
  EXPECT_EQ(classifier->label_name(prediction.labels.front().label), "label123");
}

// Probabilities of held-out texts are about as often right as they say.
TEST(Classifier, ProbabilitiesAreCalibrated) {
  std::mt19937 random(21);
  std::vector<Example> examples = RandomExamples(random, 3000, 4);
  const std::vector<Example> held(examples.end() - 1000, examples.end());
  examples.resize(2000);
  const auto classifier = ClassifierOf(SetOf(examples));
  Classifier::Scratch scratch;
  double said = 0;
  double right = 0;
  for (const Example& example : held) {
    const LabelProbability best = classifier->Predict(example.text, {}, scratch).labels.front();
    said += static_cast<double>(best.probability);
    right += classifier->label_name(best.label) == example.labels.front() ? 1 : 0;
  }
  EXPECT_NEAR(said / 1000, right / 1000, 0.04);
  EXPECT_GT(right / 1000, 0.5);
}

std::vector<std::string> VotesOf(const Classifier& classifier, const std::string& text) {
  Classifier::Scratch scratch;
  std::vector<std::string> texts;
  for (const FeatureVote& vote : classifier.Predict(text, {.top = 1, .abstain = 0, .explain = true}, scratch).votes) texts.push_back(vote.text);
  return texts;
}

// Each feature is shown as it stands in the text, from its first unit to its last.
TEST(Classifier, ExplainsPairsAndTriplesInFull) {
  std::vector<Example> examples;
  for (int i = 0; i < 20; ++i) {
    examples.push_back({"a" + std::to_string(i), {"a"}, "prize, call 가나다"});
    examples.push_back({"b" + std::to_string(i), {"b"}, "call prize 다나가"});
  }
  Selection selection;
  selection.variant = {ModelKind::kMultinomial, Transform::kCounts, FeatureOrder::kTriples, 0.1};
  const auto classifier = OpenBytes(*BuildModelOf(selection, SetOf(examples), nullptr));
  ASSERT_TRUE(classifier.ok());
  const std::vector<std::string> votes = VotesOf(**classifier, "Prize , call  가나다");
  for (const char* const feature : {"Prize , call", "가나", "나다", "가나다"}) {
    EXPECT_NE(std::find(votes.begin(), votes.end(), feature), votes.end()) << feature;
  }
}

TEST(Classifier, AbstainingTellsTheSameOfTheText) {
  const auto classifier = ClassifierOf(SetOf(SpamAndHam()));
  Classifier::Scratch scratch;
  const PredictOptions never{.top = 0, .abstain = 1.1, .explain = false};
  for (const char* const text : {"free lunch tomorrow zzz", "zzz", "prize"}) {
    const Prediction sure = classifier->Predict(text, {}, scratch);
    const Prediction unsure = classifier->Predict(text, never, scratch);
    EXPECT_TRUE(unsure.abstained);
    EXPECT_EQ(unsure.known_features, sure.known_features);
  }
  EXPECT_EQ(classifier->Predict("prize", never, scratch).known_features, 1U);
}

TEST(Classifier, LabelsThatDifferInCaseAreTwo) {
  const auto classifier = ClassifierOf(SetOf({{"a", {"News"}, "sun"}, {"b", {"news"}, "rain"}, {"c", {"News"}, "sun"}, {"d", {"news"}, "rain"}}));
  Classifier::Scratch scratch;
  const Prediction prediction = classifier->Predict("rain", {.top = 2}, scratch);
  ASSERT_EQ(prediction.labels.size(), 2U);
  EXPECT_EQ(classifier->label_name(prediction.labels[0].label), "news");
  EXPECT_EQ(classifier->label_name(prediction.labels[1].label), "News");
}

TEST(Classifier, TextsWithoutUnitsAreLearnedToo) {
  const auto classifier = ClassifierOf(SetOf({{"a", {"x"}, ""}, {"b", {"x"}, " "}, {"c", {"y"}, "\n"}}));
  Classifier::Scratch scratch;
  const Prediction prediction = classifier->Predict("", {}, scratch);
  EXPECT_EQ(prediction.known_features, 0U);
  EXPECT_EQ(classifier->label_name(prediction.labels.front().label), "x");
}

// A model is shared, a scratch is each thread's own.
TEST(Classifier, AnswersManyThreadsAlike) {
  std::mt19937 random(71);
  const auto classifier = ClassifierOf(SetOf(RandomExamples(random, 300, 5)));
  const std::vector<Example> texts = RandomExamples(random, 200, 5);
  const auto answers = [&] {
    Classifier::Scratch scratch;
    std::vector<std::pair<uint32_t, float>> all;
    for (const Example& example : texts) {
      const Prediction prediction = classifier->Predict(example.text, {.top = 3, .abstain = 0, .explain = true}, scratch);
      for (const LabelProbability& label : prediction.labels) all.emplace_back(label.label, label.probability);
      for (const FeatureVote& vote : prediction.votes) all.emplace_back(vote.count, static_cast<float>(vote.weight));
    }
    return all;
  };
  const auto expected = answers();
  std::vector<std::vector<std::pair<uint32_t, float>>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& of_thread : found) threads.emplace_back([&] { of_thread = answers(); });
  }
  for (const auto& of_thread : found) EXPECT_EQ(of_thread, expected);
}

// What a text of very many features needed does not change the answers after it.
TEST(Classifier, LongTextsLeaveNoTrace) {
  std::vector<Example> examples = SpamAndHam();
  std::string lengthy;
  for (int i = 0; i < 600000; ++i) lengthy += "word" + std::to_string(i) + " ";
  examples.push_back({"long", {"ham"}, lengthy});
  Selection selection;
  selection.variant = {ModelKind::kMultinomial, Transform::kCounts, FeatureOrder::kUnits, 0.1};
  const auto classifier = OpenBytes(*BuildModelOf(selection, SetOf(examples), nullptr));
  ASSERT_TRUE(classifier.ok());
  Classifier::Scratch scratch;
  const uint32_t before = (*classifier)->Probabilities("free prize free lunch", scratch);
  const std::vector<float> scores = scratch.scores;
  EXPECT_EQ((*classifier)->Probabilities(lengthy + lengthy, scratch), 600000U);
  EXPECT_EQ((*classifier)->Probabilities("free prize free lunch", scratch), before);
  EXPECT_EQ(scratch.scores, scores);
  EXPECT_LE(scratch.units.capacity(), size_t{1} << 20);
}

TEST(ExampleReader, TellsWhatIsWrong) {
  ExampleReader reader;
  Example example;
  ASSERT_TRUE(reader.Read(R"({"id":7,"label":["b","a","b"],"text":"x"})", true, example).ok());
  EXPECT_EQ(example.id, "7");
  EXPECT_EQ(example.labels, (std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(reader.Read(R"({"title":"t","body":"b"})", false, example).ok());
  EXPECT_EQ(example.text, "t\nb");
  ASSERT_TRUE(reader.Read("{\"label\":\"a\",\"text\":\"\xff\"}", true, example).ok());
  EXPECT_EQ(example.text, "\xEF\xBF\xBD");
  for (const char* const line : {"hello", "[]", R"({"label":3,"text":"x"})", R"({"text":"x"})", R"({"label":"a"})", R"({"label":"","text":"x"})",
                                 R"({"label":[""],"text":"x"})", R"({"label":"a","text":5})", R"({"id":[],"label":"a","text":"x"})", "{"}) {
    const Status status = reader.Read(line, true, example);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << line;
    EXPECT_GT(status.message().size(), 10U);
  }
}

}  // namespace
}  // namespace sakuin::classifier
