// fetch_request.h: one question to a server, and how much of its time and memory it may take.
//
//   FetchRequest request{.url = "https://example.com/", .user_agent = "sakuin"};
//   request.etag = "\"5f3a\"";                   // If-None-Match: a page that has not changed costs nothing
//   RequestBlock(request);                       // "GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: sakuin\r\n..."
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "text/page_reader.h"

namespace sakuin::crawler {

struct FetchLimits {
  std::chrono::milliseconds connect{10'000};     // name and TCP, from the start
  std::chrono::milliseconds tls{10'000};         // from the connection on
  std::chrono::milliseconds first_byte{20'000};  // from the question to the first line of the answer
  std::chrono::milliseconds total{60'000};       // from the start
  // An answer of which fewer than `slow_bytes` bytes come within `slow_window` is given up.
  std::chrono::milliseconds slow_window{20'000};
  size_t slow_bytes = 1'000;
  // Headers of all interim answers and trailers together. libcurl has a limit of its own, 100 KB for a line.
  size_t header_bytes = 256 << 10;
  // On the wire, and once more after decompression.
  size_t body_bytes = text::kMaxPageBytes;
  // A body that says beforehand that it is larger than `body_bytes` is read up to there, instead of not at all.
  bool keep_beginning = false;
};

// Those above for an answer that may take so long in all: every phase its part of it.
FetchLimits LimitsWithin(std::chrono::milliseconds total);

struct FetchRequest {
  std::string url{};         // absolute, http or https, as it is to be asked for: nothing of it is changed
  uint64_t tag = 0;          // comes back in the result
  std::string user_agent{};  //
  std::string accept = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5";
  std::string accept_language{};
  std::string etag{};           // of the page as known: If-None-Match
  std::string last_modified{};  // likewise, as the server wrote it: If-Modified-Since
  FetchLimits limits{};
};

// "User-Agent: sakuin", ... in the order in which they are sent, but for Host, which is first. A value that is empty or
// has control characters makes no line.
std::vector<std::string> HeaderLines(const FetchRequest& request);

// What is sent over HTTP/1.1, to the byte. (HTTP/2 says the same in frames.)
std::string RequestBlock(const FetchRequest& request);

}  // namespace sakuin::crawler
