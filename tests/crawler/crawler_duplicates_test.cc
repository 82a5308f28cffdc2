// Pages with the same text or another address of their own, in whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CrawlerDuplicatesTest : public CrawlerTest {
 protected:
  // A page of a reference work, and its print view.
  void ServeReference(const std::string& name) {
    const std::string page = "<h1>Class " + name + "</h1><p>" + Inherited() + " called by " + name;
    Serve("/" + name, "<title>Class " + name + "</title>" + page);
    Serve("/print/" + name, "<title>Print: Class " + name + "</title>" + page + " printed today");
  }

  static std::string Inherited() {
    std::string words;
    for (int i = 0; i < 400; ++i) words += "method" + std::to_string(i * 7919 % 1009) + ' ';
    return words;
  }
};

TEST_F(CrawlerDuplicatesTest, OnePageUnderManyAddresses) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/one", "/two", "/three"}));
  Serve("/one", text);
  Serve("/two", text);
  Serve("/three", "<link rel=canonical href='/four'>other words");
  Serve("/four", "<link rel=canonical href='/four'>other words");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.duplicates, 2U);
  EXPECT_EQ(counts.stored, 3U);
  EXPECT_THAT(Stored(), Contains("/four"));
  EXPECT_THAT(Stored(), Not(Contains("/three")));
}

TEST_F(CrawlerDuplicatesTest, PagesOfOtherNamesStayHoweverAlikeTheyAre) {
  Serve("/", Links({"/AddRequest", "/GetRequest", "/print/GetRequest", "/copy"}));
  ServeReference("AddRequest");
  ServeReference("GetRequest");
  Serve("/copy", "<title>Class AddRequest</title><h1>Class AddRequest</h1><p>" + Inherited() + " copied by AddRequest");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.duplicates, 2U) << "the copy or what it is of, and the print view or what is printed";
  EXPECT_EQ(Stored().size(), 3U);
}

TEST_F(CrawlerDuplicatesTest, TheSameWordsUnderTwoTitlesAreTwoPages) {
  Serve("/", Links({"/a", "/b"}));
  Serve("/a", "<title>SyntaxError</title><p>Thrown where something is wrong.");
  Serve("/b", "<title>AccessError</title><p>Thrown where something is wrong.");
  EXPECT_EQ(Crawl().duplicates, 0U);
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
}

TEST_F(CrawlerDuplicatesTest, EqualOnesOnlyOrNoneGiveWayWhereThatIsAskedFor) {
  Serve("/", Links({"/a", "/a2", "/print"}));
  Serve("/a", "<title>page</title><p>" + Inherited());
  Serve("/a2", "<title>page</title><p>" + Inherited());
  Serve("/print", "<title>page</title><p>" + Inherited() + " printed");
  options_.duplicates = Duplicates::kExact;
  EXPECT_EQ(Crawl().duplicates, 1U);
  options_.revisit_all = true;
  options_.duplicates = Duplicates::kKeep;
  EXPECT_EQ(Crawl().duplicates, 0U);
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/a2", "/print"));
  Serve("/", Links({"/a", "/a3"}));
  Serve("/a3", "<title>page</title><p>" + Inherited() + " again");
  options_.duplicates = Duplicates::kNear;
  EXPECT_EQ(Crawl().duplicates, 1U) << "what was kept is known";
}

TEST_F(CrawlerDuplicatesTest, ATextIsRememberedOnceHoweverOftenItsPageIsStored) {
  options_.revisit_all = true;
  for (const Duplicates duplicates : {Duplicates::kKeep, Duplicates::kExact}) {
    options_.duplicates = duplicates;
    std::vector<uintmax_t> sizes;
    for (const char* description : {"one", "two", "three"}) {
      Serve("/", std::string("<meta name=description content=") + description + "><p>words of the page");
      EXPECT_EQ(Crawl().stored, 1U);
      sizes.push_back(std::filesystem::file_size(scratch_.Path("state/texts")));
    }
    EXPECT_THAT(sizes, ElementsAre(sizes[0], sizes[0], sizes[0]));
  }
}

TEST_F(CrawlerDuplicatesTest, TheCanonicalAddressMayStandInAHeader) {
  Serve("/", Links({"/printed"}));
  Serve("/printed", "<base href='/elsewhere/'>words", "Content-Type: text/html\r\nLink: <page>; rel=\"canonical\"\r\n");
  Serve("/page", "words");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/page"));
}

// The page that an application serves for all its addresses, and pages of pictures.
TEST_F(CrawlerDuplicatesTest, OfPagesWithoutTextThoseWithTheSameBytesAreTheSame) {
  const std::string shell = "<title>App</title><div id=root></div><script src=/app.js></script>";
  Serve("/", "home" + Links({"/a", "/b", "/c", "/pictures/1", "/pictures/2", "/nothing", "/nothing-else", "/dashes", "/dots"}));
  for (const char* path : {"/a", "/b", "/c"}) Serve(path, shell);
  Serve("/pictures/1", "<title>Gallery</title><img src=1.jpg>");
  Serve("/pictures/2", "<title>Gallery</title><img src=2.jpg>");
  Serve("/nothing", "");
  Serve("/nothing-else", "");
  Serve("/dashes", "---");
  Serve("/dots", "...");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.duplicates, 3U);
  EXPECT_THAT(Stored(), testing::IsSupersetOf({"/dashes", "/dots", "/pictures/1", "/pictures/2"}));
  EXPECT_EQ(Stored().size(), 7U);
}

