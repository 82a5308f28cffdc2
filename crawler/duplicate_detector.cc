// Chains go from a page to the one before it with the same piece, so that a place
// in the ring that is used again needs no unlinking: a walk ends at the first page
// that is older than the oldest remembered.

#include "crawler/duplicate_detector.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/record_framing.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kContentTable = 4;
constexpr size_t kFirstChains = 1 << 10;
constexpr size_t kPayloadBytes = 40;
constexpr uint64_t kMostPages = UINT32_MAX - 1;

void AppendPage(const TextFingerprint& fingerprint, uint64_t page, std::string& out) {
  std::string payload;
  AppendU64(payload, fingerprint.content.low);
  AppendU64(payload, fingerprint.content.high);
  AppendU64(payload, fingerprint.simhash);
  AppendU32(payload, fingerprint.shingles);
  AppendU32(payload, fingerprint.name);
  AppendU64(payload, page);
  AppendRecord(payload, out);
}

// Leaves in `fingerprint` what AppendPage was given, and returns the page. REQUIRES: kPayloadBytes.
uint64_t ReadPage(std::string_view payload, TextFingerprint& fingerprint) {
  ByteReader in(payload);
  fingerprint.content.low = in.ReadU64();
  fingerprint.content.high = in.ReadU64();
  fingerprint.simhash = in.ReadU64();
  fingerprint.shingles = in.ReadU32();
  fingerprint.name = in.ReadU32();
  return in.ReadU64();
}

}  // namespace

DuplicateDetector::DuplicateDetector(DuplicateOptions options)
    : options_{std::clamp<size_t>(options.max_pages, 1, kMostPages / 2), options.min_shingles, std::min(options.max_distance, 3), options.max_walk,
               options.near} {
  for (size_t table = 0; table < kTables; ++table) newest_[table].resize(table == kContentTable ? kFirstChains : kPieces);
}

Result<std::unique_ptr<DuplicateDetector>> DuplicateDetector::Open(FileSystem& fs, const std::string& path, DuplicateOptions options) {
  auto out = std::make_unique<DuplicateDetector>(options);
  size_t sound = 0;
  size_t size = 0;
  if (fs.Exists(path)) {
    ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
    size = file->bytes().size();
    RETURN_IF_ERROR(out->Load(*file, sound).WithContext(path));
  }
  if (sound > 2 * out->options_.max_pages * RecordBytes(kPayloadBytes)) {
    RETURN_IF_ERROR(out->WriteAnew(fs, path));
  } else if (sound < size) {
    RETURN_IF_ERROR(fs.Truncate(path, sound));
  }
  ASSIGN_OR_RETURN(out->file_, fs.OpenForAppend(path));
  RETURN_IF_ERROR(fs.SyncFolder(FolderOf(path)));
  return out;
}

DuplicateVerdict DuplicateDetector::Find(const TextFingerprint& fingerprint) const {
  return Find(fingerprint, [](const TextFingerprint&, uint64_t) { return true; });
}

DuplicateVerdict DuplicateDetector::Find(const TextFingerprint& fingerprint, const Counts& counts) const {
  const auto walk = [&](size_t table, size_t steps, const auto& is_duplicate) -> const Page* {
    for (uint64_t place = newest_[table][ChainOf(fingerprint, table)]; place > oldest() && steps-- > 0; place = PageAt(place - 1).before[table]) {
      const Page& page = PageAt(place - 1);
      if (is_duplicate(page.fingerprint) && counts(page.fingerprint, page.number)) return &page;
    }
    return nullptr;
  };
  const auto same = [&](const TextFingerprint& other) { return other.content == fingerprint.content; };
  if (const Page* page = walk(kContentTable, SIZE_MAX, same); page != nullptr) return {DuplicateKind::kExact, page->number};
  if (!options_.near || fingerprint.shingles < options_.min_shingles) return {};
  const auto near = [&](const TextFingerprint& other) { return IsNear(fingerprint, other); };
  for (size_t table = 0; table < kContentTable; ++table) {
    if (const Page* page = walk(table, options_.max_walk, near); page != nullptr) return {DuplicateKind::kNear, page->number};
  }
  return {};
}

void DuplicateDetector::Add(const TextFingerprint& fingerprint, uint64_t page) {
  Remember(fingerprint, page);
  if (file_ != nullptr && failure_.ok()) AppendPage(fingerprint, page, unwritten_);
}

