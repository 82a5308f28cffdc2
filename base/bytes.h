// bytes.h: numbers to bytes and back; bounded reading of bytes one did not write.
//
// All fixed-width integers are little-endian. A varint holds seven bits per
// byte, low bits first, the high bit set on every byte except the last (the
// protobuf and LevelDB convention; textbooks set it on the last).
//
//   std::string out;                    ByteReader in(out);
//   AppendVarint(out, 300);             uint64_t n = in.ReadVarint();   // 300
//   AppendU32(out, 7);                  uint32_t m = in.ReadU32();      // 7
//                                       if (!in.ok()) ... damaged
//
// A reader never reads outside its span: past the end it returns zeros and
// ok() turns false and stays so; check it once, after a group of reads.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sakuin {

static_assert(std::endian::native == std::endian::little, "loads and stores below assume a little-endian machine");

template <typename T>
inline T LoadUnaligned(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <typename T>
inline void StoreUnaligned(void* to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

template <typename T>
inline void AppendFixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}
inline void AppendU8(std::string& out, uint8_t value) { out.push_back(static_cast<char>(value)); }
inline void AppendU16(std::string& out, uint16_t value) { AppendFixed(out, value); }
inline void AppendU32(std::string& out, uint32_t value) { AppendFixed(out, value); }
inline void AppendU64(std::string& out, uint64_t value) { AppendFixed(out, value); }

inline constexpr size_t kMaxVarintBytes = 10;

// Writes at most kMaxVarintBytes bytes; returns how many.
inline size_t EncodeVarint(uint64_t value, uint8_t* to) {
  size_t n = 0;
  while (value >= 0x80) {
    to[n++] = static_cast<uint8_t>(value | 0x80);
    value >>= 7;
  }
  to[n++] = static_cast<uint8_t>(value);
  return n;
}

inline void AppendVarint(std::string& out, uint64_t value) {
  uint8_t bytes[kMaxVarintBytes];
  out.append(reinterpret_cast<const char*>(bytes), EncodeVarint(value, bytes));
}

// A varint length, then the bytes.
inline void AppendLengthPrefixed(std::string& out, std::string_view bytes) {
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

// Signed numbers with small magnitude become small unsigned ones: 0 -1 1 -2 2 -> 0 1 2 3 4.
inline uint64_t ZigZag(int64_t value) { return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63); }
inline int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }
  bool AtEnd() const { return at_ == end_; }

  uint8_t ReadU8() { return ReadFixed<uint8_t>(); }
  uint16_t ReadU16() { return ReadFixed<uint16_t>(); }
  uint32_t ReadU32() { return ReadFixed<uint32_t>(); }
  uint64_t ReadU64() { return ReadFixed<uint64_t>(); }

  uint64_t ReadVarint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      const uint8_t byte = static_cast<uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }

  // A varint that must fit 32 bits.
  uint32_t ReadVarint32() {
    const uint64_t value = ReadVarint();
    if (value <= UINT32_MAX) return static_cast<uint32_t>(value);
    Fail();
    return 0;
  }

  // Past `count` varints, eight bytes at a time.
  void SkipVarints(uint64_t count) {
    while (count >= 8 && remaining() >= 8) {
      count -= static_cast<uint64_t>(std::popcount(~LoadUnaligned<uint64_t>(at_) & 0x8080808080808080));
      at_ += 8;
    }
    for (; count > 0; --count) ReadVarint();
  }

  // The next `size` bytes as a view into the span; empty and !ok() when there are fewer.
  std::string_view ReadBytes(size_t size) {
    if (size > remaining()) {
      Fail();
      return {};
    }
    std::string_view view(at_, size);
    at_ += size;
    return view;
  }

  std::string_view ReadLengthPrefixed() { return ReadBytes(ReadVarint()); }

  template <typename T>
  T ReadFixed() {
    if (sizeof(T) > remaining()) {
      Fail();
      return T{};
    }
    T value = LoadUnaligned<T>(at_);
    at_ += sizeof(T);
    return value;
  }

 private:
  void Fail() {
    ok_ = false;
    at_ = end_;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace sakuin
