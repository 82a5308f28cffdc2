// sakuin search: one query, answered for people or as JSON.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "base/bytes.h"
#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/hit_annotations.h"
#include "cli/page_token.h"
#include "index/annotated_stored.h"
#include "index/date.h"
#include "searcher/score_function.h"
#include "searcher/searcher.h"
#include "searcher/suggester.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

struct Options {
  std::string index;
  uint32_t top = 10;
  uint64_t offset = 0;
  std::string page_token;
  std::vector<std::string> fields;
  std::vector<std::string> filters;
  std::string sort;
  std::vector<std::string> facets;
  std::optional<uint32_t> facet_top;
  std::string collapse;
  bool highlight = false;
  bool explain = false;
  RankingOptions ranking;
  std::string syntax = "full";
  bool strict = false;
  bool no_suggest = false;
  bool json = false;
  std::string prefer;
  std::string now;
  std::string rescore;
  uint32_t rescore_top = 100;
  float rescore_weight = 1;
  bool profile = false;
  bool lower_bound = false;
  int64_t timeout_ms = 0;
  uint64_t max_postings = 0;
  std::string query;
};

// Everything that decides which hit comes when; parts with their lengths, so that no two queries look alike.
std::string Identity(const Options& options) {
  std::string identity;
  for (const std::string& part : {options.query, options.sort, options.collapse, options.prefer, options.now, options.rescore,
                                  std::to_string(options.rescore_top), std::to_string(options.rescore_weight), options.ranking.ranking,
                                  std::to_string(options.ranking.k1), std::to_string(options.ranking.b), options.syntax}) {
    AppendLengthPrefixed(identity, part);
  }
  for (const std::string& filter : options.filters) AppendLengthPrefixed(identity, filter);
  return identity;
}

Status ParseInto(const searcher::Searcher& searcher, const std::string& text, bool strict, searcher::Query& query,
                 std::vector<std::string>& warnings) {
  ASSIGN_OR_RETURN(searcher::ParsedQuery parsed, searcher::ParseQuery(text, searcher.parse_options(strict)));
  query = std::move(parsed.query);
  for (const searcher::QueryWarning& warning : parsed.warnings) warnings.push_back(warning.message);
  return OkStatus();
}

// What changes the order: preferences and a second query.
Status AddOrder(const Options& options, const searcher::Searcher& searcher, searcher::SearchRequest& request, std::vector<std::string>& warnings) {
  if (!options.prefer.empty()) {
    ASSIGN_OR_RETURN(request.prefer, searcher::ParseScoreFunctions(options.prefer));
  }
  if (!options.now.empty()) {
    index::DateRange now;
    if (!index::ParseDate(options.now, now)) {
      return InvalidArgumentError("--now takes an ISO 8601 date or time, for instance 2026-01-31, not '" + options.now + "'");
    }
    request.now = now.first;
  }
  if (options.rescore.empty()) return OkStatus();
  request.rescore.emplace();
  request.rescore->top = options.rescore_top;
  request.rescore->weight = options.rescore_weight;
  return ParseInto(searcher, options.rescore, true, request.rescore->query, warnings).WithContext("--rescore");
}

// All of them have to match.
Status AddFilters(const Options& options, const searcher::Searcher& searcher, searcher::SearchRequest& request, std::vector<std::string>& warnings) {
  if (options.filters.empty()) return OkStatus();
  searcher::BooleanQuery all;
  for (const std::string& text : options.filters) {
    searcher::Query filter;
    RETURN_IF_ERROR(ParseInto(searcher, text, true, filter, warnings).WithContext("--filter"));
    all.clauses.push_back({searcher::Occur::kMust, std::move(filter)});
  }
  request.filter.emplace().node = std::move(all);
  return OkStatus();
}

// To be shown; the key and the field it came from are shown without being indexed.
void WarnOfUnknownFields(const Options& options, const searcher::Searcher& searcher, std::vector<std::string>& warnings) {
  const index::Schema& schema = searcher.snapshot().schema();
  std::string known;
  for (const std::string& name : searcher.parse_options(false).field_names) known += (known.empty() ? "" : ", ") + name;
  for (const std::string& field : options.fields) {
    if (schema.Find(field) != nullptr || field == schema.id_field || field == "_key") continue;
    warnings.push_back(std::string("the index has no field '").append(field).append("' to show; it has: ").append(known));
  }
}

