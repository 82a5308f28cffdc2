// What sakuin crawl says to options that cannot be, to folders that are something else, and while it runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::HttpServer;
using crawler::PageOf;
using testing::HasSubstr;

class CrawlOptions : public CrawlTest {
 protected:
  CrawlOptions() { site_.Route("/", PageOf(PageWith("home"))); }

  void Write(const std::string& name, const std::string& text) const { std::ofstream(scratch_.Path(name)) << text; }

  void ExpectRefused(const std::vector<std::string>& more, int code, const std::string& why) const {
    const Ended ended = Crawl({site_.Url("/")}, more);
    EXPECT_EQ(ended.code, code) << why;
    EXPECT_THAT(ended.err, HasSubstr(why));
    EXPECT_TRUE(site_.requests().empty()) << why;
  }

  HttpServer site_;
};

TEST_F(CrawlOptions, NumbersOutOfRangeAreToldTheRange) {
  ExpectRefused({"--rate", "-1"}, 2, "--rate: expected a number 0 or more, found '-1'");
  ExpectRefused({"--rate", "nan"}, 2, "--rate: expected a number 0 or more, found 'nan'");
  ExpectRefused({"--timeout", "0"}, 2, "--timeout: expected a number from 0.1 to 3600, found '0'");
  ExpectRefused({"--max-depth", "-1"}, 2, "--max-depth: expected a number from 0 to 4294967295, found '-1'");
  ExpectRefused({"--max-pages", "0"}, 2, "--max-pages: expected 1 or more");
}

TEST_F(CrawlOptions, AgentsHaveNames) {
  for (const char* agent : {"", "7", "two\nlines", "bl\xC3\xA4tter"}) ExpectRefused({"--agent", agent}, 2, "--agent: expected a name that begins with a letter");
}

TEST_F(CrawlOptions, DuplicatesMayBeKept) {
  ExpectRefused({"--duplicates", "some"}, 2, "--duplicates: some not in {near,exact,keep}");
  const std::string page = PageWith("the same words");
  site_.Route("/", PageOf(PageWith("home", {"/a", "/b"})));
  for (const char* path : {"/a", "/b"}) site_.Route(path, PageOf(page));
  EXPECT_THAT(Crawl({site_.Url("/")}).err, HasSubstr("2 stored, 0 not modified, 1 duplicate,"));
  EXPECT_THAT(Crawl({site_.Url("/")}, {"--recrawl", "--duplicates", "keep"}).err, HasSubstr("0 duplicates"));
  EXPECT_EQ(Indexed().size(), 3U);
}

TEST_F(CrawlOptions, SeedsThatAreNoAddresses) {
  const auto expect_refused = [this](const std::string& seed, const std::string& why) {
    const Ended ended = Crawl({seed});
    EXPECT_EQ(ended.code, 2) << seed;
    EXPECT_THAT(ended.err, HasSubstr("'" + seed + "' " + why + "; expected something like https://example.com/"));
    EXPECT_FALSE(std::filesystem::exists(index_) || std::filesystem::exists(state_)) << seed;
  };
  const std::string path = "is a file or a folder of this machine, which sakuin index reads, and no address of the web";
  Write("page.html", "page");
  for (const char* seed : {"/no/such", "./site", ".."}) expect_refused(seed, path);
  for (const char* name : {"page.html", "."}) expect_refused(scratch_.Path(name), path);
  for (const char* seed : {"http:/127.0.0.1/", "http:127.0.0.1", "https//127.0.0.1/", "http:", "mailto:a@b.example", "file:/tmp/site"}) {
    expect_refused(seed, "begins with no http:// or https://");
  }
  for (const char* seed : {"", "ftp://127.0.0.1/", "htp://127.0.0.1/", "https://", "two words"}) expect_refused(seed, "is no address to begin with");
}

// The server of this test knows no TLS.
TEST_F(CrawlOptions, ASeedWithoutASchemeIsTakenAsHttps) {
  const std::string host = site_.Url("/").substr(std::string("http://").size());
  const std::string name = host.substr(0, host.size() - 1);
  const Ended ended = Crawl({name});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("sakuin: took '" + name + "' as https://" + host + "\n"));
  EXPECT_THAT(ended.err, HasSubstr(name + " is left alone until "));
  EXPECT_THAT(Crawl({site_.Url("/")}).err, testing::Not(HasSubstr("took '")));
}

TEST_F(CrawlOptions, AServiceIsNoFolder) {
  ExpectRefused({"--into", "127.0.0.1:50051"}, 2, "looks like the address of a service, and pages only go into the folder of an index");
}

