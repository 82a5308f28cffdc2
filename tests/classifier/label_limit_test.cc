// How many labels a model may have.

#include <gtest/gtest.h>

#include "classifier/learner.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

Example Numbered(size_t i) { return {"k" + std::to_string(i), {"label" + std::to_string(i)}, "text"}; }

TEST(LabelLimit, OneTooManyIsRefusedUntilAnotherGoes) {
  MemoryFileSystem fs;
  const auto learner = Learner::Create(fs, "m", false, nullptr);
  ASSERT_TRUE(learner.ok());
  for (size_t i = 0; i < TrainingSet::kMaxLabels; ++i) ASSERT_TRUE((*learner)->Learn(Numbered(i)).ok()) << i;
  const Status status = (*learner)->Learn(Numbered(TrainingSet::kMaxLabels));
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("65535"), std::string_view::npos) << status.message();
  EXPECT_TRUE((*learner)->Learn({"another", {"label7"}, "text"}).ok());  // a label that is there
  ASSERT_TRUE((*learner)->Unlearn(Numbered(3)).ok());
  EXPECT_TRUE((*learner)->Learn(Numbered(TrainingSet::kMaxLabels)).ok());
  EXPECT_FALSE((*learner)->Learn(Numbered(3)).ok());
  EXPECT_EQ((*learner)->set().label_count(), TrainingSet::kMaxLabels);
}

TEST(LabelLimit, SeveralAtOnceAreAllOrNothing) {
  MemoryFileSystem fs;
  const auto learner = Learner::Create(fs, "m", true, nullptr);
  ASSERT_TRUE(learner.ok());
  for (size_t i = 0; i + 1 < TrainingSet::kMaxLabels; ++i) ASSERT_TRUE((*learner)->Learn(Numbered(i)).ok()) << i;
  EXPECT_FALSE((*learner)->Learn({"two", {"label1", "new1", "new2"}, "text"}).ok());
  EXPECT_TRUE((*learner)->Learn({"one", {"label1", "new1"}, "text"}).ok());
  EXPECT_FALSE((*learner)->set().HasLabel("new2"));
}

}  // namespace
}  // namespace sakuin::classifier
