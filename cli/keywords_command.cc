// sakuin keywords build: compiles keywords into a dictionary.

#include <cstdio>

#include "base/counted.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/keyword_files.h"
#include "cli/output_file.h"

namespace sakuin::cli {
namespace {

using keyword_linker::Dictionary;

struct Options {
  std::string out;
  bool json = false;
  std::vector<std::string> sources;
};

Status Build(const Options& options, KeywordCounts& counts, uint64_t& replaced) {
  RETURN_IF_ERROR(CheckOutput("--out", options.out, options.sources, {"SAKUINKW", "dictionary"}));
  keyword_linker::DictionaryBuilder builder;
  for (const std::string& source : options.sources) RETURN_IF_ERROR(AddKeywords(source, builder, counts));
  if (builder.entries() == 0 && counts.broken > 0) return InvalidArgumentError("no line is a keyword; nothing was written");
  Status written = builder.Write(PosixFileSystem(), options.out);
  replaced = builder.replaced();
  return written;
}

// Of keywords that differ in case and form only one is linked.
std::string Folded(const Dictionary& dictionary) {
  if (dictionary.keywords() == dictionary.entries()) return "";
  return " (" + std::to_string(dictionary.keywords()) + " where case and form do not count)";
}

std::string Size(uint64_t bytes) {
  char text[40];
  const double number = static_cast<double>(bytes);
  std::snprintf(text, sizeof(text), bytes < 1'000'000 ? "%.1f kB" : "%.1f MB", number / (bytes < 1'000'000 ? 1e3 : 1e6));
  return text;
}

int RunBuild(const Options& options) {
  KeywordCounts counts;
  uint64_t replaced = 0;
  if (Status status = Build(options, counts, replaced); !status.ok()) return Fail(status, options.json);
  const Result<std::unique_ptr<Dictionary>> written = Dictionary::Open(PosixFileSystem(), options.out);
  if (!written.ok()) return Fail(written.status(), options.json);
  const Dictionary& dictionary = **written;
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("keywords").Number(uint64_t{dictionary.entries()}).Key("distinct").Number(uint64_t{dictionary.keywords()});
    out.Key("errors").Number(counts.broken).Key("replaced").Number(replaced).Key("bytes").Number(uint64_t{dictionary.bytes()}).EndObject();
    PrintLine(out.text());
  } else {
    std::fprintf(stderr, "%s%s in %s: %s\n", Counted(dictionary.entries(), "keyword").c_str(), Folded(dictionary).c_str(), options.out.c_str(),
                 Size(dictionary.bytes()).c_str());
    if (replaced > 0) std::fprintf(stderr, "%s left out, since the same keyword stands in another\n", Counted(replaced, "line").c_str());
  }
  if (counts.broken == 0) return kExitDone;
  return Fail(InvalidArgumentError(LeftOut(counts)), options.json);
}

}  // namespace

void AddKeywordsCommand(CLI::App& app, Run& run) {
  CLI::App* keywords = app.add_subcommand("keywords", "make dictionaries of keywords, and change them: what sakuin link makes links of");
  keywords->require_subcommand(1);
  keywords->footer(
      "A dictionary is a file, built once and then used (build), or a folder, which changes while it is in use: a live dictionary (all others).\n"
      "Example: sakuin keywords build --out site.dict titles.tsv && echo 'From Tokyo to Kyoto' | sakuin link --keywords site.dict -");
  const auto options = std::make_shared<Options>();
  CLI::App* build = keywords->add_subcommand("build", "compile keywords into a dictionary that opens in milliseconds");
  build->footer("A line is a keyword, a tab and what it links to; then, after another tab, a priority: of keywords that differ in case only, the one\n"
      "with the higher one is linked. A keyword alone links to itself. Of lines with the same keyword the one with the higher priority counts,\n"
      "then the last, also over several files.\nExample: sakuin keywords build --out site.dict titles.tsv.gz");
  build->add_option("--out", options->out, "the dictionary: a file to write")->required();
  build->add_flag("--json", options->json, "machine-readable output");
  build->add_option("sources", options->sources, "files of keyword<TAB>target lines (also .gz and .zst), or - for standard input")->required();
  build->callback([&run, options] { run = [options] { return RunBuild(*options); }; });
  AddLiveKeywordsCommands(*keywords, run);
}

}  // namespace sakuin::cli
