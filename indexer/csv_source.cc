#include "indexer/csv_source.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "indexer/source_window.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

// One row, made of as many lines as its quotes span.
class Row {
 public:
  Row(char separator, size_t max_bytes) : separator_(separator), max_bytes_(max_bytes) {}

  void Clear() {
    text_.clear();
    ends_.clear();
    lines_ = 0;
    dropped_ = 0;
    in_quotes_ = false;
  }

  // Goes on with the next line; true when the row is complete.
  bool Feed(std::string_view line) {
    ++lines_;
    size_t at = 0;
    if (in_quotes_) {
      text_.push_back('\n');
      at = ReadQuoted(line, 0);
      if (!in_quotes_) at = ReadPlain(line, at);
    } else {
      at = ReadCell(line, 0);
    }
    while (!in_quotes_ && at != kLineDone) at = ReadCell(line, at);
    if (dropped_ > 0 || text_.size() > max_bytes_) {  // pass over the rest without holding it
      dropped_ += text_.size();
      text_.clear();
      ends_.clear();
    }
    return !in_quotes_;
  }

  bool started() const { return lines_ > 0; }
  uint64_t lines() const { return lines_; }
  uint64_t dropped() const { return dropped_; }  // bytes of a row that is too long, else 0

  size_t cells() const { return ends_.size(); }
  std::string_view cell(size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1] + 1;
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  // All cells, each with a separator behind it.
  std::string_view text() const { return text_; }

 private:
  static constexpr size_t kLineDone = SIZE_MAX;

  // These take the place where they begin and return where the next cell does.
  size_t ReadCell(std::string_view line, size_t at) {
    if (at < line.size() && line[at] == '"') {
      in_quotes_ = true;
      at = ReadQuoted(line, at + 1);
      if (in_quotes_) return kLineDone;
    }
    return ReadPlain(line, at);
  }

  size_t ReadPlain(std::string_view line, size_t at) {
    const size_t end = line.find(separator_, at);
    std::string_view rest = line.substr(at, end == std::string_view::npos ? end : end - at);
    if (end == std::string_view::npos && rest.ends_with('\r')) rest.remove_suffix(1);
    text_.append(rest);
    if (ends_.size() <= kMaxRecordValues) ends_.push_back(text_.size());  // more are too many anyway
    text_.push_back(separator_);
    return end == std::string_view::npos ? kLineDone : end + 1;
  }

  // Behind the opening quote; leaves in_quotes_ set when the line ends first.
  size_t ReadQuoted(std::string_view line, size_t at) {
    for (;;) {
      const size_t quote = line.find('"', at);
      text_.append(line.substr(at, quote == std::string_view::npos ? quote : quote - at));
      if (quote == std::string_view::npos) return line.size();
      at = quote + 1;
      if (at == line.size() || line[at] != '"') break;
      text_.push_back('"');
      ++at;
    }
    in_quotes_ = false;
    return at;
  }

  const char separator_;
  const size_t max_bytes_;
  std::string text_;
  std::vector<size_t> ends_;  // in text_, of every cell
  uint64_t lines_ = 0;
  uint64_t dropped_ = 0;
  bool in_quotes_ = false;
};

constexpr size_t kNoColumn = SIZE_MAX;

class CsvSource final : public SingleSource {
 public:
  CsvSource(std::unique_ptr<ByteInput> bytes, SourceFile source, const SourceOptions& how, char separator)
      : SingleSource(std::move(bytes), std::move(source), how),
        separator_(separator),
        lines_(input(), how.chunk_bytes, how.max_record_bytes),
        row_(separator, how.max_record_bytes) {}

