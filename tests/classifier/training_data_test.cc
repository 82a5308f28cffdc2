#include "classifier/training_data.h"

#include <gtest/gtest.h>

#include <string>

namespace sakuin::classifier {
namespace {

using Labels = std::vector<std::string>;

TEST(ExampleReader, ReadsALine) {
  ExampleReader reader;
  Example example;
  ASSERT_TRUE(reader.Read(R"({"id":"k1","label":"spam","text":"Free prize"})", true, example).ok());
  EXPECT_EQ(example.id, "k1");
  EXPECT_EQ(example.labels, Labels({"spam"}));
  EXPECT_EQ(example.text, "Free prize");
  ASSERT_TRUE(reader.Read(R"({"id":7,"label":["b","a","b"],"title":"one","body":"two"})", true, example).ok());
  EXPECT_EQ(example.id, "7");
  EXPECT_EQ(example.labels, Labels({"a", "b"}));
  EXPECT_EQ(example.text, "one\ntwo");
  ASSERT_TRUE(reader.Read(R"({"label":[],"text":"none"})", true, example).ok());
  EXPECT_TRUE(example.labels.empty());
  EXPECT_FALSE(reader.Read(R"({"text":"none is said"})", true, example).ok());
  ASSERT_TRUE(reader.Read(R"({"text":"no label is needed"})", false, example).ok());
  EXPECT_TRUE(example.labels.empty());
}

TEST(ExampleReader, TakesLabelsFromAnotherField) {
  ExampleReader reader("cate\"gory");
  Example example;
  ASSERT_TRUE(reader.Read(R"({"cate\"gory":["x"],"label":7,"text":"t"})", true, example).ok());
  EXPECT_EQ(example.labels, Labels({"x"}));
  const Status missing = reader.Read(R"({"label":"x","text":"t"})", true, example);
  EXPECT_NE(missing.message().find("there is no \"cate\"gory\""), std::string::npos) << missing.ToString();
  const Status number = reader.Read(R"({"cate\"gory":3,"text":"t"})", true, example);
  EXPECT_NE(number.message().find("\"cate\"gory\" is neither"), std::string::npos) << number.ToString();
}

TEST(ExampleReader, RefusesWhatIsTooDeep) {
  const std::string deep(1000000, '[');
  for (const char* field : {"label", "kind"}) {
    ExampleReader reader(field);
    Example example;
    const std::string line = R"({"label":"a","kind":"a","text":"t","z":)" + deep + std::string(deep.size(), ']') + "}";
    EXPECT_EQ(reader.Read(line, true, example).code(), StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace sakuin::classifier
