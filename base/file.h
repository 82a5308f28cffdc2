// file.h: files as the engine needs them, behind one interface that tests can break.
//
//   FileSystem& fs = PosixFileSystem();
//   ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.Create(path));
//   RETURN_IF_ERROR(file->Append(bytes));
//   RETURN_IF_ERROR(file->Sync());               // now it survives power loss
//   RETURN_IF_ERROR(file->Close());
//
// An immutable file is written once under its final or a temporary name, synced,
// renamed, and its folder synced; afterwards it is only mapped. FaultyFileSystem
// in tests/ wraps any other and makes writes fail, fall short or vanish.
// A FileSystem is thread-safe, a WritableFile is not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin {

class WritableFile {
 public:
  virtual ~WritableFile() = default;
  // Writes all bytes at the end or returns the error; buffers are the caller's business.
  virtual Status Append(std::string_view bytes) = 0;
  // Durable when OK.
  virtual Status Sync() = 0;
  // Idempotent. The destructor closes too, and drops the error.
  virtual Status Close() = 0;
};

// A file mapped for reading; the bytes are valid until destruction. An empty
// file maps to an empty view. Reading past a truncation that happens while
// mapped is fatal by nature (SIGBUS): immutable files only.
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  virtual std::string_view bytes() const = 0;
  // Advice: the pages of [offset, offset + size) are not needed for now; frees memory, loses nothing.
  virtual void Release(uint64_t offset, uint64_t size) const = 0;
};

// An exclusive lock that ends with the process or this object.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<WritableFile>> Create(const std::string& path) = 0;  // truncates
  virtual Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) = 0;
  virtual Result<std::unique_ptr<MappedFile>> Map(const std::string& path) = 0;
  virtual Result<std::string> ReadAll(const std::string& path) = 0;
  virtual Result<std::string> ReadFrom(const std::string& path, uint64_t begin);  // to the end; empty where that is before
  virtual Result<std::string> ReadSome(const std::string& path, uint64_t begin, uint64_t most);  // the same, at most so many bytes
  virtual Status Truncate(const std::string& path, uint64_t size) = 0;
  virtual Status Rename(const std::string& from, const std::string& to) = 0;  // replaces
  virtual Status Remove(const std::string& path) = 0;                         // a file; missing is NOT_FOUND
  virtual Status CreateFolder(const std::string& path) = 0;                   // with its parents; existing is OK; see CreateDurableFolder
  virtual Status SyncFolder(const std::string& path) = 0;                     // makes creations and renames in it durable
  virtual bool Exists(const std::string& path) = 0;
  virtual Result<uint64_t> Size(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> List(const std::string& folder) = 0;  // names, sorted
  // Locks a folder for this process; UNAVAILABLE, as nothing else is, when another holds it.
  virtual Result<std::unique_ptr<FileLock>> LockFolder(const std::string& folder) = 0;
  // Likewise a file, which is made, empty, when it is not there.
  virtual Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) = 0;
};

// The operating system's files. Lives for ever.
FileSystem& PosixFileSystem();

// Writes a whole new file; durable when OK, but for its name (SyncFolder).
Status WriteNewFile(FileSystem& fs, const std::string& path, std::string_view bytes);

// Writes a whole file so that a reader sees the old bytes or the new ones,
// never a mixture: temporary name, sync, rename, folder sync.
Status WriteFileAtomically(FileSystem& fs, const std::string& path, std::string_view bytes);
// The same of bytes that are not all in memory: `write` appends them.
Status WriteFileAtomically(FileSystem& fs, const std::string& path, const std::function<Status(WritableFile&)>& write);

// A folder with its parents that power loss does not take away, nor what is made durable in it. Existing is OK:
// it is made durable too, since whoever created it may have been killed before.
Status CreateDurableFolder(FileSystem& fs, const std::string& path);

// Of a file: "a/b" of "a/b/c", "." of "c".
std::string FolderOf(const std::string& path);
std::string JoinPath(std::string_view folder, std::string_view name);

}  // namespace sakuin
