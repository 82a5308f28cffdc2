#include "indexer/annotator.h"

#include <gtest/gtest.h>

#include "indexer/index_writer.h"
#include "indexer/schema_file.h"
#include "searcher/searcher.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

// Every document is about `what`, but for those with the key "bad".
class Always : public Annotator {
 public:
  explicit Always(std::string what) : what_(std::move(what)) {}

  Status Annotate(index::Document& document) override {
    if (document.key == "bad") return InvalidArgumentError("bad");
    document.fields.push_back({"kind", what_});
    return OkStatus();
  }

 private:
  std::string what_;
};

class AnnotatorTest : public testing::Test {
 protected:
  IndexWriterOptions Options(const std::string& what) const {
    IndexWriterOptions options;
    options.threads = 1;
    options.schema = *ParseSchema("[fields]\nkind = {classifier = \"/m\", from = [\"body\"]}", false);
    options.annotators = [what](const index::Schema& schema) -> Result<std::shared_ptr<Annotator>> {
      EXPECT_TRUE(schema.Find("kind")->annotated());
      if (what.empty()) return NotFoundError("no model");
      return std::shared_ptr<Annotator>(std::make_shared<Always>(what));
    };
    return options;
  }

  static index::Document Make(const std::string& key) { return {key, 0, {{"body", "text"}}, "{\"id\":\"" + key + "\"}"}; }

  uint64_t Count(const std::string& what) const {
    const auto searcher = *searcher::Searcher::Open(PosixFileSystem(), folder_);
    searcher::Query query{searcher::WordsQuery{what}};
    query.field = "kind";
    return *searcher->Count(query);
  }

  const ScratchFolder scratch_;
  const std::string folder_ = scratch_.Path("index");
};

TEST_F(AnnotatorTest, SeesEveryDocumentOnItsWayIn) {
  auto writer = *IndexWriter::Open(PosixFileSystem(), folder_, Options("fox"));
  EXPECT_TRUE(writer->Add(Make("a")).ok());
  EXPECT_EQ(writer->Add(Make("bad")).code(), StatusCode::kInvalidArgument);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(writer->documents(), 1U);
  EXPECT_EQ(Count("fox"), 1U);
}

// What is in the journal was annotated by the one who wrote it.
TEST_F(AnnotatorTest, IsNotAskedAgainByAReplay) {
  {
    IndexWriterOptions options = Options("fox");
    options.journal = true;
    auto writer = *IndexWriter::Open(PosixFileSystem(), folder_, std::move(options));
    ASSERT_TRUE(writer->Add(Make("a")).ok());
    ASSERT_TRUE(writer->Sync().ok());
  }
  ASSERT_TRUE(RecoverIfNeeded(PosixFileSystem(), folder_).ok());
  EXPECT_EQ(Count("fox"), 1U);
}

TEST_F(AnnotatorTest, WithoutItNothingIsAdded) {
  EXPECT_EQ(IndexWriter::Open(PosixFileSystem(), folder_, Options("")).status().code(), StatusCode::kNotFound);
  {
    auto writer = *IndexWriter::Open(PosixFileSystem(), folder_, Options("fox"));
    ASSERT_TRUE(writer->Add(Make("a")).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  auto writer = *IndexWriter::Open(PosixFileSystem(), folder_, {});
  const Status refused = writer->Add(Make("b"));
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find("kind"), std::string::npos) << refused.message();
  EXPECT_TRUE(writer->Delete("a").ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(writer->documents(), 0U);
}

}  // namespace
}  // namespace sakuin::indexer
