// token.h: what an analyzer makes of a text: terms, each with its place.
//
//   "Tokyo 東京都"  ->  tokyo [0,5) pos 0   東京都 [6,15) pos 1 length 2
//                       東京 [6,12) pos 1   都 [12,15) pos 2
//
// start and end are byte offsets into the text *as it was given*, whatever
// normalisation did, so that a highlight is exact. Positions count words from
// 0 and never go back; tokens on the same position are alternatives. A token
// that spans several positions (a compound beside its parts) says so in
// position_length: together the tokens form a graph whose nodes are positions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace sakuin::text {

struct Token {
  std::string_view term;         // UTF-8, at most kMaxTermBytes; lives in its TokenList
  uint32_t start = 0;            // first byte in the original text
  uint32_t end = 0;              // one past the last byte
  uint32_t position = 0;         // ordinal of the word
  uint32_t position_length = 1;  // how many positions it spans
};

// Longer words are cut to this at a character boundary.
inline constexpr size_t kMaxTermBytes = 255;

// A reusable buffer of tokens that owns the bytes of their terms. Terms stay
// valid until Clear() or destruction. Not thread-safe.
class TokenList {
 public:
  TokenList() = default;
  TokenList(TokenList&& other) noexcept { *this = std::move(other); }
  TokenList& operator=(TokenList&& other) noexcept;  // leaves the other one empty

  void Clear();

  // Copies `term`.
  void Add(std::string_view term, uint32_t start, uint32_t end, uint32_t position, uint32_t position_length = 1) {
    tokens_.push_back({Keep(term), start, end, position, position_length});
    next_position_ = std::max(next_position_, position + position_length);
  }

  const std::vector<Token>& tokens() const { return tokens_; }
  std::vector<Token>& mutable_tokens() { return tokens_; }
  size_t size() const { return tokens_.size(); }
  bool empty() const { return tokens_.empty(); }

  // Keeps `bytes` as long as the terms; for a filter that changes a term.
  std::string_view Keep(std::string_view bytes);

  // Room for a term of up to `bytes` bytes, plus kSlackBytes behind it that may
  // be overwritten: a tokenizer writes the term there itself, sixteen bytes at
  // a time, and then says AddReserved. Valid until the next call of any kind.
  // REQUIRES: bytes <= kMaxTermBytes.
  char* Reserve(size_t bytes) {
    if (base_ == nullptr || used_ + bytes + kSlackBytes > kChunkBytes) NextChunk();
    return base_ + used_;
  }
  void AddReserved(size_t bytes, uint32_t start, uint32_t end, uint32_t position) {
    tokens_.push_back({{base_ + used_, bytes}, start, end, position, 1});
    used_ += bytes;
    next_position_ = position + 1;
  }

  // One past the last position in use: where the next word would stand.
  uint32_t next_position() const { return next_position_; }
  void set_next_position(uint32_t position) { next_position_ = position; }

  // Bytes of the input that were not UTF-8 and were read as U+FFFD.
  uint64_t invalid_bytes = 0;

  static constexpr size_t kSlackBytes = 32;

 private:
  void NextChunk();

  static constexpr size_t kChunkBytes = size_t{1} << 16;
  std::vector<Token> tokens_;
  std::vector<std::unique_ptr<char[]>> chunks_;  // kChunkBytes each
  char* base_ = nullptr;                         // first byte of the chunk in use
  size_t chunk_ = 0;                             // chunk in use
  size_t used_ = 0;                              // bytes used of it
  uint32_t next_position_ = 0;
};

}  // namespace sakuin::text
