// faulty_file_system.h: a file system that fails when a test says so.
//
//   FaultyFileSystem fs(PosixFileSystem());
//   fs.FailAt(FaultyFileSystem::Operation::kWrite, 3);        // the third write from now: disk full
//   fs.FailFrom(FaultyFileSystem::Operation::kWrite, 3);      // the disk stays full
//   fs.ShortWriteAt(2, 10);                                   // the second write stores 10 bytes, then fails
//
// Every point where power may go, one after the other:
//
//   for (size_t n = 1;; ++n) {
//     FaultyFileSystem fs(PosixFileSystem());
//     fs.PowerOffAt(n);                                       // the n-th change and all later ones fail
//     const bool finished = Workload(fs).ok();
//     fs.Restart(FaultyFileSystem::UnsyncedNames::kLost);     // what was not synced is gone
//     ... open again: everything acknowledged must be there
//     if (finished) break;
//   }
//
// The simulation is as unkind as POSIX allows: bytes after the last Sync of
// their file are lost, creations, renames and removals before the last
// SyncFolder of their folder are undone (or, at the tester's choice, kept: then
// a renamed file that was never synced is there and empty). A folder that is lost
// takes along all that is in it. Creating over an existing file and truncating
// count as durable at once.
// Thread-safe. Not meant for large files: undoing keeps copies in memory.
#pragma once

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace sakuin {

class FaultyFileSystem : public FileSystem {
 public:
  enum class Operation { kCreate, kWrite, kSync, kRename, kRemove, kTruncate, kCreateFolder, kSyncFolder, kRead };
  enum class UnsyncedNames { kLost, kKept };

  // REQUIRES: `base` outlives this.
  explicit FaultyFileSystem(FileSystem& base) : base_(base) {}

  // The n-th such operation from now on (1 is the next) fails with errno `error`;
  // a failing operation changes nothing. kCreate is also OpenForAppend; kRead is Map, ReadAll
  // and ReadFrom; kCreateFolder is not asked for where the folder is there already.
  void FailAt(Operation operation, size_t n, int error = ENOSPC);
  void FailFrom(Operation operation, size_t n, int error = ENOSPC);
  // The n-th write from now on stores its first `bytes` bytes, then fails.
  void ShortWriteAt(size_t n, size_t bytes, int error = ENOSPC);
  // The n-th change of any kind (all but kRead) from now on fails and so do all after it.
  void PowerOffAt(size_t n);
  // Nothing planned any more.
  void ClearFaults();

  // The machine comes back after its power went, now or before: what was not
  // durable is gone, but each file keeps up to `torn_bytes` of its unsynced end.
  // Faults are cleared. REQUIRES: no file is open or mapped.
  void Restart(UnsyncedNames names = UnsyncedNames::kLost, uint64_t torn_bytes = 0);

  // How many operations were asked for so far, including failed ones.
  size_t count(Operation operation) const;
  size_t changes() const;  // of all kinds but kRead

  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override;
  Result<std::unique_ptr<MappedFile>> Map(const std::string& path) override;
  Result<std::string> ReadAll(const std::string& path) override;
  Result<std::string> ReadFrom(const std::string& path, uint64_t begin) override;
  Status Truncate(const std::string& path, uint64_t size) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status CreateFolder(const std::string& path) override;
  Status SyncFolder(const std::string& path) override;
  bool Exists(const std::string& path) override { return base_.Exists(path); }
  Result<uint64_t> Size(const std::string& path) override { return base_.Size(path); }
  Result<std::vector<std::string>> List(const std::string& folder) override { return base_.List(folder); }
  Result<std::unique_ptr<FileLock>> LockFolder(const std::string& folder) override { return base_.LockFolder(folder); }
  Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) override;

 private:
  class File;

  static constexpr size_t kOperations = 9;
  static constexpr size_t kNever = SIZE_MAX;

  // When an operation fails: at its `at`-th time, or from then on.
  struct Plan {
    size_t count = 0;
    size_t at = kNever;
    bool from_then_on = false;
    int error = 0;
    size_t stored_bytes = 0;  // of a write that falls short
  };

  // Of a file written through this.
  struct Durability {
    uint64_t size = 0;
    uint64_t synced = 0;
  };

  // The names and contents to bring back when a change of a folder is undone.
  struct Change {
    std::string folder;
    std::string appeared;  // this name goes, of a folder with all in it (it becomes `vanished` again, if that is not empty) ...
    std::string vanished;
    bool restores = false;  // ... and `restored` gets its old bytes back
    std::string restored;
    std::string old_bytes;
  };

  // OK, or the planned failure. Counts.
  Status Ask(Operation operation, size_t* stored_bytes = nullptr);
  std::unique_ptr<WritableFile> Wrap(std::unique_ptr<WritableFile> file, const std::string& path, uint64_t size, bool is_new);
  std::string DurableBytes(const std::string& path);
  void Undo(const Change& change);
  void RemoveAll(const std::string& path);
  void CutUnsynced(uint64_t torn_bytes);

  FileSystem& base_;
  mutable std::mutex mutex_;
  std::array<Plan, kOperations> plans_;
  size_t changes_ = 0;
  size_t power_off_at_ = kNever;
  std::map<std::string, std::shared_ptr<Durability>> files_;  // by path
  std::vector<Change> unsynced_changes_;                      // oldest first
};

}  // namespace sakuin
