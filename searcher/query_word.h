// query_word.h: what the marks in a word say: "cof?ee*", "fox~1", "fox^2". The
// words themselves are cut by query_leaf_parser.h.
//
//   ClassifyPattern("fox*", false);      // {kPrefix, "fox"}
//   NormalizePattern("f**\\-x");         // f*-x
//   ReadBoost("2.5");                    // {kGood, 2.5}
//
// Texts are any bytes. Thread-safe: functions of their arguments. Cost: linear
// in the word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sakuin::searcher {

// What stands behind a '^'.
struct BoostReading {
  enum class State { kNotANumber, kGood, kIgnored, kClamped };
  State state = State::kNotANumber;
  float value = 1.0F;
};

BoostReading ReadBoost(std::string_view text);

// Digits only; what is too large for the type is its largest value.
std::optional<uint32_t> ReadCount(std::string_view digits);

// word~ without a number: one edit for short words, two for longer ones.
int AutomaticEdits(std::string_view text);

// How a word with wildcards is meant.
enum class PatternKind { kNone, kStarsOnly, kPrefix, kWildcard };

struct Pattern {
  PatternKind kind = PatternKind::kNone;
  std::string_view stem;  // kPrefix: what comes before the stars, still escaped
};

// A question mark that ends a word is punctuation unless a field is named or there
// is another wildcard: "what is a fox?" asks for fox.
Pattern ClassifyPattern(std::string_view raw, bool with_field);

// The pattern of a WildcardQuery.
std::string NormalizePattern(std::string_view raw);

// "http://x.y/z?a=b" and "search?q=fox": no wildcards are meant.
bool LooksLikeAddress(std::string_view raw);

}  // namespace sakuin::searcher
