// fetch_result.h: what came of one question to a server: an answer of any status, or the error that came instead.
//
//   if (result.error != FetchError::kNone) Log(result.error_text);
//   else if (result.status == 304) ...
//   else Read(result.headers.Find("content-type"), result.body);
//
// For an archive: RequestBlock(request), and headers.ForArchive(wire_body().size()) with wire_body(). The body in an
// archive is as the server compressed it, without the chunks that carried it, so its Content-Encoding stays true and
// the headers are the server's own but for Transfer-Encoding and Content-Length.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "crawler/fetch_error.h"
#include "crawler/response_headers.h"

namespace sakuin::crawler {

// Since the start of the transfer; zero for what has not happened, or not again on a connection that was there.
struct FetchTimes {
  std::chrono::microseconds resolved{0};
  std::chrono::microseconds connected{0};
  std::chrono::microseconds secured{0};  // TLS
  std::chrono::microseconds first_byte{0};
  std::chrono::microseconds total{0};
};

struct FetchResult {
  std::string url;
  uint64_t tag = 0;

  FetchError error = FetchError::kNone;
  std::string error_text;  // a sentence with what is known of the error; empty without one

  int status = 0;            // 0 when no answer began
  std::string http_version;  // "1.0", "1.1", "2"
  ResponseHeaders headers;   // of the last answer: interim ones (1xx) and trailers are not kept
  // All of it came, whatever was wrong with it then.
  bool body_complete = false;
  // After decompression. With an error: what had come before it, which is no page (text/page_reader.h).
  std::string body;
  // As received, where Content-Encoding says that it differs from `body`; otherwise empty.
  std::string encoded_body;
  const std::string& wire_body() const { return encoded_body.empty() ? body : encoded_body; }

  std::string remote_address;  // "93.184.216.34"; empty when no connection was made
  FetchTimes times;
};

}  // namespace sakuin::crawler
