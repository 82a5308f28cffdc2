#include "crawler/public_suffix.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "crawler/url.h"
#include "tests/crawler/url_cases.h"

namespace sakuin::crawler {
namespace {

TEST(PublicSuffixTest, OneLabelMoreThanTheSuffix) {
  EXPECT_EQ(RegistrableDomain("www.example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(RegistrableDomain("me.github.io"), "me.github.io");
  EXPECT_EQ(RegistrableDomain("www.city.kobe.jp"), "city.kobe.jp");
  EXPECT_EQ(RegistrableDomain("www.xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn");
  EXPECT_EQ(RegistrableDomain("www.食狮.公司.cn"), "食狮.公司.cn");
  EXPECT_EQ(RegistrableDomain("WWW.Example.COM"), "Example.COM");
  EXPECT_EQ(RegistrableDomain("www.example.com."), "example.com.");
  EXPECT_EQ(RegistrableDomain("a.b.unlisted"), "b.unlisted");
}

TEST(PublicSuffixTest, WhatNobodyRegistered) {
  for (const char* host : {"com", "co.uk", "github.io", "localhost", "", ".", "..", ".com", ".example.com", "127.0.0.1", "[::1]", "\xff.com"}) {
    EXPECT_EQ(RegistrableDomain(host), "") << host;
    EXPECT_EQ(SiteOf(host), host);
  }
  EXPECT_EQ(RegistrableDomain(std::string_view("a.example.com\0b.com", 19)), "");
  EXPECT_EQ(SiteOf("www.example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain(std::string(300, 'a') + ".com"), "");
}

// Lines "HOST DOMAIN", where null is nothing.
TEST(PublicSuffixTest, CasesOfTheList) {
  const auto path = CrawlerData("psl/tests/tests.txt");
  SKIP_WITHOUT_DATA(path);
  std::ifstream file(path);
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string host;
    std::string domain;
    if (line.starts_with("//") || !(words >> host >> domain)) continue;
    ++count;
    if (host == "null") host.clear();
    if (domain == "null") domain.clear();
    const Result<Url> url = Url::Parse("http://" + host + "/");
    // The cases have small letters as the answer.
    const Result<Url> answer = Url::Parse("http://" + domain + "/");
    EXPECT_EQ(url.ok() ? RegistrableDomain(url->hostname()) : "", answer.ok() ? answer->hostname() : "") << line;
  }
  EXPECT_GE(count, 70u);
}

}  // namespace
}  // namespace sakuin::crawler
