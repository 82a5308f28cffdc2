#include "relevance/measures.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "relevance/trec_lines.h"

// Every formula is the one of trec_eval's m_*.c where trec_eval has it; expected
// reciprocal rank is gdeval.pl's (Chapelle, Metzler, Zhang, Grinspan, CIKM 2009),
// rank-biased precision is Moffat and Zobel's (TOIS 2008) with binary relevance.

namespace sakuin::relevance {

namespace {

// ---- names ----

enum class CutoffRule { kNever, kMay, kMust };

struct Syntax {
  MeasureKind kind;
  std::string_view name;
  std::string_view alias;
  CutoffRule cutoff;
};

constexpr Syntax kSyntax[] = {
    {MeasureKind::kNdcg, "nDCG", "", CutoffRule::kMay},
    {MeasureKind::kAveragePrecision, "AP", "MAP", CutoffRule::kMay},
    {MeasureKind::kReciprocalRank, "RR", "MRR", CutoffRule::kMay},
    {MeasureKind::kPrecision, "P", "Precision", CutoffRule::kMust},
    {MeasureKind::kRecall, "R", "Recall", CutoffRule::kMust},
    {MeasureKind::kRPrecision, "Rprec", "", CutoffRule::kNever},
    {MeasureKind::kBpref, "bpref", "", CutoffRule::kNever},
    {MeasureKind::kErr, "ERR", "", CutoffRule::kMay},
    {MeasureKind::kRbp, "RBP", "", CutoffRule::kMay},
    {MeasureKind::kSuccess, "Success", "", CutoffRule::kMust},
    {MeasureKind::kJudged, "Judged", "", CutoffRule::kMay},
    {MeasureKind::kNumRelevant, "NumRel", "", CutoffRule::kNever},
    {MeasureKind::kNumReturned, "NumRet", "", CutoffRule::kNever},
    {MeasureKind::kNumRelevantReturned, "NumRelRet", "", CutoffRule::kNever},
};

const Syntax* FindSyntax(std::string_view name) {
  for (const Syntax& syntax : kSyntax) {
    if (EqualsIgnoringCase(name, syntax.name) || (!syntax.alias.empty() && EqualsIgnoringCase(name, syntax.alias))) return &syntax;
  }
  return nullptr;
}

std::string_view CanonicalName(MeasureKind kind) {
  return std::find_if(std::begin(kSyntax), std::end(kSyntax), [kind](const Syntax& syntax) { return syntax.kind == kind; })->name;
}

template <typename Number>
bool ParseNumber(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

Status MeasureError(std::string_view text, std::string_view expected) {
  return InvalidArgumentError("measure " + Quote(text) + ": expected " + std::string(expected) + "; known measures: " + KnownMeasures());
}

bool ParsePersistence(std::string_view text, double& persistence) {
  return ParseNumber(text, persistence) && persistence > 0 && persistence < 1;
}

// "(p=0.8)" at the front of `rest`, which is cut off.
Status TakeParameter(std::string_view text, std::string_view& rest, Measure& measure) {
  if (!rest.starts_with('(')) return OkStatus();
  if (measure.kind != MeasureKind::kRbp) return MeasureError(text, "no parameter in brackets (only RBP has one)");
  const size_t end = rest.find(')');
  const std::string_view inside = rest.substr(1, end == std::string_view::npos ? end : end - 1);
  if (end == std::string_view::npos || inside.size() < 2 || LowerAscii(inside[0]) != 'p' || inside[1] != '=' ||
      !ParsePersistence(inside.substr(2), measure.persistence)) {
    return MeasureError(text, "a persistence between 0 and 1, as in RBP(p=0.8)");
  }
  rest.remove_prefix(end + 1);
  return OkStatus();
}

Status TakeCutoff(std::string_view text, std::string_view rest, CutoffRule rule, Measure& measure) {
  if (rest.empty()) return rule == CutoffRule::kMust ? MeasureError(text, "a cutoff, as in " + measure.Name() + "@10") : OkStatus();
  const std::string_view number = rest.substr(1);
  if (!rest.starts_with('@')) return MeasureError(text, "a name, or a name and @cutoff");
  if (measure.kind == MeasureKind::kRbp && number.find('.') != std::string_view::npos && text.find('(') == std::string_view::npos) {
    return ParsePersistence(number, measure.persistence) ? OkStatus() : MeasureError(text, "a persistence between 0 and 1, as in RBP@0.8");
  }
  if (rule == CutoffRule::kNever) return MeasureError(text, "no cutoff after this name");
  if (!ParseNumber(number, measure.cutoff) || measure.cutoff == 0) return MeasureError(text, "a whole number above 0 after @");
  return OkStatus();
}

// ---- values ----

constexpr int64_t kUnjudged = std::numeric_limits<int64_t>::min();

// One ranking with its documents replaced by their grades.
struct GradedRanking {
  std::vector<int64_t> grades;  // kUnjudged where there is none
  const QueryJudgments& judgments;
  int32_t largest_grade;

  std::span<const int64_t> Top(uint32_t cutoff) const {
    return std::span(grades).first(cutoff == kNoCutoff ? grades.size() : std::min<size_t>(cutoff, grades.size()));
  }
  double relevant() const { return static_cast<double>(judgments.relevant()); }
};

bool IsRelevant(int64_t grade) { return grade > 0; }

size_t CountRelevant(std::span<const int64_t> grades) {
  return static_cast<size_t>(std::count_if(grades.begin(), grades.end(), IsRelevant));
}

double Ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

// What a document of this grade adds at this place, counted from 0.
double DiscountedGain(int64_t grade, size_t place) { return static_cast<double>(grade) / std::log2(static_cast<double>(place + 2)); }

double IdealGain(const QueryJudgments& judgments, uint32_t cutoff) {
  const size_t depth = cutoff == kNoCutoff ? judgments.relevant() : std::min<size_t>(cutoff, judgments.relevant());
  double sum = 0;
  size_t place = 0;
  for (const auto& [grade, count] : judgments.positive_grades()) {
    for (const size_t end = std::min(depth, place + count); place < end; ++place) sum += DiscountedGain(grade, place);
  }
  return sum;
}

double Ndcg(const GradedRanking& ranking, uint32_t cutoff) {
  const std::span<const int64_t> top = ranking.Top(cutoff);
  double sum = 0;
  for (size_t i = 0; i < top.size(); ++i) {
    if (IsRelevant(top[i])) sum += DiscountedGain(top[i], i);
  }
  return Ratio(sum, IdealGain(ranking.judgments, cutoff));
}

double AveragePrecision(const GradedRanking& ranking, uint32_t cutoff) {
  const std::span<const int64_t> top = ranking.Top(cutoff);
  double sum = 0;
  size_t relevant = 0;
  for (size_t i = 0; i < top.size(); ++i) {
    if (IsRelevant(top[i])) sum += static_cast<double>(++relevant) / static_cast<double>(i + 1);
  }
  return Ratio(sum, ranking.relevant());
}

double ReciprocalRank(std::span<const int64_t> top) {
  const auto first = std::find_if(top.begin(), top.end(), IsRelevant);
  return first == top.end() ? 0 : 1.0 / static_cast<double>(first - top.begin() + 1);
}

double Precision(const GradedRanking& ranking, size_t depth) {
  const size_t top = std::min(depth, ranking.grades.size());
  return Ratio(static_cast<double>(CountRelevant(std::span(ranking.grades).first(top))), static_cast<double>(depth));
}

double Bpref(const GradedRanking& ranking) {
  const double relevant = ranking.relevant();
  const double most = std::min(relevant, static_cast<double>(ranking.judgments.not_relevant()));
  double sum = 0;
  double not_relevant = 0;
  for (const int64_t grade : ranking.grades) {
    if (grade == 0) ++not_relevant;
    if (IsRelevant(grade)) sum += not_relevant == 0 ? 1 : 1 - std::min(not_relevant, relevant) / most;
  }
  return Ratio(sum, relevant);
}

double ExpectedReciprocalRank(std::span<const int64_t> top, int32_t largest_grade) {
  const double best = std::max(largest_grade, kErrBestGrade);
  double sum = 0;
  double still_looking = 1;
  for (size_t i = 0; i < top.size(); ++i) {
    if (!IsRelevant(top[i])) continue;
    const double satisfied = std::exp2(static_cast<double>(top[i]) - best) - std::exp2(-best);  // (2^grade - 1) / 2^best, without overflow
    sum += still_looking * satisfied / static_cast<double>(i + 1);
    still_looking *= 1 - satisfied;
  }
  return sum;
}

double RankBiasedPrecision(std::span<const int64_t> top, double persistence) {
  double sum = 0;
  double weight = 1 - persistence;
  for (const int64_t grade : top) {
    if (IsRelevant(grade)) sum += weight;
    weight *= persistence;
  }
  return sum;
}

double Judged(std::span<const int64_t> top) {
  const auto unjudged = std::count(top.begin(), top.end(), kUnjudged);
  return Ratio(static_cast<double>(top.size()) - static_cast<double>(unjudged), static_cast<double>(top.size()));
}

double Value(const GradedRanking& ranking, const Measure& measure) {
  const std::span<const int64_t> top = ranking.Top(measure.cutoff);
  switch (measure.kind) {
    case MeasureKind::kNdcg: return Ndcg(ranking, measure.cutoff);
    case MeasureKind::kAveragePrecision: return AveragePrecision(ranking, measure.cutoff);
    case MeasureKind::kReciprocalRank: return ReciprocalRank(top);
    case MeasureKind::kPrecision: return Precision(ranking, measure.cutoff);
    case MeasureKind::kRecall: return Ratio(static_cast<double>(CountRelevant(top)), ranking.relevant());
    case MeasureKind::kRPrecision: return Precision(ranking, ranking.judgments.relevant());
    case MeasureKind::kBpref: return Bpref(ranking);
    case MeasureKind::kErr: return ExpectedReciprocalRank(top, ranking.largest_grade);
    case MeasureKind::kRbp: return RankBiasedPrecision(top, measure.persistence);
    case MeasureKind::kSuccess: return CountRelevant(top) > 0 ? 1 : 0;
    case MeasureKind::kJudged: return Judged(top);
    case MeasureKind::kNumRelevant: return ranking.relevant();
    case MeasureKind::kNumReturned: return static_cast<double>(ranking.grades.size());
    case MeasureKind::kNumRelevantReturned: return static_cast<double>(CountRelevant(ranking.grades));
  }
  return 0;
}

}  // namespace

std::string Measure::Name() const {
  std::string name(CanonicalName(kind));
  if (kind == MeasureKind::kRbp) {
    char digits[32];
    name.append("(p=").append(digits, std::to_chars(digits, digits + sizeof digits, persistence).ptr).append(")");
  }
  if (cutoff != kNoCutoff) name += "@" + std::to_string(cutoff);
  return name;
}

bool Measure::IsTotal() const {
  return kind == MeasureKind::kNumRelevant || kind == MeasureKind::kNumReturned || kind == MeasureKind::kNumRelevantReturned;
}

Result<Measure> ParseMeasure(std::string_view text) {
  text = Trim(text);
  const size_t name_end = std::min(text.find_first_of("(@"), text.size());
  const Syntax* syntax = FindSyntax(text.substr(0, name_end));
  if (syntax == nullptr) return MeasureError(text, "a known name");
  Measure measure{.kind = syntax->kind};
  std::string_view rest = text.substr(name_end);
  RETURN_IF_ERROR(TakeParameter(text, rest, measure));
  RETURN_IF_ERROR(TakeCutoff(text, rest, syntax->cutoff, measure));
  return measure;
}

Result<std::vector<Measure>> ParseMeasures(std::string_view text) {
  std::vector<Measure> measures;
  while (true) {
    const size_t comma = text.find(',');
    ASSIGN_OR_RETURN(const Measure measure, ParseMeasure(text.substr(0, comma)));
    measures.push_back(measure);
    if (comma == std::string_view::npos) return measures;
    text.remove_prefix(comma + 1);
  }
}

std::string KnownMeasures() {
  std::string names;
  for (const Syntax& syntax : kSyntax) {
    const std::string name = std::string(syntax.name) + (syntax.kind == MeasureKind::kRbp ? "(p=0.8)" : "");
    if (syntax.cutoff != CutoffRule::kMust) names += name + " ";
    if (syntax.cutoff != CutoffRule::kNever) names += name + "@k ";
  }
  names.pop_back();
  return names;
}

std::vector<double> MeasureRanking(const RankedList& list, const QueryJudgments& judgments, int32_t largest_grade,
                                   std::span<const Measure> measures) {
  GradedRanking ranking{{}, judgments, largest_grade};
  ranking.grades.reserve(list.documents.size());
  for (const RankedDocument& document : list.documents) {
    const std::optional<int32_t> grade = judgments.Grade(document.document);
    ranking.grades.push_back(grade ? *grade : kUnjudged);
  }
  std::vector<double> values;
  values.reserve(measures.size());
  for (const Measure& measure : measures) values.push_back(Value(ranking, measure));
  return values;
}

}  // namespace sakuin::relevance
