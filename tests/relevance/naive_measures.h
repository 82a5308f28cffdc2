// naive_measures.h: the measures once more, each straight from its definition, slow and without
// the code under test: the oracle of measures_test.cc.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace sakuin::relevance::naive {

using Grades = std::map<std::string, int>;  // document -> grade
using Ranking = std::vector<std::string>;

inline int GradeOf(const Grades& grades, const std::string& document) { return grades.count(document) != 0 ? std::max(0, grades.at(document)) : 0; }
inline bool Relevant(const Grades& grades, const std::string& document) { return GradeOf(grades, document) > 0; }
inline double AllRelevant(const Grades& grades) {
  double n = 0;
  for (const auto& [document, grade] : grades) n += grade > 0;
  return n;
}
inline double RelevantIn(const Grades& grades, const Ranking& ranking, size_t k) {
  double n = 0;
  for (size_t rank = 1; rank <= std::min(k, ranking.size()); ++rank) n += Relevant(grades, ranking[rank - 1]);
  return n;
}

inline double Precision(const Grades& grades, const Ranking& ranking, size_t k) { return RelevantIn(grades, ranking, k) / static_cast<double>(k); }
inline double Recall(const Grades& grades, const Ranking& ranking, size_t k) { return RelevantIn(grades, ranking, k) / AllRelevant(grades); }
inline double Success(const Grades& grades, const Ranking& ranking, size_t k) { return RelevantIn(grades, ranking, k) > 0; }

inline double AveragePrecision(const Grades& grades, const Ranking& ranking, size_t k) {
  double sum = 0;
  for (size_t rank = 1; rank <= std::min(k, ranking.size()); ++rank) {
    if (Relevant(grades, ranking[rank - 1])) sum += Precision(grades, ranking, rank);
  }
  return sum / AllRelevant(grades);
}

inline double ReciprocalRank(const Grades& grades, const Ranking& ranking, size_t k) {
  for (size_t rank = 1; rank <= std::min(k, ranking.size()); ++rank) {
    if (Relevant(grades, ranking[rank - 1])) return 1.0 / static_cast<double>(rank);
  }
  return 0;
}

inline double Dcg(const std::vector<int>& gains, size_t k) {
  double sum = 0;
  for (size_t rank = 1; rank <= std::min(k, gains.size()); ++rank) sum += gains[rank - 1] / std::log2(static_cast<double>(rank) + 1);
  return sum;
}

inline double Ndcg(const Grades& grades, const Ranking& ranking, size_t k) {
  std::vector<int> ideal;
  ideal.reserve(grades.size());
  for (const auto& [document, grade] : grades) ideal.push_back(std::max(0, grade));
  std::sort(ideal.rbegin(), ideal.rend());
  std::vector<int> gains;
  gains.reserve(ranking.size());
  for (const std::string& document : ranking) gains.push_back(GradeOf(grades, document));
  return Dcg(gains, k) / Dcg(ideal, k);
}

// The definition of Buckley and Voorhees, SIGIR 2004: only the first R judged documents that are not relevant count.
inline double Bpref(const Grades& grades, const Ranking& ranking) {
  double not_relevant = 0;
  for (const auto& [document, grade] : grades) not_relevant += grade == 0;
  const double relevant = AllRelevant(grades);
  double sum = 0;
  for (size_t i = 0; i < ranking.size(); ++i) {
    if (!Relevant(grades, ranking[i])) continue;
    double above = 0;
    for (size_t j = 0; j < i; ++j) above += grades.count(ranking[j]) != 0 && grades.at(ranking[j]) == 0;
    sum += above == 0 ? 1 : 1 - std::min(above, relevant) / std::min(relevant, not_relevant);
  }
  return sum / relevant;
}

inline double ExpectedReciprocalRank(const Grades& grades, const Ranking& ranking, size_t k, int best) {
  double sum = 0;
  for (size_t rank = 1; rank <= std::min(k, ranking.size()); ++rank) {
    double stops_here = (std::pow(2, GradeOf(grades, ranking[rank - 1])) - 1) / std::pow(2, best);
    for (size_t before = 1; before < rank; ++before) stops_here *= 1 - (std::pow(2, GradeOf(grades, ranking[before - 1])) - 1) / std::pow(2, best);
    sum += stops_here / static_cast<double>(rank);
  }
  return sum;
}

inline double RankBiasedPrecision(const Grades& grades, const Ranking& ranking, size_t k, double p) {
  double sum = 0;
  for (size_t rank = 1; rank <= std::min(k, ranking.size()); ++rank) {
    if (Relevant(grades, ranking[rank - 1])) sum += (1 - p) * std::pow(p, static_cast<double>(rank) - 1);
  }
  return sum;
}

inline double Judged(const Grades& grades, const Ranking& ranking, size_t k) {
  const size_t depth = std::min(k, ranking.size());
  if (depth == 0) return 0;
  double n = 0;
  for (size_t i = 0; i < depth; ++i) n += static_cast<double>(grades.count(ranking[i]));
  return n / static_cast<double>(depth);
}

}  // namespace sakuin::relevance::naive
