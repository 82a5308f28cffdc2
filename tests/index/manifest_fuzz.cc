#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "index/manifest.h"

// What decodes is encoded to what decodes to the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto manifest = sakuin::index::Manifest::Decode({reinterpret_cast<const char*>(data), size});
  if (!manifest.ok()) return 0;
  const auto again = sakuin::index::Manifest::Decode(manifest->Encode());
  if (!again.ok() || again->generation != manifest->generation || !(again->segments == manifest->segments)) std::abort();
  return 0;
}
