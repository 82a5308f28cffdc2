// url_refusal.h: why was this URL not taken?
//
//   UrlRefusal refusal = scope.Check(url);
//   if (refusal != UrlRefusal::kNone) log("refused", url.href(), UrlRefusalText(refusal));
//
// The one list for scope and traps, so that a log can be counted by reason.
#pragma once

#include <cstdint>
#include <string_view>

namespace sakuin::crawler {

enum class UrlRefusal : uint8_t {
  kNone,  // taken
  // Scope (crawl_scope.h).
  kScheme,
  kHost,
  kDenied,
  kCredentials,
  kTooLong,
  kTooDeep,
  // Traps (trap_detector.h).
  kRepeatingPath,
  kTooManyPathParts,
  kTooManyParameters,
  kPermutedParameters,
  kEndlessChain,
  kTooManyOfShape,
};
inline constexpr int kUrlRefusals = static_cast<int>(UrlRefusal::kTooManyOfShape) + 1;

// "the path repeats itself"
std::string_view UrlRefusalText(UrlRefusal refusal);

}  // namespace sakuin::crawler
