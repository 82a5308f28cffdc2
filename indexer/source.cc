#include "indexer/source.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "indexer/csv_source.h"
#include "indexer/html_source.h"
#include "indexer/jsonl_source.h"
#include "indexer/markdown_source.h"
#include "indexer/source_files.h"
#include "indexer/source_text.h"
#include "indexer/text_source.h"
#include "indexer/trec_source.h"
#include "text/charset_guess.h"
#include "indexer/warc_source.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

// The same name for ./a.txt, b/../a.txt and a.txt: it becomes the document's key.
std::string SpelledPlainly(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

constexpr size_t kSniffedBytes = 4096;
constexpr size_t kMostLookedAt = 10'000;  // files of folders, before reading
constexpr std::chrono::milliseconds kForEver(-1);
constexpr size_t kMostRecordBytes = 1 << 30;  // the JSON parser addresses 4 GiB

bool IsFolder(const std::string& path) {
  struct stat facts = {};
  return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

// What was read of it is gone from there. "-" is standard input, whatever else is called so.
bool IsStream(const std::string& path) {
  struct stat facts = {};
  return path == "-" || stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode);
}

bool IsWholeFile(SourceFormat format) { return format == SourceFormat::kText || format == SourceFormat::kHtml || format == SourceFormat::kMarkdown; }

// One path after the other, each opened when its turn comes.
class PathSource final : public SourceSequence {
 public:
  PathSource(std::vector<std::string> paths, SourceOptions options) : paths_(std::move(paths)), options_(std::move(options)) {
    one_folder_ = paths_.size() == 1 && IsFolder(paths_[0]);
    Measure();
  }

  SourceKinds LookAhead() override {
    SourceKinds kinds;
    for (const std::string& path : paths_) {
      if (options_.format != SourceFormat::kAuto) {
        Note(options_.format, kinds);
      } else if (path != "-" && IsFolder(path)) {
        LookIntoFolder(path, kinds);
      } else {
        Note(LookIntoFile(path), kinds);
      }
      if (kinds.pages && kinds.rows) break;
    }
    return kinds;
  }

  void SetIdField(std::string name) override { options_.id_field = std::move(name); }

  Result<ReadOutcome> Next(index::Document& out) override {
    while (!done_) {
      Result<ReadOutcome> outcome = Step(out);
      if (!outcome.ok()) {
        done_ = true;
        Close();
        return outcome;
      }
      if (*outcome != ReadOutcome::kEnd) return outcome;
    }
    return ReadOutcome::kEnd;
  }

  bool WaitReadable(std::chrono::milliseconds timeout) override {
    if (opening_ != nullptr) return opening_->WaitReadable(timeout);
    return current_ == nullptr || current_->WaitReadable(timeout);
  }

  std::string_view file() const override { return current_ != nullptr ? current_->file() : error_.file; }
  uint64_t line() const override { return current_ != nullptr ? current_->line() : error_.line; }
  const RecordError& error() const override { return current_ != nullptr ? current_->error() : error_; }

  SourceProgress progress() const override {
    SourceProgress sum = finished_;
    if (opening_ != nullptr) sum.bytes_read += opening_->bytes_read();
    if (current_ == nullptr) return sum;
    const SourceProgress now = current_->progress();
    sum.bytes_read += now.bytes_read;
    sum.repaired += now.repaired;
    return sum;
  }

  LeftOut left_out() const override {
    LeftOut sum = left_out_;
    if (current_ == nullptr) return sum;
    for (const auto& [reason, count] : current_->left_out()) sum[reason] += count;
    return sum;
  }

 private:
  static void Note(SourceFormat format, SourceKinds& kinds) {
    const bool is_page = format == SourceFormat::kHtml || format == SourceFormat::kWarc;
    kinds.pages |= is_page;
    kinds.rows |= !is_page && !IsWholeFile(format) && format != SourceFormat::kAuto;
  }

  void LookIntoFolder(const std::string& path, SourceKinds& kinds) {
    FoundFile found;
    for (FolderWalker walker(path); looked_at_ < kMostLookedAt && !(kinds.pages && kinds.rows) && walker.Next(found);) {
      ++looked_at_;
      if (found.status.ok() && IsWanted(found.relative)) Note(FormatOfPath(found.relative), kinds);
    }
  }

  // kAuto: it is of no kind, or cannot be read. Opens a regular file once more for Next. Of streams only the first is looked into: who
  // writes several may fill one when another is read.
  SourceFormat LookIntoFile(const std::string& path) {
    const SourceFormat named = FormatOfPath(path);
    const bool is_stream = IsStream(path);
    const bool is_later_stream = is_stream && std::exchange(met_stream_, true);
    if (is_later_stream || (named != SourceFormat::kAuto && !IsWholeFile(named))) return named;
    Result<std::unique_ptr<ByteInput>> input = OpenNamed(path);
    if (!input.ok()) return SourceFormat::kAuto;
    Result<ReadState> state = (*input)->Peek(kSniffedBytes);
    for (; state.ok() && *state == ReadState::kWouldBlock; state = (*input)->Peek(kSniffedBytes)) {
      if (Told(path, (*input)->peeked()) != SourceFormat::kAuto) break;
      (*input)->WaitReadable(kForEver);
    }
    const SourceFormat format = Told(path, (*input)->peeked());
    if (is_stream) {
      opened_ = *std::move(input);
      opened_path_ = path;
    }
    return format;
  }

  Result<std::unique_ptr<ByteInput>> OpenNamed(const std::string& path) const {
    if (path == "-") return ByteInput::FromDescriptor(options_.standard_input, "stdin", options_.chunk_bytes);
    return ByteInput::Open(path, options_.chunk_bytes);
  }

  // By its name and its first bytes, an archive whatever it is called; kAuto when they say nothing.
  SourceFormat Told(const std::string& path, std::string_view first_bytes) const {
    const SourceFormat named = FormatOfPath(path);
    if (named == SourceFormat::kAuto) return SniffFormat(first_bytes, options_.id_field);
    return IsWholeFile(named) && LooksLikeWarc(first_bytes) ? SourceFormat::kWarc : named;
  }

  // kEnd: nothing came of it, but there may be more (see done_).
  Result<ReadOutcome> Step(index::Document& out) {
    if (current_ != nullptr) {
      Result<ReadOutcome> outcome = current_->Next(out);
      if (outcome.ok() && *outcome != ReadOutcome::kEnd) return outcome;
      Close();
      return outcome.ok() ? outcome : FileFailed(outcome.status());
    }
    if (opening_ != nullptr) return StartCurrent();
    if (walker_.has_value()) return OpenFound();
    if (next_path_ == paths_.size()) {
      done_ = true;
      return ReadOutcome::kEnd;
    }
    return OpenPath(paths_[next_path_++]);
  }

  Result<ReadOutcome> OpenPath(const std::string& path) {
    if (path != "-" && IsFolder(path)) {
      walker_.emplace(path);
      return ReadOutcome::kEnd;
    }
    in_folder_ = false;
    file_ = path == "-" ? SourceFile{"stdin", "stdin"} : SourceFile{path, SpelledPlainly(path)};
    if (opened_ != nullptr && path == opened_path_) {
      opening_ = std::move(opened_);
      return ReadOutcome::kEnd;
    }
    ASSIGN_OR_RETURN(opening_, OpenNamed(path));
    return ReadOutcome::kEnd;
  }

  // The next file of the folder.
  Result<ReadOutcome> OpenFound() {
    in_folder_ = true;
    FoundFile found;
    if (!walker_->Next(found)) {
      walker_.reset();
      return ReadOutcome::kEnd;
    }
    file_ = {found.path, one_folder_ ? found.relative : SpelledPlainly(found.path)};
    if (!found.status.ok()) return FileFailed(found.status);
    if (!IsWanted(found.relative)) {
      ++finished_.files_skipped;
      return ReadOutcome::kEnd;
    }
    Result<std::unique_ptr<ByteInput>> input = ByteInput::Open(found.path, options_.chunk_bytes);
    if (!input.ok()) return FileFailed(input.status());
    opening_ = *std::move(input);
    return ReadOutcome::kEnd;
  }

  bool IsWanted(std::string_view relative) const {
    const std::vector<std::string>& wanted = options_.folder_extensions;
    if (wanted.empty()) return IsNameOf(options_.format, relative);
    for (const std::string_view packed : {".gz", ".zst"}) {
      if (relative.ends_with(packed)) relative.remove_suffix(packed.size());
    }
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& extension) { return relative.ends_with(extension); });
  }

  // Decides what is in the file that is being opened.
  Result<ReadOutcome> StartCurrent() {
    SourceFormat format = options_.format == SourceFormat::kAuto ? FormatOfPath(file_.path) : options_.format;
    const bool is_told_by_bytes = options_.format == SourceFormat::kAuto && (format == SourceFormat::kAuto || IsWholeFile(format));
    if (is_told_by_bytes || (in_folder_ && IsWholeFile(format))) {
      const Result<ReadState> state = opening_->Peek(kSniffedBytes);
      if (!state.ok()) {
        opening_.reset();
        return FileFailed(state.status());
      }
      if (is_told_by_bytes) format = Told(file_.path, opening_->peeked());
      if (format == SourceFormat::kAuto && *state == ReadState::kWouldBlock) return ReadOutcome::kWouldBlock;
      const bool wide_page = format == SourceFormat::kHtml && text::GuessCharset(opening_->peeked())->wide();
      if (in_folder_ && !wide_page && LooksBinary(opening_->peeked())) {
        opening_.reset();
        ++finished_.files_skipped;
        return ReadOutcome::kEnd;
      }
      if (format == SourceFormat::kAuto) {
        ASSIGN_OR_RETURN(format, Guess());
      }
    }
    SourceOptions options = options_;
    options.format = format;
    current_ = MakeSource(std::move(opening_), file_, options);
    return ReadOutcome::kEnd;
  }

  // Neither the name nor the first bytes say it.
  Result<SourceFormat> Guess() const {
    const std::string_view first = opening_->peeked();
    if (first.empty()) return SourceFormat::kJsonl;
    if (file_.path != "stdin" && !LooksBinary(first)) return SourceFormat::kText;
    return InvalidArgumentError("cannot tell the format of " + file_.path + ", which begins with '" + text::Excerpt(first, 40) + "'; --format names it");
  }

  // A file of a folder is one broken record, another one is the end.
  Result<ReadOutcome> FileFailed(const Status& status) {
    if (!in_folder_) return status;
    std::string_view reason = status.message();
    if (reason.starts_with(file_.path + ": ")) reason.remove_prefix(file_.path.size() + 2);
    error_ = {file_.path, 0, std::string(reason)};
    return ReadOutcome::kBrokenRecord;
  }

  void Close() {
    const uint64_t total = finished_.bytes_total;
    finished_ = progress();
    finished_.bytes_total = total;
    left_out_ = left_out();
    if (current_ != nullptr) error_ = {std::string(current_->file()), current_->line(), ""};
    current_.reset();
    opening_.reset();
  }

  // Leaves bytes_total at 0 unless all of it is known.
  void Measure() {
    uint64_t total = 0;
    for (const std::string& path : paths_) {
      struct stat facts = {};
      if (path == "-" || stat(path.c_str(), &facts) != 0) return;
      if (S_ISREG(facts.st_mode)) {
        total += static_cast<uint64_t>(facts.st_size);
      } else if (S_ISDIR(facts.st_mode) && options_.measure_folders) {
        FoundFile found;
        for (FolderWalker walker(path); walker.Next(found);) total += found.status.ok() && IsWanted(found.relative) ? found.size : 0;
      } else {
        return;
      }
    }
    finished_.bytes_total = total;
  }

  const std::vector<std::string> paths_;
  SourceOptions options_;
  size_t looked_at_ = 0;               // files of folders, by LookAhead
  bool met_stream_ = false;            // likewise
  std::string opened_path_;            // the stream that LookAhead has begun to read; empty: none
  std::unique_ptr<ByteInput> opened_;  // likewise, until Next comes to it
  size_t next_path_ = 0;
  bool one_folder_ = false;  // ids are relative to it
  bool done_ = false;

  std::optional<FolderWalker> walker_;  // of the folder that is being walked
  bool in_folder_ = false;              // file_ was found by it
  SourceFile file_;                     // of opening_, then of current_
  std::unique_ptr<ByteInput> opening_;  // its format is being found out
  std::unique_ptr<DocumentSource> current_;
  SourceProgress finished_;  // of all files before
  LeftOut left_out_;         // likewise
  RecordError error_;        // of a file that could not be read
};

