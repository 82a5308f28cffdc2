// content_coding.h: what Content-Encoding has done to a body, undone, within a limit.
//
//   std::string page;
//   const CodingResult result = UndoCodings("gzip, br", body, 10 << 20, page);
//   if (result.problem == CodingProblem::kCutShort) ...           // page has what came before the end
//
// gzip (all members of it), deflate (with the wrapping of zlib or, as some servers send it, without), br and zstd, up to
// kMaxCodings on top of each other. A name that is no coding ("utf-8", "none") is ignored, as browsers do, and bytes that do
// not begin as gzip or zstd do are taken as they are under these names: servers write the header over plain pages, and
// archives keep it with pages that they have unpacked. What was had before a problem is kept, through the codings below
// as well. Never more than `limit` bytes come out of a coding, and a window is never larger than 16 MiB (8 MiB of zstd,
// as RFC 9659 has it), so a bomb costs no more memory than a page.
//
// Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin {

inline constexpr size_t kMaxCodings = 3;

// What UndoCodings understands, for a request.
inline constexpr std::string_view kAcceptedCodings = "gzip, deflate, br, zstd";

enum class CodingProblem : uint8_t {
  kNone,
  kDamaged,      // not what the coding makes, or a checksum that is wrong
  kCutShort,     // it ends too early
  kOverLimit,    // more bytes than the limit
  kUnsupported,  // a coding that is known and not undone, or too many
  kNoMemory,
};

struct CodingResult {
  CodingProblem problem = CodingProblem::kNone;  // the first, from the outside in
  std::string unsupported{};                     // the coding in which the bytes still are; of too many, the header
};

// True when the codings of a header change nothing of a body.
bool IsPlain(std::string_view codings);

// `codings`: a header, in the order in which they were applied. Replaces `out`; an empty body stays empty.
// REQUIRES: limit < SIZE_MAX.
CodingResult UndoCodings(std::string_view codings, std::string_view body, size_t limit, std::string& out);

}  // namespace sakuin