TEST_F(CrawlerDuplicatesTest, APageWithoutTextComesBackWhenItsOriginalGetsSome) {
  const std::string shell = "<title>App</title><div id=root></div>";
  Serve("/", "home" + Links({"/a", "/b"}));
  Serve("/a", shell);
  Serve("/b", shell);
  Crawl();
  ASSERT_EQ(Stored().size(), 2U);
  const std::string original = Stored().back();
  Serve(original, "now there are words");
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
}

// As after a kill between two files of the state.
TEST_F(CrawlerDuplicatesTest, APageIsNoDuplicateOfItself) {
  Serve("/", Links({"/a"}));
  Serve("/a", "a page with some words");
  Crawl();
  std::filesystem::remove_all(scratch_.Path("state/frontier"));
  sink_.pages.clear();
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  EXPECT_EQ(counts.duplicates, 0U);
}

// The new page is found, and dropped as a duplicate, before it turns out that the old one is no more.
TEST_F(CrawlerDuplicatesTest, APageComesBackWhenItsOriginalGoes) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/one", "/two"}));
  Serve("/one", text);
  Serve("/two", text);
  Crawl();
  EXPECT_EQ(Stored().size(), 2U);
  const std::string kept = Stored()[1];
  const std::string dropped = kept == "/one" ? "/two" : "/one";
  server_.Route(kept, StatusOnly("404 Not Found"));
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", dropped));
}

// It is visited, and gives way again, just before that turns out.
TEST_F(CrawlerDuplicatesTest, APageComesBackWhenItsOriginalGoesAfterIt) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/one", "/two"}));
  Serve("/one", text);
  Serve("/two", text);
  Crawl();
  options_.revisit_all = true;
  Crawl();  // what is as it was is asked for later from now on
  ASSERT_THAT(Stored(), ElementsAre("/", "/one"));
  server_.Route("/one", StatusOnly("404 Not Found"));
  const size_t before = Asked().size();
  Crawl();
  std::vector<std::string> asked = Asked();
  asked.erase(asked.begin(), asked.begin() + static_cast<ptrdiff_t>(before));
  EXPECT_THAT(asked, ElementsAre("/robots.txt", "/", "/two", "/one", "/two"));
  EXPECT_THAT(Stored(), ElementsAre("/", "/two"));
}

TEST_F(CrawlerDuplicatesTest, AFormerTextIsNobodysOriginal) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/a"}));
  Serve("/a", text);
  Crawl();
  Serve("/a", "<p>Others stand here now.</p>");
  options_.revisit_all = true;
  Crawl();
  Serve("/", Links({"/a", "/b"}));
  Serve("/b", text);
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
}

TEST_F(CrawlerDuplicatesTest, ACanonicalAddressCountsWhenThereIsAPage) {
  Serve("/", Links({"/back", "/gone", "/noindex", "/each"}));
  Serve("/back", "<link rel=canonical href='/forth'>one");
  server_.Route("/forth", RedirectTo("/back"));
  Serve("/gone", "<link rel=canonical href='/nowhere'>two");
  Serve("/noindex", "<link rel=canonical href='/hidden'>three");
  Serve("/hidden", "<meta name=robots content=noindex>three");
  Serve("/each", "<link rel=canonical href='/other'>four");
  Serve("/other", "<link rel=canonical href='/each'>four");
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/back", "/each", "/gone", "/noindex"));
  EXPECT_EQ(counts.stored, 5U);
}

TEST_F(CrawlerDuplicatesTest, PagesLeaveForTheirCanonicalOneAndComeBack) {
  Serve("/", Links({"/x?v=1", "/x?v=2"}));
  Serve("/x", "<link rel=canonical href='/x'>words of x");
  CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/x"));
  EXPECT_EQ(counts.stored, 2U);
  EXPECT_EQ(counts.duplicates, 2U);
  server_.Route("/x", [](const ServedRequest& request, ServedConnection& connection) {
    const bool is_bare = request.target == "/x";
    connection.Send(is_bare ? Answer("404 Not Found", "", "")
                            : Answer("200 OK", "Content-Type: text/html\r\n", "<link rel=canonical href='/x'>words of x"));
  });
  options_.revisit_all = true;
  Crawl();
  EXPECT_EQ(Stored().size(), 2U);
  EXPECT_THAT(Stored()[1], HasSubstr("/x?v="));
}

// Those that left for it were counted by the run that stored them.
TEST_F(CrawlerDuplicatesTest, ACanonicalPageThatComesInALaterRunIsOneStoredPage) {
  Serve("/", Links({"/a", "/b", "/gone"}));
  Serve("/a", "<link rel=canonical href='/c'>words of a");
  Serve("/b", "<link rel=canonical href='/c'>words of b");
  Serve("/c", "words of c");
  server_.Route("/gone", StatusOnly("404 Not Found"));
  options_.max_pages = 3;
  EXPECT_EQ(Crawl().stored, 3U);
  ASSERT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
  options_.max_pages = UINT64_MAX;
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/c"));
  EXPECT_EQ(counts.stored, 1U);
  EXPECT_EQ(counts.duplicates, 0U);
  EXPECT_EQ(counts.answered_errors, 1U);
  EXPECT_EQ(counts.errors, 1U);
}

TEST_F(CrawlerDuplicatesTest, CanonicalAddressesWithoutEndEnd) {
  server_.Route("/c", [](const ServedRequest& request, ServedConnection& connection) {
    const int n = std::stoi("0" + request.target.substr(std::min(request.target.size(), size_t{5})));
    const std::string next = std::to_string(n + 1);
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "<link rel=canonical href='/c?n=" + next + "'>page " + next));
  });
  Crawl("/c?n=0");
  EXPECT_LE(Asked().size(), 8U);
  EXPECT_EQ(Stored().size(), 1U);
}

}  // namespace
}  // namespace sakuin::crawler
