#include "text/stop_words.h"

#include <cstdint>
#include <cstring>
#include <unordered_set>

namespace sakuin::text {
namespace {

// Up to eight bytes as one number, to compare a word at once.
uint64_t Packed(const char* word, size_t size) {
  uint64_t bits = 0;
  std::memcpy(&bits, word, size);
  return bits;
}

constexpr size_t kSlots = 256;
constexpr std::string_view kLucene[] = {"a",    "an",   "and",  "are",  "as",    "at",   "be",    "but",   "by",   "for",  "if",
                                        "in",   "into", "is",   "it",   "no",    "not",  "of",    "on",    "or",   "such", "that",
                                        "the",  "their", "then", "there", "these", "they", "this", "to",    "was",  "will", "with"};

size_t SlotOf(uint64_t bits) { return static_cast<size_t>((bits * 0x9E3779B97F4A7C15ull) >> 56); }

// An open table of the packed words; 0 is empty.
struct LuceneTable {
  uint64_t slots[kSlots] = {};
  LuceneTable() {
    for (const std::string_view word : kLucene) {
      const uint64_t bits = Packed(word.data(), word.size());
      size_t slot = SlotOf(bits);
      while (slots[slot] != 0) slot = (slot + 1) % kSlots;
      slots[slot] = bits;
    }
  }
};

// clang-format off
constexpr std::string_view kEnglish[] = {
    "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "aren't", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by",
    "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do", "does", "doesn't", "doing", "don't", "down", "during",
    "each", "few", "for", "from", "further", "had", "hadn't", "has", "hasn't", "have", "haven't", "having", "he", "he'd", "he'll", "he's",
    "her", "here", "here's", "hers", "herself", "him", "himself", "his", "how", "how's",
    "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "itself", "let's",
    "me", "more", "most", "mustn't", "my", "myself", "no", "nor", "not", "of", "off", "on", "once", "only", "or", "other", "ought",
    "our", "ours", "ourselves", "out", "over", "own", "same", "shan't", "she", "she'd", "she'll", "she's",
    "should", "shouldn't", "so", "some", "such",
    "than", "that", "that's", "the", "their", "theirs", "them", "themselves", "then", "there", "there's", "these", "they", "they'd", "they'll",
    "they're", "they've", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "very",
    "was", "wasn't", "we", "we'd", "we'll", "we're", "we've", "were", "weren't", "what", "what's", "when", "when's", "where", "where's", "which",
    "while", "who", "who's", "whom", "why", "why's", "will", "with", "won't", "would", "wouldn't",
    "you", "you'd", "you'll", "you're", "you've", "your", "yours", "yourself", "yourselves"};
// clang-format on

}  // namespace

bool IsLuceneStopWord(std::string_view word) {
  if (word.size() > 5 || word.empty()) return false;
  static const LuceneTable table;
  const uint64_t bits = Packed(word.data(), word.size());
  for (size_t slot = SlotOf(bits); table.slots[slot] != 0; slot = (slot + 1) % kSlots) {
    if (table.slots[slot] == bits) return true;
  }
  return false;
}

bool IsEnglishStopWord(std::string_view word) {
  static const std::unordered_set<std::string_view> words(std::begin(kEnglish), std::end(kEnglish));
  return word.size() <= 10 && words.contains(word);
}

}  // namespace sakuin::text
