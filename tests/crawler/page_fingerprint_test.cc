#include "crawler/page_fingerprint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sakuin::crawler {
namespace {

text::PageFields Page(std::string title, std::vector<std::string> headings, std::string body) {
  text::PageFields page;
  page.title = std::move(title);
  page.headings = std::move(headings);
  page.body = std::move(body);
  return page;
}

TEST(PageNameTest, IsTheHeadingThatStandsInTheTitle) {
  const uint32_t name = PageNameOf("Salt Mines", {"Salt mines", "History"});
  EXPECT_EQ(PageNameOf("Print: Salt Mines", {"Salt Mines", "History"}), name);
  EXPECT_EQ(PageNameOf("Salt Mines | Mirror", {"Related", "Salt Mines"}), name);
  EXPECT_NE(PageNameOf("Gold Mines", {"Gold Mines", "History"}), name);
  EXPECT_NE(PageNameOf("Salt Mines and Gold Mines", {"Salt Mines", "Gold Mines"}), name) << "both";
}

TEST(PageNameTest, IsTheTitleWhereNoHeadingIsMostOfIt) {
  const uint32_t name = PageNameOf("AddRequest (the Queue API)", {"Class AddRequest", "Methods", "API"});
  EXPECT_NE(PageNameOf("GetRequest (the Queue API)", {"Class GetRequest", "Methods", "API"}), name);
  EXPECT_EQ(PageNameOf("AddRequest - The Queue API", {}), name) << "marks are nothing";
  EXPECT_NE(PageNameOf("zcmp(1)", {"NAME", "SYNOPSIS"}), PageNameOf("zdiff(1)", {"NAME", "SYNOPSIS"}));
}

TEST(PageNameTest, IsTheFirstHeadingWithoutATitleAndNothingWithoutBoth) {
  EXPECT_EQ(PageNameOf("", {"Salt Mines", "History"}), PageNameOf("Salt Mines", {}));
  EXPECT_EQ(PageNameOf("", {}), 0U);
  EXPECT_EQ(PageNameOf(" - ", {"Salt Mines"}), 0U);
  EXPECT_NE(PageNameOf("a", {}), 0U);
}

TEST(PageFingerprintTest, IsOfTheTextAndTheName) {
  const TextFingerprint page = FingerprintOf(Page("Salt Mines", {"Salt Mines"}, "words of the page"), "1");
  EXPECT_EQ(FingerprintOf(Page("Salt Mines - print", {"Salt Mines"}, "Words of the page."), "2").content, page.content);
  const TextFingerprint other = FingerprintOf(Page("Gold Mines", {"Gold Mines"}, "words of the page"), "1");
  EXPECT_FALSE(other.content == page.content);
  EXPECT_EQ(other.simhash, page.simhash);
  EXPECT_NE(other.name, page.name);
}

TEST(PageFingerprintTest, OfAPageWithoutWordsIsOfItsBytes) {
  const TextFingerprint picture = FingerprintOf(Page("Salt", {}, " . "), "1");
  EXPECT_EQ(FingerprintOf(Page("Salt", {}, ""), "1").content, picture.content);
  EXPECT_FALSE(FingerprintOf(Page("Salt", {}, ""), "2").content == picture.content);
}

}  // namespace
}  // namespace sakuin::crawler
