// transfer.h: one transfer of a Fetcher: a handle of libcurl, what has come so far, and the limits it must keep.
//
//   transfer->Begin(request, now);
//   curl_multi_add_handle(multi, transfer->easy());
//   ... while it is under way: transfer->Overdue(now) ...
//   FetchResult result = transfer->Finish(code);    // then it may begin again
//
// A transfer is used for one request after the other: its options are set once. Not thread-safe.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crawler/body_room.h"
#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"
#include "crawler/fetcher.h"
#include "crawler/socket_watch.h"

namespace sakuin::crawler {

using FetchClock = std::chrono::steady_clock;

class Transfer {
 public:
  // All outlive it. Check easy(): null when libcurl has no handle to give.
  Transfer(const FetcherOptions& options, SocketWatch& watch, BodyRoom& room);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() { return easy_; }
  size_t place = 0;  // among those under way: the Fetcher's

  // False when the URL is none to ask for: Finish() says why.
  bool Begin(FetchRequest request, FetchClock::time_point now);

  // kNone while it is in time; otherwise the limit it has broken. A pause takes no time. Cheap.
  FetchError Overdue(FetchClock::time_point now);

  // There was no room for more of its body.
  bool is_paused() const { return paused_at_.has_value(); }
  // Other than CURLE_OK: it has ended so.
  CURLcode GoOn(FetchClock::time_point now);

  // The bodies of the result stay in the room. REQUIRES: the handle is not with a multi handle any more.
  FetchResult Finish(CURLcode code);
  FetchResult Finish(FetchError error);

 private:
  struct FreeLines {
    void operator()(curl_slist* lines) const { curl_slist_free_all(lines); }
  };
  using Lines = std::unique_ptr<curl_slist, FreeLines>;

  void SetOptions();
  void SetCallbacks();
  void SetHeaderLines();
  size_t Abort(FetchError error);
  bool HasTcp() const;
  FetchError TooSlow(FetchClock::time_point now);
  size_t TakeHeader(std::string_view line);
  size_t TakeBody(std::string_view piece);
  bool GoOnAfterHeaders();
  FetchError Decode(FetchResult& result);
  void ReadInfo(FetchResult& result);
  std::string TextOf(FetchError error) const;

  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static int OnConnected(void* self, char* remote, char* local, int remote_port, int local_port);
  static curl_socket_t OnOpen(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int OnClose(void* watch, curl_socket_t socket);

  const FetcherOptions& options_;
  SocketWatch& watch_;
  BodyRoom& room_;
  CURL* easy_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  Lines known_hosts_;
  Lines header_lines_;
  std::vector<std::string> header_texts_;  // what header_lines_ was made of

  FetchRequest request_;
  FetchClock::time_point begin_;
  FetchClock::time_point secure_begin_;  // TCP is there, and a TLS handshake under way
  std::vector<curl_socket_t> sockets_;   // opened for this request
  FetchClock::time_point asked_;         // connected: the question goes out
  FetchClock::time_point window_begin_;  // of the limit on slowness
  uint64_t received_ = 0;                // headers and body
  uint64_t window_received_ = 0;         // of it before window_begin_
  std::optional<FetchClock::time_point> paused_at_;
  FetchClock::duration paused_{0};       // in all, so far
  bool connected_ = false;
  bool headers_complete_ = false;
  bool body_begun_ = false;
  FetchError abort_ = FetchError::kNone;  // why a callback has ended the transfer
  std::string refused_;                   // what address_filter.h said of the last address it refused
  std::string block_;                     // headers
  size_t header_bytes_ = 0;
  std::string body_;
};

}  // namespace sakuin::crawler
