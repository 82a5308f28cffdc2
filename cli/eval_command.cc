// sakuin eval: a relevance suite: queries, judgments, measures.

#include <algorithm>
#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/progress_bar.h"
#include "relevance/evaluation.h"
#include "relevance/queries.h"
#include "searcher/searcher.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string index;
  std::string queries;
  std::string qrels;
  std::string measures = std::string(relevance::kDefaultMeasures);
  uint32_t top = 1000;
  RankingOptions ranking;
  std::string syntax = "plain";
  std::string run_in;
  std::string run_out;
  std::string baseline;
  bool per_query = false;
  bool json = false;
};

class EvalRun {
 public:
  explicit EvalRun(const Options& options) : options_(options) {}
  Status Run();

 private:
  Result<relevance::Run> SearchAll();
  Result<relevance::Run> ReadRun(const std::string& path);
  Result<relevance::RankedList> SearchOne(const searcher::Searcher& searcher, const relevance::Query& query);
  void Print(const relevance::Evaluation& evaluation) const;
  Status Compare(const relevance::Evaluation& evaluation, const relevance::Qrels& qrels) const;

  const Options& options_;
  FileSystem& fs_ = PosixFileSystem();
};

Result<relevance::Run> EvalRun::ReadRun(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, fs_.ReadAll(path));
  return relevance::ParseRun(text, path);
}

Result<relevance::RankedList> EvalRun::SearchOne(const searcher::Searcher& searcher, const relevance::Query& query) {
  searcher::SearchRequest request;
  if (options_.syntax == "plain") {
    request.query = searcher::ParsePlain(query.text);
  } else {
    ASSIGN_OR_RETURN(searcher::ParsedQuery parsed, searcher::ParseQuery(query.text, searcher.parse_options(false)));
    request.query = std::move(parsed.query);
  }
  request.ranking = options_.ranking.Make();
  request.top = options_.top;
  request.documents = false;
  request.exact_total = false;
  ASSIGN_OR_RETURN(const searcher::SearchAnswer answer, searcher.Search(request));
  relevance::RankedList list{query.id, {}};
  for (const searcher::Hit& hit : answer.hits) list.documents.push_back({hit.key, static_cast<double>(hit.score)});
  return list;
}

Result<relevance::Run> EvalRun::SearchAll() {
  RETURN_IF_ERROR(PrepareToRead(options_.index));
  ASSIGN_OR_RETURN(const std::unique_ptr<searcher::Searcher> searcher, searcher::Searcher::Open(fs_, options_.index));
  PrintWarnings(*searcher);
  ASSIGN_OR_RETURN(const std::string text, fs_.ReadAll(options_.queries));
  ASSIGN_OR_RETURN(const std::vector<relevance::Query> queries, relevance::ParseQueries(text, options_.queries));
  ProgressBar bar("searching", 0);
  relevance::Run run;
  for (const relevance::Query& query : queries) {
    ASSIGN_OR_RETURN(relevance::RankedList list, SearchOne(*searcher, query));
    RETURN_IF_ERROR(run.Add(std::move(list)));
  }
  return run;
}

void EvalRun::Print(const relevance::Evaluation& evaluation) const {
  for (const relevance::QueryEvaluation& query : evaluation.queries) {
    for (size_t m = 0; options_.per_query && m < evaluation.measures.size(); ++m) {
      const std::string name = evaluation.measures[m].Name();
      if (options_.json) {
        JsonWriter out;
        out.BeginObject().Key("query").String(query.query).Key("measure").String(name).Key("value").Number(query.values[m]).EndObject();
        PrintLine(out.text());
      } else {
        std::printf("%-16s %-20s %.4f\n", name.c_str(), query.query.c_str(), query.values[m]);
      }
    }
  }
  for (size_t m = 0; m < evaluation.measures.size(); ++m) {
    const std::string name = evaluation.measures[m].Name();
    if (options_.json) {
      JsonWriter out;
      out.BeginObject().Key("measure").String(name).Key("value").Number(evaluation.overall[m]);
      out.Key("queries").Number(evaluation.queries.size()).EndObject();
      PrintLine(out.text());
    } else {
      std::printf("%-16s %-20s %.4f\n", name.c_str(), "all", evaluation.overall[m]);
    }
  }
}

