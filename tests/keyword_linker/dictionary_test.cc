// Dictionaries as files: what goes in comes out, whatever the order, and damage is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "keyword_linker/keyword_source.h"
#include "tests/base/scratch_folder.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string BytesOf(const std::vector<Entry>& entries) {
  DictionaryBuilder builder;
  for (const Entry& entry : entries) EXPECT_TRUE(builder.Add(entry).ok());
  return builder.ToBytes();
}

TEST(DictionaryTest, HoldsWhatWasGiven) {
  const auto dictionary = DictionaryOf({{"Tokyo", "/city/tokyo", 3}, {"京都", "", -1}, {"Ｋyoto", "x", 0}});
  EXPECT_EQ(dictionary->keywords(), 3U);
  EXPECT_EQ(dictionary->entries(), 3U);
  const Entry tokyo = dictionary->entry(dictionary->FirstEntry(*dictionary->Find("TOKYO")));
  EXPECT_EQ(tokyo.keyword, "Tokyo");
  EXPECT_EQ(tokyo.target, "/city/tokyo");
  EXPECT_EQ(tokyo.priority, 3);
  const Entry kyoto = dictionary->entry(dictionary->FirstEntry(*dictionary->Find("京都")));
  EXPECT_EQ(kyoto.target, "京都") << "the keyword where no target was given";
  EXPECT_EQ(kyoto.priority, -1);
  EXPECT_TRUE(dictionary->Find("kyoto").has_value());
  EXPECT_FALSE(dictionary->Find("kyot").has_value());
  EXPECT_FALSE(dictionary->Find("kyotos").has_value());
  EXPECT_FALSE(dictionary->Find("").has_value());
}

TEST(DictionaryTest, OfKeywordsThatFoldAlikeTheOneOfHigherPriorityWinsThenTheFirst) {
  const auto dictionary = DictionaryOf({{"tokyo", "low", 0}, {"TOKYO", "high", 7}, {"Kyoto", "b", 1}, {"KYOTO", "a", 1}, {"kyoto", "c", 1}});
  std::vector<std::string> targets;
  for (const Link& link : LinksIn({dictionary.get()}, "tokyo kyoto")) targets.emplace_back(link.entry().target);
  EXPECT_THAT(targets, ElementsAre("high", "a"));
  EXPECT_EQ(dictionary->keywords(), 2U);
  EXPECT_EQ(dictionary->entries(), 5U);
}

TEST(DictionaryTest, OfTheSameKeywordTheHigherPriorityStaysThenTheLaterOne) {
  const auto dictionary = DictionaryOf({{"a", "first", 9}, {"b", "one", 0}, {"a", "second", 0}, {"b", "two", 0}});
  EXPECT_EQ(dictionary->entries(), 2U);
  EXPECT_EQ(dictionary->entry(dictionary->FirstEntry(*dictionary->Find("a"))).target, "first");
  EXPECT_EQ(dictionary->entry(dictionary->FirstEntry(*dictionary->Find("b"))).target, "two");
  DictionaryBuilder builder;
  for (const char* target : {"1", "2", "3"}) ASSERT_TRUE(builder.Add({"a", target, 0}).ok());
  builder.ToBytes();
  EXPECT_EQ(builder.replaced(), 2U);
}

TEST(DictionaryTest, BytesDoNotDependOnTheOrder) {
  std::vector<Entry> entries;
  std::vector<std::string> keywords;
  for (int i = 0; i < 3000; ++i) keywords.push_back("keyword " + std::to_string(i * 7919 % 3001) + (i % 3 == 0 ? "東京" : ""));
  entries.reserve(keywords.size());
  for (const std::string& keyword : keywords) entries.push_back({keyword, "t", 1});
  const std::string bytes = BytesOf(entries);
  std::mt19937 random(1);
  std::shuffle(entries.begin(), entries.end(), random);
  EXPECT_EQ(BytesOf(entries), bytes);
}

TEST(DictionaryTest, AFileIsTheSameAsItsBytes) {
  const ScratchFolder scratch;
  DictionaryBuilder builder;
  ASSERT_TRUE(builder.Add({"Tokyo", "/t", 0}).ok());
  ASSERT_TRUE(builder.Write(PosixFileSystem(), scratch.Path("d")).ok());
  EXPECT_EQ(*PosixFileSystem().ReadAll(scratch.Path("d")), BytesOf({{"Tokyo", "/t", 0}}));
  EXPECT_EQ(*PosixFileSystem().List(scratch.Path("")), std::vector<std::string>{"d"}) << "nothing temporary stays";
  const auto opened = Dictionary::Open(PosixFileSystem(), scratch.Path("d"));
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  EXPECT_EQ(LinkedTexts(**opened, "in Tokyo"), std::vector<std::string>{"Tokyo"});
  EXPECT_EQ(Dictionary::Open(PosixFileSystem(), scratch.Path("none")).status().code(), StatusCode::kNotFound);
}

