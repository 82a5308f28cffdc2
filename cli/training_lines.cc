#include "cli/training_lines.h"

#include <nlohmann/json.hpp>

#include "text/utf8.h"

namespace sakuin::cli {
namespace {

using nlohmann::json;

constexpr const char* kLabel = "label";

// U+FFFD for what is not UTF-8.
std::string Repaired(std::string_view line) {
  std::string repaired;
  for (size_t at = 0; at < line.size();) {
    const text::DecodedCodePoint decoded = text::DecodeUtf8(line, at);
    text::AppendUtf8(repaired, decoded.value);
    at += decoded.bytes;
  }
  return repaired;
}

}  // namespace

Status TrainingLines::Read(std::string_view line, classifier::Example& example) {
  if (label_field_ == kLabel) return reader_.Read(line, true, example);
  json object = json::parse(Repaired(line), nullptr, false);
  if (!object.is_object()) return reader_.Read(line, true, example);  // which says what is wrong with it
  const auto field = object.find(label_field_);
  if (field == object.end()) return InvalidArgumentError("there is no \"" + label_field_ + "\", where --label-field says the label is");
  object[kLabel] = json(*field);
  const Status status = reader_.Read(object.dump(), true, example);
  return status.ok() ? status : status.WithContext("--label-field " + label_field_);
}

}  // namespace sakuin::cli
