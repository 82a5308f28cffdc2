#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sakuin {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

int OpenRetrying(const std::string& path, int flags, mode_t mode = 0644) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixWritableFile() override { (void)Close(); }

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        return ErrnoError(errno, "cannot write to " + path_);
      }
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return OkStatus();
  }

  Status Sync() override {
    if (::fdatasync(fd_) != 0) return ErrnoError(errno, "cannot sync " + path_);
    return OkStatus();
  }

  Status Close() override {
    if (fd_ < 0) return OkStatus();
    if (::close(std::exchange(fd_, -1)) != 0) return ErrnoError(errno, "cannot close " + path_);
    return OkStatus();
  }

 private:
  int fd_;
  std::string path_;
};

class PosixMappedFile : public MappedFile {
 public:
  PosixMappedFile(void* at, size_t size) : at_(at), size_(size) {}
  ~PosixMappedFile() override {
    if (size_ > 0) ::munmap(at_, size_);
  }
  PosixMappedFile(const PosixMappedFile&) = delete;
  PosixMappedFile& operator=(const PosixMappedFile&) = delete;

  std::string_view bytes() const override { return {static_cast<const char*>(at_), size_}; }

  void Release(uint64_t offset, uint64_t size) const override {
    constexpr uint64_t kPage = 4096;
    if (offset >= size_) return;
    const uint64_t begin = (offset + kPage - 1) / kPage * kPage;
    const uint64_t end = (offset + std::min<uint64_t>(size, size_ - offset)) / kPage * kPage;
    if (begin < end) ::madvise(static_cast<char*>(at_) + begin, end - begin, MADV_DONTNEED);
  }

 private:
  void* at_;
  size_t size_;
};

class PosixFileLock : public FileLock {
 public:
  explicit PosixFileLock(int fd) : fd_(fd) {}

 private:
  FileDescriptor fd_;  // closing releases the lock
};

class Posix : public FileSystem {
 public:
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override { return OpenToWrite(path, O_CREAT | O_TRUNC | O_WRONLY); }

  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override { return OpenToWrite(path, O_CREAT | O_APPEND | O_WRONLY); }

  Result<std::unique_ptr<MappedFile>> Map(const std::string& path) override {
    ASSIGN_OR_RETURN(const int raw, OpenToRead(path));
    FileDescriptor fd(raw);
    ASSIGN_OR_RETURN(const uint64_t size, SizeOf(fd.get(), path));
    if (size == 0) return std::unique_ptr<MappedFile>(new PosixMappedFile(nullptr, 0));
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (at == MAP_FAILED) return ErrnoError(errno, "cannot map " + path);
    return std::unique_ptr<MappedFile>(new PosixMappedFile(at, size));
  }

  Result<std::string> ReadAll(const std::string& path) override { return ReadFrom(path, 0); }

  Result<std::string> ReadFrom(const std::string& path, uint64_t begin) override { return ReadSome(path, begin, UINT64_MAX); }

  Result<std::string> ReadSome(const std::string& path, uint64_t begin, uint64_t most) override {
    ASSIGN_OR_RETURN(const int raw, OpenToRead(path));
    FileDescriptor fd(raw);
    if (begin > 0 && ::lseek(fd.get(), static_cast<off_t>(begin), SEEK_SET) < 0) return ErrnoError(errno, "cannot read " + path);
    std::string all;
    char buffer[1 << 16];
    while (all.size() < most) {
      const ssize_t got = ::read(fd.get(), buffer, std::min<uint64_t>(sizeof(buffer), most - all.size()));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return ErrnoError(errno, "cannot read " + path);
      if (got == 0) break;
      all.append(buffer, static_cast<size_t>(got));
    }
    return all;
  }

