#include "searcher/explainer.h"

#include <cmath>
#include <cstdio>

#include "searcher/plan_binding.h"

namespace sakuin::searcher {
namespace {

struct Asked {
  bool matches = false;
  float score = 0;
};

Result<Asked> Ask(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Matcher> matcher, Bind(node, part));
  if (matcher == nullptr) return Asked{};
  const index::DocId base = doc / kWindowDocs * kWindowDocs;
  DocBits wanted;
  wanted.Clear();
  wanted.Set(doc - base);
  const auto window = std::make_unique<Window>();
  matcher->Fill(base, wanted, *window);
  RETURN_IF_ERROR(matcher->status());
  if (!window->bits.Has(doc - base)) return Asked{};
  return Asked{true, window->score[doc - base]};
}

std::string DescribeNorm(const TermWeight& weight) {
  const std::string constant = std::to_string(weight.constant);
  if (weight.drop > 0) return constant + " - " + std::to_string(weight.drop) + " / (length + " + std::to_string(weight.shift) + ")";
  return constant + " + " + std::to_string(weight.per_length) + " x length";
}

// What `node`, a word or phrase, scores at `doc` with other weights.
Result<float> ScoreWith(const TermWeight& weight, const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  PlanNode weighted;
  weighted.kind = node.kind;
  weighted.field = node.field;
  weighted.term = node.term;
  weighted.words = node.words;
  weighted.slop = node.slop;
  weighted.weight = weight;
  ASSIGN_OR_RETURN(const Asked asked, Ask(weighted, part, doc));
  return asked.score;
}

std::string Rounded(float value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", static_cast<double>(value));
  return text;
}

// How often and in how long a text: what scores under two simple weights let us
// reckon backwards, so that a matcher need tell nobody how it counts.
Result<std::string> DescribeOccurrences(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  constexpr float kHalf = 1024;  // the frequency that scores a half
  ASSIGN_OR_RETURN(const float by_frequency, ScoreWith({.weight = 1, .constant = kHalf}, node, part, doc));
  ASSIGN_OR_RETURN(const float by_length, ScoreWith({.weight = 1, .per_length = 1}, node, part, doc));
  const float frequency = kHalf * by_frequency / (1 - by_frequency);
  const float length = frequency * (1 - by_length) / by_length;
  return "tf " + Rounded(frequency) + ", length " + std::to_string(std::lround(length));
}

std::string DescribeStatistics(const TermStatistics& statistics) {
  return ", document frequency " + std::to_string(statistics.document_frequency) + " of " + std::to_string(statistics.documents) +
         ", occurrences " + std::to_string(statistics.total_frequency) + ", average length " + Rounded(static_cast<float>(statistics.average_length));
}

bool CountsOccurrences(const TermWeight& weight) { return weight.constant != 0 || weight.per_length != 0; }

Result<std::string> Describe(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  switch (node.kind) {
    case PlanNode::Kind::kTerm:
    case PlanNode::Kind::kPhrase: {
      if (!CountsOccurrences(node.weight)) return node.label + ", constant";
      ASSIGN_OR_RETURN(const std::string occurrences, DescribeOccurrences(node, part, doc));
      return node.label + ", weight " + std::to_string(node.weight.weight) + " x tf / (tf + " + DescribeNorm(node.weight) + "): " + occurrences + (node.statistics.documents == 0 ? "" : DescribeStatistics(node.statistics));
    }
    case PlanNode::Kind::kBoolean: return Label(node);
    default: return Label(node) + ", constant";
  }
}

}  // namespace

std::string Label(const PlanNode& node) { return node.kind == PlanNode::Kind::kBoolean ? "sum of" : node.label; }

Result<Explanation> Explain(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  ASSIGN_OR_RETURN(const Asked asked, Ask(node, part, doc));
  Explanation explanation{asked.score, {}, {}};
  ASSIGN_OR_RETURN(explanation.description, Describe(node, part, doc));
  for (const PlanNode::Child& child : node.children) {
    if (child.occur == Occur::kMustNot) continue;
    ASSIGN_OR_RETURN(const Asked of_child, Ask(*child.node, part, doc));
    if (!of_child.matches) continue;
    ASSIGN_OR_RETURN(Explanation inner, Explain(*child.node, part, doc));
    explanation.parts.push_back(std::move(inner));
  }
  return explanation;
}

}  // namespace sakuin::searcher
