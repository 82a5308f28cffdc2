// Any bytes read in any order: the reader stays in its span, and what it read as a varint is written alike.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sakuin::ByteReader in({reinterpret_cast<const char*>(data), size});
  while (in.ok() && !in.AtEnd()) {
    switch (in.ReadU8() % 6) {
      case 0: in.ReadU16(); break;
      case 1: in.ReadU32(); break;
      case 2: in.ReadU64(); break;
      case 3: in.ReadVarint32(); break;
      case 4: {
        volatile size_t sum = 0;
        for (const char c : in.ReadLengthPrefixed()) sum = sum + static_cast<uint8_t>(c);
        break;
      }
      default: {
        const uint64_t value = in.ReadVarint();
        std::string out;
        sakuin::AppendVarint(out, value);
        if (sakuin::ByteReader(out).ReadVarint() != value) __builtin_trap();
      }
    }
  }
  return 0;
}
