// A new order of the documents changes nothing but where they lie: every answer
// before and after is the same, to the last digit of every score.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "index/snapshot.h"
#include "indexer/index_verifier.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

constexpr int kTopics = 12;

std::string Word(std::mt19937& random, uint32_t topic) {
  if (random() % 4 == 0) return "common" + std::to_string(random() % (1U << random() % 6));
  return "t" + std::to_string(topic) + "w" + std::to_string(random() % (1U << random() % 7));
}

std::string Text(std::mt19937& random, uint32_t topic, uint32_t words) {
  std::string text;
  for (uint32_t i = 0; i < words; ++i) text += (i == 0 ? "" : " ") + Word(random, topic);
  return text;
}

// All kinds of fields, and a second view (overlapping bigrams of Japanese text).
index::Document MakeDocument(std::mt19937& random, uint32_t number) {
  const uint32_t topic = number % kTopics;
  index::Document document;
  document.key = "k" + std::to_string(number * 7919 % 100003);
  document.version = random() % 3 == 0 ? 1 + random() % 9 : 0;
  const std::string title = Text(random, topic, 1 + random() % 5);
  document.fields = {{"title", title}, {"body", Text(random, topic, 1 + random() % 40)}, {"views", static_cast<int64_t>(random() % 50)}};
  if (random() % 3 != 0) document.fields.push_back({"price", static_cast<double>(random() % 1000) / 8});
  if (random() % 5 == 0) document.fields.push_back({"views", static_cast<int64_t>(random() % 50)});
  document.fields.push_back({"kind", "kind" + std::to_string(random() % 5)});
  if (random() % 2 == 0) document.fields.push_back({"ja", std::string(random() % 2 == 0 ? "東京都の図書館で本を読む" : "京都の寺と東京の塔")});
  document.stored = R"({"id":")" + document.key + R"(","title":")" + title + R"(","n":)" + std::to_string(number) + "}";
  return document;
}

index::Schema MakeSchema(uint32_t shards) {
  index::Schema schema = EmptySchema();
  schema.shards = shards;
  index::Field kind;
  kind.name = "kind";
  kind.type = index::FieldType::kKeyword;
  index::Field ja;
  ja.name = "ja";
  ja.analyzer = "japanese";
  schema.fields.push_back(kind);
  schema.fields.push_back(ja);
  return schema;
}

class ReorderTest : public testing::Test {
 protected:
  std::unique_ptr<IndexWriter> OpenWriter(uint32_t shards, size_t memory_bytes = size_t{64} << 20, size_t threads = 3) {
    IndexWriterOptions options;
    options.memory_bytes = memory_bytes;
    options.threads = threads;
    options.schema = MakeSchema(shards);
    auto writer = IndexWriter::Open(fs_, folder_, std::move(options));
    EXPECT_TRUE(writer.ok()) << writer.status().ToString();
    return *std::move(writer);
  }

  void Fill(IndexWriter& writer, uint32_t documents) {
    std::mt19937 random(3);
    for (uint32_t i = 0; i < documents; ++i) {
      ASSERT_TRUE(writer.Add(MakeDocument(random, i)).ok());
      if (i % 10 == 9) {
        ASSERT_TRUE(writer.Delete("k" + std::to_string((random() % i) * 7919 % 100003)).ok());
      }
    }
  }

  // Keys, where documents lie.
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    const auto snapshot = *index::Snapshot::Open(fs_, folder_);
    for (const index::Snapshot::Part& part : snapshot->parts()) {
      for (index::DocId doc = 0; doc < part.segment->documents(); ++doc) keys.emplace_back(part.segment->key(doc));
    }
    return keys;
  }

  uint64_t Bytes() {
    uint64_t bytes = 0;
    const auto snapshot = *index::Snapshot::Open(fs_, folder_);
    for (const index::SegmentEntry& segment : snapshot->manifest().segments) bytes += segment.bytes;
    return bytes;
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("index");
};

std::string Describe(const searcher::SearchAnswer& answer) {
  std::string text = std::to_string(answer.total) + "\n";
  char score[32];
  for (const searcher::Hit& hit : answer.hits) {
    std::snprintf(score, sizeof(score), "%a", static_cast<double>(hit.score));
    text += hit.key + " " + score + " " + hit.stored;
    for (const auto& [field, pieces] : hit.highlights) {
      for (const searcher::HighlightedText& piece : pieces) text += " [" + field + ":" + piece.text + std::to_string(piece.ranges.size()) + "]";
    }
    text += "\n";
  }
  for (const auto& [field, counts] : answer.facets) {
    for (const searcher::FacetCount& count : counts) {
      text += field + " " + std::to_string(count.value.index()) + " " + std::to_string(count.count) + "\n";
    }
  }
  return text;
}

searcher::SearchRequest RandomRequest(std::mt19937& random, const searcher::Searcher& searcher) {
  const std::string a = Word(random, random() % kTopics);
  const std::string b = Word(random, random() % kTopics);
  const std::vector<std::string> shapes = {a,
                                           a + " " + b,
                                           "+" + a + " " + b,
                                           a + " -" + b,
                                           "\"" + a + " " + b + "\"~3",
                                           "title:" + a + " OR body:" + b,
                                           a.substr(0, 3) + "*",
                                           "views:[10 TO 20] " + a,
                                           "ja:東京 " + a,
                                           "東京の図書館"};
  searcher::SearchRequest request;
  const std::string& text = shapes[random() % shapes.size()];
  const auto query = searcher::ParseQuery(text, searcher.parse_options(false));
  EXPECT_TRUE(query.ok()) << text << ": " << query.status().ToString();
  request.query = query->query;
  request.top = 1 + random() % 60;
  request.highlight = random() % 2 == 0;
  if (random() % 3 == 0) request.facets = {"kind", "views"};
  if (random() % 4 == 0) request.sort = {{searcher::SortKey::Source::kField, "price", random() % 2 == 0}};
  if (random() % 4 == 0) request.ranking.kind = searcher::RankingKind::kBm25;
  if (random() % 6 == 0) request.collapse = "kind";
  return request;
}

