// The report of a small crawl, as people read it: golden/report.txt and golden/report.html.
#include "crawler/crawl_report.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace sakuin::crawler {
namespace {

FetchRecord Record(uint64_t second, const std::string& host, Outcome outcome, uint32_t status, double total_ms) {
  FetchRecord record;
  record.time_ms = 1'700'000'000'000 + second * 1000;
  record.host = host;
  record.url = "http://" + host + "/" + std::to_string(second);
  record.outcome = outcome;
  record.status = status;
  record.total_ms = total_ms;
  record.bytes = status == 0 ? 0 : 20'000;
  record.type = status == 200 ? "text/html" : "";
  record.language = outcome == Outcome::kStored ? (host.starts_with("ko") ? "ko" : "en") : "";
  return record;
}

CrawlRuns SmallCrawl() {
  CrawlRuns summary;
  for (uint64_t i = 0; i < 90; ++i) summary.Add(Record(i * 2, "en.example", Outcome::kStored, 200, 10 + static_cast<double>(i)));
  for (uint64_t i = 0; i < 30; ++i) summary.Add(Record(i * 3, "ko.example", Outcome::kStored, 200, 5));
  summary.Add(Record(190, "en.example", Outcome::kGone, 404, 3));
  summary.Add(Record(191, "en.example", Outcome::kBlockedByRobots, 0, 0));
  FetchRecord failed = Record(192, "<b>.example", Outcome::kFailed, 0, 20'000);
  failed.why = "no answer within 20 s";
  summary.Add(failed);
  return summary;
}

std::string Golden(const std::string& name) {
  return *PosixFileSystem().ReadAll(std::string(SAKUIN_SOURCE_DIR "/tests/crawler/golden/") + name);
}

TEST(CrawlReport, Text) { EXPECT_EQ(CrawlReportText(SmallCrawl()), Golden("report.txt")); }

TEST(CrawlReport, Page) { EXPECT_EQ(CrawlReportHtml(SmallCrawl()), Golden("report.html")); }

// A second run, of which little came.
CrawlRuns TwoRuns() {
  CrawlRuns runs = SmallCrawl();
  for (uint64_t i = 0; i < 5; ++i) {
    FetchRecord again = Record(1000 + i, "en.example", i < 3 ? Outcome::kNotModified : Outcome::kOutOfScope, i < 3 ? 304 : 0, i < 3 ? 2 : 0);
    again.run = 2;
    runs.Add(again);
  }
  return runs;
}

TEST(CrawlReport, TextOfTwoRuns) { EXPECT_EQ(CrawlReportText(TwoRuns()), Golden("report_of_two_runs.txt")); }

TEST(CrawlReport, PageOfTwoRuns) {
  const std::string page = CrawlReportHtml(TwoRuns());
  EXPECT_NE(page.find("<h2>The last run</h2><dl><div><dt>asked for</dt><dd>3</dd></div><div><dt>not asked for</dt><dd>2</dd></div>"), std::string::npos);
  EXPECT_NE(page.find("<h2>All 2 runs</h2><dl><div><dt>asked for</dt><dd>125</dd></div>"), std::string::npos);
}

TEST(CrawlReport, Json) {
  CrawlRuns summary;
  summary.Add(Record(0, "a", Outcome::kStored, 200, 10));
  summary.Add(Record(2, "a", Outcome::kGone, 404, 4));
  FetchRecord trap = Record(3, "a", Outcome::kTrap, 0, 0);
  trap.why = "the path repeats itself";
  summary.Add(trap);
  const std::string counts =
      R"("asked":2,"not_asked":0,"bytes":40000,"seconds":2,"first":"2023-11-14T22:13:20Z","last":"2023-11-14T22:13:22Z",)"
      R"("outcomes":{"stored":1,"gone":1},"statuses":{"200":1,"404":1},"types":{"text/html":1},)"
      R"("languages":{"en":1},"errors":{"gone":1},"traps":{"the path repeats itself":1},)"
      R"("hosts":[{"host":"a","asked":2,"stored":1,"errors":1,"bytes":40000,"mean_ms":7,)"
      R"("slowest_ms":10}],"slowest":[{"url":"http://a/0","total_ms":10},{"url":"http://a/2","total_ms":4}],)"
      R"("failures":[{"url":"http://a/2","outcome":"gone","why":"gone","at":"2023-11-14T22:13:22Z"}])";
  EXPECT_EQ(CrawlReportJson(summary), R"({"runs":1,)" + counts + R"(,"last_run":{)" + counts + "}}");
}

TEST(CrawlReport, OfNothing) {
  EXPECT_NE(CrawlReportText({}).find("         0  asked for\n"), std::string::npos);
  EXPECT_NE(CrawlReportHtml({}).find("</html>"), std::string::npos);
}

TEST(CrawlSummary, KeepsTheSlowestInOrder) {
  CrawlSummary summary;
  for (uint64_t i = 0; i < 100; ++i) summary.Add(Record(i, "a", Outcome::kStored, 200, static_cast<double>(1 + i * 37 % 100)));
  ASSERT_EQ(summary.slowest().size(), CrawlSummary::kSlowest);
  for (size_t i = 0; i < CrawlSummary::kSlowest; ++i) EXPECT_EQ(summary.slowest()[i].total_ms, 100.0 - static_cast<double>(i));
}

TEST(CrawlSummary, NamesTheLatestFailures) {
  CrawlSummary summary;
  for (uint64_t i = 0; i < 30; ++i) summary.Add(Record(i, "a", Outcome::kHttpError, 500, 1));
  ASSERT_EQ(summary.failures().size(), CrawlSummary::kFailures);
  for (size_t i = 0; i < CrawlSummary::kFailures; ++i) EXPECT_EQ(summary.failures()[i].url, "http://a/" + std::to_string(29 - i));
}

TEST(CrawlSummary, AFailureCountsUntilTheUrlComes) {
  CrawlSummary summary;
  for (const Outcome outcome : {Outcome::kFailed, Outcome::kHttpError}) summary.Add(Record(1, "a", outcome, 500, 1));
  summary.Add(Record(2, "a", Outcome::kFailed, 0, 1));
  ASSERT_EQ(summary.failures().size(), 2U);
  EXPECT_EQ(summary.failures()[1].outcome, Outcome::kHttpError);
  summary.Add(Record(2, "a", Outcome::kStored, 200, 1));
  ASSERT_EQ(summary.failures().size(), 1U);
  EXPECT_EQ(summary.failures()[0].url, "http://a/1");
}

// A part of a sitemap is taken for what it is worth, and told.
TEST(CrawlSummary, AListingThatWasCutOffFailed) {
  CrawlSummary summary;
  FetchRecord listing = Record(1, "a", Outcome::kListing, 200, 1);
  summary.Add(listing);
  EXPECT_TRUE(summary.failures().empty());
  listing.why = "the sitemap is damaged: it ends within an element";
  summary.Add(listing);
  ASSERT_EQ(summary.failures().size(), 1U);
  EXPECT_EQ(summary.failures()[0].why, listing.why);
}

// What servers write does not make the memory grow for ever.
TEST(CrawlSummary, KindsAreBounded) {
  CrawlSummary summary;
  for (uint64_t i = 0; i < 5000; ++i) {
    FetchRecord record = Record(i, "a", Outcome::kUnreadable, 200, 1);
    record.type = "x/" + std::to_string(i);
    summary.Add(record);
  }
  EXPECT_LE(summary.types().size(), 1001U);
  EXPECT_EQ(summary.types().at("other"), 4000U);
}

}  // namespace
}  // namespace sakuin::crawler
