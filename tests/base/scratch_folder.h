// scratch_folder.h: a new empty folder for one test; gone afterwards.
//
//   const ScratchFolder scratch;
//   fs.Create(scratch.Path("a.txt"));
#pragma once

#include <stdlib.h>  // mkdtemp

#include <filesystem>
#include <string>
#include <string_view>

namespace sakuin {

class ScratchFolder {
 public:
  ScratchFolder() : path_(std::filesystem::temp_directory_path() / "sakuin-test-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace sakuin