TEST_F(CrawlOptions, StatesAndIndexesHaveFoldersOfTheirOwn) {
  EXPECT_EQ(RunSakuin({"index", "--index", scratch_.Path("notes"), SAKUIN_SOURCE_DIR "/examples/new-articles.jsonl"}).code, 0);
  ExpectRefused({"--state", scratch_.Path("notes")}, 1, " is an index; the state of a crawl goes into a folder of its own");
  std::filesystem::remove(scratch_.Path("notes/CURRENT"));
  ExpectRefused({"--state", scratch_.Path("notes")}, 1, " is an index; the state of a crawl goes into a folder of its own");
  std::filesystem::create_directory(scratch_.Path("papers"));
  Write("papers/letter.txt", "dear");
  ExpectRefused({"--state", scratch_.Path("papers/letter.txt")}, 1, " is no folder");
  ExpectRefused({"--state", scratch_.Path("papers")}, 1, " holds 'letter.txt', which is of no crawl");
  ExpectRefused({"--into", scratch_.Path("both"), "--state", scratch_.Path("both/")}, 2, "--into and --state name one folder");
  HttpServer other;
  other.Route("/", PageOf(PageWith("other")));
  EXPECT_EQ(Crawl({other.Url("/")}).code, 0);
  ExpectRefused({"--into", state_, "--state", scratch_.Path("new")}, 1, " holds the state of a crawl and no index");
  const Ended indexed = RunSakuin({"index", "--index", state_, SAKUIN_SOURCE_DIR "/examples/new-articles.jsonl"});
  EXPECT_EQ(indexed.code, 1);
  EXPECT_THAT(indexed.err, HasSubstr(" holds the state of a crawl and no index"));
}

TEST_F(CrawlOptions, FoldersOfOtherThingsStayAsTheyAre) {
  std::filesystem::create_directories(scratch_.Path("papers"));
  Write("papers/letter.tmp", "dear");
  const auto names = [this] {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.Path("papers"))) found.insert(entry.path().filename());
    return found;
  };
  const auto expect_refused = [&](const std::string& file) {
    const std::string why = scratch_.Path("papers") + " holds '" + file + "' and no index; expected an index, an empty folder or a new one";
    const std::set<std::string> before = names();
    ExpectRefused({"--into", scratch_.Path("papers")}, 1, why);
    const Ended indexed = RunSakuin({"index", "--index", scratch_.Path("papers"), SAKUIN_SOURCE_DIR "/examples/new-articles.jsonl"});
    EXPECT_EQ(indexed.code, 1);
    EXPECT_THAT(indexed.err, HasSubstr(why));
    EXPECT_EQ(names(), before);
    EXPECT_FALSE(std::filesystem::exists(state_)) << "a state of nothing is left behind";
  };
  expect_refused("letter.tmp");
  Write("papers/CURRENT", "MANIFEST-000004\n");
  expect_refused("CURRENT");
  ExpectRefused({"--state", scratch_.Path("papers")}, 1, "', which is of no crawl");
  const Ended searched = RunSakuin({"search", "--index", scratch_.Path("papers"), "dear"});
  EXPECT_THAT(searched.err, HasSubstr("there is no index in " + scratch_.Path("papers") + ": its file CURRENT is of something else"));
  std::filesystem::remove(scratch_.Path("papers/CURRENT"));
  std::filesystem::remove(scratch_.Path("papers/letter.tmp"));
  EXPECT_EQ(Crawl({site_.Url("/")}, {"--into", scratch_.Path("papers")}).code, 0) << "an empty folder";
}

