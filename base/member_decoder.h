// member_decoder.h: files of compressed members, gzip or Zstandard, one behind the other, or of plain bytes.
//
//   MemberDecoder decoder;
//   decoder.Feed(stored);                                  // any stretch of the file
//   switch (decoder.Decode(out, 1 << 16)) {                // appends to out
//     case MemberState::kData: ...                         // at least one byte more
//     case MemberState::kMemberEnd: ...                    // perhaps some more, the last: it is whole and its checksum right
//     case MemberState::kDamaged: ...                      // see damage(); Decode goes on with the next member that can be found
//     case MemberState::kNeedsInput: ...                   // Feed more, or Finish
//     case MemberState::kEnd: ...
//   }
//
// Which of the three it is, the first bytes tell. Plain bytes have no members
// and cannot be damaged. After damage, the next member is where bytes look like
// the beginning of one, also a little before the place where the damage showed:
// a member that was cut short hides the beginning of its successor. What is read
// twice for that is less than what is read once.
//
// Memory: what is fed, kMaxRewindBytes, and what the decompressor needs (128 MB
// at most). Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sakuin {

enum class MemberState { kData, kMemberEnd, kNeedsInput, kDamaged, kEnd };

struct MemberDamage {
  uint64_t offset = 0;  // in the stored bytes
  std::string reason;
};

class MemberDecoder {
 public:
  static constexpr size_t kMaxRewindBytes = 64 << 10;

  MemberDecoder();
  ~MemberDecoder();
  MemberDecoder(const MemberDecoder&) = delete;
  MemberDecoder& operator=(const MemberDecoder&) = delete;

  void Feed(std::string_view stored);
  void Finish() { finished_ = true; }  // nothing more will be fed

  // REQUIRES: most > 0.
  MemberState Decode(std::string& out, size_t most);

  bool is_compressed() const { return format_ == Format::kGzip || format_ == Format::kZstd; }
  uint64_t member_offset() const { return member_offset_; }  // where the member that was decoded last begins
  uint64_t offset() const { return stored_offset_ + taken_; }  // behind what was decoded: after kMemberEnd, of the member
  const MemberDamage& damage() const { return damage_; }

 private:
  enum class Format { kUnknown, kPlain, kGzip, kZstd };
  struct Streams;

  std::string_view waiting() const { return std::string_view(stored_).substr(taken_); }
  bool TellFormat();
  MemberState BeginMember();
  MemberState FindMember();
  MemberState DecodePlain(std::string& out, size_t most);
  MemberState DecodeMember(std::string& out, size_t most);
  const char* RunGzip(std::string& out, size_t most, bool& ended);
  const char* RunZstd(std::string& out, size_t most, bool& ended);
  MemberState Damaged(std::string_view reason);
  void Rewind();

  Format format_ = Format::kUnknown;
  std::unique_ptr<Streams> streams_;
  std::string stored_;  // from stored_offset_ on; before taken_, what may be looked at again
  size_t taken_ = 0;
  uint64_t stored_offset_ = 0;
  uint64_t rewound_ = 0;
  bool finished_ = false;
  bool inside_ = false;            // a member has begun
  bool searching_ = false;         // for the next member, after damage
  const char* trouble_ = nullptr;  // behind what was decoded
  uint64_t member_offset_ = 0;
  MemberDamage damage_;
};

}  // namespace sakuin
