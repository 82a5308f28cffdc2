// The tokenizer against the cases of the html5lib project, which are not part of
// this tree: looked for in $SAKUIN_DATA/crawler/html5lib/tokenizer, by default
// below ~/.cache/sakuin-data. Every case also with its input cut anywhere.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/text/html_testing.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

using nlohmann::json;

std::filesystem::path CasesFolder() {
  const char* data = std::getenv("SAKUIN_DATA");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = std::filesystem::path(home != nullptr ? home : "") / ".cache/sakuin-data";
  return (data != nullptr ? std::filesystem::path(data) : cache) / "crawler/html5lib/tokenizer";
}

HtmlContent ContentOf(const std::string& state) {
  if (state == "Data state") return HtmlContent::kData;
  if (state == "RCDATA state") return HtmlContent::kRcdata;
  if (state == "RAWTEXT state") return HtmlContent::kRawtext;
  if (state == "Script data state") return HtmlContent::kScriptData;
  if (state == "PLAINTEXT state") return HtmlContent::kPlaintext;
  EXPECT_EQ(state, "CDATA section state");
  return HtmlContent::kCdata;
}

// Four hexadecimal digits behind a \u.
char32_t UnitAt(const std::string& text, size_t at) {
  if (text.compare(at, 2, "\\u") != 0 || at + 6 > text.size()) return 0;
  return static_cast<char32_t>(std::stoul(text.substr(at + 2, 4), nullptr, 16));
}

// Undoes the second escaping of cases marked "doubleEscaped". A surrogate alone becomes its three bytes, which are not UTF-8.
std::string Unescape(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const char32_t unit = UnitAt(text, at);
    if (text.compare(at, 2, "\\u") != 0) {
      out += text[at++];
      continue;
    }
    const char32_t low = UnitAt(text, at + 6);
    const bool pair = unit >= 0xD800 && unit < 0xDC00 && low >= 0xDC00 && low < 0xE000;
    AppendUtf8(out, pair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : unit);
    at += pair ? 12 : 6;
  }
  return out;
}

std::string Replaced(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    AppendUtf8(out, c.value);
    at += c.bytes;
  }
  return out;
}

json UnescapeAll(const json& value, bool twice) {
  if (value.is_string()) return Replaced(twice ? Unescape(value.get<std::string>()) : value.get<std::string>());
  if (value.is_array()) {
    json out = json::array();
    for (const json& each : value) out.push_back(UnescapeAll(each, twice));
    return out;
  }
  if (value.is_object()) {
    json out = json::object();
    for (const auto& [name, each] : value.items()) out[UnescapeAll(name, twice).get<std::string>()] = UnescapeAll(each, twice);
    return out;
  }
  return value;
}

json AsCase(const OwnedHtmlToken& token) {
  const auto optional = [](bool has, const std::string& text) { return has ? json(text) : json(nullptr); };
  const HtmlDoctype& doctype = token.token.doctype;
  switch (token.token.kind) {
    case HtmlTokenKind::kText: return {"Character", token.text};
    case HtmlTokenKind::kEndTag: return {"EndTag", token.name};
    case HtmlTokenKind::kComment: return {"Comment", token.data};
    case HtmlTokenKind::kStartTag: {
      json attributes = json::object();
      for (const OwnedHtmlAttribute& a : token.attributes) attributes[a.name] = a.value;
      json tag = {"StartTag", token.name, attributes};
      if (token.token.self_closing) tag.push_back(true);
      return tag;
    }
    case HtmlTokenKind::kDoctype:
      return {"DOCTYPE", optional(doctype.has_name, token.name), optional(doctype.has_public_id, token.public_id),
              optional(doctype.has_system_id, token.system_id), !doctype.force_quirks};
    default: return nullptr;
  }
}

// Neighbouring characters as one token, as texts around bytes without a meaning are in the cases.
json AsCase(const HtmlRun& run) {
  json out = json::array();
  for (const OwnedHtmlToken& token : run.tokens) {
    const json each = AsCase(token);
    if (each.is_null()) continue;
    if (each[0] == "Character" && !out.empty() && out.back()[0] == "Character") {
      out.back()[1] = out.back()[1].get<std::string>() + each[1].get<std::string>();
    } else {
      out.push_back(each);
    }
  }
  return out;
}

void ReplaceEvery(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) text.replace(at, what.size(), with);
}

// What an XML tree would hold, for the cases of xmlViolation.test.
json AsXml(json tokens) {
  for (json& token : tokens) {
    if (token[0] == "StartTag") continue;
    std::string text = token[1];
    ReplaceEvery(text, "\xEF\xBF\xBF", "\xEF\xBF\xBD");
    ReplaceEvery(text, "\f", " ");
    if (token[0] == "Comment") ReplaceEvery(text, "--", "- -");
    token[1] = text;
  }
  return tokens;
}

// Cut once at every border, and at all of them.
void ExpectSameWhenCut(const std::string& input, const HtmlTokenizerOptions& options, const std::string& whole) {
  ASSERT_EQ(DescribeHtml(input, options, EveryBorder(input)), whole) << input;
  for (size_t border = 0; border <= input.size(); ++border) ASSERT_EQ(DescribeHtml(input, options, {border}), whole) << input << " cut at " << border;
}

void Check(const json& test, const std::string& state, bool xml) {
  const bool twice = test.value("doubleEscaped", false);
  const std::string input = twice ? Unescape(test["input"]) : test["input"].get<std::string>();
  HtmlTokenizerOptions options;
  options.switching = HtmlTokenizerOptions::Switching::kByCaller;
  options.content = ContentOf(state);
  options.last_start_tag = test.value("lastStartTag", "");
  const HtmlRun run = RunHtml(input, options, {});
  ASSERT_EQ(run.broken, "") << test.dump();
  ASSERT_EQ(xml ? AsXml(AsCase(run)) : AsCase(run), UnescapeAll(test["output"], twice)) << state << "\n" << test.dump();
  ExpectSameWhenCut(input, options, DescribeHtml(run));
}

size_t CheckFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const json cases = json::parse(bytes, nullptr, false);
  if (cases.is_discarded()) {
    ADD_FAILURE() << path << " is not JSON";
    return 0;
  }
  const bool xml = cases.contains("xmlViolationTests");
  size_t count = 0;
  for (const json& test : cases[xml ? "xmlViolationTests" : "tests"]) {
    for (const json& state : test.value("initialStates", json::array({"Data state"}))) {
      Check(test, state, xml);
      ++count;
      if (testing::Test::HasFatalFailure()) return count;
    }
  }
  return count;
}

TEST(Html5libTest, EveryCaseWholeAndCutAnywhere) {
  const std::filesystem::path folder = CasesFolder();
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the cases of html5lib are not in " << folder << " (set SAKUIN_DATA)";
  size_t files = 0;
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".test") continue;
    SCOPED_TRACE(entry.path().filename());
    ++files;
    count += CheckFile(entry.path());
  }
  EXPECT_GE(files, 14u);
  EXPECT_GE(count, 7000u);
  RecordProperty("cases", static_cast<int>(count));
}

}  // namespace
}  // namespace sakuin::text
