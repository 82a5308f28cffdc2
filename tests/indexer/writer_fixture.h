// writer_fixture.h: a writer in a scratch folder, beside a map that says what the
// index must hold.
//
//   class RefreshTest : public WriterFixture {};
//   TEST_F(RefreshTest, ...) {
//     auto writer = OpenWriter({.shards = 2, .journal = true});
//     Add(*writer, "k1", "all about foxes");                       // into the index and into model_
//     EXPECT_EQ(Found(**searcher::Searcher::Make(*writer->Refresh())), model_);
//   }
//
// Every text begins with the word "all", by which Found() asks for it. Not
// thread-safe; what cannot be done fails the test.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {

struct WriterKind {
  uint32_t shards = 1;
  size_t threads = 2;
  bool journal = false;
  uint64_t merge_bytes_per_second = 0;  // 0: as fast as it goes
};

class WriterFixture : public testing::Test {
 protected:
  using Model = std::map<std::string, std::string>;  // key to what is stored

  std::unique_ptr<IndexWriter> OpenWriter(const WriterKind& kind = {}) { return OpenWriterOn(fs_, kind); }

  std::unique_ptr<IndexWriter> OpenWriterOn(FileSystem& fs, const WriterKind& kind) {
    IndexWriterOptions options;
    options.memory_bytes = size_t{8} << 20;
    options.threads = kind.threads;
    options.journal = kind.journal;
    options.merge_bytes_per_second = kind.merge_bytes_per_second;
    options.schema = EmptySchema();
    options.schema.shards = kind.shards;
    auto writer = IndexWriter::Open(fs, folder_, std::move(options));
    EXPECT_TRUE(writer.ok()) << writer.status().ToString();
    return *std::move(writer);
  }

  void Add(IndexWriter& writer, const std::string& key, const std::string& text, const std::string& field = "body") {
    index::Document document;
    document.key = key;
    document.fields = {{field, text}};
    document.stored = "{\"" + field + "\":\"" + text + "\"}";
    model_[key] = document.stored;
    ASSERT_TRUE(writer.Add(std::move(document)).ok());
  }

  void Delete(IndexWriter& writer, const std::string& key) {
    ASSERT_TRUE(writer.Delete(key).ok());
    model_.erase(key);
  }

  // All documents, as a search finds them.
  static Model Found(const searcher::Searcher& searcher) {
    searcher::SearchRequest request;
    request.query = searcher::ParsePlain("all");
    request.top = 100'000;
    const Result<searcher::SearchAnswer> answer = searcher.Search(request);
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    Model found;
    for (const searcher::Hit& hit : answer->hits) found[hit.key] = hit.stored;
    EXPECT_EQ(found.size(), answer->hits.size()) << "a key is found twice";
    EXPECT_EQ(answer->total, answer->hits.size());
    EXPECT_EQ(searcher.snapshot().documents(), answer->total);
    return found;
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("index");
  Model model_;
};

}  // namespace sakuin::indexer