  Status Truncate(const std::string& path, uint64_t size) override {
    if (::truncate(path.c_str(), static_cast<off_t>(size)) != 0) return ErrnoError(errno, "cannot truncate " + path);
    return OkStatus();
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return ErrnoError(errno, "cannot rename " + from + " to " + to);
    return OkStatus();
  }

  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return ErrnoError(errno, "cannot remove " + path);
    return OkStatus();
  }

  Status CreateFolder(const std::string& path) override {
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
      const std::string part = path.substr(0, slash);
      if (::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) return ErrnoError(errno, "cannot create the folder " + part);
      if (slash == std::string::npos) break;
    }
    struct stat info;
    if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return ErrnoError(ENOTDIR, "cannot use " + path + " as a folder");
    return OkStatus();
  }

  Status SyncFolder(const std::string& path) override {
    FileDescriptor fd(OpenRetrying(path, O_RDONLY | O_DIRECTORY));
    if (fd.get() < 0) return ErrnoError(errno, "cannot open the folder " + path);
    if (::fsync(fd.get()) != 0) return ErrnoError(errno, "cannot sync the folder " + path);
    return OkStatus();
  }

  bool Exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }

  Result<uint64_t> Size(const std::string& path) override {
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) return ErrnoError(errno, "cannot look at " + path);
    return static_cast<uint64_t>(info.st_size);
  }

  Result<std::vector<std::string>> List(const std::string& folder) override {
    DIR* dir = ::opendir(folder.c_str());
    if (dir == nullptr) return ErrnoError(errno, "cannot list " + folder);
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(dir)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(dir);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::unique_ptr<FileLock>> LockFolder(const std::string& folder) override {
    FileDescriptor fd(OpenRetrying(folder, O_RDONLY | O_DIRECTORY));
    if (fd.get() < 0) return ErrnoError(errno, "cannot open the folder " + folder);
    return Lock(fd, folder);
  }

  Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) override {
    FileDescriptor fd(OpenRetrying(path, O_RDWR | O_CREAT));
    if (fd.get() < 0) return ErrnoError(errno, "cannot write to " + path);
    return Lock(fd, path);
  }

 private:
  static Result<std::unique_ptr<FileLock>> Lock(FileDescriptor& fd, const std::string& path) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return ErrnoError(errno, "cannot lock " + path);
      return UnavailableError("another process is writing to " + path +
                              "; one writer at a time: wait until it has finished, or end it");
    }
    return std::unique_ptr<FileLock>(new PosixFileLock(fd.Release()));
  }

  static Result<std::unique_ptr<WritableFile>> OpenToWrite(const std::string& path, int flags) {
    const int fd = OpenRetrying(path, flags);
    if (fd < 0) return ErrnoError(errno, "cannot write to " + path);
    return std::unique_ptr<WritableFile>(new PosixWritableFile(fd, path));
  }

  static Result<int> OpenToRead(const std::string& path) {
    const int fd = OpenRetrying(path, O_RDONLY);
    if (fd < 0) return ErrnoError(errno, "cannot open " + path);
    return fd;
  }

  static Result<uint64_t> SizeOf(int fd, const std::string& path) {
    struct stat info;
    if (::fstat(fd, &info) != 0) return ErrnoError(errno, "cannot look at " + path);
    if (!S_ISREG(info.st_mode)) return InvalidArgumentError("expected a regular file, found something else at " + path);
    return static_cast<uint64_t>(info.st_size);
  }
};

}  // namespace

Result<std::string> FileSystem::ReadFrom(const std::string& path, uint64_t begin) {
  ASSIGN_OR_RETURN(std::string bytes, ReadAll(path));
  bytes.erase(0, std::min<uint64_t>(begin, bytes.size()));
  return bytes;
}

Result<std::string> FileSystem::ReadSome(const std::string& path, uint64_t begin, uint64_t most) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFrom(path, begin));
  if (bytes.size() > most) bytes.resize(most);
  return bytes;
}

FileSystem& PosixFileSystem() {
  static Posix* const fs = new Posix;
  return *fs;
}

namespace {

Status CreateWith(FileSystem& fs, const std::string& path, const std::function<Status(WritableFile&)>& write) {
  ASSIGN_OR_RETURN(const std::unique_ptr<WritableFile> file, fs.Create(path));
  RETURN_IF_ERROR(write(*file));
  RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

}  // namespace

Status WriteNewFile(FileSystem& fs, const std::string& path, std::string_view bytes) {
  return CreateWith(fs, path, [bytes](WritableFile& file) { return file.Append(bytes); });
}

Status WriteFileAtomically(FileSystem& fs, const std::string& path, std::string_view bytes) {
  return WriteFileAtomically(fs, path, [bytes](WritableFile& file) { return file.Append(bytes); });
}

Status WriteFileAtomically(FileSystem& fs, const std::string& path, const std::function<Status(WritableFile&)>& write) {
  const std::string temporary = path + ".tmp";
  const auto write_and_rename = [&]() -> Status {
    RETURN_IF_ERROR(CreateWith(fs, temporary, write));
    return fs.Rename(temporary, path);
  };
  if (Status status = write_and_rename(); !status.ok()) {
    (void)fs.Remove(temporary);
    return status;
  }
  return fs.SyncFolder(FolderOf(path));
}

// Folders are created one at a time, and each is synced into its parent before the next: so of a process that was
// killed at most the deepest is not durable.
Status CreateDurableFolder(FileSystem& fs, const std::string& path) {
  std::string at = path;
  while (at.size() > 1 && at.back() == '/') at.pop_back();
  std::vector<std::string> missing;
  for (; at != "." && at != "/" && !fs.Exists(at); at = FolderOf(at)) missing.push_back(at);
  if (at != "." && at != "/") {
    Status synced = fs.SyncFolder(FolderOf(at));
    // Its parent may be somebody else's, who does not let us look at it.
    if (!synced.ok() && synced.code() != StatusCode::kPermissionDenied) return synced;
  }
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    RETURN_IF_ERROR(fs.CreateFolder(*folder));
    RETURN_IF_ERROR(fs.SyncFolder(FolderOf(*folder)));
  }
  return missing.empty() ? fs.CreateFolder(path) : OkStatus();  // which says so where a file is in the way
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && path.back() != '/') path.push_back('/');
  path.append(name);
  return path;
}

}  // namespace sakuin
