// double_array.h: where the children of a state get their slots.
//
//   DoubleArray slots(alphabet_size);
//   uint32_t base = slots.Place({3, 17, 40});   // slots base^3, base^17, base^40 are taken now
//
// Free slots stand in a list; a base is tried at the first of them, and where
// the array has become too dense for large families the search starts further
// on. The array grows by whole blocks, each larger than any code, so that a base
// inside it has all its children inside. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sakuin::keyword_linker {

class DoubleArray {
 public:
  // Codes are from 1 to `codes`. Slot 0 is taken: it is the root's.
  explicit DoubleArray(uint32_t codes);

  // A base of nobody else. `codes`: at least one, ascending.
  uint32_t Place(std::span<const uint32_t> codes);

  // Slots so far, free ones too.
  size_t size() const { return taken_.size(); }

 private:
  bool Fits(uint32_t base, std::span<const uint32_t> codes) const;
  void Grow();
  void Take(uint32_t slot);
  uint32_t FirstToTry(size_t family) const;

  static constexpr uint32_t kEnd = UINT32_MAX;

  uint32_t block_;
  std::vector<bool> taken_;
  std::vector<bool> base_used_;
  std::vector<uint32_t> next_;      // of free slots, ascending
  std::vector<uint32_t> previous_;
  uint32_t first_ = kEnd;
  uint32_t last_ = kEnd;
  uint32_t sparse_ = kEnd;          // where families of several begin to search
};

}  // namespace sakuin::keyword_linker
