// golden/queries.txt: what every kind of query means, one per line, for people to
// read and for this test to check.
#include <gtest/gtest.h>

#include "tests/searcher/query_cases.h"

namespace sakuin::searcher {
namespace {

TEST(QueryGolden, EveryLineMeansWhatItSays) {
  const std::vector<QueryCase> cases = ReadCases(ReadTestFile("tests/searcher/golden/queries.txt"), false);
  EXPECT_GE(cases.size(), 150U);
  for (const QueryCase& expected : cases) CheckCase(expected);
}

}  // namespace
}  // namespace sakuin::searcher
