#include "crawler/fetch_error.h"

#include <cstddef>

namespace sakuin::crawler {
namespace {

struct Description {
  FetchError error;
  bool may_pass;
  std::string_view name;
  std::string_view text;
};

constexpr Description kDescriptions[] = {
    {FetchError::kNone, false, "none", "no error"},
    {FetchError::kBadUrl, false, "bad_url", "the URL is none that can be fetched"},
    {FetchError::kRefusedAddress, false, "refused_address", "the address is not of the public internet"},
    {FetchError::kDnsFailure, true, "dns_failure", "the name of the host could not be resolved"},
    {FetchError::kConnectionRefused, true, "connection_refused", "the host refused the connection"},
    {FetchError::kUnreachable, true, "unreachable", "the host could not be reached"},
    {FetchError::kConnectTimeout, true, "connect_timeout", "connecting took longer than allowed"},
    {FetchError::kTlsTimeout, true, "tls_timeout", "the TLS handshake took longer than allowed"},
    {FetchError::kTlsFailure, false, "tls_failure", "no trusted TLS connection could be made"},
    {FetchError::kConnectionReset, true, "connection_reset", "the server closed the connection"},
    {FetchError::kFirstByteTimeout, true, "first_byte_timeout", "the first byte of the answer took longer than allowed"},
    {FetchError::kTooSlow, true, "too_slow", "the answer came more slowly than allowed"},
    {FetchError::kTotalTimeout, true, "total_timeout", "the answer took longer than allowed in all"},
    {FetchError::kBadHeaders, false, "bad_headers", "the answer is not HTTP, or contradicts itself"},
    {FetchError::kHeadersTooLarge, false, "headers_too_large", "the headers are larger than allowed"},
    {FetchError::kBodyTooLarge, false, "body_too_large", "the body is larger than allowed"},
    {FetchError::kBomb, false, "bomb", "the body is larger than allowed after decompression"},
    {FetchError::kTruncated, true, "truncated", "the body ends before its end"},
    {FetchError::kBadChunking, false, "bad_chunking", "the chunks of the body are not well-formed"},
    {FetchError::kBadEncoding, false, "bad_encoding", "the body could not be decompressed"},
    {FetchError::kProtocol, true, "protocol", "the server broke the rules of HTTP/2"},
    {FetchError::kRedirectLoop, false, "redirect_loop", "the redirects lead back to where they have been"},
    {FetchError::kTooManyRedirects, false, "too_many_redirects", "there are more redirects than allowed"},
    {FetchError::kInternal, true, "internal", "the transfer failed"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < sizeof(kDescriptions) / sizeof(kDescriptions[0]); ++i) {
    if (kDescriptions[i].error != static_cast<FetchError>(i)) return false;
  }
  return true;
}
static_assert(InOrder());
static_assert(sizeof(kDescriptions) / sizeof(kDescriptions[0]) == static_cast<size_t>(FetchError::kInternal) + 1);

const Description& Describe(FetchError error) { return kDescriptions[static_cast<size_t>(error)]; }

}  // namespace

std::string_view FetchErrorName(FetchError error) { return Describe(error).name; }
std::string_view FetchErrorText(FetchError error) { return Describe(error).text; }
bool MayPass(FetchError error) { return Describe(error).may_pass; }

}  // namespace sakuin::crawler
