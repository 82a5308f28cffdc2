// Options of `search`, `index` and `optimize` that are seen from outside only: pages, facets, order and rate of merges.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "index/manifest.h"
#include "tests/base/scratch_folder.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Options : public testing::Test {
 protected:
  static constexpr int kDocuments = 300;

  // Day after day one document, each about one of seven topics.
  void SetUp() override {
    std::ofstream records(records_);
    for (int i = 0; i < kDocuments; ++i) {
      char date[40];
      std::snprintf(date, sizeof(date), "2026-%02d-%02d", 1 + i / 28, 1 + i % 28);
      records << json{{"id", "d" + std::to_string(i)}, {"body", "a story about topic" + std::to_string(i % 7)}, {"views", i}, {"date", date}} << "\n";
    }
  }

  static json Run(const std::vector<std::string>& arguments) {
    const Ended ended = RunSakuin(arguments);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return json::parse(ended.out, nullptr, false);
  }

  json Search(std::vector<std::string> options) const {
    options.insert(options.begin(), {"search", "--index", index_, "--json"});
    options.emplace_back("story");
    return Run(options);
  }

  static std::vector<std::string> Ids(const json& answer) {
    std::vector<std::string> ids;
    for (const json& hit : answer["hits"]) ids.push_back(hit["key"].get<std::string>());
    return ids;
  }

  const ScratchFolder scratch_;
  const std::string records_ = scratch_.Path("records.jsonl");
  const std::string index_ = scratch_.Path("index");
};

TEST_F(Options, PagesCountAgesFromOneTime) {
  Run({"index", "--index", index_, "--json", records_});
  const std::vector<std::string> order = {"--prefer", "recency(date, 10d)^3", "--fields", "id"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), order.begin(), order.end());
    return Search(more);
  };
  const json all = with({"--top", "100"});
  std::vector<std::string> paged;
  std::vector<double> scores;
  for (std::string token; paged.size() < 100;) {
    const json page = with(token.empty() ? std::vector<std::string>{"--top", "25"} : std::vector<std::string>{"--top", "25", "--page-token", token});
    for (const json& hit : page["hits"]) {
      paged.push_back(hit["key"].get<std::string>());
      scores.push_back(hit["score"].get<double>());
    }
    token = page["next_page_token"].get<std::string>();
  }
  EXPECT_EQ(paged, Ids(all));
  const json second = {"--top", "25", "--page-token", with({"--top", "25"})["next_page_token"]};
  EXPECT_EQ(with(second)["next_page_token"], with(second)["next_page_token"]) << "a token holds the time of the first page";
  EXPECT_TRUE(std::is_sorted(scores.rbegin(), scores.rend()));
}

TEST_F(Options, APageForPeopleCountsOn) {
  Run({"index", "--index", index_, "--json", records_});
  const std::string token = Search({"--top", "7"})["next_page_token"];
  const Ended page = RunSakuin({"search", "--index", index_, "--top", "7", "--page-token", token, "story"});
  EXPECT_THAT(page.out, HasSubstr("\n  8. "));
  EXPECT_THAT(page.out, Not(HasSubstr("\n  1. ")));
}

TEST_F(Options, CollapsedPagesEndWithTheGroups) {
  Run({"index", "--index", index_, "--json", records_});
  const json first = Search({"--collapse", "body", "--top", "5"});
  EXPECT_EQ(first["hits"].size(), 5U);
  const json second = Search({"--collapse", "body", "--top", "5", "--page-token", first["next_page_token"]});
  EXPECT_EQ(second["hits"].size(), 2U);
  EXPECT_EQ(second["next_page_token"], "");
}

TEST_F(Options, TheFirstDayOfTheCalendarIsATime) {
  Run({"index", "--index", index_, "--json", records_});
  const json answer = Search({"--prefer", "recency(date, 1d)", "--now", "1970-01-01", "--explain"});
  EXPECT_THAT(answer["hits"][0]["explanation"].dump(), HasSubstr("2.0")) << "what is not older than now counts twice";
}

