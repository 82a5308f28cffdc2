// sakuin keywords init, add, delete, fold, versions, rollback, stats: a dictionary
// that changes while texts are linked with it.

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/counted.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input_lines.h"
#include "cli/keyword_files.h"
#include "keyword_linker/link_counts.h"
#include "keyword_linker/live_dictionary.h"
#include "text/utf8_repair.h"

namespace sakuin::cli {
namespace {

using keyword_linker::Entry;
using keyword_linker::LiveDictionary;

// What has come is committed at least so often, while more comes.
constexpr std::chrono::milliseconds kBetweenCommits{200};
constexpr uint64_t kShownMissing = 20;

struct Options {
  std::string folder;
  bool json = false;
  bool acks = false;
  uint64_t version = 0;
  uint64_t top = 20;
  std::vector<std::string> sources;
};

enum class Change { kAdd, kDelete };

Result<std::unique_ptr<LiveDictionary>> OpenLive(const Options& options) { return LiveDictionary::Open(PosixFileSystem(), options.folder, {}); }

// The exit code where nothing went wrong but some lines.
int EndWith(const KeywordCounts& counts, const Options& options) {
  if (counts.broken == 0) return kExitDone;
  return Fail(InvalidArgumentError(LeftOut(counts)), options.json);
}

Status Init(const Options& options, KeywordCounts& counts) {
  keyword_linker::DictionaryBuilder builder;
  for (const std::string& source : options.sources) RETURN_IF_ERROR(AddKeywords(source, builder, counts));
  if (builder.entries() == 0 && counts.broken > 0) return InvalidArgumentError("no line is a keyword; nothing was written");
  return LiveDictionary::Create(PosixFileSystem(), options.folder, builder);
}

Status PrintVersion(const Options& options, const KeywordCounts* counts) {
  ASSIGN_OR_RETURN(const keyword_linker::LiveState state, keyword_linker::ReadLiveState(PosixFileSystem(), options.folder));
  const auto current = std::find_if(state.versions.begin(), state.versions.end(), [&](const auto& each) { return each.number == state.current; });
  if (!options.json) {
    std::fprintf(stderr, "version %llu, %s\n", static_cast<unsigned long long>(current->number), Counted(current->keywords, "keyword").c_str());
    return OkStatus();
  }
  JsonWriter out;
  out.BeginObject().Key("version").Number(current->number).Key("keywords").Number(current->keywords);
  if (counts != nullptr) out.Key("errors").Number(counts->broken);
  PrintLine(out.EndObject().text());
  return OkStatus();
}

int RunInit(const Options& options) {
  KeywordCounts counts;
  Status status = Init(options, counts);
  if (status.ok()) status = PrintVersion(options, &counts);
  return status.ok() ? EndWith(counts, options) : Fail(status, options.json);
}

// Takes lines and commits what has come whenever nothing more comes for now.
class Changing {
 public:
  Changing(const Options& options, Change change, LiveDictionary& live) : options_(options), change_(change), live_(live) {}

  Status ReadAll(KeywordCounts& counts) {
    for (const std::string& source : options_.sources) {
      const auto take = [this](const Entry& entry) { return Take(entry); };
      const auto idle = [this] { return CommitNowAndThen(); };
      RETURN_IF_ERROR(ReadKeywords(source, take, idle, counts));
    }
    return Commit();
  }

  uint64_t missing() const { return missing_; }

 private:
  using Clock = std::chrono::steady_clock;

  Status Take(const Entry& entry) {
    ++taken_;
    if (change_ == Change::kAdd) return live_.Add(entry);
    live_.Delete(entry.keyword);
    return OkStatus();
  }

  Status CommitNowAndThen() { return Clock::now() - last_ < kBetweenCommits ? OkStatus() : Commit(); }

  Status Commit() {
    if (taken_ == committed_) return OkStatus();
    RETURN_IF_ERROR(live_.Commit());
    for (const std::string& keyword : live_.TakeMissing()) TellMissing(keyword);
    committed_ = taken_;
    last_ = Clock::now();
    if (!options_.acks) return OkStatus();
    std::printf("acknowledged %llu\n", static_cast<unsigned long long>(committed_));
    std::fflush(stdout);
    return OkStatus();
  }

