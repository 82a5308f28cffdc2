#include "tests/cli/tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <utility>

namespace sakuin::cli {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

Owned<X509> SelfSigned(EVP_PKEY* key) {
  Owned<X509> certificate(X509_new(), X509_free);
  Require(certificate != nullptr && ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  const Owned<X509_EXTENSION> address(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"), X509_EXTENSION_free);
  Require(address != nullptr && X509_add_ext(certificate.get(), address.get(), -1) == 1);
  Require(X509_sign(certificate.get(), key, EVP_sha256()) != 0);
  return certificate;
}

Owned<SSL_CTX> SelfSignedContext() {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  Require(context != nullptr && key != nullptr);
  const Owned<X509> certificate = SelfSigned(key.get());
  Require(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 && SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  return context;
}

std::string PemOf(X509* certificate) {
  const Owned<BIO> memory(BIO_new(BIO_s_mem()), [](BIO* bio) { BIO_free(bio); });
  Require(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<size_t>(size)};
}

}  // namespace

TlsServer::TlsServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  Require(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener_, 16) == 0);
  Require(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  Owned<SSL_CTX> context = SelfSignedContext();
  certificate_ = PemOf(SSL_CTX_get0_certificate(context.get()));
  acceptor_ = std::thread([this, context = std::move(context)] { Accept(context.get()); });
}

TlsServer::~TlsServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
}

// One after the other; to each the same answer.
void TlsServer::Accept(SSL_CTX* context) {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    const Owned<SSL> tls(SSL_new(context), SSL_free);
    SSL_set_fd(tls.get(), socket);
    // With TLS 1.3 the server is done before the client has looked at the certificate: only a question is a proof of trust.
    char question[4096];
    if (SSL_accept(tls.get()) == 1 && SSL_read(tls.get(), question, sizeof(question)) > 0) {
      ++questions_;
      constexpr char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 6\r\n\r\nsecret";
      SSL_write(tls.get(), kAnswer, sizeof(kAnswer) - 1);
    }
    ::close(socket);
  }
}

}  // namespace sakuin::cli
