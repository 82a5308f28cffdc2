#include "classifier/training_data.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "text/utf8_repair.h"

namespace sakuin::classifier {

namespace dom = simdjson::dom;

struct ExampleReader::Parser {
  dom::parser dom;
  std::string repaired;
};

namespace {

Status ReadId(const dom::element& value, std::string& id) {
  if (value.is_string()) {
    id = value.get_string().value_unsafe();
  } else if (value.is<int64_t>()) {
    id = std::to_string(value.get_int64().value_unsafe());
  } else if (value.is<uint64_t>()) {
    id = std::to_string(value.get_uint64().value_unsafe());
  } else if (!value.is_null()) {
    return InvalidArgumentError("\"id\" is no string and no whole number");
  }
  return OkStatus();
}

Status AddLabel(const dom::element& value, std::vector<std::string>& labels) {
  std::string_view label;
  if (value.get_string().get(label) != simdjson::SUCCESS) {
    return InvalidArgumentError("\"label\" is neither a string nor a list of strings, for instance \"label\":\"sports\"");
  }
  if (label.empty()) return InvalidArgumentError("\"label\" is empty");
  if (label.size() > ExampleReader::kMaxLabelBytes) {
    return InvalidArgumentError("\"label\" has " + std::to_string(label.size()) + " bytes; at most " + std::to_string(ExampleReader::kMaxLabelBytes) +
                                " are taken");
  }
  labels.emplace_back(label);
  return OkStatus();
}

Status ReadLabels(const dom::element& value, std::vector<std::string>& labels) {
  dom::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return AddLabel(value, labels);
  for (const dom::element item : list) RETURN_IF_ERROR(AddLabel(item, labels));
  if (labels.empty()) return InvalidArgumentError("\"label\" is an empty list");
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return OkStatus();
}

Status ReadText(const dom::object& object, std::string& text) {
  dom::element value;
  if (object["text"].get(value) == simdjson::SUCCESS) {
    if (!value.is_string()) return InvalidArgumentError("\"text\" is no string");
    text = value.get_string().value_unsafe();
    return OkStatus();
  }
  bool found = false;
  for (const char* const field : {"title", "body"}) {
    std::string_view part;
    if (object[field].get_string().get(part) != simdjson::SUCCESS) continue;
    if (found) text += '\n';
    text += part;
    found = true;
  }
  return found ? OkStatus() : InvalidArgumentError("there is no \"text\"; expected {\"id\",\"label\",\"text\"}");
}

}  // namespace

ExampleReader::ExampleReader() : parser_(std::make_unique<Parser>()) {}
ExampleReader::~ExampleReader() = default;
ExampleReader::ExampleReader(ExampleReader&&) noexcept = default;

Status ExampleReader::Read(std::string_view line, bool labels_needed, Example& example) {
  example.id.clear();
  example.labels.clear();
  example.text.clear();
  dom::element root;
  simdjson::error_code code = parser_->dom.parse(line.data(), line.size()).get(root);
  if (code == simdjson::UTF8_ERROR) {
    parser_->repaired = line;
    text::RepairUtf8(parser_->repaired);
    code = parser_->dom.parse(parser_->repaired).get(root);
  }
  if (code != simdjson::SUCCESS) return InvalidArgumentError("not valid JSON (" + std::string(simdjson::error_message(code)) + "): " + text::Excerpt(line));
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS) return InvalidArgumentError("an object {...} is wanted on every line: " + text::Excerpt(line));
  dom::element value;
  if (object["id"].get(value) == simdjson::SUCCESS) RETURN_IF_ERROR(ReadId(value, example.id));
  if (labels_needed) {
    if (object["label"].get(value) != simdjson::SUCCESS) return InvalidArgumentError("there is no \"label\"; expected {\"id\",\"label\",\"text\"}");
    RETURN_IF_ERROR(ReadLabels(value, example.labels));
  }
  return ReadText(object, example.text);
}

}  // namespace sakuin::classifier