  // What was to be deleted and is not there; perhaps it is spelled otherwise.
  void TellMissing(const std::string& keyword) {
    if (++missing_ > kShownMissing) return;
    const std::string other = SpelledOtherwise(keyword);
    std::fprintf(stderr, "note: '%s' is not in the dictionary%s\n", text::Excerpt(keyword, std::string::npos).c_str(),
                 other.empty() ? "" : (", where it is spelled '" + text::Excerpt(other, std::string::npos) + "'").c_str());
    if (missing_ == kShownMissing) std::fputs("note: further keywords that are not there are counted, not shown\n", stderr);
  }

  std::string SpelledOtherwise(const std::string& keyword) const {
    const auto view = live_.Snapshot();
    for (const keyword_linker::DictionaryLayer& layer : view->layers()) {
      const auto number = layer.dictionary->Find(keyword);
      if (number.has_value() && layer.Shows(*number)) return std::string(layer.dictionary->entry(layer.dictionary->FirstEntry(*number)).keyword);
    }
    return "";
  }

  const Options& options_;
  const Change change_;
  LiveDictionary& live_;
  uint64_t missing_ = 0;
  uint64_t taken_ = 0;
  uint64_t committed_ = 0;
  Clock::time_point last_{};
};

Status PrintChanges(const Options& options, Change change, const LiveDictionary& live, const KeywordCounts& counts, uint64_t missing) {
  if (!options.json) {
    std::fprintf(stderr, "%s of %s %s; %s now\n", std::to_string(live.changes()).c_str(), Counted(counts.lines, "line").c_str(),
                 change == Change::kAdd ? "added or replaced" : "deleted", Counted(live.keywords(), "keyword").c_str());
    return OkStatus();
  }
  JsonWriter out;
  out.BeginObject().Key("lines").Number(counts.lines).Key("changed").Number(live.changes()).Key("keywords").Number(live.keywords());
  out.Key("errors").Number(counts.broken);
  if (change == Change::kDelete) out.Key("missing").Number(missing);
  PrintLine(out.EndObject().text());
  return OkStatus();
}

int RunChange(const Options& options, Change change) {
  Result<std::unique_ptr<LiveDictionary>> live = OpenLive(options);
  if (!live.ok()) return Fail(live.status(), options.json);
  KeywordCounts counts;
  Changing changing(options, change, **live);
  Status status = changing.ReadAll(counts);
  if (const Status folded = (*live)->WaitForFold(); !folded.ok()) {
    std::fprintf(stderr, "sakuin: all changes are durable, but no new version could be made of them: %s\n", folded.ToString().c_str());
  }
  if (status.ok()) status = PrintChanges(options, change, **live, counts, changing.missing());
  return status.ok() ? EndWith(counts, options) : Fail(status, options.json);
}

Status Fold(const Options& options) {
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<LiveDictionary> live, OpenLive(options));
    RETURN_IF_ERROR(live->Fold());
  }
  return PrintVersion(options, nullptr);
}

Status RollBack(const Options& options) {
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<LiveDictionary> live, OpenLive(options));
    RETURN_IF_ERROR(live->RollBack(options.version));
  }
  return PrintVersion(options, nullptr);
}

std::string Date(int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  std::string text(32, '\0');
  text.resize(::gmtime_r(&time, &parts) == nullptr ? 0 : std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
  return text;
}

Status ShowVersions(const Options& options) {
  ASSIGN_OR_RETURN(const keyword_linker::LiveState state, keyword_linker::ReadLiveState(PosixFileSystem(), options.folder));
  JsonWriter out;
  out.BeginObject().Key("current").Number(state.current).Key("versions").BeginArray();
  for (const keyword_linker::DictionaryVersion& version : state.versions) {
    out.BeginObject().Key("version").Number(version.number).Key("keywords").Number(version.keywords);
    out.Key("made").String(Date(version.made)).EndObject();
    if (options.json) continue;
    std::printf("%llu\t%s\t%s%s\n", static_cast<unsigned long long>(version.number), Date(version.made).c_str(),
                Counted(version.keywords, "keyword").c_str(), version.number == state.current ? "\tcurrent" : "");
  }
  if (options.json) PrintLine(out.EndArray().EndObject().text());
  return OkStatus();
}

Status ShowStats(const Options& options) {
  RETURN_IF_ERROR(keyword_linker::ReadLiveState(PosixFileSystem(), options.folder).status());
  ASSIGN_OR_RETURN(const keyword_linker::CountsByKeyword counts, keyword_linker::ReadLinkCounts(PosixFileSystem(), options.folder));
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  uint64_t links = 0;
  for (const auto& [keyword, count] : sorted) links += count;
  JsonWriter out;
  out.BeginObject().Key("linked_keywords").Number(uint64_t{sorted.size()}).Key("links").Number(links).Key("top").BeginArray();
  for (size_t i = 0; i < sorted.size() && i < options.top; ++i) {
    out.BeginObject().Key("keyword").String(sorted[i].first).Key("links").Number(sorted[i].second).EndObject();
    if (!options.json) std::printf("%llu\t%s\n", static_cast<unsigned long long>(sorted[i].second), sorted[i].first.c_str());
  }
  if (options.json) PrintLine(out.EndArray().EndObject().text());
  return OkStatus();
}

CLI::App* AddOne(CLI::App& keywords, Run& run, const std::shared_ptr<Options>& options, const char* name, const char* what,
                 int (*act)(const Options&)) {
  CLI::App* command = keywords.add_subcommand(name, what);
  command->add_option("--dict", options->folder, "folder of the live dictionary, which sakuin keywords init makes")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options, act] { run = [options, act] { return act(*options); }; });
  return command;
}

