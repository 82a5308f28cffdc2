// sakuin crawl from outside, over a small site on loopback: budgets of hosts, what models left empty, archives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "index/annotated_stored.h"
#include "index/snapshot.h"
#include "tests/base/scratch_folder.h"
#include "tests/cli/child_program.h"
#include "tests/crawler/http_server.h"

namespace sakuin::cli {
namespace {

using crawler::PageOf;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kSoup =
    "<html lang=en><title>Soup</title><meta name=description content='about soup'><meta name=date content=2024-02-29><h1>Bowls</h1><p>soup noodle rice bowl";

class Crawl : public testing::Test {
 protected:
  Crawl() {
    server_.Route("/robots.txt", crawler::StatusOnly("404 Not Found"));
    server_.Route("/", PageOf("<title>All pages</title><a href=a>soup</a> <a href=b>trains</a> <a href=c>nothing</a>"));
    server_.Route("/a", PageOf(kSoup));
    server_.Route("/b", PageOf("<title>\x8C\xEA</title><p>\x93\xFA\x96\x7B\x8C\xEA train station ticket", "Content-Type: text/html; charset=Shift_JIS\r\n"));
    server_.Route("/c", PageOf("xyzzy", "Content-Type: text/plain\r\n"));
  }

  std::string Path(const std::string& name) const { return scratch_.Path(name); }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(Path(name), std::ios::binary) << text; }

  Ended Run(std::vector<std::string> options) const {
    const std::vector<std::string> always = {"crawl", "--into", Path("index"), "--state", Path("state"), "--allow-private", "--rate", "0", server_.Url("/")};
    options.insert(options.begin(), always.begin(), always.end());
    return RunSakuin(options);
  }
  // The last line.
  json RunJson(std::vector<std::string> options) const {
    options.emplace_back("--json");
    const Ended ended = Run(std::move(options));
    EXPECT_EQ(ended.code, 0) << ended.err;
    const std::string lines = ended.out.substr(0, ended.out.find_last_not_of('\n') + 1);
    return json::parse(lines.substr(lines.rfind('\n') + 1), nullptr, false);
  }

  static std::map<std::string, json> Stored(const std::string& index) {
    std::map<std::string, json> stored;
    const auto snapshot = *index::Snapshot::Open(PosixFileSystem(), index);
    for (const index::Snapshot::Part& part : snapshot->parts()) {
      for (index::DocId doc = 0; doc < part.segment->documents(); ++doc) {
        std::string text;
        EXPECT_TRUE(part.segment->stored().Read(doc, text).ok());
        if (!part.IsDeleted(doc)) stored[std::string(part.segment->key(doc))] = json::parse(index::SplitAnnotations(text).document, nullptr, false);
      }
    }
    return stored;
  }

