// Any bytes as a schema file, TOML or (first byte 'j') JSON: an error with words,
// or a schema that is the same after it was written and read.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "indexer/schema_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin;
  if (size == 0) return 0;
  const auto require = [](bool holds) {
    if (!holds) __builtin_trap();
  };
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const Result<index::Schema> schema = indexer::ParseSchema(text, data[0] == 'j');
  if (!schema.ok()) {
    require(schema.status().message().size() > 10);
    return 0;
  }
  const std::string written = indexer::FormatSchema(*schema);
  require(indexer::IsAsWritten(written));
  const Result<index::Schema> again = indexer::ParseSchema(written, false);
  require(again.ok() && *again == *schema);
  return 0;
}