std::vector<std::string> Answers(FileSystem& fs, const std::string& folder) {
  const auto searcher = *searcher::Searcher::Open(fs, folder);
  std::mt19937 random(29);
  std::vector<std::string> answers;
  for (int i = 0; i < 300; ++i) {
    const auto answer = searcher->Search(RandomRequest(random, *searcher));
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    answers.push_back(Describe(*answer));
  }
  return answers;
}

TEST_F(ReorderTest, EveryAnswerStaysTheSame) {
  for (const uint32_t shards : {1U, 3U}) {
    folder_ = scratch_.Path("index" + std::to_string(shards));
    auto writer = OpenWriter(shards);
    Fill(*writer, 6000);
    ASSERT_TRUE(writer->Optimize().ok());
    const std::vector<std::string> keys = Keys();
    const uint64_t bytes = Bytes();
    const std::vector<std::string> answers = Answers(fs_, folder_);
    ASSERT_GT(answers[0].size() + answers[1].size(), 1000U);

    ASSERT_TRUE(writer->Optimize({true, nullptr}).ok());
    EXPECT_TRUE(writer->warnings().empty());
    const std::vector<std::string> new_keys = Keys();
    EXPECT_NE(new_keys, keys);
    EXPECT_TRUE(std::is_permutation(keys.begin(), keys.end(), new_keys.begin(), new_keys.end()));
    EXPECT_LT(Bytes(), bytes);
    EXPECT_TRUE(VerifyIndex(fs_, folder_).empty());
    const std::vector<std::string> new_answers = Answers(fs_, folder_);
    for (size_t i = 0; i < answers.size(); ++i) ASSERT_EQ(new_answers[i], answers[i]) << "request " << i << ", " << shards << " shards";
  }
}

TEST_F(ReorderTest, TheOrderDoesNotDependOnThreads) {
  std::vector<std::vector<std::string>> keys;
  for (const size_t threads : {1U, 4U}) {
    folder_ = scratch_.Path("threads" + std::to_string(threads));
    {
      auto writer = OpenWriter(1, size_t{64} << 20, 1);  // the same order to begin with
      Fill(*writer, 2000);
      ASSERT_TRUE(writer->Commit().ok());
    }
    ASSERT_TRUE(OpenWriter(1, size_t{64} << 20, threads)->Optimize({true, nullptr}).ok());
    keys.push_back(Keys());
  }
  EXPECT_EQ(keys[0], keys[1]);
}

TEST_F(ReorderTest, WithTooLittleMemoryTheOrderStaysAndAWarningSaysSo) {
  {
    auto writer = OpenWriter(1);
    Fill(*writer, 3000);
    ASSERT_TRUE(writer->Optimize().ok());
  }
  const std::vector<std::string> keys = Keys();
  auto writer = OpenWriter(1, size_t{64} << 10);
  ASSERT_TRUE(writer->Optimize({true, nullptr}).ok());
  EXPECT_EQ(Keys(), keys);
  ASSERT_EQ(writer->warnings().size(), 1U);
  EXPECT_NE(writer->warnings()[0].find("documents keep their order"), std::string::npos) << writer->warnings()[0];
}

TEST_F(ReorderTest, AFullDiskIsAnErrorAndNoWarning) {
  {
    auto writer = OpenWriter(1);
    Fill(*writer, 500);
    ASSERT_TRUE(writer->Optimize().ok());
  }
  FaultyFileSystem full(fs_);
  IndexWriterOptions options;
  options.threads = 1;
  const auto writer = IndexWriter::Open(full, folder_, options);
  ASSERT_TRUE(writer.ok()) << writer.status().ToString();
  full.FailFrom(FaultyFileSystem::Operation::kWrite, 1, ENOSPC);
  EXPECT_EQ((*writer)->Optimize({true, nullptr}).code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE((*writer)->warnings().empty());
}

TEST_F(ReorderTest, WritesAndMergesGoOnAfterIt) {
  auto writer = OpenWriter(1);
  Fill(*writer, 2000);
  ASSERT_TRUE(writer->Optimize({true, nullptr}).ok());
  std::mt19937 random(8);
  for (uint32_t i = 1500; i < 3000; ++i) ASSERT_TRUE(writer->Add(MakeDocument(random, i)).ok());
  ASSERT_TRUE(writer->Delete(Keys()[0]).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const std::vector<std::string> answers = Answers(fs_, folder_);
  ASSERT_TRUE(writer->Optimize({true, nullptr}).ok());
  EXPECT_EQ(Answers(fs_, folder_), answers);
  EXPECT_TRUE(VerifyIndex(fs_, folder_).empty());
}

TEST_F(ReorderTest, AnIndexWithoutTextStaysAsItIs) {
  auto writer = OpenWriter(1);
  for (int i = 0; i < 200; ++i) {
    index::Document document;
    document.key = "k" + std::to_string(i);
    document.fields = {{"views", int64_t{i}}};
    document.stored = "{}";
    ASSERT_TRUE(writer->Add(std::move(document)).ok());
  }
  ASSERT_TRUE(writer->Optimize().ok());
  const std::vector<std::string> keys = Keys();
  const uint64_t generation = writer->generation();
  ASSERT_TRUE(writer->Optimize({true, nullptr}).ok());
  EXPECT_EQ(Keys(), keys);
  EXPECT_EQ(writer->generation(), generation);
}

}  // namespace
}  // namespace sakuin::indexer
