// Two crawls on one state, and files of the state that are damaged: the crawl goes on without loss, or says what to do.

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <random>

#include "base/file.h"
#include "crawler/fetch_log.h"
#include "tests/base/sanitized.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::PageOf;
using crawler::ServedConnection;
using crawler::ServedRequest;

constexpr int kPages = 40;
constexpr int kFlipsPerFile = kSanitized ? 1 : 3;

std::string PathOf(int page) { return "/n/" + std::to_string(page); }

class CrawlState : public CrawlTest {
 protected:
  CrawlState() {
    for (int page = 0; page < kPages; ++page) {
      server_.Route(PathOf(page),
                    PageOf(PageWith("page" + std::to_string(page), {PathOf((2 * page + 1) % kPages), PathOf((2 * page + 2) % kPages)})));
    }
  }

  std::string Seed() const { return server_.Url(PathOf(0)); }

  void CrawlHalf() const {
    const Ended half = Crawl({Seed()}, {"--max-pages", std::to_string(kPages / 2)});
    ASSERT_EQ(half.code, 0) << half.err;
  }

  void ExpectComplete() const {
    EXPECT_EQ(Indexed().size(), static_cast<size_t>(kPages));
    ExpectSound();
  }

  static void Flip(const std::string& path, uint64_t place) {
    std::string bytes = *PosixFileSystem().ReadAll(path);
    bytes[place] = static_cast<char>(bytes[place] ^ 0x40);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::vector<std::string> StoreFiles() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(state_ + "/frontier/store")) {
      if (entry.is_regular_file() && entry.file_size() > 0) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  static void Copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  // Goes on to the end without loss, or says what to do; the index is sound in any case.
  void ExpectCompleteOrAdvice() const {
    const Ended ended = Crawl({Seed()});
    ASSERT_EQ(ended.signal, 0) << ended.err;
    if (ended.code == 0) return ExpectComplete();
    EXPECT_EQ(ended.code, 1) << ended.err;
    EXPECT_NE(ended.err.find("restore the state of the crawl from a copy"), std::string::npos) << ended.err;
    ExpectSound();
  }

  crawler::HttpServer server_;
};

// Keeps those who ask until it is opened.
class Gate {
 public:
  void Enter() {
    std::unique_lock lock(mutex_);
    someone_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void WaitForSomeone() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return someone_; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool someone_ = false;
  bool open_ = false;
};

TEST_F(CrawlState, ASecondCrawlIsRefusedAndTheFirstGoesOn) {
  const auto gate = std::make_shared<Gate>();
  const std::string last = crawler::Answer("200 OK", "Content-Type: text/html\r\n", PageWith("the last page"));
  server_.Route(PathOf(kPages - 1), [gate, last](const ServedRequest&, ServedConnection& connection) {
    gate->Enter();
    connection.Send(last);
  });
  const std::string warc = scratch_.Path("pages.warc.gz");
  const std::vector<std::string> first = {"crawl", "--into", index_, "--state", state_, "--warc", warc, "--rate", "0", "--allow-private", Seed()};
  ChildProgram program(first);
  gate->WaitForSomeone();
  // As if the first one were in the middle of a record.
  std::ofstream(warc, std::ios::binary | std::ios::app) << "\x1F\x8B\x08half a record";
  const std::string before = *PosixFileSystem().ReadAll(warc);
  const size_t asked = server_.requests().size();
  const Ended same = RunSakuin(first);
  EXPECT_EQ(same.code, 1);
  EXPECT_NE(same.err.find("is in use by process"), std::string::npos) << same.err;
  const Ended elsewhere = Crawl({Seed()}, {"--into", scratch_.Path("new-index")});
  EXPECT_EQ(elsewhere.code, 1);
  EXPECT_FALSE(std::filesystem::exists(scratch_.Path("new-index"))) << "an index of nothing is left behind";
  const Ended other = RunSakuin({"crawl", "--warc", warc, "--state", state_, "--allow-private", Seed()});
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.err.find("is in use by process"), std::string::npos) << other.err;
  EXPECT_NE(other.err.find("another state folder"), std::string::npos) << other.err;
  // The first one may write on meanwhile.
  EXPECT_TRUE(PosixFileSystem().ReadAll(warc)->starts_with(before)) << "a second crawl has touched the archive of the first";
  EXPECT_EQ(server_.requests().size(), asked);
  gate->Open();
  const Ended ended = program.Wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  ExpectComplete();
}

struct DamageOfTexts {
  const char* name;
  std::function<std::string(std::string)> damage;
  std::string told;      // behind the path
  bool is_put_aside;
};

std::vector<DamageOfTexts> DamagesOfTexts() {
  const std::string of_half = "expected fingerprints of " + std::to_string(kPages / 2) + " pages";
  const auto flipped = [](std::string bytes) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x40);
    return bytes;
  };
  const auto without = [](size_t end) { return [end](const std::string& bytes) { return bytes.substr(0, bytes.size() - end); }; };
  const auto only = [](const std::string& bytes) { return [bytes](const std::string&) { return bytes; }; };
  const size_t record = 56;
  return {
      {"a bit is another", flipped, ": damaged at byte 560 of 1120, behind 10 whole records", true},
      {"a word", only("garbage\n"), ": damaged at byte 0 of 8, behind 0 whole records", true},
      {"a line", only("it was a file of fingerprints\n"), ": damaged at byte 0 of 30, behind 0 whole records", true},
      {"much of something else", only(Repeated("garbage ", 1000)), ": damaged at byte 0 of 8000, behind 0 whole records", true},
      {"garbage behind it", [](const std::string& bytes) { return bytes + "garbage that follows"; }, ": damaged at byte 1120 of 1140", true},
      {"nothing", only(""), ": cut off: " + of_half + ", found 0", false},
      {"zeros", only(std::string(1120, '\0')), ": cut off: " + of_half + ", found 0", false},
      {"a record less", without(record), ": cut off: " + of_half + ", found " + std::to_string(kPages / 2 - 1), false},
      {"five bytes less", without(5), ": cut off: " + of_half + ", found " + std::to_string(kPages / 2 - 1), false},
      {"a byte", without(20 * record - 1), ": cut off: " + of_half + ", found 0", false},
  };
}

