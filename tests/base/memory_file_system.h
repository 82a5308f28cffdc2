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
// Files need no folder, one that was created exists; nothing is ever locked, and a
// mapped file keeps its bytes. Thread-safe but for Put, Get and BeforeReading.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
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
    const std::lock_guard<std::mutex> lock(*mutex_);
    files_[path] = std::make_shared<std::string>();
    return Appender(path);
  }
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    if (!files_.contains(path)) files_[path] = std::make_shared<std::string>();
    return Appender(path);
  }
  Result<std::unique_ptr<MappedFile>> Map(const std::string& path) override {
    ActBeforeReading(path);
    const std::lock_guard<std::mutex> lock(*mutex_);
    const auto found = files_.find(path);
    if (found == files_.end()) return NotFoundError("cannot open " + path);
    return std::unique_ptr<MappedFile>(std::make_unique<View>(found->second));
  }
  Result<std::string> ReadAll(const std::string& path) override {
    ActBeforeReading(path);
    const std::lock_guard<std::mutex> lock(*mutex_);
    const auto found = files_.find(path);
    if (found == files_.end()) return NotFoundError("cannot open " + path);
    return *found->second;
  }
  Status Truncate(const std::string& path, uint64_t size) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    files_[path]->resize(size);
    return OkStatus();
  }
  Status Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    files_[to] = files_[from];
    files_.erase(from);
    return OkStatus();
  }
  Status Remove(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    return files_.erase(path) > 0 ? OkStatus() : NotFoundError("cannot remove " + path);
  }
  Status CreateFolder(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    folders_.insert(path);
    return OkStatus();
  }
  Status SyncFolder(const std::string&) override { return OkStatus(); }
  bool Exists(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    return files_.contains(path) || folders_.contains(path);
  }
  Result<uint64_t> Size(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    return uint64_t{Get(path).size()};
  }
  Result<std::vector<std::string>> List(const std::string& folder) override {
    const std::lock_guard<std::mutex> lock(*mutex_);
    std::vector<std::string> names;
    for (const auto& [path, bytes] : files_) {
      if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  }
  Result<std::unique_ptr<FileLock>> LockFolder(const std::string&) override { return std::make_unique<FileLock>(); }
  Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) override {
    ASSIGN_OR_RETURN(const std::unique_ptr<WritableFile> made, OpenForAppend(path));
    return std::make_unique<FileLock>();
  }

 private:
  struct File : WritableFile {
    File(std::shared_ptr<std::mutex> guard, std::shared_ptr<std::string> file) : mutex(std::move(guard)), bytes(std::move(file)) {}
    Status Append(std::string_view more) override {
      const std::lock_guard<std::mutex> lock(*mutex);
      bytes->append(more);
      return OkStatus();
    }
    Status Sync() override { return OkStatus(); }
    Status Close() override { return OkStatus(); }
    std::shared_ptr<std::mutex> mutex;  // of the file system, which may go before the file
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

  // REQUIRES: the lock.
  std::unique_ptr<WritableFile> Appender(const std::string& path) { return std::make_unique<File>(mutex_, files_[path]); }

  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
  std::map<std::string, std::shared_ptr<std::string>> files_;
  std::set<std::string> folders_;  // that were created
  std::pair<std::string, std::function<void()>> before_reading_;  // a path's beginning, what happens
};

}  // namespace sakuin
