// The writer against a map of documents: upserts, deletes, versions, shards,
// merges and reopening. Answers come through the searcher.

#include "indexer/index_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

#include "index/filename.h"
#include "index/snapshot.h"
#include "indexer/index_verifier.h"
#include "indexer/mapped_document.h"
#include "indexer/schema_file.h"
#include "searcher/searcher.h"
#include "tests/base/sanitized.h"
#include "tests/indexer/writer_fixture.h"

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

class IndexWriterTest : public WriterFixture {
 protected:
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
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
}

TEST_F(IndexWriterTest, BesideAWriterThereIsNothingToBringIn) {
  auto writer = OpenWriter({.journal = true});
  ASSERT_TRUE(writer->Add(MakeDocument("a", "apple")).ok());
  ASSERT_TRUE(writer->Sync().ok());
  EXPECT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
}

TEST_F(IndexWriterTest, WhatWasSyncedIsFoundAfterTheWriterDies) {
  {
    auto writer = OpenWriter({.journal = true});
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer->Add(MakeDocument("k" + std::to_string(i), "word" + std::to_string(i))).ok());
    ASSERT_TRUE(writer->Delete("k7").ok());
    ASSERT_TRUE(writer->Sync().ok());
  }  // without Commit
  ASSERT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
  EXPECT_EQ(Count("word42"), 1U);
  EXPECT_EQ(Count("word7"), 0U);
  EXPECT_TRUE(VerifyIndex(fs_, folder_).empty());
}

// The files of a folder with their bytes.
std::map<std::string, std::string> FilesOf(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files[entry.path().filename()] = *PosixFileSystem().ReadAll(entry.path());
  return files;
}

TEST_F(IndexWriterTest, AnIndexWithoutCurrentIsDamagedAndStaysAsItIs) {
  for (const char* word : {"first", "second"}) {
    auto writer = OpenWriter();
    ASSERT_TRUE(writer->Add(MakeDocument(word, word)).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, "CURRENT")).ok());
  const auto files = FilesOf(folder_);
  EXPECT_EQ(IndexWriter::Open(fs_, folder_, {}).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(RecoverIfNeeded(fs_, folder_).code(), StatusCode::kDataLoss);
  EXPECT_EQ(FilesOf(folder_), files);
}

TEST_F(IndexWriterTest, AMissingFileOfAGenerationIsDamage) {
  {
    auto writer = OpenWriter();
    for (const char* key : {"a", "b"}) ASSERT_TRUE(writer->Add(MakeDocument(key, "apple")).ok());
    ASSERT_TRUE(writer->Commit().ok());
    ASSERT_TRUE(writer->Delete("a").ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  for (const auto& [name, bytes] : FilesOf(folder_)) {
    if (name == index::kCurrentFile || name == index::kSchemaFile) continue;
    const std::string path = JoinPath(folder_, name);
    ASSERT_TRUE(fs_.Remove(path).ok());
    for (const Status& status : {index::Snapshot::Open(fs_, folder_).status(), IndexWriter::Open(fs_, folder_, {}).status()}) {
      EXPECT_EQ(status.code(), StatusCode::kDataLoss) << status.ToString();
      EXPECT_NE(status.message().find(name), std::string::npos) << status.message();
      EXPECT_NE(status.message().find("from a backup"), std::string::npos) << status.message();
    }
    ASSERT_TRUE(WriteFileAtomically(fs_, path, bytes).ok());
  }
  EXPECT_EQ(Count("apple"), 1U);
}

TEST_F(IndexWriterTest, AFirstGenerationWithoutCurrentIsTakenUp) {
  {
    auto writer = OpenWriter();
    ASSERT_TRUE(writer->Add(MakeDocument("a", "first")).ok());
    ASSERT_TRUE(writer->Commit().ok());
    ASSERT_EQ(writer->generation(), 1U);
  }
  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, "CURRENT")).ok());
  EXPECT_EQ(Count("first"), 1U);
  {
    auto writer = OpenWriter();
    EXPECT_TRUE(fs_.Exists(JoinPath(folder_, "CURRENT")));
    ASSERT_TRUE(writer->Add(MakeDocument("b", "second")).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  EXPECT_EQ(Count("first"), 1U);
  EXPECT_EQ(Count("second"), 1U);
}

TEST_F(IndexWriterTest, ASchemaThatAPersonWroteIsNotOverwritten) {
  const std::string path = JoinPath(folder_, "schema.toml");
  const std::string text = "# mine\nid_field = \"key\"\n[fields.body]\nanalyzer = \"english\"\n";
  ASSERT_TRUE(fs_.CreateFolder(folder_).ok());
  ASSERT_TRUE(WriteFileAtomically(fs_, path, text).ok());
  const Status refused = IndexWriter::Open(fs_, folder_, {}).status();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find("--schema"), std::string::npos) << refused.message();
  EXPECT_EQ(FilesOf(folder_), (std::map<std::string, std::string>{{"schema.toml", text}}));
  IndexWriterOptions asked;
  asked.schema = *ParseSchema(text, false);
  const auto writer = IndexWriter::Open(fs_, folder_, asked);
  ASSERT_TRUE(writer.ok()) << writer.status().ToString();
  EXPECT_EQ((*writer)->schema().id_field, "key");
}

