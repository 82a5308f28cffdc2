// tls_server.h: a server on loopback that speaks TLS with a certificate that nobody has signed but itself.
//
//   TlsServer server;
//   server.Url("/");        // "https://127.0.0.1:41234/"
//   server.questions();     // that were asked over TLS
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace sakuin::cli {

class TlsServer {
 public:
  TlsServer();
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string Url(const std::string& path) const { return "https://127.0.0.1:" + std::to_string(port_) + path; }
  int connections() const { return connections_; }
  int questions() const { return questions_; }

 private:
  void Accept();

  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> questions_ = 0;
  std::thread acceptor_;
};

}  // namespace sakuin::cli
