#include "searcher/explainer.h"

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

std::string Describe(const PlanNode& node) {
  switch (node.kind) {
    case PlanNode::Kind::kTerm:
    case PlanNode::Kind::kPhrase:
      return node.label + ", weight " + std::to_string(node.weight.weight) + " x tf / (tf + " + DescribeNorm(node.weight) + ")";
    case PlanNode::Kind::kBoolean: return Label(node);
    default: return Label(node) + ", constant";
  }
}

}  // namespace

std::string Label(const PlanNode& node) { return node.kind == PlanNode::Kind::kBoolean ? "sum of" : node.label; }

Result<Explanation> Explain(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc) {
  ASSIGN_OR_RETURN(const Asked asked, Ask(node, part, doc));
  Explanation explanation{asked.score, Describe(node), {}};
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
