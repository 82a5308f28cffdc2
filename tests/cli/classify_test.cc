// sakuin classify from the terminal: what it prints, what it refuses, and what is left of it after kill -9.

#include <gtest/gtest.h>

#include <algorithm>
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
  uint64_t Documents() const { return nlohmann::json::parse(Run("report", {}).out, nullptr, false)["documents"]; }
  std::string Journal() const { return model_ + ".learning/journal"; }
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
  for (const char* told : {"standard input:1: there is no \"kind\"", "standard input:2: \"kind\" is neither ", "standard input:3: not valid JSON",
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

// What was acknowledged is in the model after kill -9, as soon as somebody learns; until then readers do without it and say so.
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
    EXPECT_NE(Run("predict", {"-"}, "free prize\n").err.find("has learned more than is used here"), std::string::npos);
    EXPECT_EQ(Documents(), 40U);
    ASSERT_EQ(Run("learn", {"-"}).code, 0);
    EXPECT_EQ(Run("predict", {"-"}, "free prize\n").err, "");
    const uint64_t documents = Documents();
    EXPECT_GE(documents, 40 + acknowledged);
    EXPECT_LE(documents, static_cast<uint64_t>(given));
    EXPECT_EQ(Run("unlearn", {"-"}, Lines(40, given)).code, 0);
    const std::string back = Bytes();
    Train(40);
    EXPECT_EQ(back, Bytes());
  }
}

// Also where nobody waits for acknowledgements the journal has what was read a while ago.
TEST_F(Classify, LearnsDurablyWithoutAcks) {
  Train(40);
  ChildProgram learner({"classify", "learn", "--model", model_, "-"});
  int given = 40;
  const auto written = [&] {
    const auto size = PosixFileSystem().Size(Journal());
    return size.ok() && *size > 1000;
  };
  while (!written() && given < 20000) {
    ASSERT_TRUE(learner.Write(Line(given++)));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  learner.Kill();
  EXPECT_EQ(learner.Wait().out, "");
  ASSERT_EQ(Run("learn", {"-"}).code, 0);
  EXPECT_GT(Documents(), 40U);
}

// predict, eval and report write nothing and lock nothing: not beside a learner, not beside a damaged journal.
TEST_F(Classify, ReadingWritesNothing) {
  Train(40);
  ASSERT_EQ(Run("learn", {"-"}, Line(41)).code, 0);
  ChildProgram learner({"classify", "learn", "--model", model_, "--acks", "-"});
  for (int given = 40; LastAcknowledged(learner.Output()) == 0; ++given) {
    ASSERT_TRUE(learner.Write(Line(given)));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  const std::string bytes = Bytes();
  const auto read = [&] {
    const std::string journal = *PosixFileSystem().ReadAll(Journal());
    for (const auto& [what, input] : std::vector<std::pair<std::string, std::string>>{{"predict", "free prize\n"}, {"eval", Line(7)}, {"report", ""}}) {
      const Ended ended = Run(what, what == "report" ? std::vector<std::string>{"--json"} : std::vector<std::string>{"--json", "-"}, input);
      EXPECT_EQ(ended.code, 0) << what << ended.err;
      EXPECT_NE(ended.err.find("has learned more than is used here"), std::string::npos) << what << ended.err;
      EXPECT_EQ(nlohmann::json::parse(ended.out, nullptr, false).contains("warnings"), what != "predict") << ended.out;
    }
    EXPECT_EQ(Bytes(), bytes);
    // What the learner was given last may come in meanwhile.
    EXPECT_TRUE(PosixFileSystem().ReadAll(Journal())->starts_with(journal));
  };
  read();
  learner.Kill();
  learner.Wait();
  std::string damaged = *PosixFileSystem().ReadAll(Journal());
  damaged[damaged.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), Journal(), damaged).ok());
  read();
  EXPECT_EQ(*PosixFileSystem().ReadAll(Journal()), damaged);
}

TEST_F(Classify, OneProcessWritesAModel) {
  Train(40);
  const std::string bytes = Bytes();
  const std::string other = scratch_.Path("other.model");
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), other, bytes).ok());
  ChildProgram learner({"classify", "learn", "--model", model_, "--acks", "-"});
  for (int given = 40; LastAcknowledged(learner.Output()) == 0; ++given) {
    ASSERT_TRUE(learner.Write(Line(given)));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  for (const char* what : {"train", "merge", "learn", "unlearn"}) {
    const bool merges = std::string_view(what) == "merge";
    const Ended refused = Run(what, {merges ? other : "-"}, merges ? "" : Lines(0, 10));
    EXPECT_EQ(refused.code, 1) << what;
    EXPECT_NE(refused.err.find("another process is writing"), std::string::npos) << what << refused.err;
  }
  EXPECT_EQ(Bytes(), bytes);
  learner.Kill();
  learner.Wait();
}

