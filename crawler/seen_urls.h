// seen_urls.h: a fast yes for URLs that are known: links lead to the same pages again and again.
//
//   SeenUrls seen(8 << 20);                 // bytes
//   if (seen.Has(fingerprint)) skip;        // known for sure
//   ... ask the disk; when it is known: seen.Add(fingerprint);
//
// 48 bits of each URL stand in one of the two lines of memory that its fingerprint names, the emptier one, ten in a
// line. So nothing is forgotten before nine tenths of 10 URLs for each 64 bytes are there; then the oldest of a line
// gives way. Has may forget, and is wrong for one URL in 10^13. Both cost two cache misses; Expect has them
// happen beside others. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace sakuin::crawler {

class SeenUrls {
 public:
  explicit SeenUrls(size_t bytes) : count_(std::max<size_t>(bytes / sizeof(Line), 2)) { Clear(); }

  bool Has(uint64_t fingerprint) const { return lines_[First(fingerprint)].Has(fingerprint) || lines_[Second(fingerprint)].Has(fingerprint); }

  void Add(uint64_t fingerprint) {
    if (Has(fingerprint)) return;
    Line& first = lines_[First(fingerprint)];
    Line& second = lines_[Second(fingerprint)];
    (second.added < first.added ? second : first).Add(fingerprint);
  }

  // Has or Add will be asked about it soon.
  void Expect(uint64_t fingerprint) const {
    __builtin_prefetch(&lines_[First(fingerprint)]);
    __builtin_prefetch(&lines_[Second(fingerprint)]);
  }

  void Clear() {
    memory_.reset(std::calloc(count_ + 1, sizeof(Line)));
    if (memory_ == nullptr) throw std::bad_alloc();
    void* begin = memory_.get();
    size_t room = (count_ + 1) * sizeof(Line);
    lines_ = static_cast<Line*>(std::align(alignof(Line), count_ * sizeof(Line), begin, room));
  }

 private:
  static constexpr uint32_t kWays = 10;

  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  struct alignas(64) Line {
    bool Has(uint64_t fingerprint) const {
      bool found = false;
      for (uint32_t i = 0; i < kWays; ++i) found |= low[i] == Low(fingerprint) && high[i] == High(fingerprint) && i < added;
      return found;
    }

    void Add(uint64_t fingerprint) {
      low[added % kWays] = Low(fingerprint);
      high[added % kWays] = High(fingerprint);
      added = added + 1 == kMostAdded ? kWays : added + 1;
    }

    static uint32_t Low(uint64_t fingerprint) { return static_cast<uint32_t>(fingerprint); }
    static uint16_t High(uint64_t fingerprint) { return static_cast<uint16_t>(fingerprint >> 32); }
    static constexpr uint32_t kMostAdded = 1U << 31;

    std::array<uint32_t, kWays> low;
    std::array<uint16_t, kWays> high;
    uint32_t added;  // so many have ever been; the next one's place
  };
  static_assert(sizeof(Line) == 64 && std::is_trivial_v<Line>);

  size_t Of(uint64_t hash) const { return static_cast<size_t>((hash >> 32) * count_ >> 32); }
  size_t First(uint64_t fingerprint) const { return Of(fingerprint); }
  size_t Second(uint64_t fingerprint) const { return Of(fingerprint * 0x9E3779B97F4A7C15); }

  size_t count_;
  std::unique_ptr<void, Free> memory_;  // zeros, which take no memory before they are written to
  Line* lines_ = nullptr;               // in there
};

}  // namespace sakuin::crawler
