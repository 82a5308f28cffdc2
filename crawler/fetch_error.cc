#include "crawler/fetch_error.h"

#include <cstddef>

namespace sakuin::crawler {
namespace {

struct Description {
  FetchError error;
  std::string_view text;
};

constexpr Description kDescriptions[] = {
    {FetchError::kNone, "no error"},
    {FetchError::kBadUrl, "the URL is none that can be fetched"},
    {FetchError::kRefusedAddress, "the address is not of the public internet"},
    {FetchError::kDnsFailure, "the name of the host could not be resolved"},
    {FetchError::kConnectionRefused, "the host refused the connection"},
    {FetchError::kUnreachable, "the host could not be reached"},
    {FetchError::kConnectTimeout, "connecting took longer than allowed"},
    {FetchError::kTlsTimeout, "the TLS handshake took longer than allowed"},
    {FetchError::kTlsFailure, "no trusted TLS connection could be made"},
    {FetchError::kConnectionReset, "the server closed the connection"},
    {FetchError::kFirstByteTimeout, "the first byte of the answer took longer than allowed"},
    {FetchError::kTooSlow, "the answer came more slowly than allowed"},
    {FetchError::kTotalTimeout, "the answer took longer than allowed in all"},
    {FetchError::kBadHeaders, "the answer is not HTTP, or contradicts itself"},
    {FetchError::kHeadersTooLarge, "the headers are larger than allowed"},
    {FetchError::kBodyTooLarge, "the body is larger than allowed"},
    {FetchError::kBomb, "the body is larger than allowed after decompression"},
    {FetchError::kTruncated, "the body ends before its end"},
    {FetchError::kBadChunking, "the chunks of the body are not well-formed"},
    {FetchError::kBadEncoding, "the body could not be decompressed"},
    {FetchError::kProtocol, "the server broke the rules of HTTP/2"},
    {FetchError::kRedirectLoop, "the redirects lead back to where they have been"},
    {FetchError::kTooManyRedirects, "there are more redirects than allowed"},
    {FetchError::kInternal, "the transfer failed"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < sizeof(kDescriptions) / sizeof(kDescriptions[0]); ++i) {
    if (kDescriptions[i].error != static_cast<FetchError>(i)) return false;
  }
  return true;
}
static_assert(InOrder());
static_assert(sizeof(kDescriptions) / sizeof(kDescriptions[0]) == static_cast<size_t>(FetchError::kInternal) + 1);

}  // namespace

std::string_view FetchErrorText(FetchError error) { return kDescriptions[static_cast<size_t>(error)].text; }

}  // namespace sakuin::crawler
