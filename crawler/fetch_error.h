// fetch_error.h: the one list of what can go wrong between a URL and its page.
//
//   FetchErrorText(FetchError::kDnsFailure);    // "the name of the host could not be resolved"
//   MayPass(FetchError::kDnsFailure);           // true: worth another try later
//
// An answer with a status of 404 or 500 is not in the list: it is an answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace sakuin::crawler {

enum class FetchError : uint8_t {
  kNone,
  kBadUrl,             // not http or https, with a password, or not a URL
  kRefusedAddress,     // address_filter.h
  kDnsFailure,         //
  kConnectionRefused,  // nobody listens
  kUnreachable,        // no way to the host
  kConnectTimeout,     // name and connection took too long
  kTlsTimeout,         //
  kTlsFailure,         // no common protocol, a certificate that does not hold
  kConnectionReset,    // reset, or closed without an answer
  kFirstByteTimeout,   // connected and asked, and no line of an answer came
  kTooSlow,            // fewer bytes in a while than the limits demand, or none
  kTotalTimeout,       //
  kBadHeaders,         // not HTTP, or HTTP that contradicts itself
  kHeadersTooLarge,    //
  kBodyTooLarge,       // more bytes on the wire than the limit
  kBomb,               // more bytes after decompression than the limit
  kTruncated,          // ended before its length, its last chunk, the end of its headers or of its compression
  kBadChunking,        //
  kBadEncoding,        // does not decompress, or by a coding that is not supported
  kProtocol,           // HTTP/2 broken
  kRedirectLoop,       // redirect_chain.h
  kTooManyRedirects,   //
  kHostRests,          // a redirect leads to a host that is to be left alone
  kInternal,           // libcurl failed in a way of its own
};

std::string_view FetchErrorText(FetchError error);

// True when the same question may be answered later: what depends on the network or the load of the server, and not on
// the page.
bool MayPass(FetchError error);

}  // namespace sakuin::crawler