// A run that reads a part of the lines makes no model in the place of one of all.
TEST_F(Classify, TrainsWithAllOrNothing) {
  const std::string some = scratch_.Path("some.jsonl");
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), some, Lines(0, 5)).ok());
  const auto refused = [&](const std::vector<std::string>& arguments) {
    const Ended ended = Run("train", arguments, Line(1) + "{}\n");
    EXPECT_EQ(ended.code, 1);
    EXPECT_NE(ended.err.find("nothing is written to " + model_), std::string::npos) << ended.err;
  };
  refused({some, scratch_.Path("missing.jsonl")});
  EXPECT_FALSE(PosixFileSystem().Exists(model_));
  Train(60);
  const std::string bytes = Bytes();
  refused({some, scratch_.Path("missing.jsonl")});
  refused({"--strict", some, "-"});
  EXPECT_EQ(Bytes(), bytes);
  EXPECT_EQ(Run("learn", {some, scratch_.Path("missing.jsonl")}).code, 1);
  EXPECT_EQ(Run("learn", {"--strict", "-"}, Line(70) + "{}\n" + Line(71)).code, 1);
  EXPECT_EQ(Documents(), 61U) << "what comes before is learned";
}

TEST_F(Classify, SurvivesDeepLines) {
  const std::string deep = R"({"kind":"spam","text":"x","z":)" + std::string(1000000, '[') + "\n";
  const Ended ended = Run("train", {"--label-field", "kind", "-"}, R"({"kind":"spam","text":"x"})" "\n" + deep);
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("standard input:2: not valid JSON"), std::string::npos) << ended.err.substr(0, 300);
}

TEST_F(Classify, LabelsStayOnTheirLine) {
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += R"({"label":")" + std::string(i % 2 == 0 ? "a\\nb" : "c\\u202Ed\\te") + R"(","text":"word)" + std::to_string(i % 2) + "\"}\n";
  ASSERT_EQ(Run("train", {"-"}, lines).code, 0);
  const Ended people = Run("predict", {"--top", "2", "-"}, "word0\n{\"id\":\"new\\nline\",\"text\":\"word1\"}\n");
  EXPECT_EQ(std::count(people.out.begin(), people.out.end(), '\n'), 2) << people.out;
  EXPECT_NE(people.out.find("\ta\\x0ab "), std::string::npos) << people.out;
  EXPECT_NE(people.out.find("\tc\\xe2\\x80\\xaed\\x09e "), std::string::npos) << people.out;
  const Ended measured = Run("eval", {"-"}, lines);
  EXPECT_EQ(measured.out.find("\u202E"), std::string::npos) << measured.out;
  EXPECT_EQ(measured.out.find("a\nb"), std::string::npos) << measured.out;
  const Ended json = Run("predict", {"--json", "-"}, "word0\n");
  EXPECT_EQ(nlohmann::json::parse(json.out, nullptr, false)["labels"][0]["label"], "a\nb");
}

TEST_F(Classify, AbstainsBelowANumber) {
  Train(40);
  for (const char* wrong : {"nan", "2", "-1", "inf"}) EXPECT_EQ(Run("predict", {"--abstain", wrong, "-"}, "free prize\n").code, 2) << wrong;
  EXPECT_EQ(Run("predict", {"--abstain", "1", "-"}, "free prize\n").code, 0);
}

// Fruits, vehicles, both, and as many texts that are of neither.
std::string SeveralLabels(int from, int to) {
  const char* const kinds[] = {R"(["fruit"],"text":"apple pear)", R"(["vehicle"],"text":"bicycle tram)",
                               R"(["fruit","vehicle"],"text":"apple pear bicycle tram)", R"([],"text":"rain cloud)"};
  std::string lines;
  for (int i = from; i < to; ++i) lines += R"({"id":")" + std::to_string(i) + R"(","label":)" + kinds[i % 4] + " w" + std::to_string(i % 7) + "\"}\n";
  return lines;
}