Result<searcher::SearchRequest> MakeRequest(const Options& options, const searcher::Searcher& searcher, std::vector<std::string>& warnings) {
  searcher::SearchRequest request;
  if (options.syntax == "plain") {
    request.query = searcher::ParsePlain(options.query);
  } else {
    RETURN_IF_ERROR(ParseInto(searcher, options.query, options.strict, request.query, warnings));
  }
  WarnOfUnknownFields(options, searcher, warnings);
  RETURN_IF_ERROR(AddFilters(options, searcher, request, warnings));
  if (!options.sort.empty()) {
    ASSIGN_OR_RETURN(request.sort, searcher::ParseSortSpec(options.sort));
  }
  RETURN_IF_ERROR(AddOrder(options, searcher, request, warnings));
  request.facets = options.facets;
  request.facet_top = options.facet_top.value_or(options.json ? 1000 : 20);
  request.collapse = options.collapse;
  request.ranking = options.ranking.Make();
  request.top = options.top;
  request.offset = options.offset;
  request.highlight = options.highlight || !options.json;
  request.explain = options.explain;
  request.profile = options.profile;
  request.exact_total = !options.lower_bound;
  request.limits.timeout = std::chrono::milliseconds(options.timeout_ms);
  request.limits.postings = options.max_postings;
  if (options.page_token.empty()) return request;
  ASSIGN_OR_RETURN(const PageToken token, ParsePageToken(options.page_token, Identity(options)));
  request.offset = token.offset;
  if (token.now != 0) request.now = token.now;
  if (token.generation != searcher.snapshot().manifest().generation) {
    warnings.push_back("the index has changed since the first page was shown: a hit may be missing or come twice");
  }
  return request;
}

// What is shown beside the answer itself.
struct Extras {
  std::string next_page;     // token; empty: this is the last page
  std::string did_you_mean;  // a query; empty: nothing better is known
  uint64_t offset = 0;       // of the first hit
};

// A better query where a word is in no document, or there are hardly any hits.
Result<std::string> DidYouMean(const Options& options, const searcher::Searcher& searcher, const searcher::SearchRequest& request,
                               const searcher::SearchAnswer& answer) {
  if (options.no_suggest || request.offset > 0 || !answer.coverage.degraded_reasons.empty()) return std::string();
  const searcher::Suggester suggester(searcher);
  ASSIGN_OR_RETURN(const std::optional<searcher::Suggestion> suggestion,
                   suggester.Suggest(options.query, request.query, answer.total < searcher::kFewHits));
  return suggestion.has_value() ? suggestion->query : std::string();
}

double Micros(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }

json SelectedFields(const std::string& stored, const Options& options, const index::Schema& schema) {
  const json document = json::parse(stored, nullptr, false);
  json selected = json::object();
  if (!document.is_object()) return selected;
  const bool annotated = !index::SplitAnnotations(stored).annotations.empty();
  const std::set<std::string> wanted(options.fields.begin(), options.fields.end());
  for (const auto& [name, value] : document.items()) {
    const index::Field* field = schema.Find(name);
    if (field != nullptr && !field->stored) continue;
    if (annotated && (name == index::kAnnotatedMember || name == index::kLinksMember)) continue;  // shown as `links`
    if (wanted.empty() || wanted.contains(name)) selected[name] = value;
  }
  return selected;
}

template <typename Json>
std::string Dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void WriteExplanation(const searcher::Explanation& explanation, JsonWriter& out) {
  out.BeginObject().Key("value").Number(explanation.value).Key("description").String(explanation.description).Key("details").BeginArray();
  for (const searcher::Explanation& part : explanation.parts) WriteExplanation(part, out);
  out.EndArray().EndObject();
}

