#include "crawler/link_header.h"

#include <gtest/gtest.h>

#include <random>

namespace sakuin::crawler {
namespace {

TEST(LinkHeader, FindsTheCanonicalAddress) {
  EXPECT_EQ(CanonicalOf({"<https://example.com/a>; rel=\"canonical\""}), "https://example.com/a");
  EXPECT_EQ(CanonicalOf({"</s.css>; rel=preload; as=style, <b,c>; title=\"x, <y>; rel=z\" ; REL = 'x' , <d>;rel=Canonical"}), "d");
  EXPECT_EQ(CanonicalOf({"</s.css>; rel=preload", "<a>; rel=\"shortlink canonical\"", "<b>; rel=canonical"}), "a");
  EXPECT_EQ(CanonicalOf({"<a>; title=\"\\\"; rel=no\"; rel=canonical"}), "a");
}

TEST(LinkHeader, OtherLinksAreNone) {
  for (const char* value : {"", "<", "<a", "<a>", "<a>; rel=next", "<a>; rel=canonicals", "<a>; rel=next; rel=canonical", "a; rel=canonical",
                            "<a>; anchor=\"#b\"; rel=canonical", "<a>; title=\"; rel=canonical"}) {
    EXPECT_EQ(CanonicalOf({value}), "") << value;
  }
}

TEST(LinkHeader, AnyBytesAreSurvived) {
  std::mt19937 random(4);
  const std::string_view kPieces[] = {"<", ">", ";", ",", "=", "\"", "\\", "rel", "canonical", " ", "anchor", "x", "\x80"};
  for (int i = 0; i < 20'000; ++i) {
    std::string value;
    for (size_t n = random() % 12; n > 0; --n) value += kPieces[random() % std::size(kPieces)];
    const std::string found = CanonicalOf({value});
    EXPECT_TRUE(found.empty() || value.find("<" + found + ">") != std::string::npos) << value;
  }
}

}  // namespace
}  // namespace sakuin::crawler
