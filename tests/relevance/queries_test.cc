#include "relevance/queries.h"

#include <gtest/gtest.h>

namespace sakuin::relevance {
namespace {

TEST(Queries, IdThenTabThenText) {
  const Result<std::vector<Query>> queries = ParseQueries("1\tgreen tea\r\n\nq-2\t#hash\tand tab\n3\t", "q.tsv");
  ASSERT_TRUE(queries.ok()) << queries.status().ToString();
  ASSERT_EQ(queries->size(), 3u);
  EXPECT_EQ((*queries)[0].id, "1");
  EXPECT_EQ((*queries)[0].text, "green tea");
  EXPECT_EQ((*queries)[1].text, "#hash\tand tab");
  EXPECT_EQ((*queries)[2].text, "");
}

TEST(Queries, EmptyFileHasNone) {
  const Result<std::vector<Query>> queries = ParseQueries("", "q.tsv");
  ASSERT_TRUE(queries.ok());
  EXPECT_TRUE(queries->empty());
}

TEST(Queries, ErrorsNameThePlace) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"1\ta\ngreen tea\n", "q.tsv:2: expected \"id<TAB>text\", found no tab: \"green tea\""},
      {"\tgreen\n", "q.tsv:1: expected a query id without white space before the tab, found \"\""},
      {"a b\tgreen\n", "q.tsv:1: expected a query id without white space before the tab, found \"a b\""},
      {"1\ta\n1\tb\n", "q.tsv:2: expected every query id once, found \"1\" again"},
  };
  for (const auto& [text, message] : cases) {
    const Result<std::vector<Query>> queries = ParseQueries(text, "q.tsv");
    ASSERT_FALSE(queries.ok()) << text;
    EXPECT_EQ(queries.status().message(), message);
  }
}

}  // namespace
}  // namespace sakuin::relevance
