// crawl_report.h: a finished crawl (or one that is at work) as text, as JSON and
// as a page with charts.
//
//   std::fputs(CrawlReportText(runs).c_str(), stdout);
//
// What is counted is told of the last run and of all of them; times, hosts and charts are of all.
// The page stands alone: no script, nothing from elsewhere. Pure functions.
#pragma once

#include <string>

#include "crawler/crawl_summary.h"

namespace sakuin::crawler {

std::string CrawlReportText(const CrawlRuns& runs);
std::string CrawlReportJson(const CrawlRuns& runs);
std::string CrawlReportHtml(const CrawlRuns& runs);

}  // namespace sakuin::crawler
