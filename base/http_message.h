// http_message.h: a response of HTTP as it is stored in web archives: its head, and the body behind its codings.
//
//   ASSIGN_OR_RETURN(const HttpHead head, ParseHttpHead(block));
//   head.status                                                    // 200
//   head.Find("content-type")                                      // "text/html; charset=utf-8"
//   const HttpBody body = DecodeHttpBody(head, block.substr(head.bytes), 16 << 20);
//   body.bytes                                                     // neither chunked nor compressed
//
// Bodies are taken as tolerantly as people write them: what says that it is
// chunked or compressed, but is not, is taken as it is; of damaged chunks and
// compressed bytes, what comes before the damage is given. Codings are those of
// base/content_coding.h; another one is kept and told. Nothing larger than the
// limit is ever made, however small the bytes are that it comes of.
//
// Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin {

inline constexpr size_t kMaxHttpHeadBytes = 256 << 10;

struct HttpField {
  std::string name;
  std::string value;  // without blanks around it
};

struct HttpHead {
  int status = 0;          // of a response; 0 for a request
  std::string first_line;  // "HTTP/1.1 200 OK"
  std::vector<HttpField> fields;
  size_t bytes = 0;  // of the head, with the empty line

  // Of the first field with this name, in any case; empty when there is none.
  std::string_view Find(std::string_view name) const;
  // Of all fields with this name, joined by ", ".
  std::string FindAll(std::string_view name) const;
};

// Lines end in CRLF or LF; the empty line may be missing at the end of `message`. INVALID_ARGUMENT when it does not begin with
// HTTP/ and a status (or, with `is_request`, with three words), or is longer than kMaxHttpHeadBytes.
Result<HttpHead> ParseHttpHead(std::string_view message, bool is_request = false);

struct HttpBody {
  std::string bytes;
  bool is_damaged = false;       // some coding was not what it should be: bytes are what could be had
  bool is_cut = false;           // there is more than the limit
  std::string unknown_coding{};  // the bytes are still in it
  bool is_short = false;         // is_damaged: a compressed body or a chunk ends too early
  bool is_bomb = false;          // is_cut: within the limit before it was decompressed
};

HttpBody DecodeHttpBody(const HttpHead& head, std::string_view body, size_t max_bytes);

// The chunks joined; `bytes` itself when it does not begin with one.
HttpBody DecodeChunks(std::string_view bytes, size_t max_bytes);

}  // namespace sakuin
