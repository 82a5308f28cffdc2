// icu_words.h: where the word rules and dictionaries of ICU cut a run of folded text.
//
//   // units of 我爱北京
//   IcuWordEnds(IcuWords::kChinese, units, 0, 4)   // 1, 2, 4
//
// Thread-safe: each thread keeps breakers of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "text/folded_text.h"

namespace sakuin::text {

// Whose words: those of any language (with dictionaries for Thai, Lao, Khmer and Burmese), or Chinese ones.
enum class IcuWords : uint8_t { kAnyLanguage, kChinese };

// Ends of the words of the units [begin, end), ascending, as unit numbers; the last is `end`. Empty if ICU lacks the rules.
// REQUIRES: begin < end.
std::vector<uint32_t> IcuWordEnds(IcuWords words, std::span<const Unit> units, uint32_t begin, uint32_t end);

}  // namespace sakuin::text
