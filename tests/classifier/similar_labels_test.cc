#include "classifier/similar_labels.h"

#include <gtest/gtest.h>

namespace sakuin::classifier {
namespace {

using Groups = std::vector<std::vector<std::string>>;

TEST(SimilarLabels, DifferInCaseWidthOrBlanksOnly) {
  const std::vector<std::string> names = {"HAM", "Spam", "a b", "ab", "c", "ham", "ham ", "résumé", "resume", "spam", "ｈam", " \t"};
  EXPECT_EQ(SimilarLabels(names), (Groups{{"HAM", "ham", "ham ", "ｈam"}, {"Spam", "spam"}, {"a b", "ab"}}));
  EXPECT_EQ(SimilarLabels({}), Groups{});
}

}  // namespace
}  // namespace sakuin::classifier
