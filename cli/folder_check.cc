#include "cli/folder_check.h"

#include <filesystem>
#include <string_view>

#include "base/file.h"
#include "crawler/fetch_log.h"
#include "index/filename.h"
#include "index/manifest.h"

namespace sakuin::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFrontier = "frontier";

bool IsOfState(std::string_view name) { return name == kFrontier || name == crawler::kFetchLogFile || name.starts_with("texts"); }

// A file of the folder that no crawl has made; empty: there is none.
std::string FileOfNoCrawl(const std::string& folder) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (!IsOfState(name) && !index::IsIncidental(name)) return name;
  }
  return {};
}

}  // namespace

Status CheckIndexFolder(const std::string& folder) {
  ASSIGN_OR_RETURN(const bool holds_index, index::HoldsIndex(PosixFileSystem(), folder));
  const bool is_state = !holds_index && PosixFileSystem().Exists(JoinPath(folder, crawler::kFetchLogFile));
  if (!is_state) return index::CheckFolderForIndex(PosixFileSystem(), folder);
  return FailedPreconditionError(folder + " holds the state of a crawl and no index; an index goes into a folder of its own");
}

Status CheckStateFolder(const std::string& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (fs::exists(status) && !fs::is_directory(status)) return FailedPreconditionError("--state " + folder + " is no folder");
  if (status.type() == fs::file_type::none) return InvalidArgumentError("--state " + folder + ": " + error.message());
  const Result<bool> holds_index = index::HoldsIndex(PosixFileSystem(), folder);
  if (!holds_index.ok()) return holds_index.status().WithContext("--state");
  if (*holds_index) {
    return FailedPreconditionError("--state " + folder + " is an index; the state of a crawl goes into a folder of its own, for instance " + folder + ".crawl");
  }
  if (PosixFileSystem().Exists(JoinPath(folder, crawler::kFetchLogFile)) || PosixFileSystem().Exists(JoinPath(folder, kFrontier))) return OkStatus();
  if (const std::string name = FileOfNoCrawl(folder); !name.empty()) {
    return FailedPreconditionError("--state " + folder + " holds '" + name + "', which is of no crawl; expected a folder that a crawl made, or a new one");
  }
  return OkStatus();
}

bool IsSameFolder(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto whole = [&error](const std::string& path) {
    const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
    return canonical.has_filename() ? canonical : canonical.parent_path();
  };
  return whole(a) == whole(b) && !error;
}

}  // namespace sakuin::cli
