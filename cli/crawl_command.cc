// sakuin crawl: pages of the web into an index, and what came of a crawl.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/counted.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/crawl_display.h"
#include "cli/crawl_index.h"
#include "cli/crawl_seed.h"
#include "cli/folder_check.h"
#include "cli/index_settings.h"
#include "crawler/crawl_report.h"
#include "crawler/crawler.h"
#include "crawler/fetch_log.h"
#include "crawler/page_visit.h"
#include "text/analyzer.h"
#include "text/utf8.h"
#include "text/utf8_repair.h"

namespace sakuin::cli {
namespace {

// Of sites that never said how fast they may be asked.
constexpr double kDefaultRate = 1;
constexpr double kDefaultTimeout = 60;  // seconds
// Seconds that a run waits for hosts that refuse or fail, when there is nothing else to do.
constexpr double kDefaultPatience = 60;

struct Options {
  std::string into;
  IndexSettings settings;
  std::string warc;
  std::string state;
  std::string report;
  std::string html;
  std::vector<std::string> allow;
  std::vector<std::string> deny;
  std::vector<std::string> seeds;
  std::string agent = "sakuin";
  std::string ca_file;
  double rate = kDefaultRate;
  double timeout = kDefaultTimeout;
  uint64_t max_pages = UINT64_MAX;
  uint32_t max_depth = UINT32_MAX;
  uint64_t max_host_pages = 0;  // 0: as many as there are
  std::string max_host_bytes;
  uint32_t per_host = 1;
  size_t connections = 256;
  double patience = kDefaultPatience;
  std::string duplicates = "near";
  bool allow_private = false;
  bool recrawl = false;
  bool due = false;
  bool json = false;
};

std::atomic<bool> g_stop = false;

extern "C" void StopCrawl(int) { g_stop = true; }

// The first signal ends the crawl in order, the second the process.
void ListenToSignals() {
  struct sigaction action = {};
  action.sa_handler = StopCrawl;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

// A folder that goes with this object.
class TemporaryFolder {
 public:
  static Result<std::unique_ptr<TemporaryFolder>> Make() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "sakuin-crawl-XXXXXX").string();
    if (error || ::mkdtemp(path.data()) == nullptr) return UnavailableError("no folder can be made in the system's temporary folder; --state names one");
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(path));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

Result<uint64_t> ParseHostBytes(const std::string& text) {
  if (text.empty()) return uint64_t{0};
  Result<uint64_t> bytes = ParseSize(text);
  if (!bytes.ok()) return bytes.status().WithContext("--max-bytes-per-host");
  if (*bytes == 0) return InvalidArgumentError("--max-bytes-per-host " + text + ": expected at least 1; without it there is no limit");
  return bytes;
}

// REQUIRES: one of the three.
crawler::Duplicates DuplicatesOf(const std::string& text) {
  if (text == "keep") return crawler::Duplicates::kKeep;
  return text == "exact" ? crawler::Duplicates::kExact : crawler::Duplicates::kNear;
}

Result<crawler::CrawlOptions> CrawlOptionsOf(const Options& options) {
  crawler::CrawlOptions crawl;
  for (const std::string& seed : options.seeds) {
    ASSIGN_OR_RETURN(crawler::Url url, ParseSeed(seed));
    crawl.scope.seeds.push_back(std::move(url));
  }
  crawl.scope.allow = options.allow;
  crawl.scope.deny = options.deny;
  crawl.agent = options.agent;
  crawl.max_pages = options.max_pages;
  crawl.max_depth = options.max_depth;
  crawl.revisit_all = options.recrawl && !options.due;
  crawl.revisit_due = options.due;
  crawl.allow_private = options.allow_private;
  crawl.ca_file = options.ca_file;
  crawl.connections = options.connections;
  crawl.connections_per_host = options.per_host;
  crawl.politeness.pages_per_second = options.rate;
  crawl.politeness.max_pages = options.max_host_pages;
  ASSIGN_OR_RETURN(crawl.politeness.max_bytes, ParseHostBytes(options.max_host_bytes));
  crawl.duplicates = DuplicatesOf(options.duplicates);
  crawl.patience = crawler::Duration(static_cast<int64_t>(options.patience * 1000));
  if (options.rate == 0) crawl.politeness.rest_factor = 0;
  crawl.limits = crawler::LimitsWithin(std::chrono::milliseconds(static_cast<int64_t>(options.timeout * 1000)));
  RETURN_IF_ERROR(crawler::CrawlScope::Make(crawl.scope).status());
  return crawl;
}

void PrintTraps(const crawler::CrawlCounts& counts) {
  for (const auto& [why, urls] : counts.out_of_scope) std::fprintf(stderr, "%s not asked for: %s\n", Counted(urls, "URL").c_str(), why.c_str());
  for (const auto& [why, urls] : counts.traps) std::fprintf(stderr, "%s not taken: %s\n", Counted(urls, "URL").c_str(), why.c_str());
}

void PrintResting(const crawler::CrawlCounts& counts) {
  for (const crawler::RestingHost& host : counts.resting) {
    std::fprintf(stderr, "%s: %s\n", RestingLine(host).c_str(), Counted(host.urls, "URL waits", "URLs wait").c_str());
  }
}

// Those that are left alone are told as such.
void PrintSilentSeeds(const crawler::CrawlCounts& counts) {
  for (const auto& [host, why] : counts.silent_seeds) {
    const bool is_told = std::ranges::any_of(counts.resting, [&host = host](const crawler::RestingHost& resting) { return resting.host == host; });
    if (!is_told) std::fprintf(stderr, "%s was asked for no page: %s\n", host.c_str(), why.c_str());
  }
}

// What was fetched, in figures that add up, and then what was not.
void PrintFetched(const crawler::CrawlCounts& counts) {
  std::string text = std::to_string(counts.stored) + " stored, " + std::to_string(counts.not_modified) + " not modified, ";
  text += Counted(counts.duplicates, "duplicate");
  const auto add = [&](uint64_t count, std::string_view one, std::string_view several) {
    if (count > 0) text += ", " + Counted(count, one, several);
  };
  add(counts.listings, "sitemap or feed", "sitemaps or feeds");
  add(counts.redirects, "redirect", "redirects");
  add(counts.noindex, "page with noindex", "pages with noindex");
  add(counts.postponed, "refusal by 429 or 503", "refusals by 429 or 503");
  text += ", " + Counted(counts.answered_errors, "error");
  std::fprintf(stderr, "fetched %s in %.1f s: %s\n", Counted(counts.fetched, "page").c_str(), counts.seconds, text.c_str());
  const uint64_t unanswered = counts.errors - counts.answered_errors;
  if (unanswered > 0) std::fprintf(stderr, "%s without an answer\n", Counted(unanswered, "error").c_str());
  if (counts.blocked_by_robots == 0) return;
  std::fprintf(stderr, "%s not asked for: robots.txt forbids it\n", Counted(counts.blocked_by_robots, "URL").c_str());
}

// Whether there was nothing to do: all that is known was asked for by earlier runs.
bool WasIdle(const crawler::CrawlCounts& counts) {
  return counts.fetched + counts.errors + counts.pending + counts.blocked_by_robots + counts.over_budget + counts.private_refused == 0 &&
         counts.resting.empty() && counts.out_of_scope.empty();
}

void PrintOverBudget(const crawler::CrawlCounts& counts, const Options& options) {
  if (counts.over_budget == 0) return;
  std::string why = options.max_host_pages == 0 ? "" : "--max-pages-per-host";
  if (!options.max_host_bytes.empty()) why += std::string(why.empty() ? "" : " or ") + "--max-bytes-per-host";
  if (!options.state.empty()) why += "; the same command goes on";
  std::fprintf(stderr, "%s not asked for: %s\n", Counted(counts.over_budget, "URL").c_str(), why.c_str());
}

void PrintSummary(const crawler::CrawlCounts& counts, const Options& options) {
  const std::string& state = options.state;
  PrintFetched(counts);
  if (WasIdle(counts)) {
    std::fprintf(stderr, "%s\n", options.due ? "no known URL is due yet: --recrawl without --due asks for all of them"
                                             : "every known URL was asked for before: --recrawl asks for them again, also to fill a new index");
  }
  PrintOverBudget(counts, options);
  for (const auto& [kind, count] : counts.errors_by_kind) std::fprintf(stderr, "%10llu  %s\n", static_cast<unsigned long long>(count), kind.c_str());
  PrintTraps(counts);
  PrintResting(counts);
  PrintSilentSeeds(counts);
  if (counts.retries > 0 && !state.empty()) {
    std::fprintf(stderr, "%s failed in a way that may pass: the same command tries again\n", Counted(counts.retries, "URL").c_str());
  }
  if (counts.pending > 0 && !state.empty()) {
    std::fprintf(stderr, "%s still to be asked for: the same command goes on\n", Counted(counts.pending, "URL").c_str());
  }
  if (counts.crawl_delays_cut > 0) {
    std::fprintf(stderr, "%s asked for a longer Crawl-delay than 30 seconds, and got 30 seconds\n", Counted(counts.crawl_delays_cut, "host").c_str());
  }
  if (!state.empty()) std::fprintf(stderr, "sakuin crawl --report %s tells what came of them\n", state.c_str());
}

void PrintUnsure(const std::map<std::string, uint64_t>& unsure) {
  for (const auto& [field, pages] : unsure) {
    if (pages > 0) std::fprintf(stderr, "%s stayed empty in %s: its model was unsure\n", field.c_str(), Counted(pages, "page").c_str());
  }
}

struct CrawlResult {
  crawler::CrawlCounts counts;
  std::map<std::string, uint64_t> unsure;  // by field with a model: pages for which it was unsure
};

Status CrawlWith(const Options& options, crawler::CrawlOptions crawl, const std::string& state, CrawlResult& result) {
  std::unique_ptr<CrawlIndex> index;
  if (!options.into.empty()) {
    ASSIGN_OR_RETURN(index, CrawlIndex::Open(options.into, options.settings));
  }
  std::unique_ptr<crawler::WarcWriter> warc;
  ASSIGN_OR_RETURN(const auto crawler, crawler::Crawler::Open(state, std::move(crawl), index.get()));
  for (const std::string& warning : crawler->warnings()) std::fprintf(stderr, "sakuin: %s\n", warning.c_str());
  if (!options.warc.empty()) {
    ASSIGN_OR_RETURN(warc, crawler::WarcWriter::Open(PosixFileSystem(), options.warc, {.user_agent = options.agent}));
    crawler->WriteTo(warc.get());
    if (warc->bytes_cut_off() > 0) {
      std::fprintf(stderr, "sakuin: %s ended with an unfinished record, whose %s were cut off\n", options.warc.c_str(), Counted(warc->bytes_cut_off(), "byte").c_str());
    }
  }
  CrawlDisplay display(options.json, options.max_pages);
  Status status = crawler->Run(g_stop, [&display](const crawler::CrawlCounts& now) { display.Show(now); });
  display.Finish();
  result.counts = crawler->counts();
  if (index != nullptr) {
    const Status closed = index->Close();
    RETURN_IF_ERROR(status.ok() ? closed : status);
    result.unsure = index->unsure();
  }
  return status;
}

// "127.0.0.1:50051", and no folder of this name.
bool LooksLikeAddress(const std::string& into) {
  const size_t colon = into.rfind(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == into.size() || into.find('/') != std::string::npos) return false;
  return std::all_of(into.begin() + static_cast<ptrdiff_t>(colon) + 1, into.end(), text::IsAsciiDigit) && !PosixFileSystem().Exists(into);
}

Status CheckState(const Options& options) {
  if (!options.into.empty() && IsSameFolder(options.into, options.state)) {
    return InvalidArgumentError("--into and --state name one folder; the index and the state of its crawl have folders of their own");
  }
  RETURN_IF_ERROR(CheckStateFolder(options.state));
  return crawler::Crawler::CheckFree(options.state);
}

// Before anything is made: a command that is refused leaves nothing behind that the corrected one would meet.
Status CheckPlaces(const Options& options) {
  if (options.into.empty() && options.warc.empty()) {
    return InvalidArgumentError("nothing would be kept of the pages: --into names an index, --warc a file");
  }
  if (LooksLikeAddress(options.into)) {
    return InvalidArgumentError("--into " + options.into + " looks like the address of a service, and pages only go into the folder of an index; ./" +
                                options.into + " is a folder of this name");
  }
  if (!options.settings.analyzer.empty()) RETURN_IF_ERROR(text::MakeAnalyzer(options.settings.analyzer).status());
  RETURN_IF_ERROR(crawler::Fetcher::CheckCertificates(options.ca_file));
  if (!options.into.empty()) RETURN_IF_ERROR(CheckIndexFolder(options.into));
  if (!options.state.empty()) RETURN_IF_ERROR(CheckState(options));
  return options.warc.empty() ? OkStatus() : crawler::WarcWriter::Check(PosixFileSystem(), options.warc);
}

// What is asked for may be something else than was meant.
void TellOfSeeds(const std::vector<std::string>& seeds, const std::vector<crawler::Url>& urls) {
  for (size_t i = 0; i < seeds.size(); ++i) {
    if (!HasScheme(seeds[i])) std::fprintf(stderr, "sakuin: took '%s' as %s\n", seeds[i].c_str(), urls[i].href().c_str());
  }
}

int RunCrawl(const Options& options) {
  Result<crawler::CrawlOptions> crawl = CrawlOptionsOf(options);
  if (!crawl.ok()) return FailUsage(crawl.status(), options.json);
  if (const Status places = CheckPlaces(options); !places.ok()) return FailUsage(places, options.json);
  TellOfSeeds(options.seeds, crawl->scope.seeds);
  std::unique_ptr<TemporaryFolder> temporary;
  if (options.state.empty()) {
    Result<std::unique_ptr<TemporaryFolder>> made = TemporaryFolder::Make();
    if (!made.ok()) return Fail(made.status(), options.json);
    temporary = *std::move(made);
  }
  ListenToSignals();
  CrawlResult result;
  const Status status = CrawlWith(options, *std::move(crawl), temporary == nullptr ? options.state : temporary->path(), result);
  if (!status.ok()) return Fail(status, options.json);
  const crawler::CrawlCounts& counts = result.counts;
  if (counts.private_refused > 0) {
    std::fprintf(stderr, "sakuin: %s not asked for: private addresses, which --allow-private permits\n", Counted(counts.private_refused, "URL").c_str());
  }
  if (options.json) {
    PrintLine(CrawlCountsJson(counts, &result.unsure));
  } else {
    PrintUnsure(result.unsure);
    PrintSummary(counts, options);
  }
  const bool was_refused = counts.errors > 0 || counts.private_refused > 0 || !counts.resting.empty() || !counts.out_of_scope.empty();
  return counts.fetched == counts.postponed && was_refused ? kExitFailed : kExitDone;
}

int RunReport(const Options& options) {
  FileSystem& fs = PosixFileSystem();
  const std::string path = JoinPath(options.report, crawler::kFetchLogFile);
  if (!fs.Exists(path)) {
    return Fail(NotFoundError(options.report + " holds no crawl: expected a folder that was given to sakuin crawl --state, with a file " +
                              crawler::kFetchLogFile),
                options.json);
  }
  crawler::CrawlRuns runs;
  const Result<uint64_t> broken = crawler::ReadFetchLog(fs, path, [&runs](const crawler::FetchRecord& record) { runs.Add(record); });
  if (!broken.ok()) return Fail(broken.status(), options.json);
  if (*broken > 0) std::fprintf(stderr, "sakuin: %s of the log could not be read\n", Counted(*broken, "line").c_str());
  if (!options.html.empty()) {
    const Status written = WriteFileAtomically(fs, options.html, CrawlReportHtml(runs));
    if (!written.ok()) return Fail(written, options.json);
  }
  if (options.json) {
    PrintLine(CrawlReportJson(runs));
  } else {
    std::fputs(CrawlReportText(runs).c_str(), stdout);
  }
  return kExitDone;
}

// By which an archive is known again.
std::string WarcName(const std::string& path) {
  for (const std::string_view end : {".warc", ".warc.gz", ".warc.zst"}) {
    if (path.ends_with(end)) return {};
  }
  return "expected a name that ends in .warc, .warc.gz or .warc.zst, found '" + path + "'";
}

// What robots.txt calls a crawler is the beginning of its name, and servers see it in a line.
std::string AgentName(const std::string& agent) {
  const bool is_line = std::all_of(agent.begin(), agent.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
  if (is_line && !crawler::ProductToken(agent).empty()) return {};
  return "expected a name that begins with a letter, in one line of ASCII, for instance 'mybot/1.0 (+https://example.com/bot)', found '" + text::Excerpt(agent) + "'";
}

// 0: no limit. A page in a quarter of an hour is the least that anybody means.
std::string Rate(const std::string& text) {
  constexpr double kLeast = 0.001;
  std::string wrong = IsNumber(0)(text);
  if (!wrong.empty() || std::strtod(text.c_str(), nullptr) == 0) return wrong;
  return IsNumber(kLeast)(text);
}

void AddLimits(CLI::App& command, Options& options) {
  constexpr double kMostSeconds = 1e6;
  command.add_option("--max-pages", options.max_pages, "ask for at most so many pages")->check(IsCount());
  command.add_option("--max-pages-per-host", options.max_host_pages, "ask each host for at most so many pages")->check(IsCount());
  command.add_option("--max-bytes-per-host", options.max_host_bytes, "ask a host for no more once it has sent so much, for instance 100M")->option_text("SIZE");
  command.add_option("--max-depth", options.max_depth, "at most so many links away from a seed")->check(IsNumber(0, UINT32_MAX));
  command.add_option("--allow", options.allow, "URLs beyond the hosts of the seeds: a regular expression (RE2), found anywhere in them")->allow_extra_args(false);
  command.add_option("--deny", options.deny, "URLs to leave out, likewise; counts before --allow")->allow_extra_args(false);
  command.add_option("--rate", options.rate, "requests per second of each host, the first for its robots.txt; 0: as fast as answers come")
      ->check(Rate, "")
      ->capture_default_str();
  command.add_option("--timeout", options.timeout, "seconds for an answer; a third of them for its first byte")
      ->check(IsNumber(0.1, 3600))
      ->capture_default_str();
  command.add_option("--per-host", options.per_host, "requests at once to each host")->check(IsNumber(1, 64))->capture_default_str();
  command.add_option("--connections", options.connections, "requests at once")->check(IsNumber(1, 4096))->capture_default_str();
  command.add_option("--patience", options.patience, "seconds to wait for hosts that refuse or fail, when nothing else is left")
      ->check(IsNumber(0, kMostSeconds))
      ->capture_default_str();
  command.add_flag("--allow-private", options.allow_private, "also private, loopback and link-local addresses");
  command.add_option("--ca", options.ca_file, "certificates to trust instead of those of the system (PEM)")
      ->option_text("FILE")
      ->check(CLI::ExistingFile);
  command.add_option("--agent", options.agent, "what servers and robots.txt are told to be asked by")->check(AgentName, "")->capture_default_str();
}

// What has no meaning beside `report` is refused beside it.
void ExcludeOthers(CLI::App& command, CLI::Option& report, const std::vector<const CLI::Option*>& allowed) {
  for (CLI::Option* option : command.get_options()) {
    const bool is_allowed = option == &report || option == command.get_help_ptr() || std::ranges::find(allowed, option) != allowed.end();
    if (!is_allowed) option->excludes(&report);
  }
}

}  // namespace

void AddCrawlCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("crawl", "fetch pages politely, from link to link, into an index");
  command->footer("Example: sakuin crawl --into ./web --state ./web.crawl https://example.com/\n         sakuin crawl --report ./web.crawl --html report.html");
  command->add_option("--into", options->into, "folder of the index that takes the pages; made when it is not there");
  command->add_option("--schema", options->settings.schema_file, "TOML or JSON file with the fields, for a new index");
  command->add_option("--analyzer", options->settings.analyzer, "analyzer of text fields, for a new index (default: auto)");
  command
      ->add_option("--warc", options->warc, "web archive (WARC 1.1) that takes every answer with its request, for instance pages.warc.gz, or .zst for Zstandard")
      ->check(WarcName, "");
  command->add_option("--duplicates", options->duplicates, "pages with the text and the name of a stored one: leave out long ones that are nearly the same, too (near), "
                                                           "only those with the same words (exact), or none (keep)")
      ->check(CLI::IsMember({"near", "exact", "keep"}))
      ->capture_default_str();
  command->add_option("--state", options->state, "folder that keeps the crawl: the same command goes on where it ended");
  command->add_flag("--recrawl", options->recrawl, "visit known pages again, if they have changed; with --state");
  command->add_flag("--due", options->due, "with --recrawl: only pages whose time has come, sooner for those that change often");
  AddLimits(*command, *options);
  CLI::Option* report = command->add_option("--report", options->report, "tell what came of the crawl with this --state");
  CLI::Option* html = command->add_option("--html", options->html, "with --report: write a page with charts, too")->needs(report);
  CLI::Option* json = command->add_flag("--json", options->json, "machine-readable output: a line a second, and one at the end");
  command->add_option("seeds", options->seeds, "where to begin");
  ExcludeOthers(*command, *report, {html, json});
  command->callback([&run, options] {
    if (options->seeds.empty() && options->report.empty()) throw CLI::RequiredError("SEED");
    // Here, as it is told first what has no meaning beside --report.
    if (options->due && !options->recrawl) throw CLI::RequiresError("--due", "--recrawl");
    if (options->recrawl && options->state.empty()) throw CLI::RequiresError("--recrawl", "--state");
    run = [options] { return options->report.empty() ? RunCrawl(*options) : RunReport(*options); };
  });
}

}  // namespace sakuin::cli
