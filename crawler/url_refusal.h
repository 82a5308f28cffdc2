// url_refusal.h: why was this URL not taken?
//
//   UrlRefusal refusal = scope.Check(url);
//   if (refusal != UrlRefusal::kNone) return;
//
// The one list for scope and traps.
#pragma once

#include <cstdint>

namespace sakuin::crawler {

enum class UrlRefusal : uint8_t {
  kNone,  // taken
  // Scope (crawl_scope.h).
  kScheme,
  kHost,
  kDenied,
  kCredentials,
  kTooLong,
  // Traps (trap_detector.h).
  kRepeatingPath,
  kTooManyPathParts,
  kTooManyParameters,
  kPermutedParameters,
  kEndlessChain,
  kTooManyOfShape,
};

}  // namespace sakuin::crawler
