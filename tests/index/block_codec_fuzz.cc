#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "index/block_codec.h"

// First byte: how many values; the rest: a block.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::index;
  if (size == 0) return 0;
  const uint32_t n = 1 + data[0] % kBlockSize;
  uint32_t out[kDecodeRoom];
  const uint8_t* begin = data + 1;
  const uint8_t* end = data + size;
  if (DecodeDocs(begin, end, n, kBeforeFirst, out) > size - 1) std::abort();
  if (begin != end && DecodeValues(begin, end, n, out) > size - 1) std::abort();
  return 0;
}
