#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "searcher/query_parser.h"

// A lenient parse of any bytes up to the length limit succeeds.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parsed = sakuin::searcher::ParseQuery({reinterpret_cast<const char*>(data), size});
  if (!parsed.ok() && size <= sakuin::searcher::kMaxQueryBytes) std::abort();
  if (parsed.ok()) sakuin::searcher::ToString(parsed->query);
  return 0;
}
