// fingerprint.h: one number for "gives the same tokens": a recipe in words,
// the version of this code, and the versions of the libraries behind it.
//
//   FingerprintOf("japanese", {dictionary_version})
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sakuin::text {

// Raise whenever any analyzer begins to give other tokens.
inline constexpr std::string_view kAnalysisVersion = "4";

uint64_t FingerprintOf(std::string_view recipe, std::initializer_list<std::string_view> details = {});

}  // namespace sakuin::text
