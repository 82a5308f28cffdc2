#include "crawler/page_visit.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/checksum.h"
#include "crawler/feed.h"
#include "crawler/link_header.h"
#include "crawler/public_suffix.h"
#include "crawler/redirect_chain.h"
#include "crawler/sitemap.h"
#include "crawler/url_normalizer.h"
#include "text/content_type.h"
#include "text/date_text.h"
#include "text/robots_directives.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kMaxLinks = 10'000;  // of a page

// Without what the server makes of it.
std::string StatusText(int status) { return "HTTP " + std::to_string(status); }

text::Listing ListingOf(const Url& url, const FetchResult& fetched) {
  return text::ListingOf(url.pathname(), fetched.headers.Find("content-type"), fetched.body);
}

bool IsBeginningOfSitemap(const Url& url, const FetchResult& fetched) {
  const bool is_cut = fetched.error == FetchError::kBodyTooLarge || fetched.error == FetchError::kBomb;
  return is_cut && fetched.status == 200 && IsNamedAsSitemap(url.href()) && ListingOf(url, fetched) != text::Listing::kNone;
}

// Absolute: what <base> says is not of headers.
std::string CanonicalInHeader(const Url& url, const FetchResult& fetched) {
  const std::string address = CanonicalOf(fetched.headers.FindAll("link"));
  const Result<Url> target = address.empty() ? InvalidArgumentError("none") : Url::Parse(address, &url);
  return target.ok() ? target->href() : std::string();
}

FrontierUrl LinkTo(const Url& normal, uint32_t depth) {
  FrontierUrl link;
  link.url = normal.href();
  link.queue = std::string(normal.host());
  link.depth = depth;
  return link;
}

uint64_t HashOf(const text::Page& page) { return Checksum(page.title + '\n' + page.body); }

// What its links are relative to.
Result<Url> BaseOf(const Url& url, const text::Page& page) {
  if (page.head.base.empty()) return url;
  return Url::Parse(page.head.base, &url);
}

int64_t SecondsOf(Time now) { return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(); }

CrawledPage CrawledAt(const Url& url, text::Page page, Time now) {
  CrawledPage crawled;
  static_cast<text::PageFields&>(crawled) = text::FieldsOf(std::move(page));
  crawled.url = NormalizeUrl(url).href();
  crawled.site = std::string(SiteOf(url.hostname()));
  crawled.fetched_at = text::FormatDate(SecondsOf(now));
  return crawled;
}

bool IsFollowed(const text::HtmlLink& link) { return link.kind != text::HtmlLinkKind::kLink && !text::HasHtmlName(link.rel, "nofollow"); }

text::RobotsDirectives DirectivesOf(const FetchResult& fetched, text::RobotsDirectives said, const std::string& agent) {
  for (const std::string_view value : fetched.headers.FindAll("x-robots-tag")) said |= text::DirectivesOfHeader(value, agent);
  return said;
}

}  // namespace

bool IsNamedAsSitemap(std::string_view href) {
  const std::string_view path = href.substr(0, href.find('?'));
  return path.ends_with(".xml") || path.ends_with(".xml.gz") || path.ends_with("sitemap.txt") || path.ends_with("sitemap.txt.gz");
}

std::string ProductToken(std::string_view agent) {
  const auto is_token = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  const auto end = std::find_if_not(agent.begin(), agent.end(), is_token);
  return std::string(agent.begin(), end);
}

PageVisitor::PageVisitor(const CrawlOptions& options, const CrawlScope& scope)
    : options_(options), scope_(scope), agent_(text::LowerHtml(ProductToken(options.agent))) {}

PageVisit PageVisitor::Read(const LeasedUrl& leased, const FetchResult& fetched, Time now) {
  PageVisit visit;
  const Result<Url> url = Url::Parse(leased.url);
  if (!url.ok()) {
    visit.why = std::string(url.status().message());
  } else if (IsBeginningOfSitemap(*url, fetched)) {
    ReadListing(*url, leased, fetched, visit);
    visit.why = std::string(FetchErrorText(fetched.error)) + "; what came of it was read";
  } else if (fetched.error != FetchError::kNone) {
    visit.why = std::string(FetchErrorText(fetched.error));
  } else {
    ReadAnswer(*url, leased, fetched, now, visit);
  }
  return visit;
}

void PageVisitor::ReadAnswer(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit) {
  if (fetched.status == 304) {
    ReadNotModified(fetched, now, visit);
  } else if (IsRedirect(fetched.status)) {
    ReadRedirect(url, leased, fetched, visit);
  } else if (fetched.status >= 200 && fetched.status < 300) {
    ReadPage(url, leased, fetched, now, visit);
  } else {
    visit.outcome = fetched.status == 404 || fetched.status == 410 ? Outcome::kGone : Outcome::kHttpError;
    visit.why = StatusText(fetched.status);
  }
}

// Its text is as it was; what its author wants may be something else.
void PageVisitor::ReadNotModified(const FetchResult& fetched, Time now, PageVisit& visit) {
  visit.outcome = Outcome::kNotModified;
  const text::RobotsDirectives robots = DirectivesOf(fetched, {}, agent_);
  if (!robots.ForbidsIndexing(SecondsOf(now))) return;
  visit.outcome = Outcome::kNoIndex;
  visit.why = robots.noindex ? "noindex" : "unavailable_after";
}

