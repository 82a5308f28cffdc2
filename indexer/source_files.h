// source_files.h: the regular files below a folder, in sorted order.
//
//   FolderWalker walker("notes");
//   FoundFile found;
//   while (walker.Next(found)) Use(found.path, found.relative);     // "notes/a/b.txt", "a/b.txt"
//
// Names are compared as bytes; a folder is entered where its name stands. Symbolic
// links are followed, but no folder is entered twice, so a folder that contains
// itself comes to an end. Hidden names (".git") and special files are left out.
//
// Memory: the names of the open folders, and two numbers for each folder seen.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace sakuin::indexer {

struct FoundFile {
  std::string path;
  std::string relative;  // to the folder that is walked
  uint64_t size = 0;
  Status status;  // not OK: what stands at `path` cannot be looked at
};

class FolderWalker {
 public:
  explicit FolderWalker(std::string folder);

  // False at the end.
  bool Next(FoundFile& found);

 private:
  struct OpenFolder {
    std::string path;
    std::string relative;  // "" or ends with "/"
    std::vector<std::string> names;
    size_t next = 0;
  };

  Status Enter(const std::string& path, const std::string& relative);

  std::vector<OpenFolder> open_;
  std::set<std::pair<uint64_t, uint64_t>> seen_;  // device and inode of folders
  std::string root_;
  bool started_ = false;
};

}  // namespace sakuin::indexer
