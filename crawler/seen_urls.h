// seen_urls.h: a fast yes for most URLs that are known: links lead to the same pages again and again.
//
//   SeenUrls seen(8 << 20);                 // bytes
//   if (seen.Has(fingerprint)) skip;        // known for sure
//   ... ask the disk; when it is known: seen.Add(fingerprint);
//
// One 8-byte fingerprint per slot, the newest wins: Has may forget, and is wrong for one pair of URLs in
// 2^64. Not thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sakuin::crawler {

class SeenUrls {
 public:
  explicit SeenUrls(size_t bytes) : slots_(std::bit_floor(std::max<size_t>(bytes / sizeof(uint64_t), 1))) {}

  bool Has(uint64_t fingerprint) const { return fingerprint != kEmpty && slots_[Slot(fingerprint)] == fingerprint; }
  void Add(uint64_t fingerprint) { slots_[Slot(fingerprint)] = fingerprint; }
  void Clear() { std::fill(slots_.begin(), slots_.end(), kEmpty); }

 private:
  static constexpr uint64_t kEmpty = 0;

  size_t Slot(uint64_t fingerprint) const { return fingerprint & (slots_.size() - 1); }

  std::vector<uint64_t> slots_;
};

}  // namespace sakuin::crawler