Status DuplicateDetector::Sync() {
  RETURN_IF_ERROR(failure_);
  if (unwritten_.empty()) return OkStatus();
  failure_ = file_->Append(unwritten_);
  unwritten_.clear();
  if (failure_.ok()) failure_ = file_->Sync();
  return failure_;
}

size_t DuplicateDetector::ChainOf(const TextFingerprint& fingerprint, size_t table) const {
  if (table == kContentTable) return fingerprint.content.low & (newest_[kContentTable].size() - 1);
  return fingerprint.simhash >> (16 * table) & 0xFFFF;
}

bool DuplicateDetector::IsNear(const TextFingerprint& a, const TextFingerprint& b) const {
  if (SimHashDistance(a.simhash, b.simhash) > options_.max_distance || a.name != b.name) return false;
  const auto [fewer, more] = std::minmax(a.shingles, b.shingles);
  return fewer >= options_.min_shingles && more - fewer <= more / 10;
}

void DuplicateDetector::Remember(const TextFingerprint& fingerprint, uint64_t page) {
  if (next_ >= kMostPages) {  // places no longer fit: begin anew
    pages_.clear();
    next_ = 0;
    for (std::vector<uint32_t>& chains : newest_) std::fill(chains.begin(), chains.end(), 0);
  }
  if (next_ >= newest_[kContentTable].size() && pages_.size() < options_.max_pages) GrowContentTable();
  Page added;
  added.fingerprint = fingerprint;
  added.number = page;
  for (size_t table = 0; table < kTables; ++table) {
    const bool is_chained = table == kContentTable || fingerprint.shingles >= options_.min_shingles;
    if (is_chained) added.before[table] = std::exchange(newest_[table][ChainOf(fingerprint, table)], static_cast<uint32_t>(next_ + 1));
  }
  if (pages_.size() < options_.max_pages) {
    pages_.push_back(added);
  } else {
    pages_[next_ % options_.max_pages] = added;
  }
  ++next_;
}

// Twice as many chains. REQUIRES: the ring is not full yet.
void DuplicateDetector::GrowContentTable() {
  newest_[kContentTable].assign(newest_[kContentTable].size() * 2, 0);
  for (size_t place = 0; place < pages_.size(); ++place) {
    Page& page = pages_[place];
    page.before[kContentTable] = std::exchange(newest_[kContentTable][ChainOf(page.fingerprint, kContentTable)], static_cast<uint32_t>(place + 1));
  }
}

Status DuplicateDetector::Load(const MappedFile& file, size_t& sound) {
  constexpr size_t kReleasedAtOnce = 16 << 20;
  const std::string_view bytes = file.bytes();
  std::string_view rest = bytes;
  size_t released = 0;
  std::string_view payload;
  RecordState state = RecordState::kUnfinished;
  while ((state = ReadRecord(rest, payload)) == RecordState::kWhole && payload.size() == kPayloadBytes) {
    TextFingerprint fingerprint;
    const uint64_t page = ReadPage(payload, fingerprint);
    Remember(fingerprint, page);
    rest.remove_prefix(RecordBytes(payload.size()));
    if (const size_t read = bytes.size() - rest.size(); read - released >= kReleasedAtOnce) {
      file.Release(released, read - released);
      released = read;
    }
  }
  sound = bytes.size() - rest.size();
  const bool is_torn = state == RecordState::kUnfinished ? rest.size() < RecordBytes(kPayloadBytes) : EndsInZeros(rest);
  if (is_torn && state != RecordState::kWhole) return OkStatus();
  return DataLossError("damaged at byte " + std::to_string(sound) + " of " + std::to_string(bytes.size()) + ", behind " + std::to_string(next_) +
                       " whole records");
}

Status DuplicateDetector::WriteAnew(FileSystem& fs, const std::string& path) {
  return WriteFileAtomically(fs, path, [&](WritableFile& file) -> Status {
    std::string bytes;
    for (uint64_t place = oldest(); place < next_; ++place) {
      AppendPage(PageAt(place).fingerprint, PageAt(place).number, bytes);
      if (bytes.size() < 1 << 20) continue;
      RETURN_IF_ERROR(file.Append(bytes));
      bytes.clear();
    }
    return file.Append(bytes);
  });
}

}  // namespace sakuin::crawler
