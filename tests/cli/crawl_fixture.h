// crawl_fixture.h: crawls by the built program, of the servers of a test, and what came of them.
//
//   class CrawlX : public CrawlTest {};
//   TEST_F(CrawlX, Y) {
//     HttpServer site;
//     const Ended ended = Crawl({site.Url("/")});
//     EXPECT_EQ(Indexed(), (std::set<std::string>{site.Url("/")}));
//     ExpectSound();
//   }
//
// Without politeness, with 16 requests at once, and answers may take kTimeout seconds. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/fetch_record.h"
#include "tests/base/scratch_folder.h"
#include "tests/cli/child_program.h"
#include "tests/crawler/http_server.h"

namespace sakuin::cli {

class CrawlTest : public testing::Test {
 protected:
  static constexpr const char* kTimeout = "6";  // a first byte: a third of it

  // What `more` says goes before what is said above.
  std::vector<std::string> Arguments(const std::vector<std::string>& seeds, const std::vector<std::string>& more = {}) const;
  Ended Crawl(const std::vector<std::string>& seeds, const std::vector<std::string>& more = {}) const;

  // The keys of what a search finds, each there once.
  std::set<std::string> Indexed() const;
  // What the log says came of each URL at last.
  std::map<std::string, crawler::FetchRecord> Logged() const;
  // URL of a page that is logged as stored.
  std::set<std::string> LoggedAsStored() const;
  // The text of --report.
  std::string Report() const;
  // `sakuin verify` has nothing to say of the index.
  void ExpectSound() const;
  // It took at most so many bytes of memory more than a crawl of one small page does. Not under sanitizers.
  static void ExpectMemory(const Ended& ended, uint64_t more);

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  const std::string state_ = scratch_.Path("state");
};

// Pages that differ in their words, with links.
std::string PageWith(const std::string& words, const std::vector<std::string>& links = {});

std::string Repeated(std::string_view piece, size_t times);

}  // namespace sakuin::cli
