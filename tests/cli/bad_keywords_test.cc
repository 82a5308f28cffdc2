// Keywords, texts and pages that no one should send to `sakuin keywords` and `sakuin link`: each ends in
// the right links or in a message that says what is wrong, in bounded memory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/base/sanitized.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

constexpr uint64_t kMegabyte = uint64_t{1} << 20;

class BadKeywords : public testing::Test {
 protected:
  std::string WriteFile(const std::string& name, const std::string& bytes) const {
    std::string path = scratch_.Path(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  Ended Build(const std::string& keywords) const {
    return RunSakuin({"keywords", "build", "--out", dictionary_, WriteFile("keywords.tsv", keywords)});
  }

  static Ended Link(const std::string& dictionary, std::string_view text, const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {"link", "--keywords", dictionary};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("-");
    return RunSakuin(arguments, text);
  }
  std::string Linked(std::string_view text, const std::vector<std::string>& options = {}) const {
    const Ended ended = Link(dictionary_, text, options);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }

  // 64 MB of `piece`, as they come: the links, and less memory than that (a process begins with what its parent had).
  void ExpectStreamed(const std::string& piece, const std::vector<std::string>& options, uint64_t links, const std::string& begin = {}) const {
    std::string chunk;
    while (chunk.size() < kMegabyte) chunk += piece;
    std::vector<std::string> arguments = {"link", "--keywords", dictionary_, "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("-");
    ChildProgram program(arguments);
    ASSERT_TRUE(program.Write(begin));
    uint64_t bytes = begin.size();
    for (; bytes < 64 * kMegabyte; bytes += chunk.size()) ASSERT_TRUE(program.Write(chunk));
    ASSERT_TRUE(program.Write(" needle\n"));
    const Ended ended = program.Wait();
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(static_cast<uint64_t>(std::count(ended.out.begin(), ended.out.end(), '\n')), links);
    if (links > 0) {
      const size_t last = ended.out.rfind('\n', ended.out.size() - 2);
      const auto link = nlohmann::json::parse(ended.out.substr(last == std::string::npos ? 0 : last + 1), nullptr, false);
      EXPECT_EQ(link["start"], bytes + 1);
    }
    if (!kSanitized) {
      EXPECT_LT(ended.peak_bytes, 56 * kMegabyte);
    }
  }

  const ScratchFolder scratch_;
  const std::string dictionary_ = scratch_.Path("site.dict");
};

TEST_F(BadKeywords, AnEmptyDictionaryLinksNothing) {
  for (const char* keywords : {"", "\n", " \t \r\n\n"}) {
    EXPECT_EQ(Build(keywords).code, 0);
    EXPECT_EQ(Linked("some <b>text</b>\n"), "some <b>text</b>\n");
    EXPECT_EQ(Linked("some <b>text</b>\n", {"--html"}), "some <b>text</b>\n");
    EXPECT_EQ(Link(scratch_.Path("keywords.tsv"), "text\n").out, "text\n");
    EXPECT_EQ(Linked(""), "");
  }
}

TEST_F(BadKeywords, FilesThatAreMissingAreNamed) {
  const std::string nowhere = scratch_.Path("nowhere");
  const auto expect_named = [&](const std::vector<std::string>& arguments) {
    const Ended ended = RunSakuin(arguments, "text");
    EXPECT_EQ(ended.code, 1) << arguments[1];
    EXPECT_THAT(ended.err, HasSubstr(nowhere));
    EXPECT_EQ(ended.out, "");
  };
  ASSERT_EQ(Build("fox\n").code, 0);
  expect_named({"keywords", "build", "--out", scratch_.Path("other.dict"), nowhere});
  expect_named({"keywords", "build", "--out", nowhere + "/x.dict", WriteFile("k", "fox\n")});
  expect_named({"keywords", "init", "--dict", scratch_.Path("live"), nowhere});
  expect_named({"keywords", "add", "--dict", nowhere, "-"});
  expect_named({"link", "--keywords", nowhere, "-"});
  expect_named({"link", "--keywords", dictionary_, nowhere});
  expect_named({"link", "--keywords", dictionary_, "--stop", nowhere, "-"});
}

TEST_F(BadKeywords, OneThatIsTooLongIsNamedAndTheOthersAreThere) {
  const std::string long_one(2'000'000, 'x');
  const Ended alone = Build(long_one);
  EXPECT_EQ(alone.code, 1);
  EXPECT_THAT(alone.err, HasSubstr("keywords.tsv:1: a keyword of 2000000 bytes"));
  EXPECT_THAT(alone.err, HasSubstr("at most 65536"));
  EXPECT_EQ(Link(dictionary_, "text").code, 1) << "nothing was written";

  const Ended among = Build("fox\n" + long_one + "\nt\t" + long_one + "\n" + std::string(65536, 'y') + "\ndog\n");
  EXPECT_EQ(among.code, 1);
  EXPECT_THAT(among.err, HasSubstr("keywords.tsv:2: "));
  EXPECT_THAT(among.err, HasSubstr("keywords.tsv:3: a keyword of 1 bytes with a target of 2000000"));
  EXPECT_THAT(among.err, HasSubstr("2 broken lines left out"));
  EXPECT_EQ(Linked("fox " + long_one + " dog"), "[fox](fox) " + long_one + " [dog](dog)");
  EXPECT_THAT(Linked(std::string(65536, 'y')), HasSubstr("y](y"));
}

TEST_F(BadKeywords, OfAMillionThatAreTheSameTheLastCounts) {
  std::string keywords;
  for (int i = 0; i < 1'000'000; ++i) keywords += "same\t/" + std::to_string(i) + "\n";
  const Ended built = Build(keywords);
  EXPECT_EQ(built.code, 0);
  EXPECT_THAT(built.err, HasSubstr("1 keyword in "));
  EXPECT_EQ(Linked("the same"), "the [same](/999999)");
  if (!kSanitized) {
    EXPECT_LT(built.peak_bytes, 256 * kMegabyte);
  }
}

TEST_F(BadKeywords, PrefixesOfEachOtherTenThousandDeep) {
  std::string keywords;
  for (int length = 10; length <= 10'000; length += 10) keywords += std::string(length, 'a') + "\t/" + std::to_string(length) + "\n";
  ASSERT_EQ(Build(keywords).code, 0);
  const auto a = [](int length) { return std::string(length, 'a'); };
  EXPECT_EQ(Linked(a(10'000) + " " + a(9'999) + " " + a(20)), "[" + a(10'000) + "](/10000) " + a(9'999) + " [" + a(20) + "](/20)");
  EXPECT_EQ(Linked(a(10'025), {"--boundaries", "none"}), "[" + a(10'000) + "](/10000)[" + a(20) + "](/20)" + a(5));
  const std::string all = Linked(a(40), {"--boundaries", "none", "--all"});
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 31 + 21 + 11 + 1);
}

TEST_F(BadKeywords, NulAndBytesThatAreNoUtf8) {
  const Ended built = Build("fox\na\0b\t/nul\nbad\xff\xfe\t/x\n\xed\xa0\x80\n\xc0\xaf\n京都\xe4\xba\ndog\n"s);
  EXPECT_EQ(built.code, 1);
  for (int line = 2; line <= 6; ++line) EXPECT_THAT(built.err, HasSubstr("keywords.tsv:" + std::to_string(line) + ": ")) << built.err;
  EXPECT_THAT(built.err, HasSubstr("5 broken lines"));
  EXPECT_EQ(Linked("a\0b fox\0dog \xff\xfe fox\xff dog\xe4\xba"s), "a\0b [fox](fox)\0[dog](dog) \xff\xfe [fox](fox)\xff [dog](dog)\xe4\xba"s);
  EXPECT_EQ(Linked("<p>fox\0</p>\xff<b\xff\0>dog"s, {"--html"}), "<p><a href=\"fox\">fox</a>\0</p>\xff<b\xff\0><a href=\"dog\">dog</a>"s);
  EXPECT_EQ(Link(dictionary_, "fox \xff").out.back(), '\xff') << "a text ends as it ends";
}

TEST_F(BadKeywords, ATextOfSixtyFourMegabytesInOneLine) {
  ASSERT_EQ(Build("needle\t/n\nneedle in hay\n").code, 0);
  ExpectStreamed("hay ", {}, 1);
}

TEST_F(BadKeywords, AWordOfSixtyFourMegabytes) {
  ASSERT_EQ(Build("needle\t/n\n").code, 0);
  ExpectStreamed("x", {}, 1);
}

TEST_F(BadKeywords, SixtyFourMegabytesOfNul) {
  ASSERT_EQ(Build("needle\t/n\n").code, 0);
  ExpectStreamed("\0"s, {}, 1);
}

TEST_F(BadKeywords, APageOfTagsThatAreNeverClosed) {
  ASSERT_EQ(Build("needle\t/n\n").code, 0);
  ExpectStreamed("<div title='words that are no text, however long they go on, and no links either'><p>hay", {"--html"}, 1);
}

TEST_F(BadKeywords, AScriptThatIsNeverClosedHasNoLinks) {
  ASSERT_EQ(Build("needle\t/n\n").code, 0);
  ExpectStreamed("needle ", {"--html"}, 0, "<script>");
}

TEST_F(BadKeywords, ACommentOfSixtyFourMegabytesThatNeverEnds) {
  ASSERT_EQ(Build("needle\n").code, 0);
  ExpectStreamed("needle ", {"--html"}, 0, "<!-- ");
}

TEST_F(BadKeywords, APageNestedAHundredThousandDeep) {
  ASSERT_EQ(Build("needle\t/n\n").code, 0);
  std::string page;
  for (int i = 0; i < 100'000; ++i) page += i % 2 == 0 ? "<div>" : "<i>";
  EXPECT_EQ(Linked(page + "a needle", {"--html"}), page + "a <a href=\"/n\">needle</a>");
  EXPECT_EQ(Linked(page + "<a>" + page + "a needle", {"--html"}), page + "<a>" + page + "a needle") << "in a link";
}

TEST_F(BadKeywords, TargetsStandSafelyInAnAttribute) {
  ASSERT_EQ(Build("fox\t\"><script>alert('x')</script>&\n").code, 0);
  EXPECT_EQ(Linked("fox", {"--html"}), "<a href=\"&quot;&gt;&lt;script&gt;alert('x')&lt;/script&gt;&amp;\">fox</a>");
}

TEST_F(BadKeywords, StopWordsAreReadAsKeywordsAre) {
  ASSERT_EQ(Build("fox\ndog\nhen house\n").code, 0);
  const auto with_stop = [&](const std::string& bytes) { return Linked("Fox, dog, hen house", {"--stop", WriteFile("stop", bytes)}); };
  EXPECT_EQ(with_stop("fox\r\nHEN house\r\n"), "Fox, [dog](dog), hen house");
  EXPECT_EQ(with_stop("\n  dog  \n \n"), "[Fox](fox), dog, [hen house](<hen house>)");
  EXPECT_EQ(with_stop("fox\t/target\t1\ndog"), "Fox, dog, [hen house](<hen house>)") << "a file of keywords will do";
  EXPECT_EQ(with_stop("\xef\xbb\xbf" "fox\n"), "Fox, [dog](dog), [hen house](<hen house>)");
  EXPECT_EQ(with_stop("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x4b\xcb\xaf\xe0\xe5\x02\x00\x1e\x3c\x8c\xbc\x05\x00\x00\x00"s), "Fox, [dog](dog), [hen house](<hen house>)") << "gzip";
  const std::string text = WriteFile("text", "fox dog");
  EXPECT_EQ(RunSakuin({"link", "--keywords", dictionary_, "--stop", "-", text}, "dog\n").out, "[fox](fox) dog");
  const Ended broken = Link(dictionary_, "fox dog", {"--stop", WriteFile("stop", "\t/target\nfox\n")});
  EXPECT_EQ(broken.out, "fox [dog](dog)");
  EXPECT_THAT(broken.err, HasSubstr("stop:1: the line begins with a tab"));
}

// Whoever opens /dev/stdin twice loses what was read the first time, as with `--keywords <(zcat titles.gz)`.
TEST_F(BadKeywords, OfAPipeNoneIsLost) {
  const std::string text = WriteFile("text", "fox dog");
  EXPECT_EQ(RunSakuin({"link", "--keywords", "/dev/stdin", text}, "fox\ndog\n").out, "[fox](fox) [dog](dog)");
  EXPECT_EQ(RunSakuin({"link", "--keywords", "-", text}, "fox\ndog\n").out, "[fox](fox) [dog](dog)");
}

TEST_F(BadKeywords, StandardInputIsOneThingOnly) {
  ASSERT_EQ(Build("fox\n").code, 0);
  const auto expect_refused = [](std::vector<std::string> arguments, const std::string& message) {
    arguments.insert(arguments.begin(), "link");
    const Ended ended = RunSakuin(arguments, "fox\n");
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_EQ(ended.out, "");
  };
  expect_refused({"--keywords", "-"}, "give a file with the text, or a file to --keywords");
  expect_refused({"--keywords", dictionary_, "--stop", "-", "-"}, "give a file with the text, or a file to --stop");
  expect_refused({"--keywords", "-", "--stop", "-", WriteFile("text", "fox")}, "given twice");
  expect_refused({"--keywords", "-", "--keywords", "-", WriteFile("text", "fox")}, "given twice");
}

TEST_F(BadKeywords, StandardInputMayBeASocket) {
  ASSERT_EQ(Build("fox\n").code, 0);
  ChildProgram program({"link", "--keywords", dictionary_, "-"}, {}, InputKind::kSocket);
  EXPECT_TRUE(program.Write("a fox"));
  const Ended ended = program.Wait();
  EXPECT_EQ(ended.out, "a [fox](fox)") << ended.err;
  EXPECT_EQ(ended.code, 0);
}

TEST_F(BadKeywords, AllComeInTheOrderOfTheTextTheLongestFirst) {
  ASSERT_EQ(Build("new\nnew york\nnew york times\nyork\nyork times\n").code, 0);
  EXPECT_EQ(Linked("New York Times", {"--all"}), "0\t14\tNew York Times\tnew york times\n0\t8\tNew York\tnew york\n0\t3\tNew\tnew\n"
                                                 "4\t14\tYork Times\tyork times\n4\t8\tYork\tyork\n");
}

TEST_F(BadKeywords, ADictionaryThatIsDamagedIsNamed) {
  ASSERT_EQ(Build("fox\ndog\n").code, 0);
  std::string bytes;
  {
    std::ifstream file(dictionary_, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  for (const size_t size : {size_t{8}, size_t{100}, bytes.size() - 1}) {
    const Ended ended = Link(WriteFile("cut.dict", bytes.substr(0, size)), "fox");
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.err, HasSubstr("cut.dict"));
    EXPECT_EQ(ended.out, "");
  }
}

}  // namespace
}  // namespace sakuin::cli
