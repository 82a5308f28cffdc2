// Any bytes as compressed ones: an error, or exactly as many bytes as promised; and back.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/compression.h"

// First two bytes: the promised size.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t promised = data[0] + size_t{256} * data[1];
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  std::string out;
  if (sakuin::Decompress(bytes, promised, out).ok() && out.size() != promised) __builtin_trap();
  std::string compressed;
  sakuin::Compress(bytes, compressed);
  if (!sakuin::Decompress(compressed, bytes.size(), out).ok() || out != bytes) __builtin_trap();
  return 0;
}
