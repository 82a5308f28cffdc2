// checksum.h: the checksum of everything on disk: XXH3, 64 bits, seed 0.
//
// Finds damage, not malice. About 20 GB/s, so a whole segment is checked
// in the time it takes to read it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace sakuin {

uint64_t Checksum(std::string_view bytes);

// The checksum of bytes that arrive in parts; equal to Checksum of them joined.
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(RunningChecksum&&) noexcept;
  RunningChecksum& operator=(RunningChecksum&&) noexcept;

  void Update(std::string_view bytes);
  uint64_t Value() const;  // of all so far; more may follow
  void Reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A hash for tables and routing, not stored as a checksum: the same function.
inline uint64_t HashBytes(std::string_view bytes) { return Checksum(bytes); }

}  // namespace sakuin
