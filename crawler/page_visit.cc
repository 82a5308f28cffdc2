#include "crawler/page_visit.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/ascii.h"
#include "base/bytes.h"
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
constexpr uint32_t kMostDepthsApart = 100;  // URLs nearer to the seeds go first
constexpr uint32_t kMaxIndexDepth = 8;  // of a sitemap that lists sitemaps; one in another is against the protocol
constexpr size_t kMostRefused = 100'000;  // that are told apart

// Without what the server makes of it.
std::string StatusText(int status) { return "HTTP " + std::to_string(status); }

// Neither: it is none, whatever it is called.
using Listing = std::variant<std::monostate, Feed, Sitemap>;

// What was fetched, read as a sitemap or a feed. A page that is called as one, but nothing of one could be read of it, is none.
Listing ListingIn(std::string_view path, std::string_view content_type, std::string_view body) {
  const auto unless_page = [&](auto listing) -> Listing {
    const bool is_unread = listing.entries.empty() && !listing.status.ok();
    if (is_unread && text::SniffContent(content_type, body).kind != text::ContentKind::kRefused) return {};
    return listing;
  };
  switch (text::ListingOf(path, body)) {
    case text::Listing::kNone: return {};
    case text::Listing::kFeed: return unless_page(ReadFeed(body, content_type));
    case text::Listing::kSitemap: break;
  }
  return unless_page(ReadSitemap(body, content_type));
}

bool IsBeginningOfSitemap(const Url& url, const FetchResult& fetched) {
  const bool is_cut = fetched.error == FetchError::kBodyTooLarge || fetched.error == FetchError::kBomb;
  return is_cut && fetched.status == 200 && IsNamedAsSitemap(url.href()) &&
         text::ListingOf(url.pathname(), fetched.body) != text::Listing::kNone;
}

// Absolute: what <base> says is not of headers.
std::string CanonicalInHeader(const Url& url, const FetchResult& fetched) {
  const std::string address = CanonicalOf(fetched.headers.FindAll("link"));
  const Result<Url> target = address.empty() ? InvalidArgumentError("none") : Url::Parse(address, &url);
  return target.ok() ? target->href() : std::string();
}

FrontierUrl LinkTo(Url normal, uint32_t depth) {
  FrontierUrl link;
  link.queue = std::string(normal.host());
  link.url = std::move(normal).TakeHref();
  link.depth = depth;
  link.priority = static_cast<uint8_t>(kDefaultPriority - std::min(depth, kMostDepthsApart));
  return link;
}

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

