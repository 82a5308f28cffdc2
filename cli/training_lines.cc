#include "cli/training_lines.h"

#include <nlohmann/json.hpp>

#include "text/utf8_repair.h"

namespace sakuin::cli {
namespace {

using nlohmann::json;

constexpr const char* kLabel = "label";

}  // namespace

Status TrainingLines::Read(std::string_view line, classifier::Example& example) {
  if (label_field_ == kLabel) return reader_.Read(line, true, example);
  std::string repaired(line);
  text::RepairUtf8(repaired);
  json object = json::parse(repaired, nullptr, false);
  if (!object.is_object()) return reader_.Read(line, true, example);  // which says what is wrong with it
  const auto field = object.find(label_field_);
  if (field == object.end()) return InvalidArgumentError("there is no \"" + label_field_ + "\", where --label-field says the label is");
  object[kLabel] = json(*field);
  const Status status = reader_.Read(object.dump(), true, example);
  return status.ok() ? status : status.WithContext("--label-field " + label_field_);
}

}  // namespace sakuin::cli