TEST_F(Options, EveryFilterHasToMatch) {
  Run({"index", "--index", index_, "--json", records_});
  EXPECT_EQ(Search({"--filter", "views:<10", "--filter", "views:>=5"})["total"]["value"], 5);
  EXPECT_EQ(Search({"--filter", "views:<10", "--filter", "-views:3"})["total"]["value"], 9);
}

// A short value of stop words is a value; a text of stop words is told to be none.
TEST_F(Options, StopWordsAreValuesOrToldToBeLeftOut) {
  const std::string path = scratch_.Path("tags.jsonl");
  std::ofstream(path) << R"({"id":"a","lang":"ko","tags":["IT"],"body":"to be"})" << "\n"
                      << R"({"id":"b","lang":"ko","tags":["food"],"body":"soup"})" << "\n";
  Run({"index", "--index", index_, "--json", "--analyzer", "english", path});
  const auto search = [&](const std::string& query) { return Run({"search", "--index", index_, "--json", "--", query}); };
  EXPECT_EQ(Ids(search("tags:IT")), std::vector<std::string>{"a"});
  EXPECT_EQ(Ids(search("lang:ko AND tags:IT")), std::vector<std::string>{"a"});
  EXPECT_EQ(Ids(search("lang:ko -tags:IT")), std::vector<std::string>{"b"});
  EXPECT_THAT(search("to be")["warnings"].dump(), HasSubstr("no word of the query is indexed"));
  EXPECT_THAT(search("lang:ko AND the")["warnings"].dump(), HasSubstr("left out"));
  EXPECT_EQ(search("the soup")["warnings"], json::array());
  std::ofstream(path) << R"({"id":"c","title":"Fox","body":"the quick fox"})" << "\n";
  Run({"index", "--index", index_, "--json", path});
  EXPECT_EQ(Ids(search("fox AND the")), std::vector<std::string>{"c"}) << "a field called title, which votes";
  EXPECT_THAT(search("fox AND the")["warnings"].dump(), HasSubstr("left out"));
  EXPECT_THAT(search("the")["warnings"].dump(), HasSubstr("no word of the query is indexed"));
  const Ended refused = RunSakuin({"delete", "--index", index_, "--query", "lang:ko AND the"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("nothing was deleted"));
  EXPECT_EQ(Run({"delete", "--index", index_, "--json", "--query", "lang:ko AND tags:IT"})["deleted"], 1);
}

TEST_F(Options, FieldsThatThereAreNotAreTold) {
  Run({"index", "--index", index_, "--json", records_});
  EXPECT_THAT(Search({"--fields", "views,colour"})["warnings"].dump(), HasSubstr("no field 'colour' to show; it has: body, date, views"));
  EXPECT_EQ(Search({"--fields", "views,id,_key"})["warnings"], json::array());
}

TEST_F(Options, AStrictRunTellsWhatItKept) {
  const std::string path = scratch_.Path("broken.jsonl");
  std::ofstream(path) << R"({"id":"a","body":"story"})" << "\n" << "{" << "\n";
  const Ended ended = RunSakuin({"index", "--index", index_, "--strict", path});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("kept what came before: 1 document\n"));
  EXPECT_EQ(Search({})["total"]["value"], 1);
}

TEST_F(Options, AnIndexOfNothingIsNone) {
  const std::string path = scratch_.Path("table.csv");
  std::ofstream(path) << "name,x\na,story\n";
  EXPECT_EQ(RunSakuin({"index", "--index", index_, path}).code, 1);
  EXPECT_EQ(Run({"index", "--index", index_, "--json", "--id-field", "name", path})["documents"], 1);
}