  Result<ReadOutcome> Next(index::Document& out) override {
    for (;;) {
      if (std::exchange(row_complete_, false)) row_.Clear();
      ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadRow());
      if (outcome == ReadOutcome::kBrokenRecord && columns_.empty()) {
        return InvalidArgumentError(error().reason).WithContext(std::string(file()) + ": the header line cannot be used");
      }
      if (outcome != ReadOutcome::kDocument) return outcome;
      if (!columns_.empty()) return Convert(out);
      RETURN_IF_ERROR(ReadHeader().WithContext(file()));
    }
  }

 private:
  // kDocument: row_ is complete.
  Result<ReadOutcome> ReadRow() {
    for (;;) {
      std::string_view line;
      ASSIGN_OR_RETURN(const LineState state, lines_.Next(line));
      if (state == LineState::kWouldBlock) return ReadOutcome::kWouldBlock;
      if (state == LineState::kEnd && !row_.started()) return ReadOutcome::kEnd;
      if (state == LineState::kEnd) {
        row_complete_ = true;
        return Broken("the file ends inside quotes: a cell of this row opens one that is never closed");
      }
      if (!row_.started()) set_line(lines_.number());
      if (state == LineState::kTooLong) {
        row_complete_ = true;
        return TooLong("row", lines_.line_bytes());
      }
      if (!row_.started() && Trim(line).empty() && line.find(separator_) == std::string_view::npos) continue;
      if (!row_.Feed(line)) continue;
      row_complete_ = true;
      if (row_.dropped() > 0) {
        const std::string_view what = row_.lines() > 1 ? "row (in quotes over several lines; perhaps one is not closed)" : "row";
        return TooLong(what, row_.dropped());
      }
      return ReadOutcome::kDocument;
    }
  }

  Status ReadHeader() {
    if (row_.cells() > kMaxRecordValues) return InvalidArgumentError("the header has more than " + WithCommas(kMaxRecordValues) + " columns");
    std::string names;
    for (size_t i = 0; i < row_.cells(); ++i) {
      std::string name(Trim(row_.cell(i)));
      CountRepaired(text::RepairUtf8(name));
      const bool again = (name == options().id_field && id_column_ != kNoColumn) || (name == "_version" && version_column_ != kNoColumn);
      if (name.empty() || again) name = "column" + std::to_string(i + 1);
      if (name == options().id_field) {
        id_column_ = i;
      } else if (name == "_version") {
        version_column_ = i;
      }
      if (names.size() < 200) names += (names.empty() ? "" : ", ") + text::Excerpt(name, 30);
      columns_.push_back(std::move(name));
    }
    if (id_column_ != kNoColumn) return OkStatus();
    const std::string wanted = "the table has no column '" + text::Excerpt(options().id_field) + "' for the id";
    return InvalidArgumentError(wanted + ", it has: " + names + "; --id-field names another");
  }

  ReadOutcome Convert(index::Document& out) {
    if (row_.cells() != columns_.size()) {
      return Broken("the row has " + WithCommas(row_.cells()) + " cells, the header has " + WithCommas(columns_.size()));
    }
    const bool well_formed = text::IsUtf8(row_.text());
    RecordBuilder record(out);
    for (size_t i = 0; i < columns_.size(); ++i) {
      std::string_view cell = row_.cell(i);
      if (!well_formed) {
        repaired_.assign(cell);
        CountRepaired(text::RepairUtf8(repaired_));
        cell = repaired_;
      }
      if (!Add(i, cell, record)) break;
    }
    if (!record.Finish(options().id_field)) return Broken(record.reason());
    WriteStored(out, options().id_field, json());
    return ReadOutcome::kDocument;
  }

  bool Add(size_t column, std::string_view cell, RecordBuilder& record) const {
    if (column == id_column_) return record.SetKey(cell);
    if (cell.empty()) return true;
    if (column != version_column_) return record.AddCell(columns_[column], cell);
    uint64_t version = 0;
    const char* const end = cell.data() + cell.size();
    const auto parsed = std::from_chars(cell.data(), end, version);
    if (parsed.ec != std::errc() || parsed.ptr != end) return record.Fail("_version is not a non-negative 64-bit integer: " + text::Excerpt(cell));
    record.SetVersion(version);
    return true;
  }

  const char separator_;
  LineReader lines_;
  Row row_;
  bool row_complete_ = false;         // row_ is to be cleared before the next
  std::vector<std::string> columns_;  // empty until the header is read
  size_t id_column_ = kNoColumn;
  size_t version_column_ = kNoColumn;
  std::string repaired_;
};

}  // namespace

std::unique_ptr<DocumentSource> MakeCsvSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options, char separator) {
  return std::make_unique<CsvSource>(std::move(input), std::move(file), options, separator);
}

}  // namespace sakuin::indexer
