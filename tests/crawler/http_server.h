// http_server.h: a server on loopback that does what a test says, the worst included.
//
//   HttpServer server;
//   server.Route("/", PageOf("<title>t</title>"));
//   server.Route("/stop", [](const ServedRequest&, ServedConnection& connection) {
//     connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
//     connection.Hang();
//   });
//   Fetch(server.Url("/stop"));
//   server.requests();    // what was asked, in order
//
// A thread for each connection. A handler that returns keeps the connection for the next request, unless it has closed
// it. Whatever handlers do ends when the server is destroyed. What has no route is a 404. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sakuin::crawler {

struct ServedRequest {
  std::string head;    // from the request line to the empty line
  std::string target;  // "/path?query"
  std::string Header(std::string_view name) const;
};

class ServedConnection {
 public:
  explicit ServedConnection(int socket) : socket_(socket) {}

  // False when the other side has left.
  bool Send(std::string_view bytes);
  // Until the other side leaves or the server ends.
  void Hang();
  // False when one of the two has happened in the meantime.
  bool Pause(int milliseconds);
  void Close();
  void Reset();  // closes so that the other side sees a reset

  bool open() const { return open_; }
  // The next request; false when there is none.
  bool Receive(ServedRequest& request);

 private:
  int socket_;
  bool open_ = true;
  std::string received_;
};

using Handler = std::function<void(const ServedRequest&, ServedConnection&)>;

class HttpServer {
 public:
  // `address`: of 127.0.0.0/8.
  explicit HttpServer(const std::string& address = "127.0.0.1");
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // `path` is all before the question mark.
  void Route(const std::string& path, Handler handler);
  // Instead of reading a request.
  void OnConnection(std::function<void(ServedConnection&)> handler);

  uint16_t port() const { return port_; }
  std::string Url(std::string_view path) const;
  std::vector<ServedRequest> requests() const;
  size_t connections() const { return connections_; }

 private:
  void Accept();
  void Serve(int socket);
  Handler HandlerOf(const std::string& target) const;

  int listener_ = -1;
  const std::string address_;
  uint16_t port_ = 0;
  std::atomic<size_t> connections_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Handler> routes_;
  std::function<void(ServedConnection&)> on_connection_;
  std::vector<ServedRequest> requests_;
  std::vector<int> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

// A whole answer, with a Content-Length. `headers`: lines, each with its end.
std::string Answer(std::string_view status, std::string_view headers, std::string_view body);

// Handlers.
Handler PageOf(std::string body, std::string headers = "Content-Type: text/html\r\n");
Handler StatusOnly(std::string status, std::string headers = {});  // "404 Not Found"
Handler RedirectTo(std::string location);
Handler Raw(std::string bytes, bool close = true);      // these bytes, and the end
Handler RawThenHang(std::string bytes);                 // these bytes, and no more
Handler RawThenReset(std::string bytes);                //
Handler Endless(std::string first, std::string piece);  // `piece` until nobody reads it any more
Handler Trickle(std::string first, std::string piece);  // the same, every few milliseconds

}  // namespace sakuin::crawler
