#include "tests/crawler/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace sakuin::crawler {
namespace {

void Must(bool holds, const char* what) {
  if (holds) return;
  std::perror(what);
  std::abort();
}

sockaddr_in AnyPortOf(const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  Must(inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1, "inet_pton");
  return address;
}

}  // namespace

std::string ServedRequest::Header(std::string_view name) const {
  for (size_t begin = head.find('\n') + 1; begin < head.size(); begin = head.find('\n', begin) + 1) {
    const std::string_view line = std::string_view(head).substr(begin, head.find('\r', begin) - begin);
    const size_t colon = line.find(':');
    if (colon != name.size()) continue;
    const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
    if (std::equal(name.begin(), name.end(), line.begin(), same)) return std::string(line.substr(colon + 2));
  }
  return {};
}

bool ServedConnection::Send(std::string_view bytes) {
  while (open_ && !bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) open_ = false;
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return open_;
}

bool ServedConnection::Pause(int milliseconds) {
  pollfd waiting{.fd = socket_, .events = POLLIN | POLLRDHUP, .revents = 0};
  if (open_ && poll(&waiting, 1, milliseconds) == 0) return true;
  char byte = 0;
  if (open_ && recv(socket_, &byte, 1, MSG_PEEK) <= 0) open_ = false;
  return open_;
}

void ServedConnection::Hang() {
  char unheard[4096];
  while (open_ && recv(socket_, unheard, sizeof(unheard), 0) > 0) {
  }
  open_ = false;
}

void ServedConnection::Close() {
  if (open_) shutdown(socket_, SHUT_RDWR);
  open_ = false;
}

void ServedConnection::Reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  open_ = false;
}

bool ServedConnection::Receive(ServedRequest& request) {
  size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    char bytes[4096];
    const ssize_t size = open_ ? recv(socket_, bytes, sizeof(bytes), 0) : 0;
    if (size <= 0) return false;
    received_.append(bytes, static_cast<size_t>(size));
  }
  request.head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  const size_t target = request.head.find(' ') + 1;
  request.target = request.head.substr(target, request.head.find(' ', target) - target);
  return true;
}

HttpServer::HttpServer(const std::string& address_text) : address_(address_text) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Must(listener_ >= 0, "socket");
  sockaddr_in address = AnyPortOf(address_);
  socklen_t size = sizeof(address);
  Must(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  Must(listen(listener_, 512) == 0, "listen");
  Must(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

HttpServer::~HttpServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

void HttpServer::Route(const std::string& path, Handler handler) {
  const std::lock_guard lock(mutex_);
  routes_[path] = std::move(handler);
}

void HttpServer::OnConnection(std::function<void(ServedConnection&)> handler) {
  const std::lock_guard lock(mutex_);
  on_connection_ = std::move(handler);
}

std::string HttpServer::Url(std::string_view path) const { return "http://" + address_ + ":" + std::to_string(port_) + std::string(path); }

std::vector<ServedRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::Accept() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    ++connections_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { Serve(socket); });
  }
}

Handler HttpServer::HandlerOf(const std::string& target) const {
  const auto found = routes_.find(target.substr(0, target.find('?')));
  return found == routes_.end() ? StatusOnly("404 Not Found") : found->second;
}

void HttpServer::Serve(int socket) {
  ServedConnection connection(socket);
  std::function<void(ServedConnection&)> on_connection;
  {
    const std::lock_guard lock(mutex_);
    on_connection = on_connection_;
  }
  if (on_connection) on_connection(connection);
  ServedRequest request;
  while (!on_connection && connection.Receive(request)) {
    Handler handler;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      handler = HandlerOf(request.target);
    }
    handler(request, connection);
  }
  const std::lock_guard lock(mutex_);
  sockets_.erase(std::find(sockets_.begin(), sockets_.end(), socket));
  close(socket);
}

std::string Answer(std::string_view status, std::string_view headers, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

Handler PageOf(std::string body, std::string headers) { return Raw(Answer("200 OK", headers, body), false); }

Handler StatusOnly(std::string status, std::string headers) { return Raw(Answer(status, headers, ""), false); }

Handler RedirectTo(std::string location) { return StatusOnly("302 Found", "Location: " + location + "\r\n"); }

Handler Raw(std::string bytes, bool close) {
  return [bytes = std::move(bytes), close](const ServedRequest&, ServedConnection& connection) {
    connection.Send(bytes);
    if (close) connection.Close();
  };
}

Handler RawThenHang(std::string bytes) {
  return [bytes = std::move(bytes)](const ServedRequest&, ServedConnection& connection) {
    connection.Send(bytes);
    connection.Hang();
  };
}

Handler RawThenReset(std::string bytes) {
  return [bytes = std::move(bytes)](const ServedRequest&, ServedConnection& connection) {
    connection.Send(bytes);
    connection.Reset();
  };
}

Handler Endless(std::string first, std::string piece) {
  return [first = std::move(first), piece = std::move(piece)](const ServedRequest&, ServedConnection& connection) {
    connection.Send(first);
    while (connection.Send(piece)) {
    }
  };
}

Handler Trickle(std::string first, std::string piece) {
  return [first = std::move(first), piece = std::move(piece)](const ServedRequest&, ServedConnection& connection) {
    connection.Send(first);
    while (connection.Pause(5) && connection.Send(piece)) {
    }
  };
}

}  // namespace sakuin::crawler
