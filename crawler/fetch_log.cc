#include "crawler/fetch_log.h"

#include <string_view>
#include <utility>

namespace sakuin::crawler {
namespace {

// Of the last line that is a record; 0 where there is none, or of an older version.
uint64_t LastRunIn(std::string_view lines) {
  while (!lines.empty()) {
    lines.remove_suffix(1);
    const size_t begin = lines.rfind('\n') + 1;  // npos + 1 is 0
    const Result<FetchRecord> record = ParseFetchRecord(lines.substr(begin));
    if (record.ok()) return record->run;
    lines = lines.substr(0, begin);
  }
  return 0;
}

// Cuts what a writer that died left of its last line; the number of the last run.
Result<uint64_t> CutHalfLine(FileSystem& fs, const std::string& path) {
  if (!fs.Exists(path)) return uint64_t{0};
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  if (size == 0) return uint64_t{0};
  uint64_t whole = 0;
  uint64_t run = 0;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
    const size_t last = file->bytes().rfind('\n');
    whole = last == std::string_view::npos ? 0 : last + 1;
    run = LastRunIn(file->bytes().substr(0, whole));
  }
  if (whole != size) RETURN_IF_ERROR(fs.Truncate(path, whole));
  return run;
}

}  // namespace

Result<std::unique_ptr<FetchLog>> FetchLog::Open(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(const uint64_t last_run, CutHalfLine(fs, path));
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.OpenForAppend(path));
  RETURN_IF_ERROR(fs.SyncFolder(FolderOf(path)));
  return std::unique_ptr<FetchLog>(new FetchLog(std::move(file), last_run + 1));
}

void FetchLog::Add(FetchRecord record) {
  record.run = run_;
  lines_ += ToJson(record);
  lines_ += '\n';
}

Status FetchLog::Sync() {
  if (lines_.empty()) return OkStatus();
  RETURN_IF_ERROR(file_->Append(lines_));
  lines_.clear();
  return file_->Sync();
}

Result<uint64_t> ReadFetchLog(FileSystem& fs, const std::string& path, const std::function<void(const FetchRecord&)>& take) {
  uint64_t broken = 0;
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  if (size == 0) return broken;
  ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
  std::string_view rest = file->bytes();
  for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const Result<FetchRecord> record = ParseFetchRecord(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (record.ok()) {
      take(*record);
    } else {
      ++broken;
    }
  }
  return broken;
}

}  // namespace sakuin::crawler
