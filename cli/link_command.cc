// sakuin link: a text with its keywords as links.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "base/counted.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/keyword_files.h"
#include "indexer/byte_input.h"
#include "keyword_linker/html_linker.h"
#include "keyword_linker/link_counts.h"
#include "keyword_linker/live_folder.h"
#include "keyword_linker/markdown_linker.h"
#include "text/utf8.h"

namespace sakuin::cli {
namespace {

using keyword_linker::Link;

struct Options {
  std::vector<std::string> dictionaries;
  std::string stop;
  bool html = false;
  bool all = false;
  bool first = false;
  bool longest = false;
  std::string boundaries = "auto";
  uint64_t most_per_keyword = 0;
  uint64_t most_links = 0;
  bool json = false;
  bool count = false;
  std::string path = "-";
};

// Shows links as they come: as JSON lines, or inside the text, of which what is
// not yet decided is held.
class LinkPrinter {
 public:
  explicit LinkPrinter(const Options& options) : options_(options) {}

  void AddText(std::string_view text) { pending_.append(text); }

  void Show(const Link& link) {
    const std::string_view text = std::string_view(pending_).substr(link.start - begins_, link.end - link.start);
    const keyword_linker::Entry entry = link.EntryFor(text);
    if (options_.json) return ShowJson(link, entry, text);
    if (options_.all) return ShowLine(link, entry, text);
    ShowUpTo(link.start);
    const std::string shown = options_.html ? "<a href=\"" + Escaped(entry.target) + "\">" + std::string(text) + "</a>"
                                            : "[" + std::string(text) + "](" + MarkdownTarget(entry.target) + ")";
    std::fwrite(shown.data(), 1, shown.size(), stdout);
    shown_ = link.end;
  }

  void ShowRest() {
    if (InText()) ShowUpTo(begins_ + pending_.size());
  }

  // Nothing before `decided` becomes a link any more.
  void Forget(uint64_t decided) {
    if (InText()) ShowUpTo(decided);
    const uint64_t until = InText() ? shown_ : decided;
    if (until <= begins_) return;
    pending_.erase(0, until - begins_);
    begins_ = until;
  }

 private:
  bool InText() const { return !options_.json && !options_.all; }

  void ShowUpTo(uint64_t until) {
    if (until <= shown_) return;
    std::fwrite(pending_.data() + (shown_ - begins_), 1, until - shown_, stdout);
    shown_ = until;
  }

  // For the value of an attribute.
  static std::string Escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
      switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        default: escaped += c;
      }
    }
    return escaped;
  }

  // For Markdown: as it is, or in angle brackets where a blank or a parenthesis would end it.
  static std::string MarkdownTarget(std::string_view target) {
    if (target.find_first_of(" \t()<>") == std::string_view::npos) return std::string(target);
    std::string bracketed = "<";
    for (const char c : target) {
      if (c == '<' || c == '>') bracketed += '\\';
      bracketed += c;
    }
    return bracketed + ">";
  }

  // Occurrences that overlap cannot stand inside the text.
  static void ShowLine(const Link& link, const keyword_linker::Entry& entry, std::string_view text) {
    std::printf("%llu\t%llu\t%s\t%s\n", static_cast<unsigned long long>(link.start), static_cast<unsigned long long>(link.end),
                std::string(text).c_str(), std::string(entry.target).c_str());
  }

  static void ShowJson(const Link& link, const keyword_linker::Entry& entry, std::string_view text) {
    JsonWriter out;
    out.BeginObject().Key("start").Number(link.start).Key("end").Number(link.end).Key("text").String(text);
    out.Key("keyword").String(entry.keyword).Key("target").String(entry.target).EndObject();
    PrintLine(out.text());
  }

  const Options& options_;
  std::string pending_;   // bytes of the text from begins_ on
  uint64_t begins_ = 0;
  uint64_t shown_ = 0;
};

// How often keywords of live dictionaries are linked; in their folders now and then, and at the end.
class Counter {
 public:
  // INVALID_ARGUMENT where --count is given and no dictionary is live.
  Status Start(const Options& options) {
    if (!options.count) return OkStatus();
    for (const std::string& path : options.dictionaries) {
      if (keyword_linker::IsLiveDictionary(PosixFileSystem(), path)) folders_[path] = {};
    }
    for (const std::string& path : options.dictionaries) {
      const auto at = folders_.find(path);
      counts_.push_back(at == folders_.end() ? nullptr : &at->second);
    }
    if (!folders_.empty()) return OkStatus();
    return InvalidArgumentError("--count counts in live dictionaries, and none is given; sakuin keywords init makes one");
  }

  void Count(const Link& link) {
    if (!folders_.empty() && counts_[link.dictionary] != nullptr) counts_[link.dictionary]->Add(link.entry().keyword);
  }

  // What cannot be written now is kept for the next time: the text goes on.
  void FlushNowAndThen() {
    if (Clock::now() - last_ < wait_) return;
    wait_ = Flush().ok() ? kBetween : kBetweenTries;
    last_ = Clock::now();
  }