TEST_F(Options, FilesOfAFolderThatAreLeftOutAreCounted) {
  std::filesystem::create_directory(scratch_.Path("folder"));
  std::ofstream(scratch_.Path("folder/a.txt")) << "story";
  std::ofstream(scratch_.Path("folder/b.pdf")) << "%PDF";
  const Ended ended = RunSakuin({"index", "--index", index_, "--json", scratch_.Path("folder")});
  EXPECT_EQ(json::parse(ended.out)["files_skipped"], 1);
  EXPECT_THAT(ended.err, HasSubstr("left out of folders: 1 file of no known kind"));
}

TEST_F(Options, PagesHaveTheSchemaOfACrawlAndTheRestIsGuessed) {
  const std::string page = scratch_.Path("a.html"), schema = scratch_.Path("schema.toml");
  std::ofstream(page) << "<html lang=en><title>A</title>story";
  std::ofstream(schema) << "[fields.lang]\ntype = \"text\"\n";
  const auto origin = [](const std::vector<std::string>& options, const std::string& note) {
    std::vector<std::string> all = {"index", "--json"};
    all.insert(all.end(), options.begin(), options.end());
    const Ended ended = RunSakuin(all, "<!doctype html>x");
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(note));
    EXPECT_EQ(ended.err.find("--schema") == std::string::npos, note.empty()) << ended.err;
    return json::parse(ended.out, nullptr, false)["schema"];
  };
  const std::string pages = "the sources are pages: a new index has the fields that a crawl gives them";
  EXPECT_EQ(origin({"--index", index_, page}, pages), "pages");
  EXPECT_EQ(Search({"--filter", "url:" + page, "--filter", "lang:en"})["hits"][0]["key"], page);
  EXPECT_EQ(origin({"--index", index_, page}, ""), "index");
  EXPECT_EQ(origin({"--index", scratch_.Path("1"), "-"}, pages), "pages");
  EXPECT_EQ(origin({"--index", scratch_.Path("2"), "--schema", schema, page}, ""), "file");
  EXPECT_EQ(origin({"--index", scratch_.Path("3"), page, records_}, "not all sources are pages: the types of all fields are guessed"), "inferred");
  EXPECT_EQ(origin({"--index", scratch_.Path("4"), records_}, ""), "inferred");
}

// What the index is, its manifest says.
TEST_F(Options, AnIndexWithoutCurrentKeepsItsSchema) {
  Run({"index", "--index", index_, "--json", records_});
  ASSERT_TRUE(std::filesystem::remove(index_ + "/CURRENT"));
  const std::string page = scratch_.Path("a.html");
  std::ofstream(page) << "<title>A</title>story";
  const Ended ended = RunSakuin({"index", "--index", index_, "--json", page});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(json::parse(ended.out, nullptr, false)["schema"], "index") << ended.out;
  EXPECT_THAT(ended.err, Not(HasSubstr("a new index")));
}

// Addresses are found as a whole, also where they are not the key.
TEST_F(Options, PagesWithAnotherKey) {
  const std::string page = scratch_.Path("a.html");
  std::ofstream(page) << "<title>A</title>story";
  Run({"index", "--index", index_, "--json", "--id-field", "id", "--analyzer", "english", page});
  EXPECT_EQ(Search({"--filter", "url:" + page})["hits"].size(), 1U);
  EXPECT_EQ(Search({"--filter", "url:html"})["hits"].size(), 0U);
  EXPECT_EQ(Search({"--filter", "title:a AND _key:" + page})["hits"].size(), 0U) << "a stop word of English";
}