// It may have to wait for what is indexed: not in vain.
TEST_F(IndexWriterTest, TheSchemaOfANewIndexIsAskedForWhenItIsSureToBeOne) {
  IndexWriterOptions options;
  int asked = 0;
  options.new_schema = [&]() -> Result<index::Schema> {
    ++asked;
    EXPECT_EQ(fs_.LockFolder(folder_).status().code(), StatusCode::kUnavailable);
    return ParseSchema("id_field = \"url\"", false);
  };
  {
    ASSERT_TRUE(fs_.CreateFolder(folder_).ok());
    const auto lock = fs_.LockFolder(folder_);
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(IndexWriter::Open(fs_, folder_, options).status().code(), StatusCode::kUnavailable);
  }
  EXPECT_EQ(asked, 0);
  for (int times = 0; times < 2; ++times) {
    const auto writer = IndexWriter::Open(fs_, folder_, options);
    ASSERT_TRUE(writer.ok()) << writer.status().ToString();
    EXPECT_EQ((*writer)->schema().id_field, "url");
    ASSERT_TRUE((*writer)->Add(MakeDocument("a", "apple")).ok());
    ASSERT_TRUE((*writer)->Commit().ok());
    EXPECT_EQ(asked, 1) << "only for a new one";
  }
  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, "CURRENT")).ok());
  EXPECT_EQ(IndexWriter::Open(fs_, folder_, options).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(asked, 1) << "nor for a damaged one";
}

TEST_F(IndexWriterTest, AnAcknowledgedWriteThatNoLongerFitsIsSaidToBe) {
  {
    auto writer = OpenWriter({.journal = true});
    ASSERT_TRUE(writer->Add(MakeDocument("first", "apple")).ok());
    ASSERT_TRUE(writer->Commit().ok());
    index::Document priced = MakeDocument("priced", "plum");
    priced.fields.push_back({"price", std::string("cheap")});
    ASSERT_TRUE(writer->Add(std::move(priced)).ok());
    ASSERT_TRUE(writer->Sync().ok());
  }
  const std::string path = JoinPath(folder_, "schema.toml");
  const std::string before = *fs_.ReadAll(path);
  ASSERT_TRUE(WriteFileAtomically(fs_, path, before + "\n[fields.price]\ntype = \"integer\"\n").ok());
  for (const Status& status : {RecoverIfNeeded(fs_, folder_), IndexWriter::Open(fs_, folder_, {}).status()}) {
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << status.ToString();
    EXPECT_NE(status.message().find("journal-"), std::string::npos) << status.message();
    EXPECT_NE(status.message().find("'priced'"), std::string::npos) << status.message();
  }
  ASSERT_TRUE(WriteFileAtomically(fs_, path, before).ok());
  ASSERT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
  EXPECT_EQ(Count("apple"), 1U);
  EXPECT_EQ(Count("plum"), 1U);
}

// Two edits that a writer refuses: the schema's analyzer, and a field's.
TEST_F(IndexWriterTest, AcknowledgedWritesThatARefusedSchemaKeepsOutAreSaidToBe) {
  {
    auto writer = OpenWriter({.journal = true});
    ASSERT_TRUE(writer->Add(MakeDocument("first", "apple")).ok());
    ASSERT_TRUE(writer->Commit().ok());
    ASSERT_TRUE(writer->Add(MakeDocument("second", "plum")).ok());
    ASSERT_TRUE(writer->Sync().ok());
  }
  const std::string path = JoinPath(folder_, "schema.toml");
  const std::string before = *fs_.ReadAll(path);
  for (const size_t at : {before.find("standard"), before.rfind("standard")}) {
    std::string edited = before;
    edited.replace(at, 8, "english");
    ASSERT_TRUE(WriteFileAtomically(fs_, path, edited).ok());
    const Status refused = RecoverIfNeeded(fs_, folder_);
    EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition) << refused.ToString();
    EXPECT_NE(refused.message().find("acknowledged"), std::string::npos) << refused.message();
    EXPECT_NE(refused.message().find("take the edit back"), std::string::npos) << refused.message();
    EXPECT_EQ(*fs_.ReadAll(path), edited);
  }
  ASSERT_TRUE(WriteFileAtomically(fs_, path, before).ok());
  ASSERT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
  EXPECT_EQ(Count("apple"), 1U);
  EXPECT_EQ(Count("plum"), 1U);
}

TEST(LaneBytes, AreAtMostWhatAddressesReach) {
  EXPECT_EQ(LaneBytes(size_t{16} << 30, 1), size_t{2} << 30);
  EXPECT_EQ(LaneBytes(size_t{16} << 30, 8), size_t{1} << 30);
  EXPECT_EQ(LaneBytes(size_t{8} << 20, 8), size_t{1} << 20);
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
    auto writer = OpenWriter({.shards = shards, .threads = threads});
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