  // All folders, whatever happens to one; the first error.
  Status Flush() {
    Status first;
    for (auto& [folder, counts] : folders_) {
      Status flushed = counts.Flush(PosixFileSystem(), folder);
      if (first.ok() && !flushed.ok()) first = flushed.WithContext("links are not counted in " + folder);
    }
    return first;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kBetween{10};
  static constexpr std::chrono::seconds kBetweenTries{100};  // each may wait some seconds for others

  std::map<std::string, keyword_linker::LinkCounts> folders_;
  std::vector<keyword_linker::LinkCounts*> counts_;  // of each dictionary; null: it is not live
  Clock::time_point last_ = Clock::now();
  Clock::duration wait_ = kBetween;
};

Result<std::vector<std::string>> StopWords(const std::string& path, uint64_t& broken) {
  std::vector<std::string> words;
  if (path.empty()) return words;
  const auto take = [&words](const keyword_linker::Entry& entry) {
    if (entry.keyword.empty()) return InvalidArgumentError("the line begins with a tab; expected a keyword");
    words.emplace_back(entry.keyword);
    return OkStatus();
  };
  KeywordCounts counts;
  RETURN_IF_ERROR(ForEachKeyword(path, take, counts));
  if (counts.broken > 0) std::fprintf(stderr, "sakuin: %s: %s\n", path.c_str(), LeftOut(counts).c_str());
  broken += counts.broken;
  return words;
}

Result<keyword_linker::LinkOptions> OptionsOf(const Options& options, uint64_t& broken) {
  keyword_linker::LinkOptions made;
  made.kind = options.all     ? keyword_linker::MatchKind::kAll
              : options.first ? keyword_linker::MatchKind::kFirst
                              : keyword_linker::MatchKind::kLongest;
  made.boundaries = options.boundaries == "none" ? keyword_linker::Boundaries::kNone : keyword_linker::Boundaries::kAuto;
  made.most_per_keyword = options.most_per_keyword;
  made.most_links = options.most_links;
  ASSIGN_OR_RETURN(made.stop, StopWords(options.stop, broken));
  return made;
}

// Tells of a text that is hardly UTF-8, once: no keyword is found where it is not.
class EncodingWarning {
 public:
  explicit EncodingWarning(std::string name) : name_(std::move(name)) {}

  void See(std::string_view chunk) {
    if (told_) return;
    for (size_t at = 0; at < chunk.size();) {
      const text::DecodedCodePoint c = text::DecodeUtf8(chunk, at);
      strange_ += !c.valid || c.value == 0 ? 1 : 0;
      at += c.bytes;
    }
    bytes_ += chunk.size();
    if (strange_ < kLeast || strange_ < bytes_ / kShare) return;
    told_ = true;
    std::fprintf(stderr, "note: %s is hardly UTF-8, and keywords are found in UTF-8 only; convert it, for instance with iconv\n", name_.c_str());
  }

 private:
  static constexpr uint64_t kLeast = 4;
  static constexpr uint64_t kShare = 50;

