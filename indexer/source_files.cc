#include "indexer/source_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"

namespace sakuin::indexer {

FolderWalker::FolderWalker(std::string folder) : root_(std::move(folder)) {}

Status FolderWalker::Enter(const std::string& path, const std::string& relative) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return ErrnoError(errno, "cannot look at " + path);
  if (!seen_.emplace(static_cast<uint64_t>(facts.st_dev), static_cast<uint64_t>(facts.st_ino)).second) return OkStatus();
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return ErrnoError(errno, "cannot open the folder " + path);
  OpenFolder entered = {path, relative, {}, 0};
  errno = 0;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') entered.names.emplace_back(entry->d_name);
  }
  const int error = errno;
  closedir(folder);
  std::sort(entered.names.begin(), entered.names.end());
  open_.push_back(std::move(entered));
  return error == 0 ? OkStatus() : ErrnoError(error, "cannot read the folder " + path);
}

bool FolderWalker::Next(FoundFile& found) {
  found = FoundFile();
  if (!started_) {
    started_ = true;
    found.path = root_;
    found.status = Enter(root_, "");
    if (!found.status.ok()) return true;
  }
  while (!open_.empty()) {
    OpenFolder& folder = open_.back();
    if (folder.next == folder.names.size()) {
      open_.pop_back();
      continue;
    }
    const std::string& name = folder.names[folder.next++];
    found.path = JoinPath(folder.path, name);
    found.relative = folder.relative + name;
    struct stat facts = {};
    if (stat(found.path.c_str(), &facts) != 0) {
      found.status = ErrnoError(errno, "cannot look at " + found.path);
      return true;
    }
    if (S_ISREG(facts.st_mode)) {
      found.size = static_cast<uint64_t>(facts.st_size);
      return true;
    }
    if (!S_ISDIR(facts.st_mode)) continue;
    found.status = Enter(found.path, found.relative + "/");  // `folder` and `name` are gone after this
    if (!found.status.ok()) return true;
  }
  return false;
}

}  // namespace sakuin::indexer
