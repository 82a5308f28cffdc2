// page_visit.h: what an answer means for the crawl: the page it is, and where it leads.
//
//   PageVisitor visitor(options, scope);
//   PageVisit visit = visitor.Read(leased, fetched, now);
//   visit.outcome       // Outcome::kStored, unless it turns out to be a duplicate
//   visit.links         // URLs that belong to the crawl
//
// Knows no index and no clock; the traps that it has seen are all it remembers.
// Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
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

// When a page was published, as a feed says.
struct ListedDate {
  std::string url;
  std::string queue;
  int64_t seconds = 0;  // since 1970
};

// A URL that was not taken, though it is of a host of the crawl.
struct RefusedUrl {
  FrontierUrl url;
  UrlRefusal why = UrlRefusal::kNone;
};

struct PageVisit {
  Outcome outcome = Outcome::kFailed;
  std::string why;
  std::string target;             // of a redirect, or the page that this one is the same as
  std::optional<FrontierUrl> canonical;  // of kStored: another one of this crawl that it says to be
  std::string type;
  std::string charset;
  CrawledPage page;               // of kStored
  uint64_t content_hash = 0;      // of all that is kept of a page, or of the bytes of a listing
  uint64_t undated_hash = 0;      // likewise of a page, without the date that a feed gives it; 0: none does
  std::string_view bytes;         // of a page, as it came: of the answer that was read
  std::vector<FrontierUrl> links;  // that belong to the crawl; known ones too
  std::vector<ListedChange> changed;  // of a sitemap or a feed
  std::vector<ListedDate> dates;      // of a feed
};

class PageVisitor {
 public:
  // Whether a URL waits already, or was fetched: those are no new ones to judge.
  using IsKnown = std::function<bool(const Url&)>;

  // When a page was published, as far as a feed has said: seconds since 1970. For those that do not say it.
  using DateOfPage = std::function<std::optional<int64_t>(const std::string& url)>;

  // `options` and `scope` must outlive it.
  PageVisitor(const CrawlOptions& options, const CrawlScope& scope, IsKnown is_known, DateOfPage date_of_page = nullptr);

  PageVisit Read(const LeasedUrl& leased, const FetchResult& fetched, Time now);

  // A sitemap that robots.txt or an index of sitemaps names, on whatever host: what is listed there is judged for itself.
  std::optional<FrontierUrl> AcceptSitemap(const Url& url, uint32_t depth) const;

  // A URL of this crawl, or nothing: links beyond the scope, and traps. `depth` is that of the link. `asked`: a server
  // names `url` in its place.
  std::optional<FrontierUrl> Accept(Url url, const Url* page, uint32_t depth, const Url* asked = nullptr);

  // The page is kept: traps are told from pages that say something by that.
  void TakeKept(const LeasedUrl& leased, const PageVisit& visit);

  // URLs that were not taken since the last time, each once; those beyond the hosts of the crawl are not among them.
  std::vector<RefusedUrl> TakeRefused();

 private:
  void ReadAnswer(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit);
  void ReadNotModified(const FetchResult& fetched, Time now, PageVisit& visit);
  void ReadRedirect(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit);
  void ReadPage(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit);
  bool ReadListing(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit);
  void FindCanonical(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit);
  void Refuse(FrontierUrl url, UrlRefusal why);
  void AddLinks(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit);

  const CrawlOptions& options_;
  const CrawlScope& scope_;
  const std::string agent_;  // as pages and robots.txt call us, in lower case
  const IsKnown is_known_;
  const DateOfPage date_of_page_;  // null: no feed has said anything
  TrapDetector traps_;
  std::vector<RefusedUrl> refused_;
  std::unordered_set<uint64_t> seen_refused_;  // hashes of URLs
};

// Whether an address is called as sitemaps are: they may be larger than pages, and their beginning is of use, too.
bool IsNamedAsSitemap(std::string_view href);

// Whether what was fetched is a sitemap or a feed: called as one, or with its first element, and readable as one.
bool IsListing(std::string_view path, std::string_view content_type, std::string_view body);

// What robots.txt calls a crawler with this name: "SakuinTest/1.0 (+http://x)" is "SakuinTest".
std::string ProductToken(std::string_view agent);

}  // namespace sakuin::crawler