void PageVisitor::ReadRedirect(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit) {
  const std::string_view location = fetched.headers.Find("location");
  const Result<Url> target = Url::Parse(location, &url);
  if (!target.ok() || location.empty()) {
    visit.outcome = Outcome::kHttpError;
    visit.why = StatusText(fetched.status) + " without an address";
    return;
  }
  visit.outcome = Outcome::kRedirect;
  visit.target = NormalizeUrl(*target).href();
  if (std::optional<FrontierUrl> link = Accept(*target, nullptr, leased.depth)) {
    link->priority = leased.priority;
    visit.links.push_back(*std::move(link));
  } else {
    visit.why = "leads out of the crawl";
  }
}

std::optional<FrontierUrl> PageVisitor::Accept(const Url& url, const Url* page, uint32_t depth) {
  if (depth > options_.max_depth) return std::nullopt;
  const Url normal = NormalizeUrl(url);
  if (scope_.Check(normal) != UrlRefusal::kNone) return std::nullopt;
  if (traps_.Check(normal, page, depth) != UrlRefusal::kNone) return std::nullopt;
  FrontierUrl link = LinkTo(normal, depth);
  if (page != nullptr) link.discovered_from = page->href();
  return link;
}

std::optional<FrontierUrl> PageVisitor::AcceptSitemap(const Url& url, uint32_t depth) const {
  if (depth > options_.max_depth) return std::nullopt;
  const Url normal = NormalizeUrl(url);
  const UrlRefusal refusal = scope_.Check(normal);
  if (refusal != UrlRefusal::kNone && refusal != UrlRefusal::kHost) return std::nullopt;
  FrontierUrl link = LinkTo(normal, depth);
  link.priority = kHighPriority;
  return link;
}

void PageVisitor::ReadPage(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit) {
  if (ListingOf(url, fetched) != text::Listing::kNone) return ReadListing(url, leased, fetched, visit);
  if (scope_.Check(url) == UrlRefusal::kHost) {  // AcceptSitemap
    visit.outcome = Outcome::kUnreadable;
    visit.why = "no sitemap, and a page of another host";
    return;
  }
  const std::string_view content_type = fetched.headers.Find("content-type");
  Result<text::Page> page = text::ReadPage({.content_type = content_type, .body = fetched.body, .agent = agent_});
  visit.type = text::SniffContent(content_type, fetched.body).type;
  if (!page.ok()) {
    visit.outcome = Outcome::kUnreadable;
    visit.why = std::string(page.status().message());
    return;
  }
  visit.charset = page->charset;
  visit.content_hash = HashOf(*page);
  const text::RobotsDirectives robots = DirectivesOf(fetched, page->head.robots, agent_);
  if (!robots.nofollow) AddLinks(url, leased, *page, visit);
  if (robots.ForbidsIndexing(SecondsOf(now))) {
    visit.outcome = Outcome::kNoIndex;
    visit.why = robots.noindex ? "noindex" : "unavailable_after";
    return;
  }
  if (page->head.canonical.empty()) page->head.canonical = CanonicalInHeader(url, fetched);
  if (IsUnderAnotherAddress(url, leased, *page, visit)) return;
  visit.outcome = Outcome::kStored;
  visit.page = CrawledAt(url, *std::move(page), now);
}

// Of a sitemap or a feed: its addresses, as near to the seeds as it is itself.
void PageVisitor::ReadListing(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit) {
  visit.outcome = Outcome::kListing;
  visit.content_hash = Checksum(fetched.body);
  const std::string_view type = fetched.headers.Find("content-type");
  visit.type = text::SniffContent(type, fetched.body).type;
  bool is_index = false;
  const auto add = [&](const std::string& address, std::optional<int64_t> changed, uint32_t depth) {
    const Result<Url> target = Url::Parse(address, &url);
    if (!target.ok()) return;
    const bool is_sitemap = is_index && target->host() == url.host();
    std::optional<FrontierUrl> link = is_sitemap ? AcceptSitemap(*target, depth) : Accept(*target, nullptr, depth);
    if (!link.has_value()) return;
    if (changed.has_value()) visit.changed.push_back({link->url, link->queue, Time(std::chrono::seconds(*changed))});
    visit.links.push_back(*std::move(link));
  };
  if (ListingOf(url, fetched) == text::Listing::kFeed) {
    const Feed feed = ReadFeed(fetched.body, type);
    for (const FeedEntry& entry : feed.entries) add(entry.url, entry.date, leased.depth + 1);
    if (!feed.status.ok()) visit.why = std::string(feed.status.message());
    return;
  }
  const Sitemap sitemap = ReadSitemap(fetched.body, type);
  is_index = sitemap.is_index;
  for (const SitemapEntry& entry : sitemap.entries) add(entry.url, entry.last_modified, leased.depth + (sitemap.is_index ? 0 : 1));
  if (!sitemap.status.ok()) visit.why = std::string(sitemap.status.message());
}

// Whether it says that its own address is another one of this crawl; that one is to be asked for.
bool PageVisitor::IsUnderAnotherAddress(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit) {
  if (page.head.canonical.empty()) return false;
  const Result<Url> base = BaseOf(url, page);
  const Result<Url> canonical = Url::Parse(page.head.canonical, base.ok() ? &*base : &url);
  if (!canonical.ok()) return false;
  std::optional<FrontierUrl> target = Accept(*canonical, nullptr, leased.depth);
  if (!target.has_value() || target->url == leased.url) return false;
  visit.outcome = Outcome::kDuplicate;
  visit.why = "another is its canonical address";
  visit.target = target->url;
  visit.links.push_back(*std::move(target));
  return true;
}

void PageVisitor::AddLinks(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit) {
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