TEST_F(CrawlState, DamageOfTheRecordOfTextsIsToldAndTheCrawlGoesOn) {
  CrawlHalf();
  const std::string texts = state_ + "/texts";
  Copy(state_, scratch_.Path("state-before"));
  Copy(index_, scratch_.Path("index-before"));
  const std::string whole = *PosixFileSystem().ReadAll(texts);
  for (const DamageOfTexts& each : DamagesOfTexts()) {
    SCOPED_TRACE(each.name);
    Copy(scratch_.Path("state-before"), state_);
    Copy(scratch_.Path("index-before"), index_);
    std::ofstream(texts, std::ios::binary | std::ios::trunc) << each.damage(whole);
    const Ended ended = Crawl({Seed()});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.err.find(texts + each.told), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("may come once more under another address"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("it is now " + texts + ".damaged") != std::string::npos, each.is_put_aside) << ended.err;
    EXPECT_EQ(std::filesystem::exists(texts + ".damaged"), each.is_put_aside);
    ExpectComplete();
    EXPECT_EQ(Crawl({Seed()}).err.find(texts), std::string::npos) << "told again";
  }
}

TEST_F(CrawlState, ARecordOfTextsThatIsGoneIsTold) {
  CrawlHalf();
  std::filesystem::remove(state_ + "/texts");
  const Ended ended = Crawl({Seed()});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.err.find("/texts: missing: expected fingerprints of 20 pages"), std::string::npos) << ended.err;
  ExpectComplete();
}

