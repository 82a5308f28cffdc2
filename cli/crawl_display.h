// crawl_display.h: a crawl while it runs: a few lines on a terminal that stay where
// they are, or a line of JSON a second.
//
//   CrawlDisplay display(json, max_pages);
//   crawler->Run(stop, [&display](const CrawlCounts& counts) { display.Show(counts); });
//   display.Finish();
//
// Where JSON is not asked for, hosts that do not answer are told on standard error,
// once each; when that is a terminal, the lines are drawn below. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "crawler/crawl_options.h"

namespace sakuin::cli {

class CrawlDisplay {
 public:
  CrawlDisplay(bool json, uint64_t max_pages);
  ~CrawlDisplay() { Finish(); }

  void Show(const crawler::CrawlCounts& counts);
  // Takes the lines away.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;
  struct Speed {
    double pages = 0;  // a second
    double bytes = 0;
  };

  void TellOfResting(const crawler::CrawlCounts& counts);
  // Of the last seconds.
  Speed SpeedOf(const crawler::CrawlCounts& counts);

  bool json_;
  bool shown_;
  uint64_t max_pages_;
  int lines_ = 0;  // that are drawn now
  std::set<std::string> told_;  // hosts that are left alone
  std::deque<crawler::CrawlCounts> recent_;
  Clock::time_point next_{};
};

// "a.example is left alone until 2026-01-31T12:00:00Z (robots.txt: HTTP 503)"
std::string RestingLine(const crawler::RestingHost& host);
// The lines of the display; each fits a terminal of 80 columns.
std::string CrawlLines(const crawler::CrawlCounts& counts, double pages_per_second, double bytes_per_second, uint64_t max_pages);
// {"fetched","stored","not_modified","duplicates","blocked_by_robots","over_budget","errors","bytes","seconds","pending"}, and
// at the end "unsure": by field with a model, the pages in which it stayed empty.
std::string CrawlCountsJson(const crawler::CrawlCounts& counts, const std::map<std::string, uint64_t>* unsure = nullptr);

}  // namespace sakuin::cli
