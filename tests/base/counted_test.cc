#include "base/counted.h"

#include <gtest/gtest.h>

namespace sakuin {
namespace {

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(Counted(0, "page"), "0 pages");
  EXPECT_EQ(Counted(1, "page"), "1 page");
  EXPECT_EQ(Counted(2, "page"), "2 pages");
  EXPECT_EQ(Counted(UINT64_MAX, "byte"), "18446744073709551615 bytes");
}

TEST(Counted, WordsThatTakeNoS) {
  EXPECT_EQ(Counted(1, "loss", "losses"), "1 loss");
  EXPECT_EQ(Counted(2, "page with noindex", "pages with noindex"), "2 pages with noindex");
}

}  // namespace
}  // namespace sakuin
