// tls_server.h: a server on loopback that speaks TLS with a certificate that nobody has signed but itself.
//
//   TlsServer server;
//   server.Url("/");        // "https://127.0.0.1:41234/"
//   server.questions();     // that were asked over TLS
//
// The certificate is of the address 127.0.0.1.
#pragma once

#include <openssl/ssl.h>

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

  // In PEM, for who wants to trust it.
  const std::string& certificate() const { return certificate_; }
  std::string Url(const std::string& path) const { return "https://127.0.0.1:" + std::to_string(port_) + path; }
  int connections() const { return connections_; }
  int questions() const { return questions_; }

 private:
  void Accept(SSL_CTX* context);

  std::string certificate_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> questions_ = 0;
  std::thread acceptor_;
};

}  // namespace sakuin::cli
