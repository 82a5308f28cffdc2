// content_decoder.h: what Content-Encoding has done to a body, undone, within a limit.
//
//   std::string page;
//   const FetchError error = DecodeContent("gzip", body, 10 << 20, page);    // kNone, kBadEncoding, kTruncated, kBomb
//
// gzip (all members of it), deflate (with the wrapping of zlib or, as some servers send it, without), br and zstd, up to
// three on top of each other. A name that is no coding ("utf-8", "none") is ignored, as browsers do. Never more than
// `limit` bytes come out of a layer, and a window is never larger than 16 MiB (8 MiB of zstd, as RFC 9659 has it), so
// a bomb costs no more memory than a page. What was decoded before an error is kept. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crawler/fetch_error.h"

namespace sakuin::crawler {

// What DecodeContent understands, for a request.
inline constexpr std::string_view kAcceptedCodings = "gzip, deflate, br, zstd";

// True when the codings of a header, as "gzip" or "gzip, br", change nothing of a body.
bool IsPlain(std::string_view codings);

// Replaces `out`.
FetchError DecodeContent(std::string_view codings, std::string_view body, size_t limit, std::string& out);

}  // namespace sakuin::crawler
