#include "crawler/url_shape.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

TEST(UrlShapeTest, NumbersAreAsOne) {
  EXPECT_EQ(ShapeOf("/calendar/2020/1?view=week12"), "/calendar/#/#?view=week#");
  EXPECT_EQ(ShapeOf("/item/4f1d0c66a2b39e584f1d0c66a2b39e58.html"), "/item/#.html");
  EXPECT_EQ(ShapeOf("/item/6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "/item/#");
  EXPECT_EQ(ShapeOf("/decade/facade-deface"), "/decade/facade-deface");
  EXPECT_EQ(ShapeOf("/a1b2"), "/a#b#");
  EXPECT_EQ(ShapeOf(""), "");
  EXPECT_TRUE(IsSharedShape("/n/#"));
  EXPECT_FALSE(IsSharedShape("/about"));
}

TEST(UrlShapeTest, Repetitions) {
  EXPECT_EQ(PathRepetitions("/"), 1u);
  EXPECT_EQ(PathRepetitions("/a/b/c"), 1u);
  EXPECT_EQ(PathRepetitions("/a/a"), 2u);
  EXPECT_EQ(PathRepetitions("/x/a/b/a/b/a/b/c"), 3u);
  EXPECT_EQ(PathRepetitions("/a/b/a/b/a"), 2u);
  EXPECT_EQ(PathRepetitions("/1/1/1/1"), 1u);
}

TEST(UrlShapeTest, ParameterSets) {
  const ParameterSet one = ParametersOf("a=1&b=2");
  const ParameterSet other = ParametersOf("b=2&a=1");
  EXPECT_EQ(one.count, 2u);
  EXPECT_EQ(one.set_hash, other.set_hash);
  EXPECT_NE(one.order_hash, other.order_hash);
  EXPECT_NE(one.set_hash, ParametersOf("a=2&b=1").set_hash);
  EXPECT_EQ(ParametersOf("").count, 0u);
}

}  // namespace
}  // namespace sakuin::crawler
