// Url against the cases of the web platform tests: parsing, setters and domains in every script.

#include <gtest/gtest.h>
#include <unicode/uchar.h>

#include <map>
#include <string>

#include "crawler/url.h"
#include "tests/crawler/url_cases.h"
#include "text/utf8.h"

namespace sakuin::crawler {
namespace {

using nlohmann::json;

std::map<std::string, std::string> PartsOf(const Url& url) {
  return {{"href", url.href()},
          {"protocol", std::string(url.protocol())},
          {"username", std::string(url.username())},
          {"password", std::string(url.password())},
          {"host", std::string(url.host())},
          {"hostname", std::string(url.hostname())},
          {"port", std::string(url.port())},
          {"pathname", std::string(url.pathname())},
          {"search", std::string(url.search())},
          {"hash", std::string(url.hash())},
          {"origin", url.Origin()}};
}

void ExpectParts(const json& test, const json& expected, const Url& url) {
  for (const auto& [part, found] : PartsOf(url)) {
    if (!expected.contains(part)) continue;
    EXPECT_EQ(found, expected[part].is_null() ? "null" : expected[part].get<std::string>()) << part << " of " << test.dump();
  }
}

Result<Url> ParseCase(const json& test) {
  const std::string input = test["input"];
  const json base = test.value("base", json());
  if (base.is_null()) return Url::Parse(input);
  const std::string base_text = base;
  ASSIGN_OR_RETURN(const Url base_url, Url::Parse(base_text));
  return Url::Parse(input, &base_url);
}

// Returns how many cases there were.
size_t CheckParsing(const json& cases) {
  size_t count = 0;
  for (const json& test : cases) {
    if (!test.is_object()) continue;
    ++count;
    const Result<Url> url = ParseCase(test);
    const bool fails = test.value("failure", false);
    EXPECT_EQ(url.ok(), !fails) << test.dump() << "\n" << (url.ok() ? url->href() : url.status().ToString());
    if (!url.ok() || fails) continue;
    ExpectParts(test, test, *url);
    const Result<Url> again = Url::Parse(url->href());
    EXPECT_TRUE(again.ok()) << url->href();
    if (!again.ok()) continue;
    EXPECT_EQ(PartsOf(*again), PartsOf(*url));
  }
  return count;
}

TEST(UrlStandardTest, Parsing) {
  const auto path = CrawlerData("url/tests/wpt/urltestdata.json");
  SKIP_WITHOUT_DATA(path);
  EXPECT_GE(CheckParsing(ReadCases(path)), 891u);
}

TEST(UrlStandardTest, ParsingFurtherCases) {
  for (const char* file : {"ada_extra_urltestdata.json", "ada_long_urltestdata.json", "urltestdata-javascript-only.json"}) {
    SCOPED_TRACE(file);
    const auto path = CrawlerData(std::string("url/tests/wpt/") + file);
    SKIP_WITHOUT_DATA(path);
    EXPECT_GE(CheckParsing(ReadCases(path)), 1u);
  }
}

void Set(Url& url, const std::string& part, const std::string& value) {
  if (part == "href") static_cast<void>(url.SetHref(value));
  if (part == "protocol") url.SetProtocol(value);
  if (part == "username") url.SetUsername(value);
  if (part == "password") url.SetPassword(value);
  if (part == "host") url.SetHost(value);
  if (part == "hostname") url.SetHostname(value);
  if (part == "port") url.SetPort(value);
  if (part == "pathname") url.SetPathname(value);
  if (part == "search") url.SetSearch(value);
  if (part == "hash") url.SetHash(value);
}

size_t CheckSetters(const json& groups) {
  size_t count = 0;
  for (const auto& [part, cases] : groups.items()) {
    if (part == "comment") continue;
    for (const json& test : cases) {
      ++count;
      Result<Url> url = Url::Parse(test["href"].get<std::string>());
      EXPECT_TRUE(url.ok()) << test.dump();
      if (!url.ok()) continue;
      Set(*url, part, test["new_value"]);
      ExpectParts(test, test["expected"], *url);
    }
  }
  return count;
}

TEST(UrlStandardTest, Setters) {
  const auto path = CrawlerData("url/tests/wpt/setters_tests.json");
  SKIP_WITHOUT_DATA(path);
  EXPECT_GE(CheckSetters(ReadCases(path)), 270u);
  EXPECT_GE(CheckSetters(ReadCases(CrawlerData("url/tests/wpt/ada_extra_setters_tests.json"))), 15u);
}

// Whether ICU's data are older than a character of the text.
bool IsBeyondIcu(const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
    if (u_charType(static_cast<UChar32>(c.value)) == U_UNASSIGNED) return true;
    at += c.bytes;
  }
  return false;
}

// The host of "https://INPUT/x" and of a URL whose host is set, as the web platform tests try domains.
size_t CheckDomains(const json& cases) {
  size_t count = 0;
  for (const json& test : cases) {
    if (!test.is_object() || test["input"] == "") continue;  // "https:///x" has the host "x"
    const std::string input = test["input"];
    const json expected = test["output"];
    if (!expected.is_null() && IsBeyondIcu(input)) continue;
    ++count;
    const Result<Url> url = Url::Parse("https://" + input + "/x");
    const std::string found = url.ok() ? std::string(url->hostname()) : "no domain";
    EXPECT_EQ(found, expected.is_null() ? "no domain" : expected.get<std::string>()) << test.dump();
    Result<Url> changed = Url::Parse("https://x/x");
    changed->SetHostname(input);
    EXPECT_EQ(changed->hostname(), url.ok() ? url->hostname() : "x") << test.dump();
  }
  return count;
}

TEST(UrlStandardTest, DomainsToAscii) {
  const auto path = CrawlerData("url/tests/wpt/toascii.json");
  SKIP_WITHOUT_DATA(path);
  EXPECT_GE(CheckDomains(ReadCases(path)), 80u);
}

TEST(UrlStandardTest, UnicodesOwnCasesOfDomains) {
  constexpr size_t kBeyondIcu72 = 3;  // with ideographs of Unicode 17
  constexpr size_t kWithoutCase = 3;  // comments, and an empty domain
  for (const char* file : {"IdnaTestV2.json", "IdnaTestV2-removed.json"}) {
    const auto path = CrawlerData(std::string("url/tests/wpt/") + file);
    SKIP_WITHOUT_DATA(path);
    const json cases = ReadCases(path);
    EXPECT_GE(CheckDomains(cases) + kBeyondIcu72, cases.size() - kWithoutCase) << file;
  }
}

}  // namespace
}  // namespace sakuin::crawler
