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

std::string Quoted(const std::string& field) { return "\"" + text::Excerpt(field) + "\""; }

Status AddLabel(const dom::element& value, const std::string& field, std::vector<std::string>& labels) {
  std::string_view label;
  if (value.get_string().get(label) != simdjson::SUCCESS) {
    return InvalidArgumentError(Quoted(field) + " is neither a string nor a list of strings, for instance " + Quoted(field) + ":\"sports\"");
  }
  if (label.empty()) return InvalidArgumentError(Quoted(field) + " is empty");
  if (label.size() > ExampleReader::kMaxLabelBytes) {
    return InvalidArgumentError(Quoted(field) + " has " + std::to_string(label.size()) + " bytes; at most " +
                                std::to_string(ExampleReader::kMaxLabelBytes) + " are taken");
  }
  labels.emplace_back(label);
  return OkStatus();
}

Status ReadLabels(const dom::object& object, const std::string& field, std::vector<std::string>& labels) {
  dom::element value;
  if (object[field].get(value) != simdjson::SUCCESS) {
    return InvalidArgumentError("there is no " + Quoted(field) + "; expected {\"id\"," + Quoted(field) + ",\"text\"}");
  }
  dom::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return AddLabel(value, field, labels);
  for (const dom::element item : list) RETURN_IF_ERROR(AddLabel(item, field, labels));
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

// A table or plain text is told from an object with a mistake in it.
Status WhyNoJson(simdjson::error_code code, std::string_view line) {
  const size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos || line[first] != '{') {
    return InvalidArgumentError("no JSON object; expected {\"id\",\"label\",\"text\"} on every line, found: " + text::Excerpt(line));
  }
  const char* why = "";
  switch (code) {
    case simdjson::UNCLOSED_STRING: why = " (a string does not end)"; break;
    case simdjson::DEPTH_ERROR: why = " (lists or objects are nested too deep)"; break;
    case simdjson::NUMBER_ERROR: why = " (a number is wrong)"; break;
    case simdjson::STRING_ERROR: why = " (an escape in a string is wrong)"; break;
    case simdjson::UNESCAPED_CHARS: why = " (a control character in a string is not escaped)"; break;
    default: break;
  }
  return InvalidArgumentError("not valid JSON" + std::string(why) + ": " + text::Excerpt(line));
}

}  // namespace

ExampleReader::ExampleReader(std::string label_field) : label_field_(std::move(label_field)), parser_(std::make_unique<Parser>()) {}
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
  if (code != simdjson::SUCCESS) return WhyNoJson(code, line);
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS)
    return InvalidArgumentError("an object {...} is wanted on every line: " + text::Excerpt(line));
  dom::element value;
  if (object["id"].get(value) == simdjson::SUCCESS) RETURN_IF_ERROR(ReadId(value, example.id));
  if (labels_needed) RETURN_IF_ERROR(ReadLabels(object, label_field_, example.labels));
  return ReadText(object, example.text);
}

}  // namespace sakuin::classifier