nlohmann::json Parsed(const std::string& line) { return nlohmann::json::parse(line, nullptr, false); }

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(Classify, TextsMayHaveNoLabel) {
  const Ended trained = Run("train", {"--multi-label", "-"}, SeveralLabels(0, 120));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string bytes = Bytes();
  EXPECT_EQ(Documents(), 120U);
  const auto measured = Parsed(Run("eval", {"--json", "-"}, SeveralLabels(120, 160)).out);
  EXPECT_EQ(measured["documents"], 40);
  EXPECT_EQ(measured["accuracy"], 1.0);
  EXPECT_FALSE(measured.contains("warnings"));
  // Learned exactly, also by the way of the journal.
  EXPECT_EQ(Run("unlearn", {"-"}, SeveralLabels(100, 120)).code, 0);
  EXPECT_EQ(Documents(), 100U);
  EXPECT_EQ(Run("learn", {"-"}, SeveralLabels(100, 120)).code, 0);
  EXPECT_EQ(Bytes(), bytes);

  const Ended single = RunSakuin({"classify", "train", "--model", scratch_.Path("one.model"), "-"}, SeveralLabels(3, 4) + Lines(0, 4));
  EXPECT_EQ(single.code, 1);
  EXPECT_TRUE(Contains(single.err, "standard input:1: \"label\" is a list of 0")) << single.err;
  const Ended none = RunSakuin({"classify", "train", "--multi-label", "--model", scratch_.Path("none.model"), "-"}, SeveralLabels(3, 4));
  EXPECT_EQ(none.code, 1);
  EXPECT_TRUE(Contains(none.err, "no line has a label")) << none.err;
  EXPECT_FALSE(PosixFileSystem().Exists(scratch_.Path("none.model")));
  EXPECT_EQ(Run("unlearn", {"-"}, SeveralLabels(0, 3) + SeveralLabels(4, 7)).code, 0) << "some";
}

TEST_F(Classify, LearnsWhatHasNoLabelAfterAKill) {
  ASSERT_EQ(Run("train", {"--multi-label", "-"}, SeveralLabels(0, 40)).code, 0);
  ChildProgram learner({"classify", "learn", "--model", model_, "--acks", "-"});
  ASSERT_TRUE(learner.Write(SeveralLabels(43, 44)));
  while (LastAcknowledged(learner.Output()) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
  learner.Kill();
  learner.Wait();
  ASSERT_EQ(Run("learn", {"-"}).code, 0);
  EXPECT_EQ(Documents(), 41U);
}

TEST_F(Classify, SaysThatNoLabelIsLikely) {
  ASSERT_EQ(Run("train", {"--multi-label", "-"}, SeveralLabels(0, 120)).code, 0);
  const Ended people = Run("predict", {"-"}, "rain cloud\nzzz\napple pear\n");
  EXPECT_TRUE(people.out.starts_with("1\t- ")) << people.out;
  EXPECT_TRUE(Contains(people.out, "\n2\t-\t(no known word)\n3\tfruit ")) << people.out;
  const std::string json = Run("predict", {"--json", "-"}, "rain cloud\nzzz\n").out;
  const auto rain = Parsed(json.substr(0, json.find('\n')));
  EXPECT_TRUE(rain["labels"].empty());
  EXPECT_GT(rain["no_label"], 0.9);
  const auto unknown = Parsed(json.substr(json.find('\n')));
  EXPECT_TRUE(unknown["labels"].empty());
  EXPECT_EQ(unknown["known_features"], 0);
  EXPECT_FALSE(unknown.contains("no_label"));
  // Those that are asked for are given.
  EXPECT_EQ(Parsed(Run("predict", {"--json", "--top", "5", "-"}, "rain cloud\n").out)["labels"].size(), 2U);
  EXPECT_TRUE(Contains(Run("predict", {"--top", "1", "-"}, "zzz\n").out, "(no known word: how often each label was learned)"));
  EXPECT_EQ(Run("predict", {"--abstain", "1", "-"}, "rain cloud\n").out, "1\t(unsure)\n");
}

TEST_F(Classify, WarnsOfLabelsThatTheModelDoesNotKnow) {
  for (const bool several : {false, true}) {
    const std::string known = several ? SeveralLabels(0, 40) : Lines(0, 40);
    ASSERT_EQ(Run("train", several ? std::vector<std::string>{"--multi-label", "-"} : std::vector<std::string>{"-"}, known).code, 0);
    const std::string odd = "{\"label\":\"Eggs\",\"text\":\"lunch\"}\n{\"label\":\"Eggs\",\"text\":\"apple\"}\n";
    const Ended ended = Run("eval", {"--json", "-"}, known + odd);
    EXPECT_EQ(ended.code, 0);
    EXPECT_TRUE(Contains(ended.err, "warning: the model does not know the label 'Eggs' (2 documents)")) << ended.err;
    const auto json = Parsed(ended.out);
    EXPECT_EQ(json["warnings"].size(), 1U) << ended.out;
    EXPECT_EQ(json["per_label"].back()["label"], "Eggs");
    EXPECT_EQ(json["per_label"].back()["support"], 2);
    EXPECT_TRUE(Contains(Run("eval", {"-"}, odd).out, "  Eggs\n"));
    EXPECT_EQ(Run("eval", {"-"}, known).err, "");
  }
}

TEST_F(Classify, LinesAreNamedByTheirNumber) {
  Train(40);
  EXPECT_TRUE(Contains(Run("predict", {"-"}, "lunch\n\nprize\n").out, "\n3\tspam"));
  const Ended broken = Run("predict", {"--json", "--format", "jsonl", "-"}, "{\"text\":\"a\"}\n\n\n\nno\n");
  EXPECT_TRUE(Contains(broken.err, "standard input:5: ")) << broken.err;
  EXPECT_TRUE(Contains(broken.out, "{\"id\":\"1\",")) << broken.out;
  EXPECT_TRUE(Contains(broken.out, "{\"id\":\"5\",")) << broken.out;
  const std::string a = scratch_.Path("a.txt"), b = scratch_.Path("b.txt");
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), a, "lunch\n").ok());
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), b, "\nprize\n").ok());
  const Ended two = Run("predict", {a, b});
  EXPECT_TRUE(two.out.starts_with(a + ":1\tham")) << two.out;
  EXPECT_TRUE(Contains(two.out, "\n" + b + ":2\tspam")) << two.out;
}

