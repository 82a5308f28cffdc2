#include "crawler/crawl_report.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/json_writer.h"
#include "crawler/crawl_options.h"
#include "text/utf8.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kShownHosts = 20;
constexpr size_t kShownKinds = 30;
constexpr size_t kShownBytes = 40;  // of a name before its bar, or a reason before its URL
constexpr size_t kColumns = 60;  // of the chart over time

template <typename... Args>
std::string Format(const char* format, Args... args) {
  char text[512];
  std::snprintf(text, sizeof(text), format, args...);
  return text;
}

unsigned long long Long(uint64_t number) { return number; }

std::string Bytes(uint64_t bytes) {
  if (bytes < 10'000) return Format("%llu B", Long(bytes));
  if (bytes < 10'000'000) return Format("%.1f kB", static_cast<double>(bytes) / 1e3);
  return Format("%.1f MB", static_cast<double>(bytes) / 1e6);
}

using Rows = std::vector<std::pair<std::string, uint64_t>>;

// The largest first, equal ones by name; what does not fit is "... and N more" with their sum.
Rows Largest(Rows rows, size_t most) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
  if (rows.size() <= most) return rows;
  uint64_t rest = 0;
  for (size_t i = most - 1; i < rows.size(); ++i) rest += rows[i].second;
  const std::string name = Format("... and %zu more", rows.size() - (most - 1));
  rows.resize(most - 1);
  rows.emplace_back(name, rest);
  return rows;
}

Rows RowsOf(const std::map<std::string, uint64_t>& counts) { return Largest(Rows(counts.begin(), counts.end()), kShownKinds); }

Rows StatusRows(const CrawlSummary& summary) {
  Rows rows;
  for (const auto& [status, count] : summary.statuses()) rows.emplace_back(status == 0 ? "no answer" : std::to_string(status), count);
  return Largest(std::move(rows), kShownKinds);
}

Rows OutcomeRows(const CrawlSummary& summary) {
  Rows rows;
  for (size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (summary.Of(outcome) != 0) rows.emplace_back(NameOf(outcome), summary.Of(outcome));
  }
  return rows;
}

std::vector<std::pair<std::string, HostSummary>> LargestHosts(const CrawlSummary& summary) {
  std::vector<std::pair<std::string, HostSummary>> hosts(summary.hosts().begin(), summary.hosts().end());
  std::sort(hosts.begin(), hosts.end(), [](const auto& a, const auto& b) {
    return a.second.asked != b.second.asked ? a.second.asked > b.second.asked : a.first < b.first;
  });
  if (hosts.size() > kShownHosts) hosts.resize(kShownHosts);
  return hosts;
}

std::string DateOfMs(uint64_t ms) { return DateOf(Time(Duration(static_cast<int64_t>(ms)))); }

// Two columns, of the last run and of all; one where there is one run.
class Table {
 public:
  explicit Table(const CrawlRuns& runs) : runs_(runs), both_(runs.runs() > 1) {
    if (both_) text_ = Format("%10s%14s", "last run", ("all " + std::to_string(runs.runs()) + " runs").c_str()) + "\n";
  }

  // `value` makes a text of a summary.
  template <typename Value>
  void AddLine(std::string_view name, const Value& value) {
    AddCells(value(runs_.last()), value(runs_.all()), name);
  }

