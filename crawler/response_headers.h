// response_headers.h: the headers of an answer, as they came.
//
//   const ResponseHeaders headers("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
//   headers.Find("content-type");    // "text/html"; empty when there is none
//   headers.FindAll("x-robots-tag"); // every line of that name
//
// A name is looked for when it is asked for, so that a header nobody asks for costs nothing. Values are views into the
// block, without the blanks around them; a folded value keeps its line ends. Any bytes are survived.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin::crawler {

class ResponseHeaders {
 public:
  ResponseHeaders() = default;
  explicit ResponseHeaders(std::string block) : block_(std::move(block)) {}

  // The status line, the headers, an empty line: every byte as received. What HTTP/2 says in frames is written as lines.
  const std::string& block() const { return block_; }
  std::string_view status_line() const;

  // The first of that name, in any case of letters.
  std::string_view Find(std::string_view name) const;
  std::vector<std::string_view> FindAll(std::string_view name) const;

  // For an archive that keeps the body without its chunks: the status line of HTTP/1.1, the headers without those that
  // tell of the transfer (Transfer-Encoding, Content-Length), then a Content-Length of `body_size` and the empty line.
  // Content-Encoding stays: the body is kept as it came (FetchResult::wire_body).
  std::string ForArchive(uint64_t body_size) const;

 private:
  std::string block_;
};

}  // namespace sakuin::crawler