TEST_F(Options, ControlCharactersDoNotReachATerminal) {
  const std::string path = scratch_.Path("escape.jsonl");
  std::ofstream(path) << R"({"id":"c\u001b[31mX","title":"t\u001b[31m","body":"story"})" << "\n";
  Run({"index", "--index", index_, "--json", path});
  EXPECT_THAT(RunSakuin({"search", "--index", index_, "--explain", "--profile", "story"}).out, Not(HasSubstr("\x1b")));
}

TEST_F(Options, WhatIsAskedForCountsBeforeTheSchema) {
  const std::string schema = scratch_.Path("schema.toml");
  std::ofstream(schema) << "[fields.body]\ntype = \"text\"\nk1 = 5.0\n";
  Run({"index", "--index", index_, "--json", "--schema", schema, records_});
  const auto score = [&](const std::vector<std::string>& options) {
    std::vector<std::string> all = {"search", "--index", index_, "--json", "--top", "1"};
    all.insert(all.end(), options.begin(), options.end());
    all.emplace_back("body:story");
    return Run(all)["hits"][0]["score"].get<double>();
  };
  EXPECT_NE(score({"--k1", "0.1"}), score({"--k1", "9"}));
  EXPECT_EQ(score({"--k1", "5"}), score({}));
}

TEST_F(Options, TheMostFrequentValuesAreCountedOut) {
  Run({"index", "--index", index_, "--json", records_});
  const json cut = Search({"--facet", "views,body", "--facet-top", "3"});
  EXPECT_EQ(cut["facets"]["views"], json::parse(R"([{"value":0,"count":1},{"value":1,"count":1},{"value":2,"count":1}])"));
  EXPECT_EQ(cut["facets"]["body"][0], json::parse(R"({"value":"a story about topic0","count":43})"));
  ASSERT_EQ(cut["warnings"].size(), 2U);
  EXPECT_THAT(cut["warnings"][0].get<std::string>(), HasSubstr("'views' has 300 values here; shown are the most frequent 3"));
  const json whole = Search({"--facet", "views"});
  EXPECT_EQ(whole["facets"]["views"].size(), 300U);
  EXPECT_EQ(whole["warnings"], json::array());
}

TEST_F(Options, ReorderingChangesNumbersAndNothingElse) {
  Run({"index", "--index", index_, "--json", "--shards", "2", records_});
  const json before = Search({"--top", "300"});
  EXPECT_EQ(RunSakuin({"optimize", "--reorder", index_}).code, 0);
  EXPECT_EQ(Search({"--top", "300"})["hits"], before["hits"]);
  EXPECT_EQ(RunSakuin({"verify", index_}).code, 0);
  const Ended alone = RunSakuin({"index", "--index", index_, "--reorder", records_});
  EXPECT_EQ(alone.code, 2);
  EXPECT_THAT(alone.err, HasSubstr("--optimize"));
}

TEST_F(Options, ARateOfMergesIsANumberOfBytes) {
  Run({"index", "--index", index_, "--json", "--merge-rate", "20M", records_});
  EXPECT_EQ(Search({})["total"]["value"], kDocuments);
  for (const char* wrong : {"0", "fast", "-5", "20X"}) {
    const Ended ended = RunSakuin({"index", "--index", index_, "--merge-rate", wrong, records_});
    EXPECT_EQ(ended.code, 2) << wrong;
    EXPECT_THAT(ended.err, HasSubstr("--merge-rate")) << wrong;
  }
}

// As an index of an earlier version is: the fingerprint of one field is another.
TEST_F(Options, AnIndexThatAnotherAnalyzerVersionCutIsAddedToOnRequest) {
  Run({"index", "--index", index_, "--json", records_});
  index::Manifest manifest = *index::ReadCurrentManifest(PosixFileSystem(), index_);
  manifest.segments[0].analyzers[manifest.schema.IdOf("body")] ^= 0x100;
  ++manifest.generation;
  ASSERT_TRUE(index::CommitManifest(PosixFileSystem(), index_, manifest).ok());
  const Ended refused = RunSakuin({"index", "--index", index_, records_});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("field 'body'"));
  EXPECT_THAT(refused.err, HasSubstr("(--mix-analyses)"));
  EXPECT_EQ(Run({"index", "--index", index_, "--mix-analyses", "--json", records_})["indexed"], kDocuments);
}

}  // namespace
}  // namespace sakuin::cli
