// simhash.h: what a text is like, in 64 bits: texts that are nearly the same have nearly the same bits.
//
//   const TextFingerprint a = FingerprintOf("The quick brown fox ...");
//   const TextFingerprint b = FingerprintOf("The quick brown dog ...");
//   a.content == b.content                      // the same words in the same order
//   SimHashDistance(a.simhash, b.simhash)       // 0 to 64 bits
//
// Words are runs of letters and digits, in lower case where they are ASCII; each
// character of Chinese, Japanese and Thai writing is a word by itself, and so is
// each of Hangul. Blanks, punctuation and the case of ASCII letters are nothing.
// Shingles are three words that follow each other, or two where all are such
// characters. SimHash (Charikar 2002) has in each bit what most different
// shingles have there, so that a menu of a thousand equal lines counts once. Of
// texts with more than 1,024 words at most about so many shingles are looked at,
// chosen by a hash of theirs (content-based sampling as of Broder 1997): near
// texts have nearly the same ones. Where that leaves too few, as of a text that
// says the same again and again, all are.
//
// Pure; thread-safe. Cost: linear, about 2 ns for each byte.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sakuin::crawler {

struct ContentHash {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const ContentHash&, const ContentHash&) = default;
};

struct TextFingerprint {
  ContentHash content;  // of the words; not meant to withstand malice
  uint64_t simhash = 0;
  uint32_t shingles = 0;  // different ones; of long texts an estimate
  uint32_t name = 0;      // of a page (page_fingerprint.h); a text has none
};

TextFingerprint FingerprintOf(std::string_view text);

// Hashes of its words, in order.
std::vector<uint64_t> WordsOf(std::string_view text);

inline int SimHashDistance(uint64_t a, uint64_t b) { return std::popcount(a ^ b); }

}  // namespace sakuin::crawler
