// sakuin bench: speed of the parts alone, for comparison with other programs.
//
// serve-queries speaks the protocol of the search benchmark game: one
// COMMAND<TAB>QUERY a line in, one number a line out.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "searcher/searcher.h"
#include "text/analyzer.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct ServeOptions {
  std::string index;
  double k1 = 0.9;
  double b = 0.4;
  bool hits = false;
};

struct AnalyzeOptions {
  std::string analyzer = "standard";
  std::string path;
};

class QueryServer {
 public:
  QueryServer(const searcher::Searcher& searcher, const ServeOptions& options) : searcher_(searcher), hits_(options.hits) {
    request_.ranking.kind = searcher::RankingKind::kBm25;
    request_.ranking.k1 = static_cast<float>(options.k1);
    request_.ranking.b = static_cast<float>(options.b);
    request_.documents = false;
  }

  std::string Answer(const std::string& line) {
    const size_t tab = line.find('\t');
    if (tab == std::string::npos) return "UNSUPPORTED";
    const std::string command = line.substr(0, tab);
    request_.query = searcher::ParseGame(line.substr(tab + 1));
    if (command == "COUNT") return AnswerCount();
    static const std::pair<const char*, uint32_t> kTops[] = {
        {"TOP_10", 10}, {"TOP_100", 100}, {"TOP_1000", 1000}, {"TOP_10_COUNT", 10}, {"TOP_100_COUNT", 100}};
    for (const auto& [name, top] : kTops) {
      if (command == name) return AnswerTop(top, command.ends_with("COUNT"));
    }
    return "UNSUPPORTED";
  }

 private:
  std::string AnswerCount() const {
    const Result<uint64_t> count = searcher_.Count(request_.query);
    return count.ok() ? std::to_string(*count) : Unsupported(count.status());
  }

  std::string AnswerTop(uint32_t top, bool count) {
    request_.top = top;
    request_.exact_total = count;
    const Result<searcher::SearchAnswer> answer = searcher_.Search(request_);
    if (!answer.ok()) return Unsupported(answer.status());
    std::string line = count ? std::to_string(answer->total) : "1";
    for (const searcher::Hit& hit : answer->hits) {
      if (!hits_) break;
      char score[32];
      std::snprintf(score, sizeof(score), "%.9g", static_cast<double>(hit.score));
      line += " " + hit.key + ":" + score;
    }
    return line;
  }

  static std::string Unsupported(const Status& status) {
    std::fprintf(stderr, "sakuin: %s\n", std::string(status.message()).c_str());
    return "UNSUPPORTED";
  }

  const searcher::Searcher& searcher_;
  bool hits_;
  searcher::SearchRequest request_;
};

int RunServe(const ServeOptions& options) {
  if (Status status = PrepareToRead(options.index); !status.ok()) return Fail(status, false);
  const Result<std::unique_ptr<searcher::Searcher>> searcher = searcher::Searcher::Open(PosixFileSystem(), options.index);
  if (!searcher.ok()) return Fail(searcher.status(), false);
  QueryServer server(**searcher, options);
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << server.Answer(line) << '\n' << std::flush;
  }
  return kExitDone;
}

int RunAnalyze(const AnalyzeOptions& options) {
  const Result<std::string> text = PosixFileSystem().ReadAll(options.path);
  if (!text.ok()) return Fail(text.status(), false);
  const Clock::time_point before = Clock::now();
  const Result<std::shared_ptr<const text::Analyzer>> analyzer = text::MakeAnalyzer(options.analyzer);
  if (!analyzer.ok()) return FailUsage(analyzer.status(), false);
  const double load = std::chrono::duration<double>(Clock::now() - before).count();
  double best = 1e30;
  uint64_t items = 0;
  uint64_t tokens_made = 0;
  for (int pass = 0; pass < 3; ++pass) {
    text::TokenList tokens;
    items = tokens_made = 0;
    const Clock::time_point start = Clock::now();
    for (size_t at = 0; at < text->size(); ++items) {
      const size_t end = std::min(text->find('\n', at), text->size());
      tokens.Clear();
      (*analyzer)->Analyze(std::string_view(*text).substr(at, end - at), text::AnalysisMode::kIndex, tokens);
      tokens_made += tokens.size();
      at = end + 1;
    }
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  JsonWriter out;
  out.BeginObject().Key("bytes").Number(text->size()).Key("items").Number(items).Key("matches").Number(tokens_made).Key("seconds").Number(best);
  out.Key("per_second").Number(static_cast<double>(text->size()) / best).Key("load_seconds").Number(load);
  out.Key("memory_bytes").Number(PeakMemory()).EndObject();
  PrintLine(out.text());
  return kExitDone;
}

}  // namespace

void AddBenchCommand(CLI::App& app, Run& run) {
  CLI::App* bench = app.add_subcommand("bench", "speed of the parts alone");
  bench->footer("Example: sakuin bench analyze --analyzer english article.txt");
  bench->require_subcommand(1);
  const auto serve = std::make_shared<ServeOptions>();
  CLI::App* queries = bench->add_subcommand("serve-queries", "the search benchmark game: COMMAND<TAB>QUERY lines in, numbers out");
  queries->footer("Example: printf 'TOP_10\\t+quick +fox\\n' | sakuin bench serve-queries --index ./my-index");
  queries->add_option("--index", serve->index, "folder of the index")->required();
  queries->add_option("--k1", serve->k1, "BM25's k1")->check(CLI::Range(0.0, 1000.0))->check(IsFinite())->capture_default_str();
  queries->add_option("--b", serve->b, "BM25's b")->check(CLI::Range(0.0, 1.0))->check(IsFinite())->capture_default_str();
  queries->add_flag("--hits", serve->hits, "print key:score pairs after the number");
  queries->callback([&run, serve] { run = [serve] { return RunServe(*serve); }; });

  const auto analyze = std::make_shared<AnalyzeOptions>();
  CLI::App* analysis = bench->add_subcommand("analyze", "speed of an analyzer over the lines of a file");
  analysis->footer("Example: sakuin bench analyze --analyzer standard text.txt");
  analysis->add_option("--analyzer", analyze->analyzer, "name of the analyzer")->capture_default_str();
  analysis->add_option("text", analyze->path, "file with a text per line")->required();
  analysis->callback([&run, analyze] { run = [analyze] { return RunAnalyze(*analyze); }; });

  AddBenchLink(*bench, run);
  AddBenchClassify(*bench, run);
}

}  // namespace sakuin::cli
