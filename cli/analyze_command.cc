// sakuin analyze: the tokens that an analyzer makes of a text.

#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "text/analyzer.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string analyzer = "standard";
  bool query = false;
  bool json = false;
  std::string text;
};

void PrintToken(const text::Token& token, bool json) {
  if (json) {
    JsonWriter out;
    out.BeginObject().Key("term").String(token.term).Key("start").Number(token.start).Key("end").Number(token.end);
    out.Key("position").Number(token.position).Key("position_length").Number(token.position_length).EndObject();
    PrintLine(out.text());
  } else {
    std::printf("%4u  %-30s [%u,%u)%s\n", token.position, std::string(token.term).c_str(), token.start, token.end,
                token.position_length > 1 ? ("  spans " + std::to_string(token.position_length)).c_str() : "");
  }
}

int RunAnalyze(const Options& options) {
  const Result<std::shared_ptr<const text::Analyzer>> analyzer = text::MakeAnalyzer(options.analyzer);
  if (!analyzer.ok()) return FailUsage(analyzer.status(), options.json);
  if (!(*analyzer)->warning().empty()) std::fprintf(stderr, "note: %s\n", std::string((*analyzer)->warning()).c_str());
  text::TokenList tokens;
  (*analyzer)->Analyze(options.text, options.query ? text::AnalysisMode::kQuery : text::AnalysisMode::kIndex, tokens);
  for (const text::Token& token : tokens.tokens()) PrintToken(token, options.json);
  return kExitDone;
}

}  // namespace

void AddAnalyzeCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("analyze", "show the tokens of a text");
  command->footer("Example: sakuin analyze --analyzer japanese '東京都に住んでいる'");
  command->add_option("--analyzer", options->analyzer, "name of the analyzer")->capture_default_str();
  command->add_flag("--query", options->query, "as a query is analysed, not a document");
  command->add_flag("--json", options->json, "one JSON object per token");
  command->add_option("text", options->text, "the text")->required();
  command->callback([&run, options] { run = [options] { return RunAnalyze(*options); }; });
}

}  // namespace sakuin::cli
