#include "text/token.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sakuin::text {

TokenList& TokenList::operator=(TokenList&& other) noexcept {
  tokens_ = std::exchange(other.tokens_, {});
  chunks_ = std::exchange(other.chunks_, {});
  base_ = std::exchange(other.base_, nullptr);
  chunk_ = std::exchange(other.chunk_, 0);
  used_ = std::exchange(other.used_, 0);
  next_position_ = std::exchange(other.next_position_, 0);
  invalid_bytes = std::exchange(other.invalid_bytes, 0);
  return *this;
}

void TokenList::Clear() {
  tokens_.clear();
  chunk_ = 0;
  used_ = 0;
  base_ = chunks_.empty() ? nullptr : chunks_[0].get();
  next_position_ = 0;
  invalid_bytes = 0;
}

void TokenList::NextChunk() {
  if (base_ != nullptr) ++chunk_;
  used_ = 0;
  if (chunk_ >= chunks_.size()) chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkBytes));
  base_ = chunks_[chunk_].get();
}

std::string_view TokenList::Keep(std::string_view bytes) {
  bytes = bytes.substr(0, kChunkBytes);
  if (bytes.empty()) return {};
  if (base_ == nullptr || used_ + bytes.size() > kChunkBytes) NextChunk();
  char* to = base_ + used_;
  std::memcpy(to, bytes.data(), bytes.size());
  used_ += bytes.size();
  return {to, bytes.size()};
}

}  // namespace sakuin::text
