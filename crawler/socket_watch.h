// socket_watch.h: which sockets of libcurl have something to do: its wishes, told to epoll with few calls.
//
//   watch.Want(socket, CURL_POLL_IN);
//   for (const ReadySocket& ready : watch.Wait(timeout)) curl_multi_socket_action(multi, ready.socket, ready.events, ...);
//
// libcurl takes its wish back at the end of every transfer and repeats it at the start of the next one on the same
// connection. Of a socket that was opened and is closed through this class (Open, Close), that costs no call at all: it
// stays with epoll until an event comes that nobody wants. Not thread-safe, but for Wake.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace sakuin::crawler {

struct ReadySocket {
  curl_socket_t socket;
  int events;  // CURL_CSELECT_...
};

class SocketWatch {
 public:
  SocketWatch() = default;
  ~SocketWatch();
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  Status Init();

  curl_socket_t Open(const curl_sockaddr& address);  // CURL_SOCKET_BAD when there is none to be had
  int Close(curl_socket_t socket);

  // `what` as CURLMOPT_SOCKETFUNCTION has it.
  void Want(curl_socket_t socket, int what);

  // Valid until the next Wait. Empty when the time is over or Wake was called.
  std::span<const ReadySocket> Wait(std::chrono::milliseconds longest);
  bool TakeWoken();
  void Wake();

 private:
  struct Watched {
    uint32_t wanted = 0;
    uint32_t registered = 0;  // with epoll
    bool own = false;         // from Open, so that Close will tell of its end
  };
  Watched& At(curl_socket_t socket);
  void Register(curl_socket_t socket, Watched& watched, uint32_t events);

  int epoll_ = -1;
  int wake_ = -1;
  bool woken_ = false;
  std::vector<Watched> watched_;  // by number of socket
  std::vector<ReadySocket> ready_;
};

}  // namespace sakuin::crawler
