// memory_file_system.h: files in memory, for fuzz targets that open thousands.
//
//   MemoryFileSystem fs;
//   fs.Put("folder/CURRENT", bytes);
//   index::ReadCurrentManifest(fs, "folder");
//
// What another program does while files are read: before the next read of a file
// whose path begins so, and then no more.
//
//   fs.BeforeReading("folder/segment-", [&] { ASSERT_TRUE(writer->Commit().ok()); });
//
// Folders exist as soon as they are asked for, nothing is ever locked, and a
// mapped file keeps its bytes. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"

namespace sakuin {

class MemoryFileSystem : public FileSystem {
 public:
  void Put(const std::string& path, std::string bytes) { files_[path] = std::make_shared<std::string>(std::move(bytes)); }
  const std::string& Get(const std::string& path) const { return *files_.at(path); }
  void BeforeReading(std::string prefix, std::function<void()> act) { before_reading_ = {std::move(prefix), std::move(act)}; }

  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override {
    Put(path, {});
    return OpenForAppend(path);
  }
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override {
    if (!Exists(path)) Put(path, {});
    return std::unique_ptr<WritableFile>(std::make_unique<File>(files_[path]));
  }
  Result<std::unique_ptr<MappedFile>> Map(const std::string& path) override {
    ActBeforeReading(path);
    if (!Exists(path)) return NotFoundError("cannot open " + path);
    return std::unique_ptr<MappedFile>(std::make_unique<View>(files_[path]));
  }
  Result<std::string> ReadAll(const std::string& path) override {
    ActBeforeReading(path);
    if (!Exists(path)) return NotFoundError("cannot open " + path);
    return *files_[path];
  }
  Status Truncate(const std::string& path, uint64_t size) override {
    files_[path]->resize(size);
    return OkStatus();
  }
  Status Rename(const std::string& from, const std::string& to) override {
    files_[to] = files_[from];
    files_.erase(from);
    return OkStatus();
  }
  Status Remove(const std::string& path) override { return files_.erase(path) > 0 ? OkStatus() : NotFoundError("cannot remove " + path); }
  Status CreateFolder(const std::string&) override { return OkStatus(); }
  Status SyncFolder(const std::string&) override { return OkStatus(); }
  bool Exists(const std::string& path) override { return files_.contains(path); }
  Result<uint64_t> Size(const std::string& path) override { return uint64_t{Get(path).size()}; }
  Result<std::vector<std::string>> List(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : files_) {
      if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  }
  Result<std::unique_ptr<FileLock>> LockFolder(const std::string&) override { return std::make_unique<FileLock>(); }

 private:
  struct File : WritableFile {
    explicit File(std::shared_ptr<std::string> file) : bytes(std::move(file)) {}
    Status Append(std::string_view more) override {
      bytes->append(more);
      return OkStatus();
    }
    Status Sync() override { return OkStatus(); }
    Status Close() override { return OkStatus(); }
    std::shared_ptr<std::string> bytes;
  };

  struct View : MappedFile {
    explicit View(std::shared_ptr<std::string> mapped) : file(std::move(mapped)) {}
    std::string_view bytes() const override { return *file; }
    void Release(uint64_t, uint64_t) const override {}
    std::shared_ptr<std::string> file;
  };

  void ActBeforeReading(const std::string& path) {
    if (before_reading_.second == nullptr || !path.starts_with(before_reading_.first)) return;
    std::exchange(before_reading_.second, nullptr)();
  }

  std::map<std::string, std::shared_ptr<std::string>> files_;
  std::pair<std::string, std::function<void()>> before_reading_;  // a path's beginning, what happens
};

}  // namespace sakuin
