// sakuin bench link: speed of linking over a text in memory.

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/keyword_files.h"
#include "keyword_linker/keyword_linker.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string keywords;
  bool all = false;
  bool longest = false;
  std::string boundaries = "auto";
  uint32_t repeat = 3;
  std::string path;
};

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Status RunLink(const Options& options) {
  ASSIGN_OR_RETURN(const std::string text, PosixFileSystem().ReadAll(options.path));
  const Clock::time_point before = Clock::now();
  ASSIGN_OR_RETURN(const keyword_linker::DictionaryView dictionary, LoadDictionary(options.keywords));
  const double load = SecondsSince(before);
  keyword_linker::LinkOptions how;
  how.kind = options.all ? keyword_linker::MatchKind::kAll : keyword_linker::MatchKind::kLongest;
  how.boundaries = options.boundaries == "none" ? keyword_linker::Boundaries::kNone : keyword_linker::Boundaries::kAuto;
  double best = std::numeric_limits<double>::infinity();
  uint64_t links = 0;
  for (uint32_t pass = 0; pass < options.repeat; ++pass) {
    links = 0;
    const Clock::time_point start = Clock::now();
    keyword_linker::LinkStream stream({dictionary}, how, [&links](const keyword_linker::Link&) { ++links; });
    stream.Feed(text);
    stream.Finish();
    best = std::min(best, SecondsSince(start));
  }
  JsonWriter out;
  out.BeginObject().Key("bytes").Number(uint64_t{text.size()}).Key("items").Number(uint64_t{dictionary.keywords()});
  out.Key("matches").Number(links).Key("seconds").Number(best).Key("per_second").Number(static_cast<double>(text.size()) / best);
  out.Key("load_seconds").Number(load).Key("memory_bytes").Number(uint64_t{dictionary.automaton_bytes()}).EndObject();
  PrintLine(out.text());
  return OkStatus();
}

}  // namespace

void AddBenchLink(CLI::App& bench, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* link = bench.add_subcommand("link", "speed of the keyword linker: bytes per second; items are keywords, memory is the automaton's");
  link->footer("Example: sakuin bench link --keywords site.dict --boundaries none articles.txt");
  link->add_option("--keywords", options->keywords, "dictionary, or file with a keyword per line")->required();
  CLI::Option* all = link->add_flag("--all", options->all, "every occurrence, overlapping ones too");
  link->add_flag("--longest", options->longest, "from the left, the longest keyword (the default)")->excludes(all);
  link->add_option("--boundaries", options->boundaries, "auto or none")->check(CLI::IsMember({"auto", "none"}))->capture_default_str();
  link->add_option("--repeat", options->repeat, "passes, of which the best counts")->check(CLI::Range(1, 1000))->capture_default_str();
  link->add_option("text", options->path, "file with the text")->required();
  link->callback([&run, options] {
    run = [options] {
      const Status status = RunLink(*options);
      return status.ok() ? kExitDone : Fail(status, false);
    };
  });
}

}  // namespace sakuin::cli
