// crawl_report.h: a finished crawl (or one that is at work) as text, as JSON and
// as a page with charts.
//
//   std::fputs(CrawlReportText(summary).c_str(), stdout);
//
// The page stands alone: no script, nothing from elsewhere. Pure functions.
#pragma once

#include <string>

#include "crawler/crawl_summary.h"

namespace sakuin::crawler {

std::string CrawlReportText(const CrawlSummary& summary);
std::string CrawlReportJson(const CrawlSummary& summary);
std::string CrawlReportHtml(const CrawlSummary& summary);

}  // namespace sakuin::crawler
