// page_visit.h: what an answer means for the crawl: the page it is, and where it leads.
//
//   PageVisitor visitor(options, scope);
//   PageVisit visit = visitor.Read(leased, fetched, now);
//   visit.outcome       // Outcome::kStored, unless it turns out to be a duplicate
//   visit.links         // URLs that belong to the crawl
//
// Knows no queue, no index and no clock; the traps that it has seen are all it
// remembers. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/crawl_options.h"
#include "crawler/crawl_scope.h"
#include "crawler/fetch_record.h"
#include "crawler/fetch_result.h"
#include "crawler/frontier.h"
#include "crawler/page_sink.h"
#include "crawler/trap_detector.h"
#include "crawler/url.h"
#include "text/page_reader.h"

namespace sakuin::crawler {

// When a page was changed, as a sitemap or a feed says.
struct ListedChange {
  std::string url;
  std::string queue;
  Time at;
};

struct PageVisit {
  Outcome outcome = Outcome::kFailed;
  std::string why;
  std::string target;             // of a redirect, or the canonical page
  std::string type;
  std::string charset;
  CrawledPage page;               // of kStored
  uint64_t content_hash = 0;      // of title and text, of any page that was read; of the bytes of a listing
  std::vector<FrontierUrl> links;  // that belong to the crawl; known ones too
  std::vector<ListedChange> changed;  // of a sitemap or a feed
};

class PageVisitor {
 public:
  // `options` and `scope` must outlive it.
  PageVisitor(const CrawlOptions& options, const CrawlScope& scope);

  PageVisit Read(const LeasedUrl& leased, const FetchResult& fetched, Time now);

  // A sitemap that robots.txt or an index of sitemaps names, on whatever host: what is listed there is judged for itself.
  std::optional<FrontierUrl> AcceptSitemap(const Url& url, uint32_t depth) const;

  // A URL of this crawl, or nothing: links beyond the scope, and traps. `depth` is that of the link.
  std::optional<FrontierUrl> Accept(const Url& url, const Url* page, uint32_t depth);

 private:
  void ReadAnswer(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit);
  void ReadNotModified(const FetchResult& fetched, Time now, PageVisit& visit);
  void ReadRedirect(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit);
  void ReadPage(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit);
  void ReadListing(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit);
  bool IsUnderAnotherAddress(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit);
  void AddLinks(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit);

  const CrawlOptions& options_;
  const CrawlScope& scope_;
  const std::string agent_;  // as pages and robots.txt call us, in lower case
  TrapDetector traps_;
};

// Whether an address is called as sitemaps are: they may be larger than pages, and their beginning is of use, too.
bool IsNamedAsSitemap(std::string_view href);

// What robots.txt calls a crawler with this name: "SakuinTest/1.0 (+http://x)" is "SakuinTest".
std::string ProductToken(std::string_view agent);

}  // namespace sakuin::crawler
