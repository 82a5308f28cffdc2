#include "cli/output_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sakuin::cli {
namespace {

bool BeginsWith(const std::string& path, std::string_view bytes) {
  std::string first(bytes.size(), '\0');
  std::ifstream(path, std::ios::binary).read(first.data(), static_cast<std::streamsize>(first.size()));
  return first == bytes;
}

bool IsOneOf(const std::vector<std::string>& inputs, const std::string& path) {
  std::error_code error;
  return std::any_of(inputs.begin(), inputs.end(), [&](const std::string& input) { return std::filesystem::equivalent(input, path, error); });
}

}  // namespace

Status CheckOutput(const std::string& option, const std::string& output, const std::vector<std::string>& inputs, OutputKind kind) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_regular_file(output, error)) return OkStatus();
  if (IsOneOf(inputs, output)) {
    return InvalidArgumentError(option + " " + output + " is one of the files that are read, and would be lost; give " + option + " another name");
  }
  if (fs::file_size(output, error) == 0 || BeginsWith(output, kind.begins)) return OkStatus();
  return InvalidArgumentError(option + " " + output + " is there and is no " + std::string(kind.name) + ", and would be lost; give " + option +
                              " another name, or remove the file first");
}

}  // namespace sakuin::cli
