// The values that trec_eval, gdeval and ir_measures gave for the files in golden/; see its README.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "relevance/evaluation.h"

namespace sakuin::relevance {
namespace {

std::string ReadGolden(const std::string& name) {
  std::ifstream file(std::string(SAKUIN_SOURCE_DIR) + "/tests/relevance/golden/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Expected {
  std::string measure, query, value, program;
};

std::vector<Expected> ReadExpected() {
  std::vector<Expected> expected;
  std::istringstream lines(ReadGolden("expected.tsv"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    Expected& row = expected.emplace_back();
    std::getline(std::getline(std::getline(std::getline(fields, row.measure, '\t'), row.query, '\t'), row.value, '\t'), row.program);
  }
  return expected;
}

// Half a unit of the last decimal printed.
double Tolerance(const std::string& value) {
  const size_t point = value.find('.');
  const size_t decimals = point == std::string::npos ? 0 : value.size() - point - 1;
  return 0.5 * std::pow(10.0, -static_cast<double>(decimals)) + 1e-9;
}

TEST(Golden, EqualToTheReferencePrograms) {
  const Result<Qrels> qrels = ParseQrels(ReadGolden("qrels.txt"), "qrels.txt");
  ASSERT_TRUE(qrels.ok()) << qrels.status().ToString();
  const Result<relevance::Run> run = ParseRun(ReadGolden("run.txt"), "run.txt");
  ASSERT_TRUE(run.ok()) << run.status().ToString();
  std::set<std::string> names;
  const std::vector<Expected> expected = ReadExpected();
  ASSERT_GT(expected.size(), 200u);
  for (const Expected& row : expected) names.insert(row.measure);
  for (const std::string& name : names) {
    const Result<Evaluation> evaluation = Evaluate(*run, *qrels, {*ParseMeasure(name)});
    ASSERT_TRUE(evaluation.ok());
    std::map<std::string, double> values = {{"all", evaluation->overall[0]}};
    for (const QueryEvaluation& query : evaluation->queries) values[query.query] = query.values[0];
    for (const Expected& row : expected) {
      if (row.measure != name) continue;
      ASSERT_TRUE(values.contains(row.query)) << row.query;
      EXPECT_NEAR(values[row.query], std::stod(row.value), Tolerance(row.value)) << name << " of query " << row.query << ", by " << row.program;
    }
  }
}

}  // namespace
}  // namespace sakuin::relevance
