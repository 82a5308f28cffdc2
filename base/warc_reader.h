// warc_reader.h: the records of web archives: WARC 1.0 and 1.1, and ARC 1.
//
//   WarcReader reader;
//   WarcRecord record;                                             // used again and again
//   for (;;) {
//     switch (reader.Next(record)) {
//       case WarcOutcome::kRecord: Use(record); break;             // record.Find("WARC-Type"), record.block
//       case WarcOutcome::kDamage: Report(reader.damage()); break; // and go on: the next record is behind it
//       case WarcOutcome::kNeedsInput: stored bytes are left ? reader.Feed(them) : reader.Finish(); break;
//       case WarcOutcome::kEnd: return;
//     }
//   }
//
// Files may be plain, or gzip or Zstandard with a member for each record or for
// several; the first bytes tell. A record of a member is given only when the
// member's checksum was right as far as it was read: to its end when it holds one
// record. Zstandard with a dictionary in the file is told as damage.
//
// Damage is a header that is none, a record that is cut short or whose length
// cannot be right, and a member that does not decompress. It is told with its
// offset once, and the next record is where a line says so. When the length of a
// record is too large and the beginning of another is found inside, that one is
// read; when in a plain file there is no empty line behind a record, or it is cut
// short at the end of the file, it is given and told.
//
// A record of ARC is given the fields that it would have as one of WARC. Dates
// become 2014-02-16T05:02:21Z; blanks in the target become %20, and the <> that
// some programs put around it are taken away.
//
// Memory: max_block_bytes, kMaxHeadBytes, what is fed, and what MemberDecoder
// needs. Cost: linear. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/member_decoder.h"

namespace sakuin {

struct WarcField {
  std::string name;
  std::string value;
};

struct WarcRecord {
  bool is_arc = false;
  uint64_t offset = 0;  // where it begins in the file: of a compressed one, where its member begins
  std::vector<WarcField> fields;
  std::string block;         // at most max_block_bytes of it
  uint64_t block_bytes = 0;  // all of it

  // Of the first field with this name, in any case; empty when there is none.
  std::string_view Find(std::string_view name) const;
  bool is_cut() const { return block.size() < block_bytes; }
};

struct WarcDamage {
  uint64_t offset = 0;  // in the file as it is stored: where the record, its member, or the damage begins
  std::string reason;
};

struct WarcReaderOptions {
  size_t max_block_bytes = 64 << 20;  // what is longer is passed over
};

enum class WarcOutcome { kRecord, kDamage, kNeedsInput, kEnd };

class WarcReader {
 public:
  static constexpr size_t kMaxHeadBytes = 256 << 10;

  explicit WarcReader(WarcReaderOptions options = {}) : options_(options) {}

  void Feed(std::string_view stored) { decoder_.Feed(stored); }
  void Finish() { decoder_.Finish(); }  // nothing more will be fed

  // Fills `out` when it is kRecord, else leaves anything in it.
  WarcOutcome Next(WarcRecord& out);

  // REQUIRES: the last outcome was kDamage.
  const WarcDamage& damage() const { return damage_; }

 private:
  enum class Phase { kBetween, kHead, kBlock, kBehind };
  enum class Step { kAgain, kMore, kRecord, kDamage };

  std::string_view window() const { return std::string_view(decoded_).substr(taken_); }
  void Take(size_t bytes);
  uint64_t Place() const { return decoder_.is_compressed() ? decoder_.member_offset() : position_; }

  Step Advance(WarcRecord& out);
  Step LookForRecord(WarcRecord& out);
  Step ReadHead(WarcRecord& out);
  Step BeginArcRecord(std::string_view line, WarcRecord& out);
  Step ReadBlock(WarcRecord& out);
  Step ReadBehind(WarcRecord& out);
  Step CutShort(WarcRecord& out);
  Step Damage(uint64_t offset, std::string reason);
  bool ReadOverlooked(const WarcRecord& record);
  void BeginBlock(uint64_t bytes, WarcRecord& out);
  void FinishArcRecord(WarcRecord& out) const;
  WarcOutcome Refill();

  const WarcReaderOptions options_;
  MemberDecoder decoder_;
  std::string decoded_;  // from taken_ on still to be looked at
  size_t taken_ = 0;
  uint64_t position_ = 0;      // of the window in the decoded file
  uint64_t furthest_ = 0;      // that position_ ever was
  uint64_t put_back_ = 0;      // bytes in all that were read once more
  bool ended_ = false;         // nothing will come behind the window
  bool member_ended_ = false;  // behind the window

  Phase phase_ = Phase::kBetween;
  bool is_arc_ = false;
  bool lost_ = false;      // between records, and that was told
  bool mid_line_ = false;  // the window goes on with a line that is passed over
  uint64_t block_left_ = 0;
  size_t newlines_ = 0;  // behind the block
  std::string behind_;   // the first of these bytes
  WarcDamage damage_;
  bool has_late_damage_ = false;  // to be told after the record just given
};

}  // namespace sakuin
