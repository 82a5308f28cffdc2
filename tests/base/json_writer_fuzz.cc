// Any bytes as a string: the output is valid JSON, and gives back what was valid UTF-8.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string out;
  sakuin::AppendJsonString(out, bytes);
  const nlohmann::json parsed = nlohmann::json::parse(out, nullptr, false);
  if (!parsed.is_string()) __builtin_trap();
  const std::string& back = parsed.get_ref<const std::string&>();
  if (back.find("\xEF\xBF\xBD") == std::string::npos && back != bytes) __builtin_trap();
  return 0;
}