TEST_F(Classify, NotesWhatWasHardlyMeant) {
  const Ended one = Run("train", {"-"}, "{\"label\":\"a\",\"text\":\"x\"}\n{\"label\":\"a\",\"text\":\"y\"}\n");
  EXPECT_EQ(one.code, 0);
  EXPECT_TRUE(Contains(one.err, "note: all documents have the label 'a', so every text gets it\n")) << one.err;
  EXPECT_FALSE(Contains(one.err, "cross-validation")) << one.err;
  const std::string odd = "{\"label\":\"Spam\",\"text\":\"\"}\n{\"label\":\"ham \",\"text\":\" \"}\n";
  const Ended trained = Run("train", {"-"}, Lines(0, 40) + odd);
  EXPECT_EQ(trained.code, 0);
  EXPECT_TRUE(Contains(trained.err, "note: 2 documents without a word, the first standard input:41")) << trained.err;
  EXPECT_TRUE(Contains(trained.err, "note: the labels 'Spam' and 'spam' differ in case, width or blanks only")) << trained.err;
  EXPECT_TRUE(Contains(trained.err, "note: the labels 'ham' and 'ham ' differ")) << trained.err;
  EXPECT_TRUE(Contains(trained.err, "note: label 'Spam' has 1 document;")) << trained.err;
  EXPECT_EQ(Parsed(Run("train", {"--json", "-"}, Lines(0, 40) + odd).out)["warnings"].size(), 5U);
  EXPECT_TRUE(Parsed(Run("train", {"--json", "-"}, Lines(0, 40)).out)["warnings"].empty());
}

TEST_F(Classify, SaysWhatALineIsInsteadOfJson) {
  Train(40);
  const Ended curly = Run("predict", {"-"}, "{curly text}\n");
  EXPECT_EQ(curly.code, 1);
  EXPECT_TRUE(Contains(curly.err, "not valid JSON: {curly text} (where lines that begin with { are plain text: --format text)")) << curly.err;
  EXPECT_EQ(Run("predict", {"--format", "text", "-"}, "{curly text}\n").code, 0);
  const Ended told = Run("predict", {"--format", "jsonl", "-"}, "{curly text}\n");
  EXPECT_FALSE(Contains(told.err, "--format text")) << told.err;
  const Ended table = Run("learn", {"-"}, "spam,free prize\n{\"label\":\"a\",\"text\":\"b}\n");
  EXPECT_TRUE(Contains(table.err, "standard input:1: no JSON object; expected {\"id\",\"label\",\"text\"} on every line, found: spam,free"))
      << table.err;
  EXPECT_TRUE(Contains(table.err, "standard input:2: not valid JSON (a string does not end): {\"label\"")) << table.err;
}

}  // namespace
}  // namespace sakuin::cli
