#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace sakuin {
namespace {

using Json = nlohmann::json;

std::string Written(std::string_view value) {
  std::string out;
  AppendJsonString(out, value);
  return out;
}

TEST(JsonWriterTest, WritesTheExampleOfItsHeader) {
  JsonWriter json;
  json.BeginObject().Key("key").String("k1").Key("score").Number(1.5).EndObject();
  EXPECT_EQ(json.text(), R"({"key":"k1","score":1.5})");
}

TEST(JsonWriterTest, CommasAndNesting) {
  JsonWriter json;
  json.BeginArray().BeginObject().EndObject().BeginArray().EndArray().Number(1).Null().Boolean(true);
  json.BeginObject().Key("a").BeginArray().Number(1).Number(2).EndArray().Key("b").Raw("{\"c\":0}").Key("d").Boolean(false).EndObject();
  json.EndArray();
  EXPECT_EQ(json.text(), R"([{},[],1,null,true,{"a":[1,2],"b":{"c":0},"d":false}])");
}

TEST(JsonWriterTest, TakeStartsAnew) {
  JsonWriter json;
  json.BeginArray().Number(1).EndArray();
  EXPECT_EQ(json.Take(), "[1]");
  json.BeginArray().Number(2).EndArray();
  EXPECT_EQ(json.text(), "[2]");
  json.Clear();
  EXPECT_EQ(json.text(), "");
}

TEST(JsonWriterTest, NumbersKeepTheirDigits) {
  const auto number = [](auto value) { return JsonWriter().Number(value).text(); };
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(0.1F), "0.1");
  EXPECT_EQ(number(-3), "-3");
  EXPECT_EQ(number(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(number(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(-std::numeric_limits<float>::infinity()), "null");
}

TEST(JsonWriterTest, RandomNumbersRoundTrip) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    EXPECT_EQ(Json::parse(JsonWriter().Number(value).text()).get<double>(), value);
    const float small = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (!std::isfinite(small)) continue;
    EXPECT_EQ(std::strtof(JsonWriter().Number(small).text().c_str(), nullptr), small);
  }
}

TEST(JsonStringTest, EscapesWhatMustBe) {
  EXPECT_EQ(Written("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(Written(std::string_view("\0\x1F\x7F", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(Written("검색 索引 🔍"), "\"검색 索引 🔍\"");
}

TEST(JsonStringTest, BadUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(Written("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(Written("\xC0\x80"), "\"\uFFFD\uFFFD\"");              // overlong
  EXPECT_EQ(Written("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");    // a surrogate
  EXPECT_EQ(Written("\xF4\x90\x80\x80").size(), 2 + 4 * 3U);       // past U+10FFFF
  EXPECT_EQ(Written("\xE7\xB4"), "\"\uFFFD\uFFFD\"");              // cut short
}

// Pieces that matter: ASCII, controls, good and bad UTF-8.
std::string RandomString(std::mt19937& random, bool valid) {
  static constexpr std::string_view kGood[] = {"a", "\"", "\\", "\n", "\x01", "\x7F", "é", "索", "검", "🔍", "\xEF\xBF\xBF", " "};
  static constexpr std::string_view kBad[] = {"\xFF", "\x80", "\xC3", "\xE7\xB4", "\xF0\x9F\x94", "\xED\xA0\x80", "\xC0\xAF"};
  std::string s;
  for (size_t n = random() % 12; n > 0; --n) {
    s += valid || random() % 3 != 0 ? kGood[random() % std::size(kGood)] : kBad[random() % std::size(kBad)];
  }
  return s;
}

TEST(JsonStringTest, RandomStringsRoundTrip) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::string good = RandomString(random, true);
    ASSERT_EQ(Json::parse(Written(good)).get<std::string>(), good);
    ASSERT_TRUE(Json::accept(Written(RandomString(random, false))));
  }
}

// Writes the value piece by piece.
void Write(const Json& value, JsonWriter& json) {
  switch (value.type()) {
    case Json::value_t::object:
      json.BeginObject();
      for (const auto& [key, member] : value.items()) Write(member, json.Key(key));
      json.EndObject();
      break;
    case Json::value_t::array:
      json.BeginArray();
      for (const Json& element : value) Write(element, json);
      json.EndArray();
      break;
    case Json::value_t::string: json.String(value.get<std::string>()); break;
    case Json::value_t::boolean: json.Boolean(value.get<bool>()); break;
    case Json::value_t::number_integer: json.Number(value.get<int64_t>()); break;
    case Json::value_t::number_unsigned: json.Number(value.get<uint64_t>()); break;
    case Json::value_t::number_float: json.Number(value.get<double>()); break;
    default: json.Null();
  }
}

Json RandomValue(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0: return RandomString(random, true);
    case 1: return random() % 2 == 0;
    case 2: return -static_cast<int64_t>(random()) - 1;
    case 3: return static_cast<double>(random()) / 1000.5;
    case 4: return nullptr;
    case 5: {
      Json array = Json::array();
      for (size_t n = random() % 4; n > 0; --n) array.push_back(RandomValue(random, depth - 1));
      return array;
    }
    default: {
      Json object = Json::object();
      for (size_t n = random() % 4; n > 0; --n) object[RandomString(random, true)] = RandomValue(random, depth - 1);
      return object;
    }
  }
}

TEST(JsonWriterTest, RandomDocumentsRoundTrip) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 3000; ++i) {
    const Json value = RandomValue(random, 5);
    JsonWriter json;
    Write(value, json);
    ASSERT_EQ(Json::parse(json.text()), value) << json.text();
  }
}

}  // namespace
}  // namespace sakuin