  const std::string name_;
  uint64_t bytes_ = 0;
  uint64_t strange_ = 0;
  bool told_ = false;
};

// Feeds the whole input to `linker`, and forgets what it has decided.
template <typename Linker>
Status Feed(indexer::ByteInput& input, Linker& linker, LinkPrinter& printer, Counter& counter) {
  std::string buffer(size_t{1} << 16, '\0');
  EncodingWarning warning(input.name());
  for (;;) {
    size_t got = 0;
    counter.FlushNowAndThen();
    ASSIGN_OR_RETURN(const indexer::ReadState state, input.Read(buffer.data(), buffer.size(), got));
    if (state == indexer::ReadState::kEnd) break;
    if (state == indexer::ReadState::kWouldBlock) {
      std::fflush(stdout);
      input.WaitReadable(std::chrono::seconds(1));
      continue;
    }
    warning.See({buffer.data(), got});
    printer.AddText({buffer.data(), got});
    linker.Feed({buffer.data(), got});
    printer.Forget(linker.decided());
  }
  linker.Finish();
  printer.ShowRest();
  return OkStatus();
}

// An error of the counts shows when the text is through.
template <typename Linker>
Status ReadAll(indexer::ByteInput& input, Linker& linker, LinkPrinter& printer, Counter& counter) {
  const Status fed = Feed(input, linker, printer, counter);
  const Status counted = counter.Flush();
  return fed.ok() ? counted : fed;
}

Result<std::unique_ptr<indexer::ByteInput>> OpenText(const std::string& path) {
  if (path == "-") return indexer::ByteInput::FromDescriptor(STDIN_FILENO, "standard input");
  return indexer::ByteInput::Open(path);
}

// Standard input is one thing only.
Status CheckInputs(const Options& options) {
  const auto dashes = std::count(options.dictionaries.begin(), options.dictionaries.end(), "-") + (options.stop == "-" ? 1 : 0);
  if (dashes > 1) return InvalidArgumentError("standard input (-) is given twice; give files to --keywords and --stop, at most one of them -");
  if (dashes == 0 || options.path != "-") return OkStatus();
  const std::string option = options.stop == "-" ? "--stop" : "--keywords";
  return InvalidArgumentError(option + " - reads standard input, where the text comes from too; give a file with the text, or a file to " + option);
}

// Who writes --keywords a.tsv b.tsv means two lists; the second is the text.
Status CheckText(const Options& options) {
  if (options.path == "-") return OkStatus();
  if (keyword_linker::IsOrWasLiveDictionary(PosixFileSystem(), options.path) || IsCompiled(options.path)) {
    return InvalidArgumentError(options.path +
                                " is a dictionary, and stands where the text is expected; every dictionary takes a --keywords before it");
  }
  const auto extension = [](const std::string& path) { return std::filesystem::path(path).extension(); };
  const auto is_alike = [&](const std::string& path) { return !extension(path).empty() && extension(path) == extension(options.path); };
  if (std::any_of(options.dictionaries.begin(), options.dictionaries.end(), is_alike)) {
    std::fprintf(stderr, "note: %s is taken for the text; a further list of keywords takes a --keywords before it\n", options.path.c_str());
  }
  return OkStatus();
}

// `broken`: lines of keywords that were left out.
Status LinkText(const Options& options, uint64_t& broken) {
  std::vector<keyword_linker::DictionaryView> dictionaries;
  for (const std::string& path : options.dictionaries) {
    ASSIGN_OR_RETURN(keyword_linker::DictionaryView dictionary, LoadDictionary(path, {}, &broken));
    dictionaries.push_back(std::move(dictionary));
  }
  ASSIGN_OR_RETURN(const keyword_linker::LinkOptions how, OptionsOf(options, broken));
  LinkPrinter printer(options);
  Counter counter;
  RETURN_IF_ERROR(counter.Start(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<indexer::ByteInput> input, OpenText(options.path));
  const auto show = [&](const Link& link) {
    printer.Show(link);
    counter.Count(link);
  };
  if (options.html) {
    keyword_linker::HtmlLinker linker(dictionaries, how, show);
    return ReadAll(*input, linker, printer, counter);
  }
  if (!options.json && !options.all) {  // what is shown is Markdown
    keyword_linker::MarkdownLinker linker(dictionaries, how, show);
    return ReadAll(*input, linker, printer, counter);
  }
  keyword_linker::LinkStream linker(dictionaries, how, show);
  return ReadAll(*input, linker, printer, counter);
}

int RunLink(const Options& options) {
  if (const Status inputs = CheckInputs(options); !inputs.ok()) return FailUsage(inputs, options.json);
  if (const Status text = CheckText(options); !text.ok()) return FailUsage(text, options.json);
  uint64_t broken = 0;
  const Status status = LinkText(options, broken);
  if (!status.ok()) return Fail(status, options.json);
  if (broken == 0) return kExitDone;
  return Fail(InvalidArgumentError("all is linked but for " + Counted(broken, "broken line") + " of keywords"), options.json);
}

}  // namespace

void AddLinkCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("link", "link the keywords of a dictionary in a text");
  command->footer("Example: echo 'From Tokyo to Kyoto' | sakuin link --keywords cities.tsv -");
  command->add_option("--keywords", options->dictionaries,
                   "dictionary, folder of a live one, or file of keyword<TAB>target<TAB>priority lines; of several the first wins ties")
      ->required()
      ->option_text("FILE REQUIRED (may be given again)")
      ->allow_extra_args(false);
  command->add_flag("--html", options->html, "the text is HTML: links stand in its text only, all other bytes stay as they are");
  CLI::Option* all = command->add_flag("--all", options->all,
                                       "every occurrence in the order of the text, overlapping ones too, those that begin together the longest first; "
                                       "each in a line: start, end, text, target");
  CLI::Option* longest = command->add_flag("--longest", options->longest, "from the left, the longest keyword (the default)")->excludes(all);
  command->add_flag("--first", options->first, "from the left, the keyword of highest priority")->excludes(all)->excludes(longest);
  command->add_option("--boundaries", options->boundaries, "auto: whole words where the script has blanks; none: anywhere")
      ->check(CLI::IsMember({"auto", "none"}))
      ->capture_default_str();
  command->add_option("--stop", options->stop, "file of keywords that are not linked, one per line, as --keywords takes them");
  command->add_option("--max-per-keyword", options->most_per_keyword, "at most so many links of one keyword (default: no limit)")->check(IsCount());
  command->add_option("--max-links", options->most_links, "at most so many links (default: no limit)")->check(IsCount());
  command->add_flag("--count", options->count, "count the links of live dictionaries for sakuin keywords stats");
  command->add_flag("--json", options->json, "one JSON object per link");
  command->add_option("path", options->path, "file, or - for standard input")->capture_default_str();
  command->callback([&run, options] { run = [options] { return RunLink(*options); }; });
}

}  // namespace sakuin::cli
