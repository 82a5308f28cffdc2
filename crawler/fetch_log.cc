#include "crawler/fetch_log.h"

#include <string_view>
#include <utility>

namespace sakuin::crawler {
namespace {

// Cuts what a writer that died left of its last line.
Status CutHalfLine(FileSystem& fs, const std::string& path) {
  if (!fs.Exists(path)) return OkStatus();
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  if (size == 0) return OkStatus();
  uint64_t whole = 0;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
    const size_t last = file->bytes().rfind('\n');
    whole = last == std::string_view::npos ? 0 : last + 1;
  }
  return whole == size ? OkStatus() : fs.Truncate(path, whole);
}

}  // namespace

Result<std::unique_ptr<FetchLog>> FetchLog::Open(FileSystem& fs, const std::string& path) {
  RETURN_IF_ERROR(CutHalfLine(fs, path));
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.OpenForAppend(path));
  RETURN_IF_ERROR(fs.SyncFolder(FolderOf(path)));
  return std::unique_ptr<FetchLog>(new FetchLog(std::move(file)));
}

void FetchLog::Add(const FetchRecord& record) {
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
