#include "searcher/profile.h"

#include "searcher/explainer.h"

namespace sakuin::searcher {
namespace {

class ProfiledMatcher : public Matcher {
 public:
  ProfiledMatcher(std::unique_ptr<Matcher> matcher, Profile::Count& count) : matcher_(std::move(matcher)), count_(count) {}
  ~ProfiledMatcher() override { count_.postings += matcher_->postings_read(); }

  void Fill(index::DocId base, const DocBits& wanted, Window& out) override {
    const Stopwatch watch(count_.time);
    matcher_->Fill(base, wanted, out);
  }
  void Select(index::DocId base, const DocBits& wanted, DocBits& out) override {
    const Stopwatch watch(count_.time);
    matcher_->Select(base, wanted, out);
  }
  uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) override {
    const Stopwatch watch(count_.time);
    return matcher_->ScoreBatch(batch, wanted, scores);
  }
  void Describe(Role role, ScoreShape& shape) override {
    const Stopwatch watch(count_.time);
    matcher_->Describe(role, shape);
  }
  uint64_t cost() const override { return matcher_->cost(); }
  uint64_t postings_read() const override { return matcher_->postings_read(); }
  Status status() const override { return matcher_->status(); }

 private:
  std::unique_ptr<Matcher> matcher_;
  Profile::Count& count_;
};

}  // namespace

ClauseCost Profile::Tree(const PlanNode& root) const {
  ClauseCost cost;
  cost.clause = Label(root);
  if (const auto at = counts_.find(&root); at != counts_.end()) {
    cost.time = at->second.time;
    cost.postings = at->second.postings;
  }
  for (const PlanNode::Child& child : root.children) cost.clauses.push_back(Tree(*child.node));
  return cost;
}

std::unique_ptr<Matcher> MakeProfiledMatcher(std::unique_ptr<Matcher> matcher, Profile::Count& count) {
  return std::make_unique<ProfiledMatcher>(std::move(matcher), count);
}

}  // namespace sakuin::searcher
