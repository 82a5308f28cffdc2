#include "keyword_linker/link_counts.h"

#include <chrono>
#include <thread>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/live_folder.h"

namespace sakuin::keyword_linker {
namespace {

constexpr std::string_view kMagic = "SAKUINKC";
constexpr int kMostTries = 500;
constexpr std::chrono::milliseconds kBetweenTries{20};

std::string FolderOfCounts(const std::string& folder) { return JoinPath(folder, kCountsFolder); }
std::string PathOfCounts(const std::string& folder) { return JoinPath(folder, kCountsFile); }

std::string BytesOf(const CountsByKeyword& counts) {
  std::string bytes(kMagic);
  AppendU64(bytes, counts.size());
  for (const auto& [keyword, count] : counts) {
    AppendLengthPrefixed(bytes, keyword);
    AppendVarint(bytes, count);
  }
  AppendU64(bytes, Checksum(bytes));
  return bytes;
}

// Others hold it for as long as they write the file.
Result<std::unique_ptr<FileLock>> Lock(FileSystem& fs, const std::string& folder) {
  for (int tries = 1;; ++tries) {
    Result<std::unique_ptr<FileLock>> lock = fs.LockFolder(folder);
    if (lock.status().code() != StatusCode::kUnavailable || tries == kMostTries) return lock;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace

void LinkCounts::Add(std::string_view keyword) {
  const auto at = counts_.find(keyword);
  if (at != counts_.end()) {
    ++at->second;
  } else {
    counts_.emplace(keyword, 1);
  }
}

Status LinkCounts::Flush(FileSystem& fs, const std::string& folder) {
  if (counts_.empty()) return OkStatus();
  RETURN_IF_ERROR(CreateDurableFolder(fs, FolderOfCounts(folder)));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock, Lock(fs, FolderOfCounts(folder)));
  ASSIGN_OR_RETURN(CountsByKeyword total, ReadLinkCounts(fs, folder));
  for (const auto& [keyword, count] : counts_) total[keyword] += count;
  RETURN_IF_ERROR(WriteFileAtomically(fs, PathOfCounts(folder), BytesOf(total)));
  counts_.clear();
  return OkStatus();
}

Result<CountsByKeyword> ReadLinkCounts(FileSystem& fs, const std::string& folder) {
  const Result<std::string> bytes = fs.ReadAll(PathOfCounts(folder));
  if (bytes.status().code() == StatusCode::kNotFound) return CountsByKeyword();
  if (!bytes.ok()) return bytes.status();
  Result<CountsByKeyword> counts = ParseLinkCounts(*bytes);
  if (!counts.ok()) return counts.status().WithContext(PathOfCounts(folder));
  return counts;
}

Result<CountsByKeyword> ParseLinkCounts(std::string_view bytes) {
  const Status damaged = DataLossError("the counts of links are damaged; remove the file to count from nothing");
  if (bytes.size() < kMagic.size() + 16 || !bytes.starts_with(kMagic)) return damaged;
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  if (Checksum(body) != LoadUnaligned<uint64_t>(bytes.data() + body.size())) return damaged;
  ByteReader in(body.substr(kMagic.size()));
  const uint64_t size = in.ReadU64();
  CountsByKeyword counts;
  for (uint64_t i = 0; i < size && in.ok(); ++i) {
    const std::string_view keyword = in.ReadLengthPrefixed();
    counts.emplace_hint(counts.end(), keyword, in.ReadVarint());
  }
  if (!in.ok() || !in.AtEnd() || counts.size() != size) return damaged;
  return counts;
}

}  // namespace sakuin::keyword_linker