  // `rows` makes rows of a summary; what the last run has not of those of all is 0.
  template <typename RowsOfSummary>
  void AddRows(std::string_view title, const RowsOfSummary& rows) {
    const Rows all = rows(runs_.all());
    if (all.empty()) return;
    const Rows last = rows(runs_.last());
    text_ += "\n" + std::string(title) + "\n";
    for (const auto& [name, count] : all) {
      const auto same = std::find_if(last.begin(), last.end(), [&name = name](const auto& row) { return row.first == name; });
      AddCells(std::to_string(same == last.end() ? 0 : same->second), std::to_string(count), name);
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  void AddCells(const std::string& last, const std::string& all, std::string_view name) {
    text_ += both_ ? Format("%10s%14s  ", last.c_str(), all.c_str()) : Format("%10s  ", all.c_str());
    text_ += std::string(name) + "\n";
  }

  const CrawlRuns& runs_;
  const bool both_;
  std::string text_;
};

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += static_cast<uint8_t>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

// One bar a row, its name before and its number behind.
std::string BarChart(std::string_view title, const Rows& rows) {
  if (rows.empty()) return {};
  constexpr double kWidth = 360;
  uint64_t largest = 1;
  for (const auto& row : rows) largest = std::max(largest, row.second);
  std::string html = "<section><h2>" + std::string(title) + "</h2><svg role=\"img\" width=\"700\" " + Format("height=\"%zu\">", rows.size() * 22 + 4);
  for (size_t i = 0; i < rows.size(); ++i) {
    const double width = std::max(1.0, static_cast<double>(rows[i].second) / static_cast<double>(largest) * kWidth);
    const size_t y = i * 22;
    html += Format("<text x=\"240\" y=\"%zu\" text-anchor=\"end\">", y + 15) + Escaped(text::CutAtCharacter(rows[i].first, kShownBytes)) + "</text>";
    html += Format("<rect x=\"248\" y=\"%zu\" width=\"%.1f\" height=\"16\" rx=\"2\"/>", y + 2, width);
    html += Format("<text x=\"%.1f\" y=\"%zu\" class=\"n\">%llu</text>\n", 254 + width, y + 15, Long(rows[i].second));
  }
  return html + "</svg></section>\n";
}

// Fetches over time, the minutes gathered into at most kColumns columns.
std::string TimeChart(const CrawlSummary& summary) {
  const auto& minutes = summary.fetches_by_minute();
  if (minutes.size() < 2) return {};
  const uint64_t first = minutes.begin()->first;
  const uint64_t span = minutes.rbegin()->first - first + 1;
  const uint64_t step = (span + kColumns - 1) / kColumns;
  std::vector<uint64_t> columns((span + step - 1) / step);
  for (const auto& [minute, count] : minutes) columns[(minute - first) / step] += count;
  const uint64_t largest = *std::max_element(columns.begin(), columns.end());
  std::string html = "<section><h2>Fetches over time</h2><p>" + Counted(span, "minute") + Format(", a column is %llu; the highest has ", Long(step)) +
                     Counted(largest, "fetch", "fetches") + "</p>";
  html += "<svg role=\"img\" width=\"700\" height=\"130\">";
  for (size_t i = 0; i < columns.size(); ++i) {
    const double height = static_cast<double>(columns[i]) / static_cast<double>(largest) * 120;
    html += Format("<rect x=\"%zu\" y=\"%.1f\" width=\"9\" height=\"%.1f\"><title>minute %llu: ", i * 11, 125 - height, height, Long(i * step)) +
            Counted(columns[i], "fetch", "fetches") + "</title></rect>";
  }
  return html + "</svg></section>\n";
}

std::string HostTable(const CrawlSummary& summary) {
  std::string html = "<section><h2>Hosts</h2><table><tr><th>host</th><th>asked</th><th>stored</th><th>errors</th><th>bytes</th><th>mean</th>"
                     "<th>slowest</th></tr>\n";
  for (const auto& [name, host] : LargestHosts(summary)) {
    html += "<tr><td>" + Escaped(name) + Format("</td><td>%llu</td><td>%llu</td><td>%llu</td><td>", Long(host.asked), Long(host.stored), Long(host.errors)) +
            Bytes(host.bytes) + Format("</td><td>%.0f ms</td><td>%.0f ms</td></tr>\n", host.mean_ms(), host.slowest_ms);
  }
  html += "</table>";
  if (summary.hosts().size() > kShownHosts) html += Format("<p>the largest %zu of %zu hosts</p>", kShownHosts, summary.hosts().size());
  return html + "</section>\n";
}

std::string SlowTable(const CrawlSummary& summary) {
  if (summary.slowest().empty()) return {};
  std::string html = "<section><h2>Slowest</h2><table>\n";
  for (const SlowFetch& slow : summary.slowest()) html += Format("<tr><td>%.0f ms</td><td>", slow.total_ms) + Escaped(slow.url) + "</td></tr>\n";
  return html + "</table></section>\n";
}

std::string FailureTable(const CrawlSummary& summary) {
  if (summary.failures().empty()) return {};
  std::string html = "<section><h2>Failed, the latest first</h2><table>\n";
  for (const FailedFetch& failed : summary.failures()) html += "<tr><td>" + Escaped(failed.why) + "</td><td>" + Escaped(failed.url) + "</td></tr>\n";
  return html + "</table></section>\n";
}

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;color:#1a202c;background:#fff}"
    "h1{font-size:1.4rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}svg{max-width:100%;height:auto}svg text{font-size:13px;fill:#1a202c}"
    "svg rect{fill:#2b6cb0}svg .n{fill:#4a5568}table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:right;"
    "overflow-wrap:anywhere}td:first-child,th:first-child,td:last-child{text-align:left}dl{display:grid;grid-template-columns:repeat(4,1fr);gap:.4rem 1rem}"
    "dt{color:#4a5568}dd{margin:0;font-size:1.3rem}";

std::string Figure(std::string_view name, const std::string& value) { return "<div><dt>" + std::string(name) + "</dt><dd>" + value + "</dd></div>"; }

std::string Figures(std::string_view title, const CrawlSummary& summary) {
  const uint64_t duplicates = summary.Of(Outcome::kDuplicate);
  std::string html = "<section><h2>" + std::string(title) + "</h2><dl>" + Figure("asked for", std::to_string(summary.asked()));
  if (summary.not_asked() > 0) html += Figure("not asked for", std::to_string(summary.not_asked()));
  html += Figure("stored", std::to_string(summary.Of(Outcome::kStored))) + Figure("duplicates", std::to_string(duplicates));
  html += Figure("errors", std::to_string(summary.errors())) + Figure("bytes", Bytes(summary.bytes()));
  html += Figure("hosts", std::to_string(summary.hosts().size())) + Figure("blocked by robots.txt", std::to_string(summary.Of(Outcome::kBlockedByRobots)));
  if (const uint64_t refused = summary.Of(Outcome::kOverBudget); refused > 0) html += Figure("over the budget of their host", std::to_string(refused));
  return html + Figure("seconds", Format("%.1f", summary.seconds())) + "</dl></section>\n";
}

void PutCounts(JsonWriter& json, std::string_view name, const std::map<std::string, uint64_t>& counts) {
  json.Key(name).BeginObject();
  for (const auto& [key, count] : counts) json.Key(key).Number(count);
  json.EndObject();
}

void PutSummary(JsonWriter& json, const CrawlSummary& summary) {
  json.Key("asked").Number(summary.asked()).Key("not_asked").Number(summary.not_asked());
  json.Key("bytes").Number(summary.bytes()).Key("seconds").Number(summary.seconds());
  json.Key("first").String(DateOfMs(summary.first_ms())).Key("last").String(DateOfMs(summary.last_ms()));
  json.Key("outcomes").BeginObject();
  for (const auto& [name, count] : OutcomeRows(summary)) json.Key(name).Number(count);
  json.EndObject().Key("statuses").BeginObject();
  for (const auto& [status, count] : summary.statuses()) json.Key(std::to_string(status)).Number(count);
  json.EndObject();
  PutCounts(json, "types", summary.types());
  PutCounts(json, "languages", summary.languages());
  PutCounts(json, "errors", summary.errors_by_kind());
  PutCounts(json, "traps", summary.traps());
  json.Key("hosts").BeginArray();
  for (const auto& [name, host] : summary.hosts()) {
    json.BeginObject().Key("host").String(name).Key("asked").Number(host.asked).Key("stored").Number(host.stored);
    json.Key("errors").Number(host.errors).Key("bytes").Number(host.bytes).Key("mean_ms").Number(host.mean_ms());
    json.Key("slowest_ms").Number(host.slowest_ms).EndObject();
  }
  json.EndArray().Key("slowest").BeginArray();
  for (const SlowFetch& slow : summary.slowest()) json.BeginObject().Key("url").String(slow.url).Key("total_ms").Number(slow.total_ms).EndObject();
  json.EndArray().Key("failures").BeginArray();
  for (const FailedFetch& failed : summary.failures()) {
    json.BeginObject().Key("url").String(failed.url).Key("outcome").String(NameOf(failed.outcome)).Key("why").String(failed.why);
    json.Key("at").String(DateOfMs(failed.time_ms)).EndObject();
  }
  json.EndArray();
}

// The reasons in a column as wide as the longest one that is not too long.
std::string FailureLines(const CrawlSummary& summary) {
  if (summary.failures().empty()) return {};
  size_t width = 0;
  for (const FailedFetch& failed : summary.failures()) width = std::max(width, std::min(failed.why.size(), kShownBytes));
  std::string text = "\nfailed, the latest first\n";
  for (const FailedFetch& failed : summary.failures()) {
    const size_t blanks = width - std::min(width, failed.why.size());
    text += "  " + failed.why + std::string(blanks + 2, ' ') + failed.url + "\n";
  }
  return text;
}

std::string HostLines(const CrawlSummary& summary, bool both) {
  std::string text = std::string("\nhosts") + (both ? ", in all runs" : "") + "\n     asked    stored    errors     mean ms  slowest ms  host\n";
  for (const auto& [name, host] : LargestHosts(summary)) {
    text += Format("%10llu%10llu%10llu%12.0f%12.0f  ", Long(host.asked), Long(host.stored), Long(host.errors), host.mean_ms(), host.slowest_ms) + name + "\n";
  }
  return text;
}

std::string SlowLines(const CrawlSummary& summary) {
  std::string text = summary.slowest().empty() ? "" : "\nslowest\n";
  for (const SlowFetch& slow : summary.slowest()) text += Format("%7.0f ms  ", slow.total_ms) + slow.url + "\n";
  return text;
}

}  // namespace

std::string CrawlReportText(const CrawlRuns& runs) {
  const CrawlSummary& last = runs.last();
  std::string text;
  if (runs.runs() > 0) text = "the last run: " + DateOfMs(last.first_ms()) + " to " + DateOfMs(last.last_ms()) + "\n\n";
  Table table(runs);
  table.AddLine("asked for", [](const CrawlSummary& of) { return std::to_string(of.asked()); });
  table.AddLine("not asked for", [](const CrawlSummary& of) { return std::to_string(of.not_asked()); });
  table.AddLine(runs.all().hosts().size() == 1 ? "host" : "hosts", [](const CrawlSummary& of) { return std::to_string(of.hosts().size()); });
  table.AddLine("received", [](const CrawlSummary& of) { return Bytes(of.bytes()); });
  table.AddLine("seconds", [](const CrawlSummary& of) { return Format("%.1f", of.seconds()); });
  table.AddRows("what came of them", OutcomeRows);
  table.AddRows("status", StatusRows);
  table.AddRows("type", [](const CrawlSummary& of) { return RowsOf(of.types()); });
  table.AddRows("language of stored pages", [](const CrawlSummary& of) { return RowsOf(of.languages()); });
  table.AddRows("errors", [](const CrawlSummary& of) { return RowsOf(of.errors_by_kind()); });
  table.AddRows("not taken", [](const CrawlSummary& of) { return RowsOf(of.traps()); });
  return text + table.Take() + HostLines(runs.all(), runs.runs() > 1) + FailureLines(runs.all()) + SlowLines(runs.all());
}

std::string CrawlReportJson(const CrawlRuns& runs) {
  JsonWriter json;
  json.BeginObject().Key("runs").Number(runs.runs());
  PutSummary(json, runs.all());
  json.Key("last_run").BeginObject();
  PutSummary(json, runs.last());
  return json.EndObject().EndObject().Take();
}

std::string CrawlReportHtml(const CrawlRuns& runs) {
  const CrawlSummary& summary = runs.all();
  const bool both = runs.runs() > 1;
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                     "<title>Crawl</title><style>";
  html += kStyle;
  html += "</style></head><body><h1>Crawl</h1>\n";
  if (both) html += Figures("The last run", runs.last()) + BarChart("What came of them in the last run", OutcomeRows(runs.last()));
  html += Figures(both ? "All " + std::to_string(runs.runs()) + " runs" : "One run", summary);
  html += TimeChart(summary) + BarChart("What came of them", OutcomeRows(summary)) + BarChart("Status", StatusRows(summary));
  html += BarChart("Type", RowsOf(summary.types())) + BarChart("Language of stored pages", RowsOf(summary.languages()));
  html += BarChart("Errors", RowsOf(summary.errors_by_kind())) + BarChart("Not taken", RowsOf(summary.traps()));
  html += HostTable(summary) + FailureTable(summary) + SlowTable(summary);
  return html + "</body></html>\n";
}

}  // namespace sakuin::crawler
