// slice_arena.h: very many byte streams that grow at the same time, in one block of memory.
//
//   SliceArena arena;                       // grows by chunks of 1 MiB, never copies
//   SliceArena::Stream stream = arena.NewStream();
//   arena.AppendVarint(stream, 300);
//   SliceReader reader(arena, stream);   reader.ReadVarint();   // 300
//
// A stream is a chain of slices, each twice the one before up to a limit; the
// last four bytes of a full slice say where the next begins. The idea is that of
// Lucene's byte block pool. Not thread-safe. At most 4 GiB.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace sakuin::indexer {

class SliceArena {
 public:
  struct Stream {
    uint32_t head = 0;   // first byte of the first slice
    uint32_t at = 0;     // where the next byte goes
    uint32_t end = 0;    // of the open slice, without its link
    uint8_t level = 0;   // size class of the open slice
    bool operator==(const Stream&) const = default;
  };

  static constexpr uint32_t kFirstSlice = 12;
  static constexpr uint8_t kLastLevel = 5;
  static constexpr uint32_t kLinkBytes = 4;
  static constexpr uint32_t SliceBytes(uint8_t level) { return kFirstSlice << level; }  // without the link

  Stream NewStream() {
    const uint32_t at = Allocate(0);
    return {at, at, at + SliceBytes(0), 0};
  }

  void AppendByte(Stream& stream, uint8_t byte) {
    if (stream.at == stream.end) Extend(stream);
    *At(stream.at++) = byte;
  }

  void AppendVarint(Stream& stream, uint64_t value) {
    while (value >= 0x80) {
      AppendByte(stream, static_cast<uint8_t>(value | 0x80));
      value >>= 7;
    }
    AppendByte(stream, static_cast<uint8_t>(value));
  }

  size_t MemoryUsage() const { return chunks_.size() * kChunkBytes; }
  // No more streams should be made when this is low: addresses have 32 bits.
  bool Full() const { return chunks_.size() >= kMaxChunks; }
  const uint8_t* At(uint32_t address) const { return chunks_[address >> kChunkBits].get() + (address & (kChunkBytes - 1)); }
  void Clear() {
    chunks_.clear();
    used_ = kChunkBytes;
  }

 private:
  static constexpr uint32_t kChunkBits = 20;
  static constexpr uint32_t kChunkBytes = 1U << kChunkBits;
  static constexpr size_t kMaxChunks = 2048;  // 2 GiB, so that one more document has as much

  uint8_t* At(uint32_t address) { return chunks_[address >> kChunkBits].get() + (address & (kChunkBytes - 1)); }

  uint32_t Allocate(uint8_t level) {
    const uint32_t bytes = SliceBytes(level) + kLinkBytes;
    if (used_ + bytes > kChunkBytes) {
      chunks_.push_back(std::make_unique<uint8_t[]>(kChunkBytes));
      used_ = 0;
    }
    const uint32_t address = static_cast<uint32_t>((chunks_.size() - 1) << kChunkBits) + used_;
    used_ += bytes;
    return address;
  }

  void Extend(Stream& stream) {
    if (stream.level < kLastLevel) ++stream.level;
    const uint32_t next = Allocate(stream.level);
    StoreUnaligned<uint32_t>(At(stream.end), next);
    stream.at = next;
    stream.end = next + SliceBytes(stream.level);
  }

  std::vector<std::unique_ptr<uint8_t[]>> chunks_;
  uint32_t used_ = kChunkBytes;  // of the last chunk
};

// Reads a stream from its front. The arena must not grow meanwhile.
class SliceReader {
 public:
  SliceReader(const SliceArena& arena, const SliceArena::Stream& stream)
      : arena_(&arena), at_(stream.head), end_(stream.head + SliceArena::SliceBytes(0)), last_(stream.at) {}

  bool AtEnd() const { return at_ == last_; }

  uint8_t ReadByte() {
    if (at_ == end_) Follow();
    return *arena_->At(at_++);
  }

  uint64_t ReadVarint() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const uint8_t byte = ReadByte();
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }

 private:
  void Follow() {
    if (level_ < SliceArena::kLastLevel) ++level_;
    at_ = LoadUnaligned<uint32_t>(arena_->At(end_));
    end_ = at_ + SliceArena::SliceBytes(level_);
  }

  const SliceArena* arena_;
  uint32_t at_;
  uint32_t end_;
  uint32_t last_;
  uint8_t level_ = 0;
};

}  // namespace sakuin::indexer
