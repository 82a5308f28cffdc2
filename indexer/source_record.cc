#include "indexer/source_record.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

// Reuses the memory of `to`, unless that is much and not needed.
void Assign(std::string& to, std::string_view from) {
  constexpr size_t kMuch = 1 << 20;
  if (to.capacity() > kMuch && from.size() < to.capacity() / 8) to = std::string();
  to.assign(from);
}

void WriteValue(const index::Value& value, JsonWriter& json) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json.String(*text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json.Number(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json.Number(*number);
  } else {
    json.Boolean(std::get<bool>(value));
  }
}

constexpr size_t kNone = SIZE_MAX;

// For every field the next one of the same path; `later` tells those that are not the first of theirs.
void ChainFields(const std::vector<index::FieldValue>& fields, std::vector<size_t>& next, std::vector<bool>& later) {
  std::unordered_map<std::string_view, size_t> last;
  next.assign(fields.size(), kNone);
  later.assign(fields.size(), false);
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto [at, inserted] = last.try_emplace(fields[i].path, i);
    if (inserted) continue;
    next[at->second] = i;
    later[i] = true;
    at->second = i;
  }
}

void WriteChained(const std::vector<index::FieldValue>& fields, std::string_view id_field, JsonWriter& json) {
  std::vector<size_t> next;
  std::vector<bool> later;
  ChainFields(fields, next, later);
  for (size_t i = 0; i < fields.size(); ++i) {
    if (later[i] || fields[i].path == id_field) continue;
    json.Key(fields[i].path);
    if (next[i] == kNone) {
      WriteValue(fields[i].value, json);
      continue;
    }
    json.BeginArray();
    for (size_t at = i; at != kNone; at = next[at]) WriteValue(fields[at].value, json);
    json.EndArray();
  }
}

bool HasRepeatedPath(const std::vector<index::FieldValue>& fields) {
  constexpr size_t kFew = 32;
  if (fields.size() > kFew) return true;  // perhaps; chaining finds out in linear time
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t j = i + 1; j < fields.size(); ++j) {
      if (fields[i].path == fields[j].path) return true;
    }
  }
  return false;
}

}  // namespace

std::string RecordError::ToString() const {
  std::string place = file;
  if (line > 0) place += ":" + std::to_string(line);
  return place + ": " + reason;
}

RecordBuilder::RecordBuilder(index::Document& out) : out_(out) {
  out.version = 0;
  out.key.clear();
}

bool RecordBuilder::Fail(std::string reason) {
  if (reason_.empty()) reason_ = std::move(reason);
  return false;
}

bool RecordBuilder::SetKey(std::string_view key) {
  if (key.empty()) return Fail("the id is empty");
  if (key.size() > index::kMaxKeyBytes) {
    return Fail("the id has " + WithCommas(key.size()) + " bytes, more than " + WithCommas(index::kMaxKeyBytes) + ": '" + text::Excerpt(key, 40) + "'");
  }
  out_.key.assign(key);
  has_key_ = true;
  return true;
}

index::FieldValue* RecordBuilder::NextField(std::string_view path) {
  if (failed()) return nullptr;
  if (path.empty()) {
    Fail("a field has an empty name");
    return nullptr;
  }
  if (path.size() > index::kMaxFieldNameBytes) {
    const std::string most = std::to_string(index::kMaxFieldNameBytes);
    Fail("a field name has " + WithCommas(path.size()) + " bytes, more than " + most + ": '" + text::Excerpt(path, 40) + "'");
    return nullptr;
  }
  if (used_ == kMaxRecordValues) {
    Fail("the record has more than " + WithCommas(kMaxRecordValues) + " values");
    return nullptr;
  }
  if (used_ == out_.fields.size()) out_.fields.emplace_back();
  index::FieldValue& field = out_.fields[used_++];
  field.path.assign(path);
  return &field;
}

bool RecordBuilder::AddString(std::string_view path, std::string_view value) {
  index::FieldValue* field = NextField(path);
  if (field == nullptr) return false;
  if (auto* text = std::get_if<std::string>(&field->value)) {
    Assign(*text, value);
  } else {
    field->value.emplace<std::string>(value);
  }
  return true;
}

bool RecordBuilder::AddInteger(std::string_view path, int64_t value) {
  index::FieldValue* field = NextField(path);
  if (field != nullptr) field->value = value;
  return field != nullptr;
}

bool RecordBuilder::AddDouble(std::string_view path, double value) {
  index::FieldValue* field = NextField(path);
  if (field != nullptr) field->value = value;
  return field != nullptr;
}

bool RecordBuilder::AddBoolean(std::string_view path, bool value) {
  index::FieldValue* field = NextField(path);
  if (field != nullptr) field->value = value;
  return field != nullptr;
}

bool RecordBuilder::AddCell(std::string_view path, std::string_view text) {
  const Scalar scalar = RecognizeScalar(text);
  if (scalar.is_string) return AddString(path, text);
  if (const auto* integer = std::get_if<int64_t>(&scalar.value)) return AddInteger(path, *integer);
  if (const auto* number = std::get_if<double>(&scalar.value)) return AddDouble(path, *number);
  return AddBoolean(path, std::get<bool>(scalar.value));
}

bool RecordBuilder::HasTooManyPaths() const {
  if (used_ <= kMaxRecordPaths) return false;
  std::unordered_set<std::string_view> paths;
  for (size_t i = 0; i < used_ && paths.size() <= kMaxRecordPaths; ++i) paths.insert(out_.fields[i].path);
  return paths.size() > kMaxRecordPaths;
}

bool RecordBuilder::Finish(std::string_view id_field) {
  if (failed()) return false;
  if (!has_key_) return Fail("the record has no id: field '" + text::Excerpt(id_field) + "' is missing (--id-field names another)");
  if (HasTooManyPaths()) return Fail("the record has more than " + WithCommas(kMaxRecordPaths) + " different fields");
  out_.fields.resize(used_);
  return true;
}

void WriteStored(index::Document& document, std::string_view id_field, JsonWriter& json) {
  json.Clear();
  json.BeginObject().Key(id_field).String(document.key);
  if (document.version > 0) json.Key("_version").Number(document.version);
  if (HasRepeatedPath(document.fields)) {
    WriteChained(document.fields, id_field, json);
  } else {
    for (const index::FieldValue& field : document.fields) {
      if (field.path == id_field) continue;
      json.Key(field.path);
      WriteValue(field.value, json);
    }
  }
  json.EndObject();
  Assign(document.stored, json.text());
}

SingleSource::SingleSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options)
    : input_(std::move(input)), file_(std::move(file)), options_(options) {}

SourceProgress SingleSource::progress() const {
  SourceProgress progress;
  progress.bytes_read = input_->bytes_read();
  progress.bytes_total = input_->bytes_total();
  progress.repaired = repaired_;
  return progress;
}

ReadOutcome SingleSource::Broken(std::string reason) {
  error_.file = file_.path;
  error_.line = line_;
  error_.reason = std::move(reason);
  return ReadOutcome::kBrokenRecord;
}

ReadOutcome SingleSource::TooLong(std::string_view what, uint64_t bytes) {
  return Broken("the " + std::string(what) + " has at least " + WithCommas(bytes) + " bytes, more than the " + WithCommas(options_.max_record_bytes) +
                " that one record may have; raise --memory or split it");
}

}  // namespace sakuin::indexer
