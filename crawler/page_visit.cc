#include "crawler/page_visit.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "base/checksum.h"
#include "crawler/content_type.h"
#include "crawler/feed.h"
#include "crawler/public_suffix.h"
#include "crawler/redirect_chain.h"
#include "crawler/robots_directives.h"
#include "crawler/sitemap.h"
#include "crawler/url_normalizer.h"
#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kMaxLinks = 10'000;  // of a page
constexpr uint32_t kMaxIndexDepth = 8;  // of a sitemap that lists sitemaps; one in another is against the protocol
constexpr size_t kMostRefused = 100'000;  // that are told apart

// Without what the server makes of it.
std::string StatusText(int status) { return "HTTP " + std::to_string(status); }

// What a page lists, if that is all it does: one that is XML, or called as a sitemap is.
enum class Listing { kNone, kSitemap, kFeed };

// Behind what begins with `begin` and ends with `end`; false: it does not.
bool Skip(std::string_view& text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return false;
  const size_t at = text.find(end, begin.size());
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return true;
}

// The name of the first element, without a prefix; empty when something else stands before it.
std::string_view RootOf(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  do {
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
  } while (Skip(body, "<?", "?>") || Skip(body, "<!--", "-->") || Skip(body, "<!", ">"));
  if (!body.starts_with('<')) return {};
  std::string_view name = body.substr(1, body.substr(1).find_first_of(" \t\r\n/>"));
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Listing ListingOf(const Url& url, const FetchResult& fetched) {
  const std::string_view path = url.pathname();
  if (path.ends_with(".xml.gz") || path.ends_with("sitemap.txt") || path.ends_with("sitemap.txt.gz")) return Listing::kSitemap;
  const std::string_view root = RootOf(fetched.body);
  if (root == "urlset" || root == "sitemapindex") return Listing::kSitemap;
  return root == "rss" || root == "feed" || root == "RDF" ? Listing::kFeed : Listing::kNone;
}

// What its links are relative to.
Result<Url> BaseOf(const Url& url, const Page& page) {
  if (page.head.base.empty()) return url;
  return Url::Parse(page.head.base, &url);
}

void FillPage(const Url& url, const Page& page, Time now, CrawledPage& crawled) {
  crawled.url = NormalizeUrl(url).href();
  crawled.title = page.title;
  crawled.body = page.body;
  for (const text::HtmlHeading& heading : page.headings) crawled.headings.push_back(heading.text);
  crawled.description = page.description;
  crawled.language = page.lang;
  if (page.published.has_value()) crawled.published = text::FormatDate(*page.published);
  crawled.site = std::string(SiteOf(url.hostname()));
  crawled.fetched_at = text::FormatDate(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

// Of all that a document has, and of the address that it says to be; not of when it came.
uint64_t HashOf(const CrawledPage& page, const std::string& canonical) {
  std::string all;
  for (const std::string* part : {&page.title, &page.body, &page.description, &page.language, &page.published, &canonical}) {
    AppendLengthPrefixed(all, *part);
  }
  for (const std::string& heading : page.headings) AppendLengthPrefixed(all, heading);
  return Checksum(all);
}

bool IsFollowed(const text::HtmlLink& link) { return link.kind != text::HtmlLinkKind::kLink && !RelOf(link.rel).nofollow; }

RobotsDirectives DirectivesOf(const FetchResult& fetched, const Page& page, const std::string& agent, Time now) {
  RobotsDirectives said{.noindex = page.head.robots.no_index, .nofollow = page.head.robots.no_follow};
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const std::string_view value : fetched.headers.FindAll("x-robots-tag")) said |= DirectivesOfHeader(value, agent, seconds);
  return said;
}

}  // namespace

std::string ProductToken(std::string_view agent) {
  const auto is_token = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  const auto end = std::find_if_not(agent.begin(), agent.end(), is_token);
  return std::string(agent.begin(), end);
}

PageVisitor::PageVisitor(const CrawlOptions& options, const CrawlScope& scope, IsKnown is_known)
    : options_(options), scope_(scope), agent_(text::LowerHtml(ProductToken(options.agent))), is_known_(std::move(is_known)) {}

PageVisit PageVisitor::Read(const LeasedUrl& leased, const FetchResult& fetched, Time now) {
  PageVisit visit;
  if (fetched.error != FetchError::kNone) {
    visit.why = std::string(FetchErrorText(fetched.error));
    return visit;
  }
  const Result<Url> url = Url::Parse(leased.url);
  if (!url.ok()) {
    visit.why = std::string(url.status().message());
    return visit;
  }
  ReadAnswer(*url, leased, fetched, now, visit);
  return visit;
}

void PageVisitor::ReadAnswer(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit) {
  if (fetched.status == 304) {
    visit.outcome = Outcome::kNotModified;
  } else if (IsRedirect(fetched.status)) {
    ReadRedirect(url, leased, fetched, visit);
  } else if (fetched.status >= 200 && fetched.status < 300) {
    ReadPage(url, leased, fetched, now, visit);
  } else {
    visit.outcome = fetched.status == 404 || fetched.status == 410 ? Outcome::kGone : Outcome::kHttpError;
    visit.why = StatusText(fetched.status);
  }
}

void PageVisitor::ReadRedirect(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit) {
  const Result<Url> target = Url::Parse(fetched.headers.Find("location"), &url);
  if (!target.ok()) {
    visit.outcome = Outcome::kHttpError;
    visit.why = StatusText(fetched.status) + " without an address";
    return;
  }
  visit.outcome = Outcome::kRedirect;
  visit.target = NormalizeUrl(*target).href();
  if (std::optional<FrontierUrl> link = Accept(*target, nullptr, leased.depth, &url)) {
    link->priority = leased.priority;
    visit.links.push_back(*std::move(link));
  } else {
    visit.why = "leads out of the crawl";
  }
}

std::optional<FrontierUrl> PageVisitor::Accept(const Url& url, const Url* page, uint32_t depth, const Url* asked) {
  if (depth > options_.max_depth) return std::nullopt;
  const Url normal = NormalizeUrl(url);
  FrontierUrl link;
  link.url = normal.href();
  link.queue = std::string(normal.host());
  link.depth = depth;
  if (page != nullptr) link.discovered_from = page->href();
  UrlRefusal refusal = scope_.Check(normal);
  if (refusal != UrlRefusal::kNone && refusal != UrlRefusal::kTooLong) return std::nullopt;
  if (refusal == UrlRefusal::kNone && traps_.Counts(depth) && is_known_(link)) return link;
  if (refusal == UrlRefusal::kNone) refusal = asked == nullptr ? traps_.Check(normal, page, depth) : traps_.CheckProperName(normal, *asked, depth);
  if (refusal == UrlRefusal::kNone) return link;
  Refuse(std::move(link), refusal);
  return std::nullopt;
}

void PageVisitor::Refuse(FrontierUrl url, UrlRefusal why) {
  if (seen_refused_.size() >= kMostRefused || !seen_refused_.insert(Checksum(url.url)).second) return;
  refused_.push_back({std::move(url), why});
}

std::vector<RefusedUrl> PageVisitor::TakeRefused() { return std::exchange(refused_, {}); }

void PageVisitor::TakeKept(const LeasedUrl& leased, const PageVisit& visit) {
  if (!traps_.Counts(leased.depth)) return;
  const Result<Url> url = Url::Parse(leased.url);
  const Result<Url> found_on = Url::Parse(leased.discovered_from);
  if (url.ok()) traps_.TakePage(*url, found_on.ok() ? &*found_on : nullptr, leased.depth, visit.page.title + '\n' + visit.page.body);
}

void PageVisitor::ReadPage(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit) {
  if (ReadListing(url, leased, fetched, visit)) return;
  const std::string_view content_type = fetched.headers.Find("content-type");
  const Result<Page> page = crawler::ReadPage({.content_type = content_type, .body = fetched.body, .agent = agent_});
  visit.type = SniffContent(content_type, fetched.body).type;
  if (!page.ok()) {
    visit.outcome = Outcome::kUnreadable;
    visit.why = std::string(page.status().message());
    return;
  }
  visit.charset = page->charset;
  const RobotsDirectives robots = DirectivesOf(fetched, *page, agent_, now);
  if (!robots.nofollow) AddLinks(url, leased, *page, visit);
  if (robots.noindex) {
    visit.outcome = Outcome::kNoIndex;
    visit.why = "noindex";
    return;
  }
  visit.outcome = Outcome::kStored;
  FillPage(url, *page, now, visit.page);
  FindCanonical(url, leased, *page, visit);
  visit.content_hash = HashOf(visit.page, visit.canonical.has_value() ? visit.canonical->url : std::string());
}

// Of a sitemap or a feed: its addresses, as near to the seeds as it is itself. False: it is none, whatever it is called.
bool PageVisitor::ReadListing(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit) {
  const Listing kind = ListingOf(url, fetched);
  if (kind == Listing::kNone) return false;
  const std::string_view type = fetched.headers.Find("content-type");
  const auto add = [&](const std::string& address, std::optional<int64_t> changed) {
    const Result<Url> target = Url::Parse(address, &url);
    if (!target.ok()) return;
    std::optional<FrontierUrl> link = Accept(*target, nullptr, leased.depth + 1);
    if (!link.has_value()) return;
    if (changed.has_value()) visit.changed.push_back({link->url, link->queue, Time(std::chrono::seconds(*changed))});
    visit.links.push_back(*std::move(link));
  };
  const auto take = [&](const auto& entries, const Status& status, const auto& changed_at) {
    if (entries.empty() && !status.ok()) return false;
    for (const auto& entry : entries) add(entry.url, changed_at(entry));
    visit.outcome = Outcome::kListing;
    visit.type = SniffContent(type, fetched.body).type;
    if (!status.ok()) visit.why = std::string(status.message());
    return true;
  };
  if (kind == Listing::kFeed) {
    const Feed feed = ReadFeed(fetched.body, type);
    return take(feed.entries, feed.status, [](const FeedEntry& entry) { return entry.date; });
  }
  const Sitemap sitemap = ReadSitemap(fetched.body, type);
  if (sitemap.is_index && leased.depth > kMaxIndexDepth) {
    visit.outcome = Outcome::kListing;
    visit.why = "sitemaps that list sitemaps follow one another without an end";
    return true;
  }
  return take(sitemap.entries, sitemap.status, [](const SitemapEntry& entry) { return entry.last_modified; });
}

// Another address of this crawl that the page says to be its own.
void PageVisitor::FindCanonical(const Url& url, const LeasedUrl& leased, const Page& page, PageVisit& visit) {
  if (page.head.canonical.empty()) return;
  const Result<Url> base = BaseOf(url, page);
  const Result<Url> canonical = Url::Parse(page.head.canonical, base.ok() ? &*base : &url);
  if (!canonical.ok()) return;
  std::optional<FrontierUrl> target = Accept(*canonical, nullptr, leased.depth, &url);
  if (target.has_value() && target->url != leased.url) visit.canonical = std::move(target);
}

void PageVisitor::AddLinks(const Url& url, const LeasedUrl& leased, const Page& page, PageVisit& visit) {
  const Result<Url> based = BaseOf(url, page);
  const Url& base = based.ok() ? *based : url;
  std::unordered_set<std::string_view> seen;
  const auto add = [&](std::string_view href) {
    if (seen.size() == kMaxLinks || !seen.insert(href).second) return;
    const Result<Url> target = Url::Parse(href, &base);
    if (!target.ok()) return;
    if (std::optional<FrontierUrl> link = Accept(*target, &url, leased.depth + 1)) visit.links.push_back(*std::move(link));
  };
  for (const text::HtmlLink& link : page.links) {
    if (IsFollowed(link)) add(link.href);
  }
  if (page.head.refresh.has_value() && !page.head.refresh->url.empty()) add(page.head.refresh->url);
}

}  // namespace sakuin::crawler