template <Status (*Act)(const Options&)>
int RunOne(const Options& options) {
  const Status status = Act(options);
  return status.ok() ? kExitDone : Fail(status, options.json);
}

void AddChanges(CLI::App& keywords, Run& run, const std::shared_ptr<Options>& options) {
  CLI::App* add = AddOne(keywords, run, options, "add", "add keywords to a live dictionary, or replace them",
                         [](const Options& o) { return RunChange(o, Change::kAdd); });
  add->footer("Example: printf 'Tokyo\\t/wiki/Tokyo\\n' | sakuin keywords add --dict site.keywords -");
  CLI::App* erase = AddOne(keywords, run, options, "delete", "delete keywords of a live dictionary; they have to be spelled as there",
                           [](const Options& o) { return RunChange(o, Change::kDelete); });
  erase->footer("Example: echo Tokyo | sakuin keywords delete --dict site.keywords -");
  for (CLI::App* command : {add, erase}) {
    command->add_flag("--acks", options->acks, "print `acknowledged N` when the first N keywords have become durable");
    command->add_option("sources", options->sources, "files of keyword<TAB>target lines (to delete, of keywords), or - for standard input")->required();
  }
}

}  // namespace

void AddLiveKeywordsCommands(CLI::App& keywords, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* init = AddOne(keywords, run, options, "init", "make a live dictionary: a folder of keywords that can be changed while texts are linked with it", RunInit);
  init->footer("Example: sakuin keywords init --dict site.keywords titles.tsv.gz && sakuin link --keywords site.keywords page.txt");
  init->add_option("sources", options->sources, "files of keyword<TAB>target lines, or - for standard input; none: an empty dictionary");
  AddChanges(keywords, run, options);
  AddOne(keywords, run, options, "fold", "make a version of a live dictionary of what was changed since the last one", RunOne<Fold>)
      ->footer("By itself this happens after 50,000 changes. A version is what one can roll back to, and is opened fastest.\n"
               "Example: sakuin keywords fold --dict site.keywords");
  AddOne(keywords, run, options, "versions", "list the versions of a live dictionary that one can roll back to", RunOne<ShowVersions>)
      ->footer("Example: sakuin keywords versions --dict site.keywords");
  CLI::App* rollback = AddOne(keywords, run, options, "rollback", "go back to an earlier version of a live dictionary", RunOne<RollBack>);
  rollback->add_option("version", options->version, "number, as sakuin keywords versions lists it")->required();
  rollback->footer("What there is now becomes a version too, so that one can go forth again.\n"
                   "Example: sakuin keywords versions --dict site.keywords && sakuin keywords rollback --dict site.keywords 1");
  CLI::App* stats = AddOne(keywords, run, options, "stats", "show which keywords were linked most often, as sakuin link --count has counted", RunOne<ShowStats>);
  stats->footer("Example: sakuin link --count --keywords site.keywords page.txt >linked.txt; sakuin keywords stats --dict site.keywords");
  stats->add_option("--top", options->top, "show so many, the most frequent first")->capture_default_str();
}

}  // namespace sakuin::cli