TEST(DictionaryTest, AnEmptyOneLinksNothing) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{});
  EXPECT_EQ(dictionary->keywords(), 0U);
  EXPECT_TRUE(LinkedTexts(*dictionary, "some text").empty());
  EXPECT_FALSE(dictionary->Find("some").has_value());
}

TEST(DictionaryTest, DamageIsToldWhereverItIs) {
  std::vector<Entry> entries = {{"Tokyo", "/t", 1}, {"京都", "/k", 0}, {"a much longer keyword with a tail", "", 0}};
  const std::string whole = BytesOf(entries);
  std::mt19937 random(7);
  for (int round = 0; round < 10'000; ++round) {
    std::string hurt = whole;
    const size_t at = random() % hurt.size();
    hurt[at] = static_cast<char>(hurt[at] ^ (1 << random() % 8));
    const auto opened = Dictionary::FromBytes(hurt);
    if (opened.ok()) {  // zeros between sections mean nothing
      EXPECT_EQ(LinkedTexts(**opened, "TOKYO 京都 a much longer keyword with a tail").size(), 3U) << at;
    } else {
      EXPECT_FALSE(opened.status().message().empty());
    }
  }
  for (size_t size = 0; size < whole.size(); size += 97) EXPECT_FALSE(Dictionary::FromBytes(whole.substr(0, size)).ok()) << size;
}

TEST(DictionaryTest, WhatCannotBeAKeywordIsRefusedWithTheReason) {
  DictionaryBuilder builder;
  const auto message = [&](const Entry& entry) { return std::string(builder.Add(entry).message()); };
  EXPECT_THAT(message({"", "x", 0}), HasSubstr("empty"));
  EXPECT_THAT(message({"\xC2\xAD", "x", 0}), HasSubstr("shows nothing"));
  EXPECT_THAT(message({"ab\xFF", "x", 0}), HasSubstr("not UTF-8 at byte 2"));
  EXPECT_THAT(message({std::string(70'000, 'a'), "x", 0}), HasSubstr("70000 bytes"));
  EXPECT_EQ(builder.entries(), 0U);
  EXPECT_TRUE(builder.Add({std::string("a\0b", 3), "x", 0}).ok()) << "NUL is a character";
}

TEST(DictionaryTest, PrefixesOfEachOtherTenThousandDeep) {
  DictionaryBuilder builder;
  std::string keyword;
  for (int i = 0; i < 10'000; ++i) {
    keyword += static_cast<char>('a' + i % 3);
    if (i % 10 == 9) {
      ASSERT_TRUE(builder.Add({keyword, {}, 0}).ok());
    }
  }
  const auto dictionary = *Dictionary::FromBytes(builder.ToBytes());
  LinkOptions options;
  options.boundaries = Boundaries::kNone;
  EXPECT_THAT(LinkedTexts(*dictionary, keyword + "zz" + keyword.substr(0, 25), options), ElementsAre(keyword, keyword.substr(0, 20)));
  EXPECT_EQ(dictionary->Find(keyword), dictionary->Find(keyword));
  EXPECT_TRUE(dictionary->Find(keyword).has_value());
}

TEST(DictionaryTest, ManyIdenticalKeywordsAreOne) {
  DictionaryBuilder builder;
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(builder.Add({"same", std::to_string(i), 0}).ok());
  const auto dictionary = *Dictionary::FromBytes(builder.ToBytes());
  EXPECT_EQ(dictionary->entries(), 1U);
  EXPECT_EQ(dictionary->entry(0).target, "99999");
}

TEST(KeywordSourceTest, LinesAreKeywordTargetAndPriority) {
  const auto parse = [](std::string_view line) { return **ParseKeywordLine(line); };
  EXPECT_EQ(parse("Tokyo\t/t\t5").priority, 5);
  EXPECT_EQ(parse("Tokyo\t/t\t-5\r").priority, -5);
  EXPECT_EQ(parse("  New York \t/ny").keyword, "New York");
  EXPECT_EQ(parse("Tokyo").target, "");
  EXPECT_FALSE(ParseKeywordLine("")->has_value());
  EXPECT_FALSE(ParseKeywordLine("  \r")->has_value());
  EXPECT_THAT(std::string(ParseKeywordLine("a\tb\tc").status().message()), HasSubstr("priority is 'c'"));
  EXPECT_THAT(std::string(ParseKeywordLine("a\tb\t1\t2").status().message()), HasSubstr("three columns"));
}

}  // namespace
}  // namespace sakuin::keyword_linker
