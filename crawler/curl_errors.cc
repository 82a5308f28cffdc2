#include "crawler/curl_errors.h"

#include <cerrno>

namespace sakuin::crawler {
namespace {

FetchError OfConnecting(long system_error) {
  if (system_error == ECONNREFUSED) return FetchError::kConnectionRefused;
  if (system_error == ECONNRESET) return FetchError::kConnectionReset;
  if (system_error == ETIMEDOUT) return FetchError::kConnectTimeout;
  return FetchError::kUnreachable;
}

FetchError OfReceiving(std::string_view detail) {
  return detail.find("chunked-encoding") != std::string_view::npos ? FetchError::kBadChunking : FetchError::kConnectionReset;
}

}  // namespace

FetchError FromCurl(CURLcode code, const FailurePoint& point) {
  switch (code) {
    case CURLE_OK: return FetchError::kNone;
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED: return FetchError::kBadUrl;
    // Also of an answer without a status line, as of HTTP/0.9.
    case CURLE_UNSUPPORTED_PROTOCOL: return point.connected ? FetchError::kBadHeaders : FetchError::kBadUrl;
    case CURLE_COULDNT_RESOLVE_HOST: return FetchError::kDnsFailure;
    case CURLE_COULDNT_CONNECT: return OfConnecting(point.system_error);
    case CURLE_OPERATION_TIMEDOUT: return point.connected ? FetchError::kTotalTimeout : FetchError::kConnectTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_PEER_FAILED_VERIFICATION: return FetchError::kTlsFailure;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR: return FetchError::kConnectionReset;
    case CURLE_RECV_ERROR: return OfReceiving(point.detail);
    case CURLE_PARTIAL_FILE: return FetchError::kTruncated;
    case CURLE_WEIRD_SERVER_REPLY: return FetchError::kBadHeaders;
    // What libcurl says when a line of the headers has outgrown its own limit.
    case CURLE_OUT_OF_MEMORY: return point.connected && !point.headers_complete ? FetchError::kHeadersTooLarge : FetchError::kInternal;
    case CURLE_BAD_CONTENT_ENCODING: return FetchError::kBadEncoding;
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return FetchError::kProtocol;
    default: return FetchError::kInternal;
  }
}

}  // namespace sakuin::crawler