// What was written behind what is known to be durable was promised to nobody.
TEST_F(CrawlState, AnUnfinishedEndOfTheRecordOfTextsIsForgotten) {
  ASSERT_EQ(Crawl({Seed()}).code, 0);
  const std::string texts = state_ + "/texts";
  const std::string whole = *PosixFileSystem().ReadAll(texts);
  for (const std::string& end : {whole.substr(0, 30), whole.substr(0, 3), std::string(60, '\0')}) {
    std::ofstream(texts, std::ios::binary | std::ios::trunc) << whole + end;
    const Ended ended = Crawl({Seed()});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err.find(texts), std::string::npos) << ended.err;
    EXPECT_TRUE(*PosixFileSystem().ReadAll(texts) == whole) << end.size();
  }
}

TEST_F(CrawlState, AnEndOfTheLogThatIsMissingIsForgotten) {
  CrawlHalf();
  const std::string path = JoinPath(state_, crawler::kFetchLogFile);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 5);
  const Ended ended = Crawl({Seed()});
  ASSERT_EQ(ended.code, 0) << ended.err;
  ExpectComplete();
  EXPECT_NE(Report().find(std::to_string(kPages - 1) + "  asked for\n"), std::string::npos) << Report();
}

TEST_F(CrawlState, ALogWithLinesThatAreNoneIsReported) {
  CrawlHalf();
  const std::string path = JoinPath(state_, crawler::kFetchLogFile);
  Flip(path, 0);
  std::ofstream(path, std::ios::binary | std::ios::app) << "\n{}\n" << std::string(100, '\0') << "\n";
  const Ended ended = RunSakuin({"crawl", "--report", state_});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.err.find("4 lines of the log could not be read"), std::string::npos) << ended.err;
  EXPECT_EQ(Crawl({Seed()}).code, 0);
  EXPECT_EQ(Indexed().size(), static_cast<size_t>(kPages));
}

TEST_F(CrawlState, AFrontierThatIsDamagedIsToldOrDoesNoHarm) {
  CrawlHalf();
  Copy(state_, scratch_.Path("state-before"));
  Copy(index_, scratch_.Path("index-before"));
  std::mt19937_64 random(7);
  int told = 0;
  for (const std::string& name : StoreFiles()) {
    for (int flip = 0; flip < kFlipsPerFile && !HasFailure(); ++flip) {
      Copy(scratch_.Path("state-before"), state_);
      Copy(scratch_.Path("index-before"), index_);
      const std::string path = JoinPath(state_ + "/frontier/store", name);
      const uint64_t place = random() % std::filesystem::file_size(path);
      SCOPED_TRACE(name + " at byte " + std::to_string(place) + " of " + std::to_string(std::filesystem::file_size(path)));
      Flip(path, place);
      ExpectCompleteOrAdvice();
      told += Logged().size() < static_cast<size_t>(kPages) ? 1 : 0;
    }
  }
  EXPECT_GE(told, 1) << "no damage was found";
}

TEST_F(CrawlState, AFrontierThatLacksAFileIsToldOrDoesNoHarm) {
  CrawlHalf();
  Copy(state_, scratch_.Path("state-before"));
  Copy(index_, scratch_.Path("index-before"));
  for (const std::string& name : StoreFiles()) {
    SCOPED_TRACE(name);
    Copy(scratch_.Path("state-before"), state_);
    Copy(scratch_.Path("index-before"), index_);
    std::filesystem::remove(JoinPath(state_ + "/frontier/store", name));
    ExpectCompleteOrAdvice();
  }
}

TEST_F(CrawlState, ACrawlWithNothingToDoSaysSo) {
  crawler::HttpServer server;
  server.Route("/", crawler::PageOf(PageWith("all there is")));
  EXPECT_EQ(Crawl({server.Url("/")}).err.find("--recrawl asks for them again"), std::string::npos);
  const Ended again = Crawl({server.Url("/")});
  EXPECT_EQ(again.code, 0);
  EXPECT_NE(again.err.find("--recrawl asks for them again"), std::string::npos) << again.err;
}

TEST_F(CrawlState, AnArchiveIsCalledAsOne) {
  const Ended ended = Crawl({"http://127.0.0.1:1/"}, {"--warc", scratch_.Path("pages.txt")});
  EXPECT_EQ(ended.code, 2);
  EXPECT_NE(ended.err.find("expected a name that ends in .warc, .warc.gz or .warc.zst"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace sakuin::cli
