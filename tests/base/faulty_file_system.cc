#include "tests/base/faulty_file_system.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sakuin {
namespace {

std::string WithoutTrailingSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

// Writes through and keeps count of what is durable.
class FaultyFileSystem::File : public WritableFile {
 public:
  File(FaultyFileSystem& fs, std::unique_ptr<WritableFile> file, std::shared_ptr<Durability> durability)
      : fs_(fs), file_(std::move(file)), durability_(std::move(durability)) {}

  Status Append(std::string_view bytes) override {
    const std::lock_guard lock(fs_.mutex_);
    size_t stored = 0;
    Status failure = fs_.Ask(Operation::kWrite, &stored);
    if (!failure.ok()) bytes = bytes.substr(0, stored);
    RETURN_IF_ERROR(file_->Append(bytes));
    durability_->size += bytes.size();
    return failure;
  }

  Status Sync() override {
    const std::lock_guard lock(fs_.mutex_);
    RETURN_IF_ERROR(fs_.Ask(Operation::kSync));
    // What is durable is known here: the disk need not be waited for.
    durability_->synced = durability_->size;
    return OkStatus();
  }

  Status Close() override { return file_->Close(); }

 private:
  FaultyFileSystem& fs_;
  std::unique_ptr<WritableFile> file_;
  std::shared_ptr<Durability> durability_;
};

void FaultyFileSystem::FailAt(Operation operation, size_t n, int error) {
  const std::lock_guard lock(mutex_);
  Plan& plan = plans_[static_cast<size_t>(operation)];
  plan = {.count = plan.count, .at = plan.count + n, .from_then_on = false, .error = error, .stored_bytes = 0};
}

void FaultyFileSystem::FailFrom(Operation operation, size_t n, int error) {
  FailAt(operation, n, error);
  const std::lock_guard lock(mutex_);
  plans_[static_cast<size_t>(operation)].from_then_on = true;
}

void FaultyFileSystem::ShortWriteAt(size_t n, size_t bytes, int error) {
  FailAt(Operation::kWrite, n, error);
  const std::lock_guard lock(mutex_);
  plans_[static_cast<size_t>(Operation::kWrite)].stored_bytes = bytes;
}

void FaultyFileSystem::PowerOffAt(size_t n) {
  const std::lock_guard lock(mutex_);
  power_off_at_ = changes_ + n;
}

void FaultyFileSystem::ClearFaults() {
  const std::lock_guard lock(mutex_);
  for (Plan& plan : plans_) plan.at = kNever;
  power_off_at_ = kNever;
}

size_t FaultyFileSystem::count(Operation operation) const {
  const std::lock_guard lock(mutex_);
  return plans_[static_cast<size_t>(operation)].count;
}

size_t FaultyFileSystem::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

Status FaultyFileSystem::Ask(Operation operation, size_t* stored_bytes) {
  Plan& plan = plans_[static_cast<size_t>(operation)];
  ++plan.count;
  if (operation != Operation::kRead && ++changes_ >= power_off_at_) return Status(StatusCode::kUnknown, "the simulated machine has no power");
  if (plan.count != plan.at && !(plan.from_then_on && plan.count > plan.at)) return OkStatus();
  if (stored_bytes != nullptr) *stored_bytes = plan.stored_bytes;
  return ErrnoError(plan.error, "planned by the test");
}

std::unique_ptr<WritableFile> FaultyFileSystem::Wrap(std::unique_ptr<WritableFile> file, const std::string& path, uint64_t size, bool is_new) {
  std::shared_ptr<Durability>& durability = files_[path];
  // What was there before this file system saw it is durable.
  if (durability == nullptr || is_new) durability = std::make_shared<Durability>(Durability{.size = size, .synced = size});
  return std::make_unique<File>(*this, std::move(file), durability);
}

Result<std::unique_ptr<WritableFile>> FaultyFileSystem::Create(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kCreate));
  const bool existed = base_.Exists(path);
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, base_.Create(path));
  if (!existed) unsynced_changes_.push_back({.folder = FolderOf(path), .appeared = path, .vanished = {}, .restored = {}, .old_bytes = {}});
  return Wrap(std::move(file), path, 0, true);
}

Result<std::unique_ptr<WritableFile>> FaultyFileSystem::OpenForAppend(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kCreate));
  const Result<uint64_t> size = base_.Size(path);
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, base_.OpenForAppend(path));
  if (!size.ok()) unsynced_changes_.push_back({.folder = FolderOf(path), .appeared = path, .vanished = {}, .restored = {}, .old_bytes = {}});
  return Wrap(std::move(file), path, size.ok() ? *size : 0, !size.ok());
}

Result<std::unique_ptr<FileLock>> FaultyFileSystem::LockFile(const std::string& path) {
  if (!base_.Exists(path)) RETURN_IF_ERROR(OpenForAppend(path).status());
  return base_.LockFile(path);
}

