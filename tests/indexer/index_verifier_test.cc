// Verifying finds what checksums do not show, in every segment, however many are damaged.

#include "indexer/index_verifier.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "indexer/segment_verifier.h"
#include "tests/base/memory_file_system.h"
#include "tests/index/changed_segment.h"

namespace sakuin::indexer {
namespace {

constexpr int kDocuments = 400;  // of a segment
constexpr size_t kSegments = 3;

class VerifyIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    fs_ = MemoryFileSystem();
    IndexWriterOptions options;
    options.threads = 1;
    options.merge = false;
    options.schema = EmptySchema();
    const auto writer = *IndexWriter::Open(fs_, "index", options);
    for (int i = 0; i < kDocuments * static_cast<int>(kSegments); ++i) {
      index::Document document;
      document.key = "key" + std::to_string(i);
      document.fields = {{"body", std::string("all of them") + (i % 3 == 0 ? " some of them" : "") + " word" + std::to_string(i % 40)}};
      document.stored = "{}";
      ASSERT_TRUE(writer->Add(std::move(document)).ok());
      if (i % kDocuments == kDocuments - 1) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    manifest_ = *index::ReadCurrentManifest(fs_, "index");
    ASSERT_EQ(manifest_.segments.size(), kSegments);
  }

  // The index's segment of this number gets other bytes in its sections of a kind.
  void Change(size_t segment, index::SectionKind kind, const std::function<std::string(std::string)>& change) {
    index::SegmentEntry& entry = manifest_.segments[segment];
    entry = ChangeSections(fs_, "index", entry, [&](size_t, index::SectionKind of, std::string_view bytes) {
      return of == kind ? change(std::string(bytes)) : std::string(bytes);
    });
    ++manifest_.generation;
    ASSERT_TRUE(index::CommitManifest(fs_, "index", manifest_).ok());
  }

  std::vector<std::string> Problems() { return VerifyIndex(fs_, "index"); }

  // How many of the problems name this segment.
  long ProblemsOf(size_t segment) {
    const std::vector<std::string> problems = Problems();
    return std::count_if(problems.begin(), problems.end(), [&](const std::string& problem) {
      return problem.find(manifest_.segments[segment].name) != std::string::npos;
    });
  }

  MemoryFileSystem fs_;
  index::Manifest manifest_;
};

TEST_F(VerifyIndexTest, SoundIndexesHaveNoProblem) { EXPECT_EQ(Problems(), std::vector<std::string>()); }

TEST_F(VerifyIndexTest, EverySegmentIsChecked) {
  fs_.Put("index/" + index::SegmentFile(manifest_.segments[0].name), "short");
  Change(2, index::SectionKind::kDocuments, [](const std::string&) { return std::string(1, '\1'); });
  EXPECT_EQ(Problems().size(), 2U);
  EXPECT_EQ(ProblemsOf(0), 1);
  EXPECT_EQ(ProblemsOf(1), 0);
  EXPECT_EQ(ProblemsOf(2), 1);
}

// A writer that merges everything, or commits its journal, and removes what is no
// longer needed. It only deletes, so that none of its threads writes files meanwhile.
TEST_F(VerifyIndexTest, AWriterBesideItIsNoProblem) {
  IndexWriterOptions options;
  options.threads = 1;
  options.merge = false;
  options.journal = true;
  const auto writer = *IndexWriter::Open(fs_, "index", options);
  size_t commits = 0;
  const auto commit = [&] {
    ++commits;
    ASSERT_TRUE(writer->Commit().ok());
    ASSERT_TRUE(writer->Optimize().ok());
  };
  for (const char* file : {"index/segment-", "index/journal-"}) {
    ASSERT_TRUE(writer->Delete("key" + std::to_string(commits)).ok());
    ASSERT_TRUE(writer->Sync().ok());
    fs_.BeforeReading(file, commit);
    EXPECT_EQ(Problems(), std::vector<std::string>()) << file;
  }
  EXPECT_EQ(commits, 2U);
  EXPECT_EQ(writer->documents(), static_cast<uint64_t>(kDocuments) * kSegments - 2);
}

TEST_F(VerifyIndexTest, ListsAreDecodedToTheirEnd) {
  using enum index::SectionKind;
  for (const index::SectionKind kind : {kPostings, kPositions, kBlockLastDoc, kBlockOffset, kBlockFacts, kPositionOffset, kTerms, kLengths}) {
    SetUp();
    Change(1, kind, [](const std::string& bytes) { return bytes.substr(0, std::max<size_t>(bytes.size(), 1) - 1); });
    EXPECT_GT(ProblemsOf(1), 0) << "cut, kind " << static_cast<int>(kind);
    EXPECT_EQ(ProblemsOf(0) + ProblemsOf(2), 0);
  }
  for (const index::SectionKind kind : {kPostings, kPositions, kBlockLastDoc, kBlockOffset, kPositionOffset, kTerms}) {
    SetUp();
    Change(1, kind, [](const std::string& bytes) { return std::string(bytes.size(), '\xff'); });
    EXPECT_GT(ProblemsOf(1), 0) << "filled, kind " << static_cast<int>(kind);
    EXPECT_EQ(ProblemsOf(0) + ProblemsOf(2), 0);
  }
}

TEST_F(VerifyIndexTest, AsManyProblemsAsAPersonReads) {
  Change(1, index::SectionKind::kPostings, [](const std::string& bytes) { return std::string(bytes.size(), '\xff'); });
  const long problems = ProblemsOf(1);
  EXPECT_GT(problems, 2);
  EXPECT_LE(problems, static_cast<long>(kMaxProblemsOfSegment) + 1);
}

}  // namespace
}  // namespace sakuin::indexer
