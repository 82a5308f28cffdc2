// duplicate_detector.h: has a page with this text, or nearly this text, been stored already?
//
//   ASSIGN_OR_RETURN(std::unique_ptr<DuplicateDetector> seen, DuplicateDetector::Open(fs, "state/duplicates", {}));
//   const TextFingerprint fingerprint = FingerprintOf(page, bytes);   // or of a text
//   const DuplicateVerdict verdict = seen->Find(fingerprint);
//   if (verdict.kind == DuplicateKind::kNone) {
//     seen->Add(fingerprint, page_number);                   // else verdict.page is the number of the one before
//   }
//   RETURN_IF_ERROR(seen->Sync());                           // from time to time: remembered after a crash
//
// Near means that at most max_distance (3) of the 64 bits differ, that both have
// the same name, and that both texts have at least min_shingles different
// shingles (simhash.h: of long texts an estimate) and numbers that differ by at
// most a tenth: in short texts, and in pages made of a template and a few words,
// three bits are no proof. Those are only duplicates when all words are equal.
//
// With at most three bits different, one of four pieces of 16 bits is equal
// (Manku, Jain and Sarma 2007): each piece has a table of those that were seen. Pages of one
// template share pieces though they are not near, and by the million: so no more than
// max_walk pages of each table are looked at, the latest first, and what is near to older
// ones only is none. Of equal texts none is overlooked.
//
// Memory: kBytesPerPage for each of max_pages, and 1 MB; when there are more, the
// oldest are forgotten. The file only grows while it is open, and is written anew
// when it is opened and twice too long. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "crawler/simhash.h"

namespace sakuin::crawler {

enum class DuplicateKind { kNone, kExact, kNear };

struct DuplicateVerdict {
  DuplicateKind kind = DuplicateKind::kNone;
  uint64_t page = 0;  // of which this is a duplicate
};

struct DuplicateOptions {
  size_t max_pages = 10'000'000;
  uint32_t min_shingles = 50;
  int max_distance = 3;  // at most 3: more would be overlooked
  size_t max_walk = 1000;
  bool near = true;  // else only what is equal is found
};

class DuplicateDetector {
 public:
  static constexpr size_t kBytesPerPage = 72;

  // Only in memory.
  explicit DuplicateDetector(DuplicateOptions options);

  // Remembers what the file at `path` says, which is made when it is missing; a torn end is cut off. DATA_LOSS when it is damaged
  // before its end, or there is something else in it. That records are missing at its end is not seen here: pages() tells.
  static Result<std::unique_ptr<DuplicateDetector>> Open(FileSystem& fs, const std::string& path, DuplicateOptions options);

  // An exact duplicate goes before a near one, the latest before older ones.
  DuplicateVerdict Find(const TextFingerprint& fingerprint) const;
  // Likewise among pages that count: those that are still there, and still as they were when they were added.
  using Counts = std::function<bool(const TextFingerprint& fingerprint, uint64_t page)>;
  DuplicateVerdict Find(const TextFingerprint& fingerprint, const Counts& counts) const;

  void Add(const TextFingerprint& fingerprint, uint64_t page);

  // Everything added is durable when OK. After an error, every call answers it: what is remembered goes on to be used.
  Status Sync();

  size_t pages() const { return static_cast<size_t>(next_ - oldest()); }

 private:
  static constexpr size_t kTables = 5;  // four pieces of SimHash, and the content
  static constexpr size_t kPieces = 65536;

  struct Page {
    TextFingerprint fingerprint;
    uint64_t number = 0;
    std::array<uint32_t, kTables> before = {};  // the one before in the same chain, counted from 1
  };

  uint64_t oldest() const { return next_ > options_.max_pages ? next_ - options_.max_pages : 0; }
  const Page& PageAt(uint64_t place) const { return pages_[place % options_.max_pages]; }
  size_t ChainOf(const TextFingerprint& fingerprint, size_t table) const;
  bool IsNear(const TextFingerprint& a, const TextFingerprint& b) const;
  void Remember(const TextFingerprint& fingerprint, uint64_t page);
  Status Load(const MappedFile& file, size_t& sound);
  Status WriteAnew(FileSystem& fs, const std::string& path);
  void GrowContentTable();

  const DuplicateOptions options_;
  std::vector<Page> pages_;                            // a ring
  uint64_t next_ = 0;                                  // pages ever added
  std::array<std::vector<uint32_t>, kTables> newest_;  // of each chain, counted from 1
  std::string unwritten_;
  std::unique_ptr<WritableFile> file_;
  Status failure_;
};

}  // namespace sakuin::crawler
