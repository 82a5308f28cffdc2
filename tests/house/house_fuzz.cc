// A target with a planted crash, to try fuzz_main.cc.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (std::string_view(reinterpret_cast<const char*>(data), size) == "planted crash\n") std::abort();
  return 0;
}
