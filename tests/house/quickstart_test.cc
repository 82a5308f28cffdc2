// ./quickstart as it stands, but for what it installs and builds: in a folder with
// the examples it prints what it promises, and new articles have their links and
// their category.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/base/scratch_folder.h"

namespace sakuin {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// What `command` prints in `folder`.
std::string OutputOf(const std::string& folder, const std::string& command) {
  FILE* pipe = ::popen(("cd '" + folder + "' && " + command).c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), size);
  EXPECT_EQ(::pclose(pipe), 0) << command << "\n" << text;
  return text;
}

// One run for all tests.
class Quickstart : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    namespace fs = std::filesystem;
    scratch_ = new ScratchFolder;
    fs::copy_file(SAKUIN_SOURCE_DIR "/quickstart", scratch_->Path("quickstart"));
    fs::create_directory_symlink(SAKUIN_SOURCE_DIR "/examples", scratch_->Path("examples"));
    fs::create_directories(scratch_->Path("build/release/bin"));
    fs::create_symlink(SAKUIN_PROGRAM, scratch_->Path("build/release/bin/sakuin"));
    fs::create_directory(scratch_->Path("setup"));
    std::ofstream(scratch_->Path("setup/build")) << "#!/bin/sh\n";  // everything is installed and built
    fs::permissions(scratch_->Path("setup/build"), fs::perms::owner_all);
    output_ = new std::string(OutputOf(scratch_->path(), "./quickstart 2>&1"));
  }
  static void TearDownTestSuite() {
    delete output_;
    delete scratch_;
  }

  static json Search(const std::string& query, const std::string& index = "site") {
    const std::string command = "build/release/bin/sakuin search --index build/quickstart/" + index + " --json --top 400 '" + query + "'";
    return json::parse(OutputOf(scratch_->path(), command), nullptr, false);
  }

  static json Hit(const std::string& key) {
    const json answer = Search("_key:" + key);
    return answer["hits"].size() == 1 ? answer["hits"][0] : json();
  }

  // "field: text -> target", the text cut out of the article by the link's bytes.
  static std::vector<std::string> Links(const json& hit) {
    std::vector<std::string> links;
    for (const json& link : hit["links"]) {
      const std::string text = hit["fields"][link["field"].get<std::string>()];
      const size_t start = link["start"];
      const size_t end = link["end"];
      links.push_back(link["field"].get<std::string>() + ": " + text.substr(start, end - start) + " -> " + link["target"].get<std::string>());
    }
    return links;
  }

  static ScratchFolder* scratch_;
  static std::string* output_;
};
ScratchFolder* Quickstart::scratch_ = nullptr;
std::string* Quickstart::output_ = nullptr;

TEST_F(Quickstart, ShowsSearchesLinksAndCategories) {
  for (const char* shown :
       {"An [inverted] [index], built on a rainy Sunday", "[検索][エンジン]", "<h1><a href=\"/wiki/Coffee\">Coffee</a> in three cities</h1>",
        "<a href=\"/wiki/Busan\">부산</a>에서는 <a href=\"/wiki/Coffee\">커피</a>를", "<a href=\"/wiki/Kyoto\">京都</a>の", "<!-- coffee, of course -->",
        "The Vienna of my aunt</a>", "var coffee = \"coffee\";", "examples/articles.zh.jsonl\nlearned 340 documents", "cross-validation: accuracy 0.",
        "     category: science\n     links: comet (/wiki/Comet)", "     category: travel\n     links: 부산 (/wiki/Busan), 오사카 (/wiki/Osaka)",
        "     category: food\n     links: 味噌 (/wiki/Miso), カレー (/wiki/Curry)"}) {
    EXPECT_THAT(*output_, HasSubstr(shown));
  }
  EXPECT_THAT(*output_, Not(HasSubstr("sakuin: "))) << "nothing to complain of";
}

TEST_F(Quickstart, NewArticlesAreLinkedAndLabelled) {
  const json english = Hit("new-en");
  EXPECT_EQ(english["fields"]["category"], "science");
  EXPECT_THAT(Links(english), ElementsAre("body: comet -> /wiki/Comet", "body: sleep -> /wiki/Sleep", "body: coffee -> /wiki/Coffee",
                                      "body: meteor shower -> /wiki/Meteor_shower", "body: telescope -> /wiki/Telescope",
                                      "body: binoculars -> /wiki/Binoculars", "body: Jupiter -> /wiki/Jupiter", "body: Orion -> /wiki/Orion",
                                      "body: Geminids -> /wiki/Geminids"));

  const json japanese = Hit("new-ja");
  EXPECT_EQ(japanese["fields"]["category"], "food");
  EXPECT_THAT(Links(japanese), ElementsAre("title: 味噌 -> /wiki/Miso", "title: カレー -> /wiki/Curry", "body: カレー -> /wiki/Curry",
                                      "body: 味噌 -> /wiki/Miso", "body: 醤油 -> /wiki/Soy_sauce", "body: トマト -> /wiki/Tomato",
                                      "body: コーヒー -> /wiki/Coffee", "body: 東京 -> /wiki/Tokyo", "body: 牛丼 -> /wiki/Gyudon"));

  const json korean = Hit("new-ko");
  EXPECT_EQ(korean["fields"]["category"], "travel");
  EXPECT_THAT(Links(korean), ElementsAre("title: 부산 -> /wiki/Busan", "title: 오사카 -> /wiki/Osaka", "body: KTX -> /wiki/KTX",
                                      "body: 부산 -> /wiki/Busan", "body: 자갈치시장 -> /wiki/Jagalchi_Market", "body: 오사카 -> /wiki/Osaka",
                                      "body: 광안대교 -> /wiki/Gwangan_Bridge", "body: 교토 -> /wiki/Kyoto",
                                      "body: 간사이국제공항 -> /wiki/Kansai_International_Airport"));
}