TEST_F(CrawlOptions, AVolumeIsEmptyWithItsLostAndFound) {
  for (const char* folder : {"index", "state"}) {
    std::filesystem::create_directories(scratch_.Path(std::string(folder) + "/lost+found"));
    Write(std::string(folder) + "/.gitkeep", "");
  }
  const Ended ended = Crawl({site_.Url("/")}, {"--into", scratch_.Path("index"), "--state", scratch_.Path("state")});
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST_F(CrawlOptions, ASchemaThatCannotBeReadIsNamed) {
  Write("schema.toml", "fields = [");
  ExpectRefused({"--schema", scratch_.Path("schema.toml")}, 1, scratch_.Path("schema.toml") + ": ");
  ExpectRefused({"--analyzer", "englisch"}, 2, "unknown analyzer 'englisch'");
  EXPECT_FALSE(std::filesystem::exists(index_));
}

TEST_F(CrawlOptions, WhatIsRefusedLeavesNothingBehind) {
  Write("notes.txt", "notes");
  Write("notes.warc.gz", "notes");
  Write("used.warc.gz", "");
  const auto lock = PosixFileSystem().LockFile(scratch_.Path("used.warc.gz"));
  ASSERT_TRUE(lock.ok());
  ExpectRefused({"--ca", scratch_.Path("notes.txt")}, 2, "notes.txt holds no certificate");
  ExpectRefused({"--warc", scratch_.Path("used.warc.gz")}, 1, "another process is writing to " + scratch_.Path("used.warc.gz"));
  ExpectRefused({"--warc", scratch_.Path("notes.warc.gz")}, 1, "notes.warc.gz is there and not a file of gzip");
  ExpectRefused({"--warc", scratch_.Path("none/new.warc.gz")}, 1, "there is no folder " + scratch_.Path("none"));
  for (const std::string& made : {index_, state_, scratch_.Path("none")}) EXPECT_FALSE(std::filesystem::exists(made)) << made;
}

TEST_F(CrawlOptions, TwoCrawlsOfOneIndex) {
  site_.Route("/", crawler::RawThenHang(""));
  ChildProgram first(Arguments({site_.Url("/")}, {"--timeout", "600"}));
  while (site_.requests().size() < 2) std::this_thread::yield();
  const Ended second = Crawl({site_.Url("/")}, {"--state", scratch_.Path("other-state")});
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.err, HasSubstr("another process is writing to " + index_ + "; one writer at a time: wait until it has finished, or end it"));
}

TEST_F(CrawlOptions, CtrlCEndsACrawlInOrder) {
  site_.Route("/", PageOf(PageWith("home", {"/slow"})));
  site_.Route("/slow", crawler::RawThenHang(""));
  ChildProgram program(Arguments({site_.Url("/")}, {"--timeout", "600"}));
  while (site_.requests().empty() || site_.requests().back().target != "/slow") std::this_thread::yield();
  program.Interrupt();
  const Ended ended = program.Wait();
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("1 URL still to be asked for: the same command goes on"));
  EXPECT_EQ(Indexed().size(), 1U);
  ExpectSound();
}

// Of one host robots.txt is had by http and not by https: the URLs of https are left to the next run, and only that host is named.
TEST_F(CrawlOptions, AHostThatIsAskedForNoPageIsNamed) {
  const std::string secure = "https" + site_.Url("/").substr(std::string("http").size());
  const Ended ended = Crawl({site_.Url("/"), secure}, {"--patience", "30"});
  const std::string host = secure.substr(std::string("https://").size(), secure.size() - std::string("https:///").size());
  EXPECT_THAT(ended.err, HasSubstr(host + " was asked for no page: robots.txt: "));
}

// Also where nothing answers at all, which is only a pause.
TEST_F(CrawlOptions, AHostThatIsNotThereIsToldAtOnce) {
  site_.Route("/robots.txt", [](const crawler::ServedRequest&, crawler::ServedConnection& connection) { connection.Reset(); });
  ChildProgram program(Arguments({site_.Url("/")}, {"--patience", "100000", "--json"}));
  while (program.Output().find("\"why\"") == std::string::npos && !program.HasEnded()) std::this_thread::yield();
  EXPECT_THAT(program.Output(), HasSubstr("\"why\":\"robots.txt: "));
  EXPECT_THAT(program.Output(), HasSubstr("\"silent_seeds\":{\"" + site_.Url("").substr(std::string("http://").size())));
  program.Interrupt();
  EXPECT_EQ(program.Wait().signal, 0);
}

// Long before the patience with it is at an end.
TEST_F(CrawlOptions, AHostThatDoesNotAnswerIsToldAtOnce) {
  site_.Route("/robots.txt", crawler::StatusOnly("503 Service Unavailable", "Retry-After: 3600\r\n"));
  ChildProgram program(Arguments({site_.Url("/")}, {"--patience", "100000", "--json"}));
  while (program.Output().find("\"why\"") == std::string::npos && !program.HasEnded()) std::this_thread::yield();
  EXPECT_THAT(program.Output(), HasSubstr("\"why\":\"robots.txt: HTTP 503, with Retry-After\""));
  program.Interrupt();
  EXPECT_EQ(program.Wait().signal, 0);
  const Ended again = Crawl({site_.Url("/")});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("(it asked for that in an earlier run, with Retry-After): 1 URL waits\n"));
}

}  // namespace
}  // namespace sakuin::cli
