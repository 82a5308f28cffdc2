// The writer against a map of documents: upserts, deletes, versions, shards,
// merges and reopening. Answers come through the searcher.

#include "indexer/index_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

#include "indexer/index_verifier.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

index::Document MakeDocument(const std::string& key, const std::string& body, uint64_t version = 0) {
  index::Document document;
  document.key = key;
  document.version = version;
  document.fields = {{"body", body}};
  document.stored = "{\"id\":\"" + key + "\",\"body\":\"" + body + "\"}";
  return document;
}

class IndexWriterTest : public testing::Test {
 protected:
  std::unique_ptr<IndexWriter> OpenWriter(uint32_t shards = 1, size_t threads = 2, bool journal = false) {
    IndexWriterOptions options;
    options.memory_bytes = size_t{8} << 20;
    options.threads = threads;
    options.journal = journal;
    options.schema = EmptySchema();
    options.schema.shards = shards;
    auto writer = IndexWriter::Open(fs_, folder_, std::move(options));
    EXPECT_TRUE(writer.ok()) << writer.status().ToString();
    return *std::move(writer);
  }

  uint64_t Count(const std::string& word) {
    const auto searcher = searcher::Searcher::Open(fs_, folder_);
    EXPECT_TRUE(searcher.ok()) << searcher.status().ToString();
    return *(*searcher)->Count(searcher::ParsePlain(word));
  }

  // Every hit of a word with its score, as text.
  std::string Answer(const std::string& words) {
    const auto searcher = searcher::Searcher::Open(fs_, folder_);
    EXPECT_TRUE(searcher.ok()) << searcher.status().ToString();
    searcher::SearchRequest request;
    request.query = searcher::ParsePlain(words);
    request.top = 1000;
    const Result<searcher::SearchAnswer> answer = (*searcher)->Search(request);
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    if (!answer.ok()) return answer.status().ToString();
    std::string text;
    for (const searcher::Hit& hit : answer->hits) text += hit.key + ":" + std::to_string(hit.score) + " ";
    return text;
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("index");
};

TEST_F(IndexWriterTest, ANewerDocumentReplacesAnOlderOne) {
  auto writer = OpenWriter();
  ASSERT_TRUE(writer->Add(MakeDocument("a", "first")).ok());
  ASSERT_TRUE(writer->Add(MakeDocument("a", "second")).ok());  // in the same segment
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Count("first"), 0U);
  EXPECT_EQ(Count("second"), 1U);
  ASSERT_TRUE(writer->Add(MakeDocument("a", "third")).ok());  // in a later one
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Count("second"), 0U);
  EXPECT_EQ(Count("third"), 1U);
  EXPECT_EQ(writer->documents(), 1U);
}

TEST_F(IndexWriterTest, AnOlderVersionNeverOverwritesANewerOne) {
  auto writer = OpenWriter();
  ASSERT_TRUE(writer->Add(MakeDocument("a", "five", 5)).ok());
  ASSERT_TRUE(writer->Add(MakeDocument("a", "four", 4)).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Add(MakeDocument("a", "three", 3)).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Count("five"), 1U);
  EXPECT_EQ(Count("four") + Count("three"), 0U);
  ASSERT_TRUE(writer->Add(MakeDocument("a", "six", 6)).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Count("six"), 1U);
  EXPECT_EQ(Count("five"), 0U);
}

TEST_F(IndexWriterTest, ASecondWriterIsRefused) {
  auto writer = OpenWriter();
  const auto second = IndexWriter::Open(fs_, folder_, {});
  EXPECT_EQ(second.status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(IndexWriterTest, WhatWasSyncedIsFoundAfterTheWriterDies) {
  {
    auto writer = OpenWriter(1, 2, true);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer->Add(MakeDocument("k" + std::to_string(i), "word" + std::to_string(i))).ok());
    ASSERT_TRUE(writer->Delete("k7").ok());
    ASSERT_TRUE(writer->Sync().ok());
  }  // without Commit
  ASSERT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
  EXPECT_EQ(Count("word42"), 1U);
  EXPECT_EQ(Count("word7"), 0U);
  EXPECT_TRUE(VerifyIndex(fs_, folder_).empty());
}

constexpr int kWrites = kSanitized ? 800 : 3000;

// The same random writes, however the index is cut up, give the same documents,
// scores to the last digit, and order.
TEST_F(IndexWriterTest, AnswersDoNotDependOnShardsSegmentsOrThreads) {
  const std::string base = folder_;
  std::vector<std::string> answers;
  for (const auto& [shards, threads, commits] : std::vector<std::tuple<uint32_t, size_t, int>>{{1, 1, 1}, {1, 4, 7}, {3, 2, 20}}) {
    folder_ = base + std::to_string(shards) + "-" + std::to_string(threads);
    std::filesystem::remove_all(folder_);
    auto writer = OpenWriter(shards, threads);
    std::mt19937 random(11);
    std::map<std::string, std::string> expected;
    for (int i = 0; i < kWrites; ++i) {
      const std::string key = "key" + std::to_string(random() % 1000);
      if (random() % 5 == 0) {
        ASSERT_TRUE(writer->Delete(key).ok());
        expected.erase(key);
      } else {
        std::string body = "all";
        for (uint32_t w = random() % 30; w > 0; --w) body += " w" + std::to_string(random() % (1U << random() % 8));
        ASSERT_TRUE(writer->Add(MakeDocument(key, body)).ok());
        expected[key] = body;
      }
      if (i % (kWrites / commits) == 0) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    ASSERT_TRUE(writer->Commit().ok());
    EXPECT_EQ(writer->documents(), expected.size());
    EXPECT_EQ(Count("all"), expected.size());
    EXPECT_TRUE(VerifyIndex(fs_, folder_).empty());
    answers.push_back(Answer("w0 w1 w17"));
    ASSERT_TRUE(writer->Optimize().ok());
    answers.push_back(Answer("w0 w1 w17"));
    std::filesystem::remove_all(folder_);
  }
  ASSERT_GT(answers[0].size(), 100U);
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
  folder_ = base;
}

}  // namespace
}  // namespace sakuin::indexer
