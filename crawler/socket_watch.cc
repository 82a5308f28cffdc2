#include "crawler/socket_watch.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace sakuin::crawler {
namespace {

constexpr size_t kMostEvents = 256;

uint32_t ToEpoll(int what) {
  if (what == CURL_POLL_REMOVE) return 0;
  return ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0u) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0u);
}

int FromEpoll(uint32_t events) {
  int selected = 0;
  if ((events & EPOLLIN) != 0) selected |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) selected |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) selected |= CURL_CSELECT_ERR;
  return selected;
}

// Servers that write headers and body apart, with Nagle's algorithm between them, would wait 40 ms for what we
// delay. It holds for what has come, and has to be said again each time.
void AcknowledgeNow(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
}

}  // namespace

SocketWatch::~SocketWatch() {
  if (wake_ >= 0) close(wake_);
  if (epoll_ >= 0) close(epoll_);
}

Status SocketWatch::Init() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  if (epoll_ < 0 || wake_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) return ErrnoError(errno, "waiting for sockets");
  return OkStatus();
}

curl_socket_t SocketWatch::Open(const curl_sockaddr& address) {
  const int opened = socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (opened < 0) return CURL_SOCKET_BAD;
  At(opened) = Watched{.own = true};
  return opened;
}

int SocketWatch::Close(curl_socket_t socket) {
  At(socket) = Watched{};
  return close(socket);
}

SocketWatch::Watched& SocketWatch::At(curl_socket_t socket) {
  const auto index = static_cast<size_t>(socket);
  if (index >= watched_.size()) watched_.resize(std::max(index + 1, watched_.size() * 2));
  return watched_[index];
}

void SocketWatch::Register(curl_socket_t socket, Watched& watched, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  const int first = events == 0 ? EPOLL_CTL_DEL : watched.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (epoll_ctl(epoll_, first, socket, &event) != 0 && events != 0) {
    epoll_ctl(epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  }
  watched.registered = events;
}

void SocketWatch::Want(curl_socket_t socket, int what) {
  Watched& watched = At(socket);
  watched.wanted = ToEpoll(what);
  if (watched.wanted == watched.registered) return;
  // A socket that may be written to would report that without end; one that may be read from does so once.
  if (watched.wanted == 0 && watched.own && (watched.registered & EPOLLOUT) == 0) return;
  Register(socket, watched, watched.wanted);
}

std::span<const ReadySocket> SocketWatch::Wait(std::chrono::milliseconds longest) {
  ready_.clear();
  std::array<epoll_event, kMostEvents> events;
  const int count = epoll_wait(epoll_, events.data(), kMostEvents, static_cast<int>(std::clamp<int64_t>(longest.count(), 0, 1 << 30)));
  for (int i = 0; i < count; ++i) {
    const int socket = events[static_cast<size_t>(i)].data.fd;
    if (socket == wake_) {
      woken_ = true;
      continue;
    }
    Watched& watched = At(socket);
    if (watched.wanted == 0) {
      Register(socket, watched, 0);
    } else {
      AcknowledgeNow(socket);
      ready_.push_back({socket, FromEpoll(events[static_cast<size_t>(i)].events)});
    }
  }
  return ready_;
}

bool SocketWatch::TakeWoken() {
  if (!woken_) return false;
  uint64_t count = 0;
  while (read(wake_, &count, sizeof(count)) < 0 && errno == EINTR) {
  }
  woken_ = false;
  return true;
}

void SocketWatch::Wake() {
  const uint64_t one = 1;
  while (write(wake_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

}  // namespace sakuin::crawler