// Of all that a document has, and of the address that it says to be; not of when it came.
uint64_t HashOf(const CrawledPage& page, const std::string& canonical) {
  RunningChecksum checksum;
  const auto add = [&](std::string_view part) {
    std::string length;
    AppendVarint(length, part.size());
    checksum.Update(length);
    checksum.Update(part);
  };
  for (const std::string* part : {&page.title, &page.body, &page.description, &page.language, &page.published, &canonical}) add(*part);
  for (const std::string& heading : page.headings) add(heading);
  return checksum.Value();
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

bool IsListing(std::string_view path, std::string_view content_type, std::string_view body) {
  return !std::holds_alternative<std::monostate>(ListingIn(path, content_type, body));
}

std::string ProductToken(std::string_view agent) {
  const auto is_token = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  const auto end = std::find_if_not(agent.begin(), agent.end(), is_token);
  return std::string(agent.begin(), end);
}

PageVisitor::PageVisitor(const CrawlOptions& options, const CrawlScope& scope, IsKnown is_known, DateOfPage date_of_page)
    : options_(options),
      scope_(scope),
      agent_(LowerAscii(ProductToken(options.agent))),
      is_known_(std::move(is_known)),
      date_of_page_(std::move(date_of_page)) {}

PageVisit PageVisitor::Read(const LeasedUrl& leased, const FetchResult& fetched, Time now) {
  PageVisit visit;
  const Result<Url> url = Url::Parse(leased.url);
  if (!url.ok()) {
    visit.why = std::string(url.status().message());
  } else if (IsBeginningOfSitemap(*url, fetched)) {
    ReadListing(*url, leased, fetched, visit);
    visit.why = std::string(FetchErrorText(fetched.error)) + "; what came of it was read";
  } else if (fetched.error != FetchError::kNone) {  // what came of a page is none: text/page_reader.h
    if (fetched.error == FetchError::kRefusedAddress) visit.outcome = Outcome::kPrivate;
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
  if (std::optional<FrontierUrl> link = Accept(*target, nullptr, leased.depth, &url)) {
    link->priority = leased.priority;
    link->discovered_from = leased.url;
    visit.links.push_back(*std::move(link));
  } else {
    visit.why = "leads out of the crawl";
  }
}

std::optional<FrontierUrl> PageVisitor::Accept(Url url, const Url* page, uint32_t depth, const Url* asked) {
  if (depth > options_.max_depth) return std::nullopt;
  Url normal = NormalizeUrl(std::move(url));
  UrlRefusal refusal = scope_.Check(normal);
  if (refusal != UrlRefusal::kNone && refusal != UrlRefusal::kTooLong) return std::nullopt;
  const bool is_checked = refusal == UrlRefusal::kNone && !(traps_.Counts(depth) && is_known_(normal));
  if (is_checked) refusal = asked == nullptr ? traps_.Check(normal, page, depth) : traps_.CheckProperName(normal, *asked, depth);
  FrontierUrl link = LinkTo(std::move(normal), depth);
  if (page != nullptr) link.discovered_from = page->href();
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
  const Result<Url> found_on = Url::Parse(leased.redirects == 0 ? leased.discovered_from : std::string());
  if (url.ok()) traps_.TakePage(*url, found_on.ok() ? &*found_on : nullptr, leased.depth, visit.page.title + '\n' + visit.page.body);
}

std::optional<FrontierUrl> PageVisitor::AcceptSitemap(const Url& url, uint32_t depth) const {
  if (depth > options_.max_depth) return std::nullopt;
  Url normal = NormalizeUrl(url);
  const UrlRefusal refusal = scope_.Check(normal);
  if (refusal != UrlRefusal::kNone && refusal != UrlRefusal::kHost) return std::nullopt;
  FrontierUrl link = LinkTo(std::move(normal), depth);
  link.priority = kHighPriority;
  return link;
}

void PageVisitor::ReadPage(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, Time now, PageVisit& visit) {
  if (ReadListing(url, leased, fetched, visit)) return;
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
  const text::RobotsDirectives robots = DirectivesOf(fetched, page->head.robots, agent_);
  if (!robots.nofollow) AddLinks(url, leased, *page, visit);
  if (robots.ForbidsIndexing(SecondsOf(now))) {
    visit.outcome = Outcome::kNoIndex;
    visit.why = robots.noindex ? "noindex" : "unavailable_after";
    return;
  }
  if (page->head.canonical.empty()) page->head.canonical = CanonicalInHeader(url, fetched);
  FindCanonical(url, leased, *page, visit);
  visit.outcome = Outcome::kStored;
  visit.page = CrawledAt(url, *std::move(page), now);
  visit.bytes = fetched.body;
  const std::string canonical_url = visit.canonical.has_value() ? visit.canonical->url : std::string();
  visit.content_hash = HashOf(visit.page, canonical_url);
  if (!visit.page.published.empty() || date_of_page_ == nullptr) return;
  if (const std::optional<int64_t> date = date_of_page_(leased.url)) {
    visit.page.published = text::FormatDate(*date);
    visit.undated_hash = std::exchange(visit.content_hash, HashOf(visit.page, canonical_url));
  }
}

// Of a sitemap or a feed: its addresses. False: it is none, whatever it is called.
bool PageVisitor::ReadListing(const Url& url, const LeasedUrl& leased, const FetchResult& fetched, PageVisit& visit) {
  const std::string_view type = fetched.headers.Find("content-type");
  const Listing listing = ListingIn(url.pathname(), type, fetched.body);
  if (std::holds_alternative<std::monostate>(listing)) return false;
  const Feed* feed = std::get_if<Feed>(&listing);
  const Sitemap* sitemap = std::get_if<Sitemap>(&listing);
  const bool is_index = sitemap != nullptr && sitemap->is_index;
  visit.outcome = Outcome::kListing;
  if (is_index && leased.depth > kMaxIndexDepth) {
    visit.why = "sitemaps that list sitemaps follow one another without an end";
    return true;
  }
  const auto add = [&](const std::string& address, std::optional<int64_t> changed, std::optional<int64_t> published, int importance) {
    const Result<Url> target = Url::Parse(address, &url);
    if (!target.ok()) return;
    const bool is_sitemap = is_index && target->host() == url.host();
    std::optional<FrontierUrl> link = is_sitemap ? AcceptSitemap(*target, leased.depth + 1) : Accept(*target, nullptr, leased.depth + 1);
    if (!link.has_value()) return;
    if (!is_sitemap) link->priority = static_cast<uint8_t>(link->priority + importance);
    if (changed.has_value()) visit.changed.push_back({link->url, link->queue, Time(std::chrono::seconds(*changed))});
    if (published.has_value()) visit.dates.push_back({link->url, link->queue, *published});
    visit.links.push_back(*std::move(link));
  };
  if (feed != nullptr) {
    for (const FeedEntry& entry : feed->entries) add(entry.url, entry.date, entry.published, 0);
  } else {  // when a page was changed is not when it was published
    for (const SitemapEntry& entry : sitemap->entries) add(entry.url, entry.last_modified, {}, entry.importance);
  }
  visit.content_hash = Checksum(fetched.body);
  visit.type = text::SniffContent(type, fetched.body).type;
  const Status& status = feed != nullptr ? feed->status : sitemap->status;
  if (!status.ok()) visit.why = std::string(status.message());
  return true;
}

// Another address of this crawl that the page says to be its own.
void PageVisitor::FindCanonical(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit) {
  if (page.head.canonical.empty()) return;
  const Result<Url> base = BaseOf(url, page);
  const Result<Url> canonical = Url::Parse(page.head.canonical, base.ok() ? &*base : &url);
  if (!canonical.ok()) return;
  std::optional<FrontierUrl> target = Accept(*canonical, nullptr, leased.depth, &url);
  if (target.has_value() && target->url != leased.url) visit.canonical = std::move(target);
}

void PageVisitor::AddLinks(const Url& url, const LeasedUrl& leased, const text::Page& page, PageVisit& visit) {
  const Result<Url> based = BaseOf(url, page);
  const Url& base = based.ok() ? *based : url;
  std::array<std::byte, 8192> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  std::pmr::unordered_set<std::string_view> seen(&memory);
  visit.links.reserve(std::min(page.links.size(), kMaxLinks));
  const auto add = [&](std::string_view href) {
    if (seen.size() == kMaxLinks || !seen.insert(href).second) return;
    Result<Url> target = Url::Parse(href, &base);
    if (!target.ok()) return;
    if (std::optional<FrontierUrl> link = Accept(*std::move(target), &url, leased.depth + 1)) visit.links.push_back(*std::move(link));
  };
  for (const text::HtmlLink& link : page.links) {
    if (IsFollowed(link)) add(link.href);
  }
  if (page.head.refresh.has_value() && !page.head.refresh->url.empty()) add(page.head.refresh->url);
}

}  // namespace sakuin::crawler
