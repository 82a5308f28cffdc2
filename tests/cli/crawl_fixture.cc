#include "tests/cli/crawl_fixture.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "crawler/fetch_log.h"
#include "tests/base/sanitized.h"

namespace sakuin::cli {
namespace {

std::vector<std::string> ArgumentsFor(const std::string& index, const std::string& state, const char* timeout) {
  return {"crawl", "--into", index, "--state", state, "--allow-private", "--rate", "0", "--per-host", "16", "--timeout", timeout, "--patience", "0"};
}

}  // namespace

std::vector<std::string> CrawlTest::Arguments(const std::vector<std::string>& seeds, const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = ArgumentsFor(index_, state_, kTimeout);
  for (const std::string& word : more) {
    const auto before = std::find(arguments.begin(), arguments.end(), word);
    if (word.starts_with("--") && before != arguments.end()) arguments.erase(before, before + 2);
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.insert(arguments.end(), seeds.begin(), seeds.end());
  return arguments;
}

Ended CrawlTest::Crawl(const std::vector<std::string>& seeds, const std::vector<std::string>& more) const {
  return RunSakuin(Arguments(seeds, more));
}

std::set<std::string> CrawlTest::Indexed() const {
  const Ended ended = RunSakuin({"search", "--index", index_, "--json", "--top", "1000000", "*"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  std::set<std::string> keys;
  const nlohmann::json answer = nlohmann::json::parse(ended.out, nullptr, false);
  if (!answer.is_object()) return keys;
  for (const auto& hit : answer["hits"]) EXPECT_TRUE(keys.insert(hit["key"]).second) << hit["key"] << " twice";
  return keys;
}

std::map<std::string, crawler::FetchRecord> CrawlTest::Logged() const {
  std::map<std::string, crawler::FetchRecord> records;
  const std::string path = JoinPath(state_, crawler::kFetchLogFile);
  if (!PosixFileSystem().Exists(path)) return records;
  const auto broken = crawler::ReadFetchLog(PosixFileSystem(), path, [&](const crawler::FetchRecord& record) { records[record.url] = record; });
  EXPECT_TRUE(broken.ok() && *broken == 0) << broken.status().ToString();
  return records;
}

std::set<std::string> CrawlTest::LoggedAsStored() const {
  std::set<std::string> urls;
  for (const auto& [url, record] : Logged()) {
    if (record.outcome == crawler::Outcome::kStored) urls.insert(url);
  }
  return urls;
}

std::string CrawlTest::Report() const {
  const Ended ended = RunSakuin({"crawl", "--report", state_});
  EXPECT_EQ(ended.code, 0) << ended.err;
  return ended.out;
}

void CrawlTest::ExpectSound() const {
  const Ended verified = RunSakuin({"verify", index_});
  EXPECT_EQ(verified.code, 0) << verified.err;
}

std::string PageWith(const std::string& words, const std::vector<std::string>& links) {
  std::string html = "<title>" + words + "</title><p>" + words + "</p>";
  for (const std::string& link : links) html += "<a href='" + link + "'></a>";
  return html;
}

std::string Repeated(std::string_view piece, size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) all += piece;
  return all;
}

void CrawlTest::ExpectMemory(const Ended& ended, uint64_t more) {
  if (kSanitized) return;
  const ScratchFolder scratch;
  crawler::HttpServer server;
  server.Route("/", crawler::PageOf(PageWith("small")));
  std::vector<std::string> arguments = ArgumentsFor(scratch.Path("index"), scratch.Path("state"), "60");
  arguments.push_back(server.Url("/"));
  const Ended small = RunSakuin(arguments);
  EXPECT_EQ(small.code, 0) << small.err;
  EXPECT_LE(ended.peak_bytes, small.peak_bytes + more) << small.peak_bytes << " of a small crawl";
}

}  // namespace sakuin::cli
