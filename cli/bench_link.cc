// sakuin bench link: speed of linking over a text in memory.

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

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

// FNV-1a of where all links begin and end, in the order of the text, the longest first: equal for programs that find the same.
uint64_t DigestOf(const keyword_linker::DictionaryView& dictionary, const keyword_linker::LinkOptions& how, std::string_view text) {
  std::vector<std::pair<uint64_t, uint64_t>> spans;
  keyword_linker::LinkStream stream({dictionary}, how, [&spans](const keyword_linker::Link& link) { spans.emplace_back(link.start, ~link.end); });
  stream.Feed(text);
  stream.Finish();
  std::sort(spans.begin(), spans.end());
  uint64_t digest = 0xCBF29CE484222325;
  for (const auto& [start, end] : spans) digest = ((digest ^ start) * 0x100000001B3 ^ ~end) * 0x100000001B3;
  return digest;
}

std::string InHexadecimal(uint64_t number) {
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016" PRIx64, number);
  return digits;
}

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
  out.Key("load_seconds").Number(load).Key("memory_bytes").Number(uint64_t{dictionary.automaton_bytes()});
  out.Key("digest").String(InHexadecimal(DigestOf(dictionary, how, text))).EndObject();
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
