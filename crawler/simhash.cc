#include "crawler/simhash.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/checksum.h"
#include "text/utf8.h"

namespace sakuin::crawler {
namespace {

bool IsAsciiWord(char32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Punctuation and blanks outside of ASCII that pages are full of. Others count as letters, which does no harm.
bool IsForeignMark(char32_t c) {
  return (c >= 0x80 && c <= 0xBF) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x2190 && c <= 0x2BFF) ||
         (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || c == 0xFFFD;
}

// Characters of writing in which blanks do not part words, or long ones of many parts.
bool StandsAlone(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3040 && c <= 0x30FF) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD;
  x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53;
  return x ^ x >> 33;
}

// Follows the words of a text: a hash over all, and the shingles.
class Words {
 public:
  void Read(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
      AddCharacter(c.value, text.substr(at, c.bytes));
      at += c.bytes;
    }
    EndWord();
  }

  TextFingerprint Finish() {
    TextFingerprint out;
    out.content = {Mix(low_), Mix(high_ ^ count_)};
    std::sort(shingles_.begin(), shingles_.end());
    shingles_.erase(std::unique(shingles_.begin(), shingles_.end()), shingles_.end());
    out.shingles = static_cast<uint32_t>(std::min<size_t>(shingles_.size(), UINT32_MAX));
    out.simhash = SimHashOfShingles();
    return out;
  }

 private:
  void AddCharacter(char32_t c, std::string_view bytes) {
    if (c < 0x80) {
      if (!IsAsciiWord(c)) return EndWord();
      word_ += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    } else if (IsForeignMark(c)) {
      EndWord();
    } else if (StandsAlone(c)) {
      EndWord();
      AddWord(bytes, true);
    } else {
      word_ += bytes;
    }
  }

  void EndWord() {
    if (word_.empty()) return;
    AddWord(word_, false);
    word_.clear();
  }

  void AddWord(std::string_view word, bool alone) {
    const uint64_t hash = Checksum(word);
    low_ = Mix(low_ ^ hash);
    high_ = Mix(high_ + std::rotl(hash, 23)) ^ 0x9E3779B97F4A7C15;
    ++count_;
    if (alone && alone_) {
      shingles_.push_back(Mix(last_ * 3 + hash));
    } else if (count_ > 2) {
      shingles_.push_back(Mix(Mix(before_ * 5 + last_) * 7 + hash));
    }
    before_ = last_;
    last_ = hash;
    alone_ = alone;
  }

  uint64_t SimHashOfShingles() const {
    std::array<int64_t, 64> votes = {};
    for (const uint64_t shingle : shingles_) {
      for (size_t bit = 0; bit < votes.size(); ++bit) votes[bit] += static_cast<int64_t>(shingle >> bit & 1) * 2 - 1;
    }
    uint64_t out = 0;
    for (size_t bit = 0; bit < votes.size(); ++bit) out |= static_cast<uint64_t>(votes[bit] > 0 ? 1 : 0) << bit;
    return out;
  }

  std::string word_;
  uint64_t low_ = 1;
  uint64_t high_ = 2;
  uint64_t count_ = 0;
  uint64_t before_ = 0;  // the word before the last
  uint64_t last_ = 0;
  bool alone_ = false;  // the last was a character by itself
  std::vector<uint64_t> shingles_;
};

}  // namespace

TextFingerprint FingerprintOf(std::string_view text) {
  Words words;
  words.Read(text);
  return words.Finish();
}

}  // namespace sakuin::crawler