Result<std::unique_ptr<MappedFile>> FaultyFileSystem::Map(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kRead));
  return base_.Map(path);
}

Result<std::string> FaultyFileSystem::ReadAll(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kRead));
  return base_.ReadAll(path);
}

Result<std::string> FaultyFileSystem::ReadFrom(const std::string& path, uint64_t begin) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kRead));
  return base_.ReadFrom(path, begin);
}

Status FaultyFileSystem::Truncate(const std::string& path, uint64_t size) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kTruncate));
  RETURN_IF_ERROR(base_.Truncate(path, size));
  if (const auto known = files_.find(path); known != files_.end()) {
    *known->second = {.size = size, .synced = std::min(known->second->synced, size)};
  }
  return OkStatus();
}

Status FaultyFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kRename));
  const bool replaces = base_.Exists(to);
  Change change{.folder = FolderOf(to), .appeared = to, .vanished = from, .restores = replaces, .restored = to, .old_bytes = {}};
  if (replaces) change.old_bytes = DurableBytes(to);
  RETURN_IF_ERROR(base_.Rename(from, to));
  unsynced_changes_.push_back(std::move(change));
  files_.erase(to);
  if (auto moved = files_.extract(from); !moved.empty()) {
    moved.key() = to;
    files_.insert(std::move(moved));
  }
  return OkStatus();
}

Status FaultyFileSystem::Remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kRemove));
  std::string old_bytes = DurableBytes(path);
  RETURN_IF_ERROR(base_.Remove(path));
  unsynced_changes_.push_back(
      {.folder = FolderOf(path), .appeared = {}, .vanished = {}, .restores = true, .restored = path, .old_bytes = std::move(old_bytes)});
  files_.erase(path);
  return OkStatus();
}

Status FaultyFileSystem::CreateFolder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (base_.Exists(path)) return base_.CreateFolder(path);
  RETURN_IF_ERROR(Ask(Operation::kCreateFolder));
  // Those of its parents that are not there yet can be lost too.
  std::vector<std::string> appeared;
  for (std::string at = WithoutTrailingSlash(path); at != "." && at != "/" && !base_.Exists(at); at = WithoutTrailingSlash(FolderOf(at))) {
    appeared.push_back(at);
  }
  RETURN_IF_ERROR(base_.CreateFolder(path));
  for (auto folder = appeared.rbegin(); folder != appeared.rend(); ++folder) {
    unsynced_changes_.push_back({.folder = WithoutTrailingSlash(FolderOf(*folder)), .appeared = *folder, .vanished = {}, .restored = {}, .old_bytes = {}});
  }
  return OkStatus();
}

Status FaultyFileSystem::SyncFolder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Ask(Operation::kSyncFolder));
  if (!base_.Exists(path)) return base_.SyncFolder(path);  // its error
  std::erase_if(unsynced_changes_, [folder = WithoutTrailingSlash(path)](const Change& change) { return change.folder == folder; });
  return OkStatus();
}

std::string FaultyFileSystem::DurableBytes(const std::string& path) {
  Result<std::string> all = base_.ReadAll(path);
  if (!all.ok()) return {};
  std::string bytes = *std::move(all);
  if (const auto known = files_.find(path); known != files_.end()) bytes.resize(std::min<size_t>(bytes.size(), known->second->synced));
  return bytes;
}

void FaultyFileSystem::Undo(const Change& change) {
  if (!change.vanished.empty()) {
    (void)base_.Rename(change.appeared, change.vanished);
  } else if (!change.appeared.empty()) {
    RemoveAll(change.appeared);
  }
  if (!change.restores) return;
  auto file = base_.Create(change.restored);
  if (file.ok()) (void)(*file)->Append(change.old_bytes);
}

void FaultyFileSystem::RemoveAll(const std::string& path) {
  if (base_.Remove(path).ok()) return;
  const Result<std::vector<std::string>> names = base_.List(path);
  if (!names.ok()) return;
  for (const std::string& name : *names) RemoveAll(JoinPath(path, name));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // the empty folder; where folders are no files, there is none
}

void FaultyFileSystem::CutUnsynced(uint64_t torn_bytes) {
  for (const auto& [path, durability] : files_) {
    const uint64_t kept = std::min(durability->size, durability->synced + torn_bytes);
    if (kept < durability->size) (void)base_.Truncate(path, kept);
  }
  files_.clear();
}

void FaultyFileSystem::Restart(UnsyncedNames names, uint64_t torn_bytes) {
  ClearFaults();
  const std::lock_guard lock(mutex_);
  CutUnsynced(torn_bytes);
  if (names == UnsyncedNames::kLost) {
    for (auto change = unsynced_changes_.rbegin(); change != unsynced_changes_.rend(); ++change) Undo(*change);
  }
  unsynced_changes_.clear();
}

}  // namespace sakuin