TEST_F(Quickstart, ArticlesWithACategoryKeepIt) {
  std::map<std::string, std::string> own;
  for (const char* language : {"en", "ja", "ko", "zh"}) {
    for (const std::string& line : LinesOf(SAKUIN_SOURCE_DIR "/examples/articles." + std::string(language) + ".jsonl")) {
      const json article = json::parse(line, nullptr, false);
      own[article["id"]] = article["category"];
    }
  }
  const json answer = Search("*");
  ASSERT_EQ(answer["hits"].size(), own.size() + 3);
  for (const json& hit : answer["hits"]) {
    const std::string key = hit["key"];
    if (own.contains(key)) {
      EXPECT_EQ(hit["fields"]["category"], own[key]) << key;
    } else {
      EXPECT_TRUE(key.starts_with("new-")) << key;
    }
  }
}

// Crawled, searched, linked and labelled in one walk.
TEST_F(Quickstart, TheSiteIsCrawled) {
  EXPECT_THAT(*output_, HasSubstr("7 stored, 0 not modified, 2 duplicates, 1 sitemap or feed, 0 errors\n"
                                  "1 URL not asked for: robots.txt forbids it\n"));
  const std::map<std::string, std::string> categories = {{"Jupiter from the breakwater", "science"}, {"부산에서 보낸 이틀", "travel"}, {"味噌を仕込む日", "food"}};
  std::map<std::string, json> pages;
  const json answer = Search("*", "web");
  for (const json& hit : answer["hits"]) {
    const std::string title = hit["fields"]["title"];
    pages[title.substr(0, title.find(" |"))] = hit;
  }
  EXPECT_EQ(pages.size(), 7U);
  EXPECT_TRUE(pages.contains("茶馆里的下午")) << "only the sitemap leads there";
  for (const auto& [title, category] : categories) {
    ASSERT_TRUE(pages.contains(title)) << title;
    EXPECT_EQ(pages[title]["fields"]["category"], category) << title;
    EXPECT_GE(pages[title]["links"].size(), 3U) << title;
    const std::string body = pages[title]["fields"]["body"];
    EXPECT_THAT(body, Not(HasSubstr("Drafts are for nobody"))) << "a footer is no text";
  }
}

// A model that has seen them would prove nothing.
TEST(Examples, NewArticlesHaveNoCategory) {
  for (const std::string& line : LinesOf(SAKUIN_SOURCE_DIR "/examples/new-articles.jsonl")) {
    const json article = json::parse(line, nullptr, false);
    EXPECT_TRUE(article["id"].get<std::string>().starts_with("new-"));
    EXPECT_FALSE(article.contains("category"));
  }
}

// Sorted by target, then by keyword; each occurs in an article.
TEST(Examples, KeywordsAreInOrderAndOccur) {
  std::vector<std::pair<std::string, std::string>> keywords;
  for (const std::string& line : LinesOf(SAKUIN_SOURCE_DIR "/examples/keywords.tsv")) {
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    keywords.emplace_back(line.substr(tab + 1), line.substr(0, tab));
    EXPECT_TRUE(keywords.back().first.starts_with("/wiki/")) << line;
  }
  EXPECT_TRUE(std::is_sorted(keywords.begin(), keywords.end()));
  EXPECT_GE(keywords.size(), 300U);
  std::map<std::string, int> found;
  const std::string links = OutputOf(SAKUIN_SOURCE_DIR "/examples", "cat *.jsonl | " SAKUIN_PROGRAM " link --all --json --keywords keywords.tsv -");
  for (size_t at = 0; at < links.size();) {
    const size_t end = links.find('\n', at);
    ++found[json::parse(links.substr(at, end - at), nullptr, false)["keyword"]];
    at = end + 1;
  }
  for (const auto& [target, keyword] : keywords) EXPECT_GT(found[keyword], 0) << keyword;
}

}  // namespace
}  // namespace sakuin
