#include "text/utf8_repair.h"

#include <gtest/gtest.h>

namespace sakuin::text {
namespace {

TEST(Utf8Repair, MaximalWrongParts) {
  const auto repaired = [](std::string text) {
    const size_t count = RepairUtf8(text);
    return std::to_string(count) + text;
  };
  EXPECT_EQ(repaired("é日\U0001F600"), "0é日\U0001F600");
  EXPECT_EQ(repaired("\xC0\xAF"), "2\uFFFD\uFFFD");
  EXPECT_EQ(repaired("\xE3\x81"), "1\uFFFD");
  EXPECT_EQ(repaired("\xF0\x9F\x98x"), "1\uFFFDx");
  EXPECT_EQ(repaired("\xED\xA0\x80\xF4\x90"), "5\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8Repair, ExcerptsCanBePrinted) {
  EXPECT_EQ(Excerpt("a\n\x80"
                    "b\x7F"),
            "a\\x0a\\x80b\\x7f");
  EXPECT_EQ(Excerpt("0123456789", 4), "0123...");
  EXPECT_EQ(Excerpt("a\u202Eb\u2028\u2069\u200E"), "a\\xe2\\x80\\xaeb\\xe2\\x80\\xa8\\xe2\\x81\\xa9\u200E");
  EXPECT_EQ(Excerpt("\u0085\u00A0\u3042\xE3\x81"), "\\xc2\\x85\u00A0\u3042\\xe3\\x81");
}

}  // namespace
}  // namespace sakuin::text