  const ScratchFolder scratch_;
  crawler::HttpServer server_;
};

TEST_F(Crawl, HostsHaveABudget) {
  const json done = RunJson({"--max-pages-per-host", "2"});
  EXPECT_EQ(done["fetched"], 2);
  EXPECT_EQ(done["over_budget"], 2);
  EXPECT_EQ(done["errors"], 0);
  EXPECT_EQ(server_.requests().size(), 3U) << "robots.txt and two pages";
  const json report = json::parse(RunSakuin({"crawl", "--report", Path("state"), "--json"}).out, nullptr, false);
  EXPECT_EQ(report["outcomes"], (json{{"over_budget", 2}, {"stored", 2}}));
  EXPECT_THAT(RunSakuin({"crawl", "--report", Path("state")}).out, HasSubstr("2  over_budget\n"));
}

TEST_F(Crawl, WhatABudgetLeavesIsOfTheNextRun) {
  EXPECT_EQ(RunJson({"--max-pages-per-host", "2"})["retries"], 0) << "nothing failed";
  const json same = RunJson({"--max-pages-per-host", "1", "--max-bytes-per-host", "1M"});
  EXPECT_EQ(same["fetched"], 1);
  EXPECT_EQ(same["over_budget"], 1);
  EXPECT_THAT(Run({"--max-pages-per-host", "2", "--recrawl", "--max-bytes-per-host", "1M"}).err,
              HasSubstr("2 URLs not asked for: --max-pages-per-host or --max-bytes-per-host; the same command goes on\n"));
  EXPECT_EQ(RunJson({})["fetched"], 2) << "those that are left, without --recrawl";
  EXPECT_EQ(Stored(Path("index")).size(), 4U);
  EXPECT_THAT(Run({}).err, HasSubstr("every known URL was asked for before"));
}

TEST_F(Crawl, HostsHaveABudgetOfBytes) {
  const Ended ended = Run({"--max-bytes-per-host", "1"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("fetched 1 page "));
  EXPECT_THAT(ended.err, HasSubstr("3 URLs not asked for: --max-bytes-per-host; the same command goes on\n"));
  EXPECT_EQ(RunJson({"--recrawl", "--max-bytes-per-host", "1M"})["over_budget"], 0);
  EXPECT_EQ(Stored(Path("index")).size(), 4U);
  for (const char* wrong : {"0", "", "many", "1X"}) {
    const Ended refused = Run({std::string("--max-bytes-per-host=") + wrong});
    EXPECT_NE(refused.code, 0) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("--max-bytes-per-host")) << wrong;
  }
}

// The figures of the first line add up to what was fetched, and each has its number.
TEST_F(Crawl, ASummaryAddsUp) {
  server_.Route("/robots.txt", PageOf("User-agent: *\nDisallow: /secret\n", "Content-Type: text/plain\r\n"));
  server_.Route("/", PageOf("<title>All</title><a href=a></a><a href=copy></a><a href=secret></a><a href=moved></a><a href=quiet></a>"
                            "<a href=gone></a><a href=mute></a>"));
  server_.Route("/copy", PageOf(kSoup));
  server_.Route("/moved", crawler::RedirectTo("/a"));
  server_.Route("/quiet", PageOf("<meta name=robots content=noindex>hush"));
  server_.Route("/gone", crawler::StatusOnly("404 Not Found"));
  server_.Route("/mute", crawler::Raw(""));
  const Ended ended = Run({"--patience", "0"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("fetched 6 pages in "));
  EXPECT_THAT(ended.err, HasSubstr(" s: 2 stored, 0 not modified, 1 duplicate, 1 redirect, 1 page with noindex, 1 error\n1 error without an answer\n"
                                   "1 URL not asked for: robots.txt forbids it\n"));
  EXPECT_THAT(RunSakuin({"crawl", "--report", Path("state")}).out, HasSubstr(" 1  host\n"));
}

TEST_F(Crawl, ASummaryOfSeveralOfAKind) {
  server_.Route("/", PageOf("<a href=m1></a><a href=m2></a><a href=q1></a><a href=q2></a>"));
  for (const char* path : {"/m1", "/m2"}) server_.Route(path, crawler::RedirectTo("/"));
  for (const char* path : {"/q1", "/q2"}) server_.Route(path, PageOf("<meta name=robots content=noindex>hush"));
  EXPECT_THAT(Run({}).err, HasSubstr("1 stored, 0 not modified, 0 duplicates, 2 redirects, 2 pages with noindex, 0 errors\n"));
}

TEST_F(Crawl, JsonTellsWhatStayedEmpty) {
  std::string examples;
  for (int i = 0; i < 10; ++i) {
    examples += json{{"id", "f" + std::to_string(i)}, {"label", "food"}, {"text", "soup noodle rice bowl cook"}}.dump() + "\n";
    examples += json{{"id", "t" + std::to_string(i)}, {"label", "travel"}, {"text", "train station ticket hotel map"}}.dump() + "\n";
  }
  Write("train.jsonl", examples);
  EXPECT_EQ(RunSakuin({"classify", "train", "--model", Path("topics.model"), Path("train.jsonl")}).code, 0);
  Write("schema.toml", "id_field = \"url\"\n[fields]\ncategory = {classifier = \"topics.model\", from = [\"body\"], threshold = 0.9}\n");
  server_.Route("/", PageOf("<a href=a></a><a href=b></a><a href=c></a><p>soup noodle"));
  const json done = RunJson({"--schema", Path("schema.toml")});
  EXPECT_EQ(done["stored"], 4);
  EXPECT_EQ(done["unsure"], (json{{"category", 1}})) << "xyzzy is no word of the model";
}

// What is read from an archive is what was read from the network.
TEST_F(Crawl, AnArchiveGivesTheSameDocuments) {
  EXPECT_EQ(RunJson({"--warc", Path("pages.warc.gz")})["stored"], 4);
  const Ended indexed = RunSakuin({"index", "--index", Path("again"), Path("pages.warc.gz")});
  EXPECT_EQ(indexed.code, 0) << indexed.err;
  const std::map<std::string, json> crawled = Stored(Path("index"));
  EXPECT_EQ(crawled, Stored(Path("again")));
  const json page = crawled.at(server_.Url("/a"));
  EXPECT_EQ(page["headings"], "Bowls");
  EXPECT_EQ(page["date"], "2024-02-29T00:00:00Z");
  EXPECT_EQ(page["site"], "127.0.0.1");
  EXPECT_EQ(crawled.at(server_.Url("/b"))["title"], "語");
}

TEST_F(Crawl, AnArchiveGivesTheSameIndex) {
  EXPECT_EQ(RunJson({"--warc", Path("pages.warc.zst"), "--analyzer", "english"})["stored"], 4);
  EXPECT_EQ(RunSakuin({"index", "--index", Path("again"), "--analyzer", "english", Path("pages.warc.zst")}).code, 0);
  const std::string schema = *PosixFileSystem().ReadAll(Path("index/schema.toml"));
  EXPECT_EQ(schema, *PosixFileSystem().ReadAll(Path("again/schema.toml")));
  EXPECT_THAT(schema, HasSubstr("[fields.'title']\ntype = \"text\"\nanalyzer = 'english'\n"));
  const auto answer = [this](const std::string& index, const std::string& filter, const std::string& query) {
    json found = json::parse(RunSakuin({"search", "--index", Path(index), "--json", "--highlight", "--filter", filter, query}).out, nullptr, false);
    for (const char* of_this_search : {"took_us", "coverage"}) found.erase(of_this_search);
    return found;
  };
  const std::map<std::string, size_t> filters = {{"url:" + server_.Url("/a"), 1}, {"url:" + server_.Url("/") + "*", 4}, {"site:127.0.0.1", 4},
                                                 {"lang:en", 2},                  {"date:2024-02", 1},               {"url:a", 0},
                                                 {"fetched_at:>=2020", 4},        {"title:soups", 1},                {"site:0", 0}};
  for (const auto& [filter, found] : filters) {
    const json crawled = answer("index", filter, "*");
    EXPECT_EQ(crawled["hits"].size(), found) << filter;
    EXPECT_EQ(crawled, answer("again", filter, "*")) << filter;
  }
  for (const char* query : {"soup bowls", "train OR xyzzy", "\"rice bowl\""}) {
    EXPECT_EQ(answer("index", "*", query), answer("again", "*", query)) << query;
  }
}

// Whatever else an index is for: an address is found whole, and by its beginning.
TEST_F(Crawl, PagesKeepTheirTypesInIndexesOfOthers) {
  Write("own.toml", "analyzer = \"english\"\n[fields.lang]\ntype = \"text\"\nanalyzer = \"standard\"\n");
  Write("rows.jsonl", "{\"id\": \"1\", \"title\": \"a row\"}\n");
  const auto found = [this](const std::string& index, const std::string& filter) {
    return json::parse(RunSakuin({"search", "--index", Path(index), "--json", "--filter", filter, "*"}).out, nullptr, false)["hits"].size();
  };
  const std::vector<std::string> crawl = {"crawl", "--rate", "0", "--allow-private", server_.Url("/"), "--into"};
  const auto crawl_into = [&](const std::string& index, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = crawl;
    arguments.push_back(Path(index));
    arguments.insert(arguments.end(), {"--state", Path(index + "-state")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunSakuin(arguments);
  };
  EXPECT_EQ(crawl_into("described", {"--schema", Path("own.toml")}).err.find("did not bring"), std::string::npos);
  EXPECT_EQ(RunSakuin({"index", "--index", Path("rows"), Path("rows.jsonl")}).code, 0);
  EXPECT_THAT(crawl_into("rows", {}).err, HasSubstr("rows holds documents that this crawl did not bring"));
  EXPECT_EQ(crawl_into("rows", {"--recrawl"}).err.find("did not bring"), std::string::npos) << "told once";
  for (const char* index : {"described", "rows"}) {
    EXPECT_EQ(found(index, "url:" + server_.Url("/a")), 1U) << index;
    EXPECT_EQ(found(index, "url:" + server_.Url("/") + "*"), 4U) << index;
    EXPECT_EQ(found(index, "site:127.0.0.1"), 4U) << index;
  }
  EXPECT_THAT(*PosixFileSystem().ReadAll(Path("described/schema.toml")), HasSubstr("[fields.'lang']\ntype = \"text\"\nanalyzer = 'standard'"));
}

// Nor is a file another page, but for where it was found.
TEST_F(Crawl, AFileGivesTheSameFields) {
  RunJson({});
  Write("a.html", kSoup);
  EXPECT_EQ(RunSakuin({"index", "--index", Path("files"), Path("a.html")}).code, 0);
  json crawled = Stored(Path("index")).at(server_.Url("/a"));
  json read = Stored(Path("files")).begin()->second;
  for (const char* of_crawl : {"url", "site", "fetched_at"}) crawled.erase(of_crawl);
  read.erase("url");
  EXPECT_EQ(read, crawled);
}

}  // namespace
}  // namespace sakuin::cli