Status EvalRun::Compare(const relevance::Evaluation& evaluation, const relevance::Qrels& qrels) const {
  ASSIGN_OR_RETURN(const std::string text, fs_.ReadAll(options_.baseline));
  ASSIGN_OR_RETURN(const relevance::Run run, relevance::ParseRun(text, options_.baseline));
  ASSIGN_OR_RETURN(const relevance::Evaluation baseline, relevance::Evaluate(run, qrels, evaluation.measures));
  ASSIGN_OR_RETURN(const std::vector<relevance::MeasureComparison> comparisons, relevance::CompareEvaluations(evaluation, baseline));
  for (const relevance::MeasureComparison& c : comparisons) {
    if (options_.json) {
      JsonWriter out;
      out.BeginObject().Key("measure").String(c.measure.Name()).Key("value").Number(c.value).Key("baseline").Number(c.baseline);
      out.Key("wins").Number(c.paired.wins).Key("losses").Number(c.paired.losses).Key("ties").Number(c.paired.ties);
      out.Key("p_value").Number(c.paired.p_value).EndObject();
      PrintLine(out.text());
    } else {
      std::printf("%-16s %.4f against %.4f: %s, %s, %s, p = %.4f\n", c.measure.Name().c_str(), c.value, c.baseline,
                  Counted(c.paired.wins, "win").c_str(), Counted(c.paired.losses, "loss", "losses").c_str(), Counted(c.paired.ties, "tie").c_str(),
                  c.paired.p_value);
    }
  }
  return OkStatus();
}

Status EvalRun::Run() {
  ASSIGN_OR_RETURN(std::vector<relevance::Measure> measures, relevance::ParseMeasures(options_.measures));
  ASSIGN_OR_RETURN(const std::string qrels_text, fs_.ReadAll(options_.qrels));
  ASSIGN_OR_RETURN(const relevance::Qrels qrels, relevance::ParseQrels(qrels_text, options_.qrels));
  Result<relevance::Run> run = options_.run_in.empty() ? SearchAll() : ReadRun(options_.run_in);
  if (!run.ok()) return run.status();
  if (!options_.run_out.empty()) {
    ASSIGN_OR_RETURN(const std::string text, relevance::FormatRun(*run, "sakuin"));
    RETURN_IF_ERROR(WriteFileAtomically(fs_, options_.run_out, text));
  }
  const auto is_judged = [&](const relevance::RankedList& list) { return qrels.Find(list.query) != nullptr; };
  const bool judged = std::any_of(run->lists().begin(), run->lists().end(), is_judged);
  if (!judged) std::fprintf(stderr, "note: %s judges none of these queries: are they of the same collection?\n", options_.qrels.c_str());
  ASSIGN_OR_RETURN(const relevance::Evaluation evaluation, relevance::Evaluate(*run, qrels, std::move(measures)));
  Print(evaluation);
  return options_.baseline.empty() ? OkStatus() : Compare(evaluation, qrels);
}

int RunEval(const Options& options) {
  if (options.run_in.empty() && (options.index.empty() || options.queries.empty())) {
    return FailUsage(InvalidArgumentError("expected --index and --queries, or --run with a TREC run"), options.json);
  }
  if (const auto measures = relevance::ParseMeasures(options.measures); !measures.ok()) return FailUsage(measures.status(), options.json);
  const Status status = EvalRun(options).Run();
  return status.ok() ? kExitDone : Fail(status, options.json);
}

}  // namespace

void AddEvalCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("eval", "measure how good the answers to judged queries are");
  command->footer("Example: sakuin eval --index ./my-index --queries queries.tsv --qrels qrels.txt --measures nDCG@10,R@100");
  command->add_option("--index", options->index, "folder of the index");
  command->add_option("--queries", options->queries, "lines of id<TAB>query");
  command->add_option("--qrels", options->qrels, "TREC judgments: query 0 document grade")->required();
  command->add_option("--measures", options->measures, "measures, separated by commas")->capture_default_str();
  command->add_option("--top", options->top, "hits per query")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  options->ranking.Add(*command);
  command->add_option("--syntax", options->syntax, "plain (words of a person) or full")
      ->check(CLI::IsMember({"full", "plain"}))
      ->capture_default_str();
  command->add_option("--run", options->run_in, "score this TREC run instead of an index");
  command->add_option("--run-out", options->run_out, "write the answers as a TREC run");
  command->add_option("--baseline", options->baseline, "compare with this TREC run, query by query");
  command->add_flag("--per-query", options->per_query, "also the values of every query");
  command->add_flag("--json", options->json, "one JSON object per value");
  command->callback([&run, options] { run = [options] { return RunEval(*options); }; });
}

}  // namespace sakuin::cli
