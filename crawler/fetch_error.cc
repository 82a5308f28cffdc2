#include "crawler/fetch_error.h"

#include <cstddef>

#include "text/page_reader.h"

namespace sakuin::crawler {
namespace {

struct Description {
  FetchError error;
  bool may_pass;
  std::string_view text;
};

constexpr Description kDescriptions[] = {
    {FetchError::kNone, false, "no error"},
    {FetchError::kBadUrl, false, "the URL is none that can be fetched"},
    {FetchError::kRefusedAddress, false, "the address is not of the public internet"},
    {FetchError::kDnsFailure, true, "the name of the host could not be resolved"},
    {FetchError::kConnectionRefused, true, "the host refused the connection"},
    {FetchError::kUnreachable, true, "the host could not be reached"},
    {FetchError::kConnectTimeout, true, "connecting took longer than allowed"},
    {FetchError::kTlsTimeout, true, "the TLS handshake took longer than allowed"},
    {FetchError::kTlsFailure, false, "no trusted TLS connection could be made"},
    {FetchError::kConnectionReset, true, "the server closed the connection"},
    {FetchError::kFirstByteTimeout, true, "the first byte of the answer took longer than allowed"},
    {FetchError::kTooSlow, true, "the answer came more slowly than allowed"},
    {FetchError::kTotalTimeout, true, "the answer took longer than allowed in all"},
    {FetchError::kBadHeaders, false, "the answer is not HTTP, or contradicts itself"},
    {FetchError::kHeadersTooLarge, false, "the headers are larger than allowed"},
    {FetchError::kBodyTooLarge, false, text::BodyStateText(text::BodyState::kTooLarge)},
    {FetchError::kBomb, false, text::BodyStateText(text::BodyState::kBomb)},
    {FetchError::kTruncated, true, text::BodyStateText(text::BodyState::kCutOff)},
    {FetchError::kBadChunking, false, "the chunks of the body are not well-formed"},
    {FetchError::kBadEncoding, false, text::BodyStateText(text::BodyState::kUndecodable)},
    {FetchError::kProtocol, true, "the server broke the rules of HTTP/2"},
    {FetchError::kRedirectLoop, false, "a redirect loop: it leads back to where it has been"},
    {FetchError::kTooManyRedirects, false, "there are more redirects than allowed"},
    {FetchError::kHostRests, true, "a redirect leads to a host that is to be left alone for now"},
    {FetchError::kInternal, true, "the transfer failed"},
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
bool MayPass(FetchError error) { return kDescriptions[static_cast<size_t>(error)].may_pass; }

}  // namespace sakuin::crawler
