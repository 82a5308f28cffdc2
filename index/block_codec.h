// block_codec.h: up to 128 integers to bytes and back; the only code that knows
// this layout. Specification: docs/index_format.md, chapter "Blocks of integers";
// when they differ, the document is right and this file has a bug.
//
// A block is one mode byte and what the mode asks for:
//
//   0      run         varint v                    every value is v
//   1..6   nibble pair control bits, nibbles       a value takes the pair's short or long number of nibbles
//   7      nibbles     control bit pairs, nibbles  1 to 4 nibbles a value
//   8      one nibble  nibbles                     every value below 16
//   9      bytes       control bit pairs, bytes    1 to 4 bytes a value (Stream VByte)
//   10     bitset      varint words, 64-bit words  sorted documents only: bit i = document base + 1 + i
//
// The encoder takes the smallest. Documents are stored as gap - 1.
//
//   std::string bytes;
//   const uint32_t docs[] = {3, 7, 300};
//   EncodeDocs(docs, 3, kBeforeFirst, bytes);
//   uint32_t out[kDecodeRoom];
//   size_t used = DecodeDocs(bytes.data(), bytes.data() + bytes.size(), 3, kBeforeFirst, out);   // 0: damaged
//
// Decoding never reads outside [in, end) and never writes past kDecodeRoom
// values, whatever the bytes. It is vectorised where the machine allows
// (base/cpu.h); all paths give identical values. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sakuin::index {

inline constexpr uint32_t kBlockSize = 128;          // a skip wastes at most 127 decodes; facts cost about 1 bit a posting
inline constexpr uint32_t kDecodeRoom = kBlockSize + 64;  // what an output array must hold
inline constexpr uint32_t kBeforeFirst = UINT32_MAX;  // base of a list's first block: document -1

// Appends n values, 1 <= n <= kBlockSize.
void EncodeValues(const uint32_t* values, uint32_t n, std::string& out);

// Appends n documents, strictly increasing and all after `base`.
void EncodeDocs(const uint32_t* docs, uint32_t n, uint32_t base, std::string& out);

// Both return the number of bytes used, or 0 when the bytes are not a block of
// n values; documents that do not ascend from `base` are none. REQUIRES: 1 <= n <= kBlockSize; `out` has kDecodeRoom values, of
// which those from n on are undefined afterwards.
size_t DecodeValues(const void* in, const void* end, uint32_t n, uint32_t* out);
size_t DecodeDocs(const void* in, const void* end, uint32_t n, uint32_t base, uint32_t* out);

}  // namespace sakuin::index
