// json_writer.h: JSON text, written as one goes; nothing is built in memory first.
//
//   JsonWriter json;
//   json.BeginObject().Key("key").String("k1").Key("score").Number(1.5).EndObject();
//   json.text()      ->  {"key":"k1","score":1.5}
//
// Commas and escapes are its business. Strings are UTF-8; bytes that are not
// are written as U+FFFD, so that the output is always valid JSON. Numbers keep
// every digit that tells them apart. Not thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin {

class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view name);
  JsonWriter& String(std::string_view value);
  JsonWriter& Number(double value);  // not a number and infinities become null
  JsonWriter& Number(float value);   // the shortest digits that give the same float
  JsonWriter& Number(std::signed_integral auto value) { return Integer(static_cast<int64_t>(value)); }
  JsonWriter& Number(std::unsigned_integral auto value) { return Unsigned(static_cast<uint64_t>(value)); }
  JsonWriter& Boolean(bool value);
  JsonWriter& Null();
  // `json` must be one valid JSON value.
  JsonWriter& Raw(std::string_view json);

  const std::string& text() const { return text_; }
  std::string Take();
  void Clear();

 private:
  JsonWriter& Integer(int64_t value);
  JsonWriter& Unsigned(uint64_t value);
  void Separate();

  std::string text_;
  std::vector<bool> has_element_ = {false};  // of every open object or array
  bool after_key_ = false;
};

// Appends `value` as a JSON string with its quotes.
void AppendJsonString(std::string& out, std::string_view value);

}  // namespace sakuin
