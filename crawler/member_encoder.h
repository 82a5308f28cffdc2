// member_encoder.h: compressed members, one for each record, as files of them are made of (base/member_decoder.h reads them).
//
//   MemberEncoder encoder(MemberFormat::kGzip, 3);
//   ASSIGN_OR_RETURN(const std::string_view member, encoder.Encode(record));
//
// Keeps the compressor's memory (gzip 260 KB, Zstandard 600 KB) from one member to the next. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::crawler {

enum class MemberFormat { kGzip, kZstd };

// By the end of its name: ".zst", or anything else for gzip.
MemberFormat MemberFormatOf(std::string_view path);
// What members begin with.
std::string_view MarkOf(MemberFormat format);

class MemberEncoder {
 public:
  // `level` is zlib's, or Zstandard's.
  MemberEncoder(MemberFormat format, int level);
  ~MemberEncoder();

  // One member, valid until the next call. INVALID_ARGUMENT for 2 GB or more.
  Result<std::string_view> Encode(std::string_view record);

 private:
  struct Gzip;
  struct Zstd;

  Status EncodeGzip(std::string_view record);
  Status EncodeZstd(std::string_view record);

  std::unique_ptr<Gzip> gzip_;  // of the two, the one in use
  std::unique_ptr<Zstd> zstd_;
  std::string out_;             // not made smaller: bytes behind the member are of others
  size_t size_ = 0;
};

}  // namespace sakuin::crawler