Status CheckPath(const std::string& path) {
  struct stat facts = {};
  if (path.empty()) return InvalidArgumentError("an empty path");
  if (path != "-" && stat(path.c_str(), &facts) != 0) return ErrnoError(errno, "cannot read " + path);
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<SourceSequence>> OpenSources(std::vector<std::string> paths, SourceOptions options) {
  if (paths.empty()) return InvalidArgumentError("no path is given: a file, a folder, or - for standard input is wanted");
  for (const std::string& path : paths) RETURN_IF_ERROR(CheckPath(path));
  options.max_record_bytes = std::clamp<size_t>(options.max_record_bytes, 1, kMostRecordBytes);
  options.chunk_bytes = std::max<size_t>(options.chunk_bytes, 1);
  return std::unique_ptr<SourceSequence>(std::make_unique<PathSource>(std::move(paths), std::move(options)));
}

std::unique_ptr<DocumentSource> MakeSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options) {
  switch (options.format) {
    case SourceFormat::kCsv: return MakeCsvSource(std::move(input), std::move(file), options, ',');
    case SourceFormat::kTsv: return MakeCsvSource(std::move(input), std::move(file), options, '\t');
    case SourceFormat::kTrec: return MakeTrecSource(std::move(input), std::move(file), options);
    case SourceFormat::kText: return MakeTextSource(std::move(input), std::move(file), options, ReadPlainText);
    case SourceFormat::kHtml: return MakeTextSource(std::move(input), std::move(file), options, ReadHtml, PageCharset::kAny);
    case SourceFormat::kMarkdown: return MakeTextSource(std::move(input), std::move(file), options, ReadMarkdown);
    case SourceFormat::kWarc: return MakeWarcSource(std::move(input), std::move(file), options);
    case SourceFormat::kAuto:
    case SourceFormat::kJsonl: break;
  }
  return MakeJsonlSource(std::move(input), std::move(file), options);
}

}  // namespace sakuin::indexer
