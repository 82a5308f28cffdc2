#include "indexer/source_format.h"

#include <array>
#include <utility>

#include "base/ascii.h"
#include "indexer/source_text.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

struct Name {
  SourceFormat format;
  std::string_view name;
};
constexpr std::array<Name, 9> kNames = {{{SourceFormat::kAuto, "auto"},
                                         {SourceFormat::kJsonl, "jsonl"},
                                         {SourceFormat::kCsv, "csv"},
                                         {SourceFormat::kTsv, "tsv"},
                                         {SourceFormat::kTrec, "trec"},
                                         {SourceFormat::kText, "text"},
                                         {SourceFormat::kHtml, "html"},
                                         {SourceFormat::kMarkdown, "markdown"},
                                         {SourceFormat::kWarc, "warc"}}};

constexpr std::array<Name, 21> kExtensions = {{{SourceFormat::kJsonl, ".jsonl"},
                                               {SourceFormat::kJsonl, ".ndjson"},
                                               {SourceFormat::kJsonl, ".json"},
                                               {SourceFormat::kCsv, ".csv"},
                                               {SourceFormat::kTsv, ".tsv"},
                                               {SourceFormat::kTsv, ".tab"},
                                               {SourceFormat::kTrec, ".trec"},
                                               {SourceFormat::kTrec, ".trectext"},
                                               {SourceFormat::kTrec, ".sgml"},
                                               {SourceFormat::kText, ".txt"},
                                               {SourceFormat::kText, ".text"},
                                               {SourceFormat::kHtml, ".html"},
                                               {SourceFormat::kHtml, ".htm"},
                                               {SourceFormat::kHtml, ".xhtml"},
                                               {SourceFormat::kMarkdown, ".md"},
                                               {SourceFormat::kMarkdown, ".markdown"},
                                               {SourceFormat::kMarkdown, ".mdown"},
                                               {SourceFormat::kMarkdown, ".mkd"},
                                               {SourceFormat::kMarkdown, ".mdx"},
                                               {SourceFormat::kWarc, ".warc"},
                                               {SourceFormat::kWarc, ".arc"}}};

bool EndsWithIgnoringCase(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && EqualsIgnoringCase(text.substr(text.size() - tail.size()), tail);
}

// Whether a line of cells split at `separator` has `name` among them, in quotes or not.
bool HasCell(std::string_view line, char separator, std::string_view name) {
  while (true) {
    const size_t end = line.find(separator);
    std::string_view cell = Trim(line.substr(0, end));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    if (cell == name) return true;
    if (end == std::string_view::npos) return false;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

Result<SourceFormat> ParseSourceFormat(std::string_view name) {
  std::string known;
  for (const Name& entry : kNames) {
    if (entry.name == name) return entry.format;
    known += known.empty() ? "" : ", ";
    known += entry.name;
  }
  return InvalidArgumentError("there is no format '" + text::Excerpt(name) + "'; one of: " + known);
}

std::string_view SourceFormatName(SourceFormat format) {
  for (const Name& entry : kNames) {
    if (entry.format == format) return entry.name;
  }
  return "unknown";
}

SourceFormat FormatOfPath(std::string_view path) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (!EndsWithIgnoringCase(path, packed)) continue;
    path.remove_suffix(packed.size());
    break;
  }
  for (const Name& entry : kExtensions) {
    if (EndsWithIgnoringCase(path, entry.name)) return entry.format;
  }
  return SourceFormat::kAuto;
}

bool IsNameOf(SourceFormat format, std::string_view path) {
  const SourceFormat told = FormatOfPath(path);
  if (format == SourceFormat::kAuto) return told != SourceFormat::kAuto;
  if (format == SourceFormat::kText || format == SourceFormat::kTrec) return told == format || told == SourceFormat::kAuto;
  return told == format;
}

SourceFormat SniffFormat(std::string_view first_bytes, std::string_view id_field) {
  const std::string_view text = Trim(first_bytes);
  if (text.starts_with('{') || text.starts_with('[')) return SourceFormat::kJsonl;  // "[": its error says what is wanted
  if (text.starts_with("WARC/") || text.starts_with("filedesc://")) return SourceFormat::kWarc;
  if (StartsWithIgnoringCase(text, "<doc>")) return SourceFormat::kTrec;
  if (StartsWithIgnoringCase(text, "<!doctype html") || StartsWithIgnoringCase(text, "<html")) return SourceFormat::kHtml;
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.find('\t') != std::string_view::npos && HasCell(line, '\t', id_field)) return SourceFormat::kTsv;
  if (line.find(',') != std::string_view::npos && HasCell(line, ',', id_field)) return SourceFormat::kCsv;
  return SourceFormat::kAuto;
}

bool LooksLikeWarc(std::string_view first_bytes) {
  const std::string_view head = first_bytes.substr(0, first_bytes.find("\r\n\r\n"));
  return (head.starts_with("WARC/") && head.find("\nWARC-") != std::string_view::npos) || head.starts_with("filedesc://");
}

bool LooksBinary(std::string_view first_bytes) { return first_bytes.find('\0') != std::string_view::npos; }

}  // namespace sakuin::indexer