void WriteHighlights(const searcher::Hit& hit, JsonWriter& out) {
  out.Key("highlights").BeginObject();
  for (const auto& [field, passages] : hit.highlights) {
    out.Key(field).BeginArray();
    for (const searcher::HighlightedText& passage : passages) {
      out.BeginObject().Key("text").String(passage.text).Key("value").Number(passage.value).Key("start").Number(passage.start);
      out.Key("ranges").BeginArray();
      for (const auto& [begin, end] : passage.ranges) out.BeginArray().Number(begin).Number(end).EndArray();
      out.EndArray().EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
}

void WriteFacetValue(const searcher::FacetValue& value, JsonWriter& out) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    out.Number(*number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    out.Number(*real);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out.Boolean(*flag);
  } else {
    out.String(std::get<std::string>(value));
  }
}

bool HasDictionary(const index::Schema& schema) {
  return std::any_of(schema.fields.begin(), schema.fields.end(),
                     [](const index::Field& field) { return field.annotation.kind == index::AnnotationKind::kDictionary; });
}

void WriteHit(const searcher::Hit& hit, const Options& options, const index::Schema& schema, JsonWriter& out) {
  out.BeginObject().Key("key").String(hit.key).Key("score").Number(hit.score);
  out.Key("fields").Raw(Dump(SelectedFields(hit.stored, options, schema)));
  if (HasDictionary(schema)) out.Key("links").Raw(Dump(SelectedLinks(hit.stored, options.fields, schema)));
  if (options.highlight) WriteHighlights(hit, out);
  if (hit.explanation.has_value()) {
    out.Key("explanation");
    WriteExplanation(*hit.explanation, out);
  }
  out.EndObject();
}

void WriteTail(const searcher::SearchAnswer& answer, JsonWriter& out) {
  out.Key("total").BeginObject().Key("value").Number(answer.total).Key("relation").String(answer.total_exact ? "eq" : "gte").EndObject();
  out.Key("facets").BeginObject();
  for (const auto& [field, counts] : answer.facets) {
    out.Key(field).BeginArray();
    for (const searcher::FacetCount& entry : counts) {
      out.BeginObject().Key("value");
      WriteFacetValue(entry.value, out);
      out.Key("count").Number(entry.count).EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
  const searcher::Coverage& coverage = answer.coverage;
  out.Key("coverage").BeginObject();
  out.Key("documents_searched").Number(coverage.documents_searched).Key("documents_total").Number(coverage.documents_total);
  out.Key("shards_searched").Number(coverage.shards_searched).Key("shards_total").Number(coverage.shards_total);
  out.Key("generation").Number(coverage.generation);
  out.Key("degraded_reasons").BeginArray();
  for (const std::string& reason : coverage.degraded_reasons) out.String(reason);
  out.EndArray().EndObject();
}

void WriteClause(const searcher::ClauseCost& cost, JsonWriter& out) {
  out.BeginObject().Key("clause").String(cost.clause).Key("time_us").Number(Micros(cost.time));
  out.Key("postings").Number(cost.postings).Key("clauses").BeginArray();
  for (const searcher::ClauseCost& inner : cost.clauses) WriteClause(inner, out);
  out.EndArray().EndObject();
}

void WriteProfile(const searcher::SearchProfile& profile, JsonWriter& out) {
  out.Key("profile").BeginObject().Key("candidates_us").Number(Micros(profile.candidates)).Key("query");
  WriteClause(profile.query, out);
  if (!profile.filter.clause.empty()) {
    out.Key("filter");
    WriteClause(profile.filter, out);
  }
  out.EndObject();
}

std::string ToJson(const searcher::SearchAnswer& answer, const Options& options, const index::Schema& schema, const Extras& extras, int64_t micros) {
  JsonWriter out;
  out.BeginObject().Key("hits").BeginArray();
  for (const searcher::Hit& hit : answer.hits) WriteHit(hit, options, schema, out);
  out.EndArray();
  WriteTail(answer, out);
  if (answer.profile.has_value()) WriteProfile(*answer.profile, out);
  out.Key("took_us").Number(micros).Key("next_page_token").String(extras.next_page);
  out.Key("did_you_mean").String(extras.did_you_mean).Key("warnings").BeginArray();
  for (const std::string& warning : answer.warnings) out.String(warning);
  out.EndArray().EndObject();
  return out.Take();
}

// Without what moves a terminal: control characters become blanks.
std::string Shown(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

// A passage with its marked words: bold on a terminal, in brackets elsewhere.
std::string Marked(const searcher::HighlightedText& passage, bool terminal) {
  std::string text;
  uint32_t at = 0;
  for (const auto& [begin, end] : passage.ranges) {
    text += Shown(passage.text.substr(at, begin - at));
    text += (terminal ? "\033[1;33m" : "[") + Shown(passage.text.substr(begin, end - begin)) + (terminal ? "\033[0m" : "]");
    at = end;
  }
  return text + Shown(passage.text.substr(at));
}

std::string TextOf(const json& fields, const char* name) {
  const auto at = fields.find(name);
  return at != fields.end() && at->is_string() ? Shown(at->get<std::string>()) : std::string();
}

void PrintExplanation(const searcher::Explanation& explanation, int depth) {
  std::printf("%*s%g  %s\n", 6 + 2 * depth, "", static_cast<double>(explanation.value), Shown(explanation.description).c_str());
  for (const searcher::Explanation& part : explanation.parts) PrintExplanation(part, depth + 1);
}

void PrintClause(const searcher::ClauseCost& cost, int depth) {
  std::printf("%10.1f us %12llu postings  %*s%s\n", Micros(cost.time), static_cast<unsigned long long>(cost.postings), 2 * depth, "",
              Shown(cost.clause).c_str());
  for (const searcher::ClauseCost& inner : cost.clauses) PrintClause(inner, depth + 1);
}

void PrintProfile(const searcher::SearchProfile& profile) {
  std::printf("%10.1f us %12s           finding candidates\n", Micros(profile.candidates), "");
  PrintClause(profile.query, 0);
  if (!profile.filter.clause.empty()) PrintClause(profile.filter, 0);
}

// Shown by FoundLines.
bool IsAnnotated(const std::string& name, const index::Schema& schema) {
  const index::Field* field = schema.Find(name);
  return field != nullptr && field->annotated();
}

void PrintHit(const searcher::Hit& hit, size_t rank, const Options& options, const index::Schema& schema, bool terminal) {
  const json fields = SelectedFields(hit.stored, options, schema);
  const auto title = hit.highlights.find("title");
  const std::string heading = title != hit.highlights.end() ? Marked(title->second[0], terminal) : TextOf(fields, "title");
  const std::string key = Shown(hit.key);
  std::printf("%3zu. %s  (%s, %.3f)\n", rank, heading.empty() ? key.c_str() : heading.c_str(), key.c_str(), static_cast<double>(hit.score));
  const std::string url = TextOf(fields, "url");
  const auto in_url = hit.highlights.find("url");
  const bool whole_url = in_url != hit.highlights.end() && in_url->second[0].text == url;
  // Where brackets would mark its words it stays as it is, to be copied.
  if (!url.empty()) std::printf("     %s\n", whole_url && terminal ? Marked(in_url->second[0], terminal).c_str() : url.c_str());
  for (const std::string& name : options.fields) {
    if (name == "title" || name == "url" || IsAnnotated(name, schema) || !fields.contains(name)) continue;
    std::printf("     %s: %s\n", name.c_str(), Shown(Dump(fields[name])).c_str());
  }
  for (const auto& [field, passages] : hit.highlights) {
    if (field == "title" || (field == "url" && whole_url) || IsAnnotated(field, schema)) continue;
    std::printf("     %s: %s\n", field.c_str(), Marked(passages[0], terminal).c_str());
  }
  for (const auto& [field, text] : FoundLines(hit.stored, options.fields, schema)) std::printf("     %s: %s\n", field.c_str(), Shown(text).c_str());
  if (hit.explanation.has_value()) PrintExplanation(*hit.explanation, 0);
}

void PrintAnswer(const searcher::SearchAnswer& answer, const Options& options, const index::Schema& schema, const Extras& extras, int64_t micros) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  std::printf("%s%s in %.1f ms\n", Counted(answer.total, "document").c_str(), answer.total_exact ? "" : " or more", static_cast<double>(micros) / 1000);
  if (!extras.did_you_mean.empty()) std::printf("did you mean: %s\n", extras.did_you_mean.c_str());
  for (size_t i = 0; i < answer.hits.size(); ++i) PrintHit(answer.hits[i], extras.offset + i + 1, options, schema, terminal);
  for (const auto& [field, counts] : answer.facets) {
    std::printf("%s:", field.c_str());
    for (size_t i = 0; i < counts.size(); ++i) {
      JsonWriter value;
      WriteFacetValue(counts[i].value, value);
      std::printf("  %s (%llu)", value.text().c_str(), static_cast<unsigned long long>(counts[i].count));
    }
    std::printf("\n");
  }
  if (answer.profile.has_value()) PrintProfile(*answer.profile);
  for (const std::string& warning : answer.warnings) std::fprintf(stderr, "note: %s\n", warning.c_str());
  for (const std::string& reason : answer.coverage.degraded_reasons) std::fprintf(stderr, "incomplete: %s\n", reason.c_str());
  if (!extras.next_page.empty()) std::fprintf(stderr, "more: --page-token %s\n", extras.next_page.c_str());
}

int RunSearch(const Options& options) {
  const Clock::time_point start = Clock::now();
  if (Status status = PrepareToRead(options.index); !status.ok()) return Fail(status, options.json);
  const Result<std::unique_ptr<searcher::Searcher>> searcher = searcher::Searcher::Open(PosixFileSystem(), options.index);
  if (!searcher.ok()) return Fail(searcher.status(), options.json);
  std::vector<std::string> warnings;
  const Result<searcher::SearchRequest> request = MakeRequest(options, **searcher, warnings);
  if (!request.ok()) return FailUsage(request.status(), options.json);
  Result<searcher::SearchAnswer> answer = (*searcher)->Search(*request);
  if (!answer.ok()) return FailUsage(answer.status(), options.json);
  answer->warnings.insert(answer->warnings.begin(), warnings.begin(), warnings.end());

  const index::Snapshot& snapshot = (*searcher)->snapshot();
  Extras extras;
  extras.offset = request->offset;
  if (answer->more) {
    const int64_t now = request->prefer.empty() ? 0 : answer->now;
    extras.next_page = FormatPageToken({request->offset + answer->hits.size(), snapshot.manifest().generation, now}, Identity(options));
  }
  Result<std::string> did_you_mean = DidYouMean(options, **searcher, *request, *answer);
  if (!did_you_mean.ok()) return Fail(did_you_mean.status(), options.json);
  extras.did_you_mean = *std::move(did_you_mean);
  const int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
  if (options.json) {
    PrintLine(ToJson(*answer, options, snapshot.schema(), extras, micros));
  } else {
    PrintAnswer(*answer, options, snapshot.schema(), extras, micros);
  }
  return kExitDone;
}

}  // namespace

void AddSearchCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("search", "search an index");
  command->footer("Example: sakuin search --index ./my-index --top 5 --facet tags 'title:coffee OR \"pour over\"'");
  command->add_option("--index", options->index, "folder of the index")->required();
  command->add_option("--top", options->top, "number of hits")->check(CLI::Range(0, 1'000'000))->capture_default_str();
  CLI::Option* offset = command->add_option("--offset", options->offset, "hits to pass over")->check(CLI::Range(0, 1'000'000));
  command->add_option("--page-token", options->page_token, "next_page_token of the page before")->excludes(offset);
  command->add_option("--fields", options->fields, "fields to show, separated by commas")->delimiter(',')->allow_extra_args(false);
  command->add_option("--filter", options->filters, "a query that has to match and adds no score; of several options all have to")
      ->allow_extra_args(false);
  command->add_option("--sort", options->sort, "field[:asc|desc],...; also _score and _key");
  command->add_option("--facet", options->facets, "count the values of these fields over all matches, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--facet-top", options->facet_top,
                      "so many values of each field are shown, the most frequent (default: 20, with --json 1000)");
  command->add_option("--collapse", options->collapse, "only the best hit of every value of this field");
  command->add_flag("--highlight", options->highlight, "show the best passages with the words of the query marked");
  command->add_flag("--explain", options->explain, "show how each score came about");
  options->ranking.Add(*command);
  command->add_option("--syntax", options->syntax, "full, or plain: no operator has a meaning")
      ->check(CLI::IsMember({"full", "plain"}))
      ->capture_default_str();
  command->add_flag("--strict", options->strict, "a query that is not well formed is an error");
  command->add_flag("--no-suggest", options->no_suggest, "propose no better spelling when a word is in no document or hits are few");
  command->add_option("--prefer", options->prefer, "what makes a match better: 'recency(date, 30d)^0.5, popularity(views, 1000)'");
  command->add_option("--now", options->now, "date or time from which recency counts; the clock's unless given");
  command->add_option("--rescore", options->rescore, "a second query, whose score is added to that of the best hits");
  command->add_option("--rescore-top", options->rescore_top, "how many hits --rescore looks at")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--rescore-weight", options->rescore_weight, "by what the second score is multiplied")->capture_default_str();
  command->add_flag("--profile", options->profile, "show what each clause took: time and postings decoded");
  command->add_flag("--lower-bound", options->lower_bound, "count no further than the hits need: the total is a lower bound");
  command->add_option("--timeout-ms", options->timeout_ms, "answer with the best so far after this time, at most a day; 0: no limit")
      ->check(CLI::Range(0, 86'400'000));
  command->add_option("--max-postings", options->max_postings, "answer with the best so far after decoding this many postings");
  command->add_flag("--json", options->json, "one JSON object");
  command->add_option("query", options->query, "the query; after -- it may begin with a minus")->required();
  command->callback([&run, options] { run = [options] { return RunSearch(*options); }; });
}

}  // namespace sakuin::cli
