#include "searcher/sort_spec.h"

#include <gtest/gtest.h>

namespace sakuin::searcher {
namespace {

using Source = SortKey::Source;

std::string Canonical(std::string_view text) {
  const Result<std::vector<SortKey>> keys = ParseSortSpec(text);
  return keys.ok() ? ToString(*keys) : "error: " + std::string(keys.status().message());
}

TEST(SortSpec, ExampleOfTheHeader) {
  const Result<std::vector<SortKey>> keys = ParseSortSpec("year:desc,price");
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(*keys, (std::vector<SortKey>{{Source::kField, "year", true}, {Source::kField, "price", false}}));
}

TEST(SortSpec, ScoreAndKeyAreFields) {
  const Result<std::vector<SortKey>> keys = ParseSortSpec("_score,_key:desc");
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(*keys, (std::vector<SortKey>{{Source::kScore, "_score", true}, {Source::kKey, "_key", true}}));
  EXPECT_EQ(Canonical("_score:asc"), "_score:asc");
}

TEST(SortSpec, SpellingsOfTheSame) {
  EXPECT_EQ(Canonical(" author.name : desc , year "), "author.name:desc,year:asc");
  EXPECT_EQ(Canonical("year desc, price  asc"), "year:desc,price:asc");
  EXPECT_EQ(Canonical(""), "");
  EXPECT_EQ(Canonical("  "), "");
  EXPECT_EQ(Canonical("year:desc,price:desc"), Canonical(Canonical("year:desc,price:desc")));
}

TEST(SortSpec, Errors) {
  EXPECT_EQ(Canonical("year:down"), "error: the direction of \"year\" is asc or desc, not \"down\"");
  EXPECT_EQ(Canonical("year,year:desc"), "error: the sort order names \"year\" twice");
  for (const std::string text : {",", "year,", ":desc", "year:", "year:asc:desc", "a,,b"}) {
    EXPECT_TRUE(Canonical(text).starts_with("error: ")) << text;
  }
  std::string many = "f0";
  for (size_t i = 1; i <= kMaxSortKeys; ++i) many += ",f" + std::to_string(i);
  EXPECT_EQ(Canonical(many), "error: a sort order has at most 16 fields");
}

}  // namespace
}  // namespace sakuin::searcher
