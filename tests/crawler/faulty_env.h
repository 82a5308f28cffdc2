// faulty_env.h: the files of RocksDB, which fail and lose power when a test says so.
//
//   FaultyEnv env;
//   env.FailFrom(100);                          // the 100th write or sync from now, and all after it: the disk is full
//   options.env = env.env();
//   ... close what is open
//   env.LosePower();                            // what was not synced is gone from every file
//
// Only bytes are lost: a file that was created stays, cut to what was synced of it. Syncing costs nothing: what it
// promises is kept by LosePower. Thread-safe.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace sakuin::crawler {

class FaultyFiles : public rocksdb::FileSystemWrapper {
 public:
  FaultyFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FaultyFiles"; }

  void FailFrom(uint64_t n) {
    const std::lock_guard lock(mutex_);
    operations_ = 0;
    fail_from_ = n;
  }

  uint64_t operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
  }

  // REQUIRES: no file is open.
  void LosePower() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, sizes] : sizes_) {
      std::error_code missing;
      if (std::filesystem::file_size(path, missing) > sizes.synced && !missing) std::filesystem::resize_file(path, sizes.synced);
    }
    sizes_.clear();
    fail_from_ = UINT64_MAX;
  }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options, std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus asked = Ask();
    return asked.ok() ? Wrap(path, FileSystemWrapper::NewWritableFile(path, options, file, context), file) : asked;
  }

  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options, std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus asked = Ask();
    return asked.ok() ? Wrap(path, FileSystemWrapper::ReopenWritableFile(path, options, file, context), file) : asked;
  }

  rocksdb::IOStatus NewDirectory(const std::string& /*path*/, const rocksdb::IOOptions& /*options*/, std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* /*context*/) override {
    *folder = std::make_unique<Folder>();
    return rocksdb::IOStatus::OK();
  }

  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus asked = Ask();
    if (!asked.ok()) return asked;
    const rocksdb::IOStatus status = FileSystemWrapper::RenameFile(from, to, options, context);
    const std::lock_guard lock(mutex_);
    if (const auto node = sizes_.extract(from); status.ok() && !node.empty()) sizes_[to] = node.mapped();
    return status;
  }

  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    const rocksdb::IOStatus asked = Ask();
    if (!asked.ok()) return asked;
    const std::lock_guard lock(mutex_);
    sizes_.erase(path);
    return FileSystemWrapper::DeleteFile(path, options, context);
  }

 private:
  struct Sizes {
    uint64_t written = 0;
    uint64_t synced = 0;
  };

  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, FaultyFiles& files)
        : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), files_(files) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
      const rocksdb::IOStatus asked = files_.Ask();
      if (!asked.ok()) return asked;
      files_.Wrote(path_, bytes.size());
      return FSWritableFileOwnerWrapper::Append(bytes, options, context);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions& options, const rocksdb::DataVerificationInfo& /*info*/,
                             rocksdb::IODebugContext* context) override {
      return Append(bytes, options, context);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& /*options*/, rocksdb::IODebugContext* /*context*/) override {
      const rocksdb::IOStatus asked = files_.Ask();
      if (asked.ok()) files_.Synced(path_);
      return asked;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override { return Sync(options, context); }

   private:
    const std::string path_;
    FaultyFiles& files_;
  };

  class Folder : public rocksdb::FSDirectory {
   public:
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& /*options*/, rocksdb::IODebugContext* /*context*/) override { return rocksdb::IOStatus::OK(); }
  };

  rocksdb::IOStatus Ask() {
    const std::lock_guard lock(mutex_);
    return ++operations_ >= fail_from_ ? rocksdb::IOStatus::NoSpace("planned") : rocksdb::IOStatus::OK();
  }

  rocksdb::IOStatus Wrap(const std::string& path, const rocksdb::IOStatus& status, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    if (!status.ok()) return status;
    std::error_code missing;
    const uint64_t size = std::filesystem::file_size(path, missing);
    const std::lock_guard lock(mutex_);
    sizes_[path] = missing ? Sizes{} : Sizes{size, size};
    *file = std::make_unique<File>(std::move(*file), path, *this);
    return status;
  }

  void Wrote(const std::string& path, uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    sizes_[path].written += bytes;
  }

  void Synced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    sizes_[path].synced = sizes_[path].written;
  }

  mutable std::mutex mutex_;
  uint64_t operations_ = 0;
  uint64_t fail_from_ = UINT64_MAX;
  std::map<std::string, Sizes> sizes_;
};

class FaultyEnv {
 public:
  FaultyEnv() : files_(std::make_shared<FaultyFiles>()), env_(rocksdb::NewCompositeEnv(files_)) {}

  rocksdb::Env* env() { return env_.get(); }
  void FailFrom(uint64_t n) { files_->FailFrom(n); }
  uint64_t operations() const { return files_->operations(); }
  void LosePower() { files_->LosePower(); }

 private:
  std::shared_ptr<FaultyFiles> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace sakuin::crawler
