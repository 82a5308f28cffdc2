// An index whose texts another version of their analyzer has cut: searched with a warning, added to on request only.
#include <gtest/gtest.h>

#include "index/manifest.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/query_parser.h"
#include "searcher/searcher.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::searcher {
namespace {

class ChangedAnalysis : public testing::Test {
 protected:
  std::unique_ptr<indexer::IndexWriter> Writer(bool mix) {
    indexer::IndexWriterOptions options;
    options.threads = 1;
    options.mix_analyses = mix;
    options.schema = indexer::EmptySchema();
    return *indexer::IndexWriter::Open(fs_, folder_, std::move(options));
  }

  static Status Add(indexer::IndexWriter& writer, const std::string& key) {
    index::Document document;
    document.key = key;
    document.fields = {{"title", std::string("old fox")}, {"body", std::string("a fox runs")}, {"year", int64_t{1999}}};
    return writer.Add(std::move(document));
  }

  // As an index of an earlier version is: the fingerprint of one field is another.
  void ChangeFingerprintOf(const std::string& field) {
    index::Manifest manifest = *index::ReadCurrentManifest(fs_, folder_);
    for (index::SegmentEntry& segment : manifest.segments) segment.analyzers[manifest.schema.IdOf(field)] ^= 0x100;
    ++manifest.generation;
    ASSERT_TRUE(index::CommitManifest(fs_, folder_, manifest).ok());
  }

  SearchAnswer Search() const {
    SearchRequest request;
    request.query = ParsePlain("fox");
    return *(*Searcher::Open(fs_, folder_))->Search(request);
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("index");
};

TEST_F(ChangedAnalysis, IsToldBySearchAndStopsAdding) {
  {
    const auto writer = Writer(false);
    for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(Add(*writer, key).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  EXPECT_EQ(Search().warnings, std::vector<std::string>());
  ChangeFingerprintOf("body");
  ASSERT_EQ(Search().warnings.size(), 1U);
  EXPECT_NE(Search().warnings[0].find("field 'body'"), std::string::npos) << Search().warnings[0];
  EXPECT_EQ(Search().hits.size(), 3U);
  {
    const auto writer = Writer(false);
    const Status status = Add(*writer, "d");
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status.ToString();
    EXPECT_NE(status.message().find("field 'body'"), std::string::npos) << status.ToString();
    EXPECT_NE(status.message().find("IndexWriterOptions::mix_analyses"), std::string::npos) << status.ToString();
    ASSERT_TRUE(writer->Delete("a").ok());  // cuts nothing
    ASSERT_TRUE(writer->Optimize().ok());
  }
  EXPECT_EQ(Search().hits.size(), 2U);
  EXPECT_EQ(Search().warnings.size(), 1U);  // the merge forgot nothing
}

TEST_F(ChangedAnalysis, EndsWhenEverythingIsIndexedAgain) {
  {
    const auto writer = Writer(false);
    for (const char* key : {"a", "b"}) ASSERT_TRUE(Add(*writer, key).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  ChangeFingerprintOf("title");
  const auto writer = Writer(true);
  ASSERT_TRUE(Add(*writer, "a").ok());
  ASSERT_TRUE(writer->Optimize().ok());
  EXPECT_EQ(Search().warnings.size(), 1U);  // "b", now in one segment with "a"
  for (const char* key : {"a", "b"}) ASSERT_TRUE(Add(*writer, key).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Search().warnings, std::vector<std::string>());
  EXPECT_EQ(Search().hits.size(), 2U);
}

}  // namespace
}  // namespace sakuin::searcher
