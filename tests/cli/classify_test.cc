// sakuin classify from the terminal: what it prints, what it refuses, and what is left of it after kill -9.

#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "tests/base/sanitized.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

std::string Line(int i) {
  const bool spam = i % 2 == 0;
  return R"({"id":"k)" + std::to_string(i) + R"(","label":")" + (spam ? "spam" : "ham") + R"(","text":")" +
         (spam ? "free prize claim code" : "lunch tomorrow at noon word") + std::to_string(i % 50) + "\"}\n";
}

std::string Lines(int from, int to) {
  std::string lines;
  for (int i = from; i < to; ++i) lines += Line(i);
  return lines;
}

class Classify : public testing::Test {
 protected:
  Ended Run(const std::string& what, std::vector<std::string> more, std::string_view input = {}) const {
    std::vector<std::string> arguments = {"classify", what, "--model", model_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunSakuin(arguments, input);
  }
  void Train(int lines) const {
    const Ended trained = Run("train", {"-"}, Lines(0, lines));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  std::string Bytes() const { return *PosixFileSystem().ReadAll(model_); }

  const ScratchFolder scratch_;
  const std::string model_ = scratch_.Path("m.model");
};

TEST_F(Classify, AnswersEachLine) {
  Train(60);
  const Ended ended = Run("predict", {"--json", "--top", "2", "--explain", "-"}, "{\"id\":\"q\",\"text\":\"free prize\"}\nlunch at noon\n{broken\n");
  EXPECT_EQ(ended.code, 1);  // of the broken line
  std::vector<nlohmann::json> answers;
  for (size_t at = 0; at < ended.out.size();) {
    const size_t end = ended.out.find('\n', at);
    answers.push_back(nlohmann::json::parse(ended.out.substr(at, end - at), nullptr, false));
    at = end + 1;
  }
  ASSERT_EQ(answers.size(), 3U) << ended.out;
  EXPECT_EQ(answers[0]["id"], "q");
  EXPECT_EQ(answers[0]["labels"][0]["label"], "spam");
  EXPECT_EQ(answers[0]["labels"].size(), 2U);
  EXPECT_FALSE(answers[0]["explanation"].empty());
  EXPECT_EQ(answers[1]["labels"][0]["label"], "ham");
  EXPECT_TRUE(answers[2]["labels"].empty());
  EXPECT_TRUE(answers[2].contains("error"));
  const Ended people = Run("predict", {"-"}, "free prize\nqqq\n");
  EXPECT_EQ(people.code, 0);
  EXPECT_NE(people.out.find("spam"), std::string::npos);
  EXPECT_NE(people.out.find("no known word"), std::string::npos);
}

TEST_F(Classify, EvaluatesWithAPicture) {
  Train(60);
  const std::string svg = scratch_.Path("c.svg");
  const Ended ended = Run("eval", {"--json", "--svg", svg, "-"}, Lines(60, 80));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  EXPECT_EQ(json["accuracy"], 1.0);
  EXPECT_EQ(json["macro_f1"], 1.0);
  EXPECT_EQ(json["per_label"].size(), 2U);
  EXPECT_TRUE((*PosixFileSystem().ReadAll(svg)).starts_with("<svg"));
}

TEST_F(Classify, RefusesWithAWord) {
  EXPECT_EQ(Run("train", {"-"}, "").code, 1);
  EXPECT_FALSE(PosixFileSystem().Exists(model_));
  EXPECT_EQ(Run("predict", {"-"}, "x\n").code, 1);
  EXPECT_EQ(RunSakuin({"classify", "train"}).code, 2);
  const Ended strict = Run("train", {"--strict", "-"}, Line(1) + "{}\n" + Line(2));
  EXPECT_EQ(strict.code, 1);
  EXPECT_NE(strict.err.find("standard input:2"), std::string::npos) << strict.err;
}

// The model is the same, byte for byte, wherever the label stood.
TEST_F(Classify, TakesLabelsFromAnyField) {
  std::string lines = Lines(0, 60) + "{\"id\":\"odd\",\"label\":\"spam\",\"text\":\"prize \xff\"}\n";
  ASSERT_EQ(Run("train", {"-"}, lines).code, 0);
  const std::string named = Bytes();
  for (size_t at = 0; (at = lines.find("\"label\"", at)) != std::string::npos;) lines.replace(at, 7, "\"kind\"");
  const Ended trained = Run("train", {"--label-field", "kind", "-"}, lines);
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(Bytes(), named);
  EXPECT_NE(trained.err.find("learned 61 documents in "), std::string::npos) << trained.err;
  EXPECT_NE(trained.err.find("cross-validation: accuracy 1.000, macro F1 1.000 (61 documents"), std::string::npos) << trained.err;

  const Ended measured = Run("eval", {"--label-field", "kind", "--json", "-"}, lines);
  EXPECT_EQ(nlohmann::json::parse(measured.out, nullptr, false)["documents"], 61);
  EXPECT_EQ(Run("learn", {"--label-field", "kind", "-"}, R"({"id":"new","kind":"spam","text":"code"})").code, 0);
  EXPECT_NE(Bytes(), named);
  EXPECT_EQ(Run("unlearn", {"--label-field", "kind", "-"}, R"({"id":"new","kind":"spam","text":"code"})").code, 0);
  EXPECT_EQ(Bytes(), named);
}

TEST_F(Classify, SaysWhichLabelIsMissing) {
  const std::string lines = Line(0) + "{\"kind\":7,\"text\":\"x\"}\n{broken\n[]\n{\"kind\":\"a\",\"text\":\"b\"}\n";
  const Ended missing = Run("train", {"--label-field", "kind", "-"}, lines);
  EXPECT_EQ(missing.code, 1);
  for (const char* told : {"standard input:1: there is no \"kind\"", "standard input:2: --label-field kind: ", "standard input:3: not valid JSON",
                           "standard input:4: an object", "4 broken lines left out"}) {
    EXPECT_NE(missing.err.find(told), std::string::npos) << told << "\n" << missing.err;
  }
  EXPECT_TRUE(PosixFileSystem().Exists(model_)) << "of the fifth line";
}

TEST_F(Classify, PartsMergeToTheWhole) {
  Train(80);
  const std::string whole = Bytes();
  const std::string a = scratch_.Path("a.model"), b = scratch_.Path("b.model");
  ASSERT_EQ(RunSakuin({"classify", "train", "--model", a, "-"}, Lines(0, 30)).code, 0);
  ASSERT_EQ(RunSakuin({"classify", "train", "--model", b, "-"}, Lines(25, 80)).code, 0);
  ASSERT_EQ(Run("merge", {b, a}).code, 0);
  EXPECT_EQ(Bytes(), whole);
}

uint64_t LastAcknowledged(const std::string& output) {
  const size_t begin = output.rfind("acknowledged ");
  return begin == std::string::npos || output.find('\n', begin) == std::string::npos ? 0 : std::stoull(output.substr(begin + 13));
}

// What was acknowledged is in the model after kill -9, whoever opens it next.
TEST_F(Classify, WhatIsAcknowledgedSurvivesKill) {
  for (int round = 0; round < Rounds(8); ++round) {
    Train(40);
    ChildProgram learner({"classify", "learn", "--model", model_, "--acks", "-"});
    int given = 40;
    while (LastAcknowledged(learner.Output()) == 0) {
      ASSERT_TRUE(learner.Write(Line(given++)));
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    learner.Kill();
    const Ended killed = learner.Wait();
    ASSERT_EQ(killed.signal, SIGKILL) << killed.err;
    const uint64_t acknowledged = LastAcknowledged(killed.out);
    ASSERT_EQ(Run("predict", {"-"}, "free prize\n").code, 0);
    const Ended report = Run("report", {});
    const uint64_t documents = nlohmann::json::parse(report.out, nullptr, false)["documents"];
    EXPECT_GE(documents, 40 + acknowledged);
    EXPECT_LE(documents, static_cast<uint64_t>(given));
    EXPECT_EQ(Run("unlearn", {"-"}, Lines(40, given)).code, 0);
    const std::string back = Bytes();
    Train(40);
    EXPECT_EQ(back, Bytes());
  }
}

}  // namespace
}  // namespace sakuin::cli
