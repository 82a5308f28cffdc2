// A copy has all that was durable when it began, whatever a writer does beside it, and only what is whole.

#include "indexer/index_copier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "index/filename.h"
#include "indexer/index_verifier.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/memory_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

class IndexCopierTest : public testing::Test {
 protected:
  std::unique_ptr<IndexWriter> OpenWriter() { return OpenWriterOn(fs_, "index"); }

  static std::unique_ptr<IndexWriter> OpenWriterOn(FileSystem& fs, const std::string& folder) {
    IndexWriterOptions options;
    options.threads = 1;
    options.merge = false;
    options.journal = true;
    options.schema = EmptySchema();
    return *IndexWriter::Open(fs, folder, options);
  }

  // Durable, and in the journal only.
  static void Add(IndexWriter& writer, const std::string& key) {
    index::Document document;
    document.key = key;
    document.fields = {{"body", std::string("all")}};
    document.stored = "{}";
    ASSERT_TRUE(writer.Add(std::move(document)).ok());
    ASSERT_TRUE(writer.Sync().ok());
  }

  // The keys in the copy, once it has been opened; they are told with its problems.
  std::vector<std::string> KeysOfCopy() { return KeysOf(fs_, "copy"); }

  static std::vector<std::string> KeysOf(FileSystem& fs, const std::string& folder) {
    std::vector<std::string> keys = VerifyIndex(fs, folder);
    EXPECT_TRUE(RecoverIfNeeded(fs, folder).ok());
    searcher::SearchRequest request;
    request.query = searcher::ParsePlain("all");
    const searcher::SearchAnswer answer = *(*searcher::Searcher::Open(fs, folder))->Search(request);
    for (const searcher::Hit& hit : answer.hits) keys.push_back(hit.key);
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  MemoryFileSystem fs_;
};

using Keys = std::vector<std::string>;

TEST_F(IndexCopierTest, HasWhatIsInJournalsOnly) {
  const auto writer = OpenWriter();
  Add(*writer, "a");
  ASSERT_TRUE(writer->Commit().ok());
  Add(*writer, "b");
  Add(*writer, "c");
  ASSERT_TRUE(writer->Delete("a").ok());
  ASSERT_TRUE(writer->Sync().ok());
  const Result<CopiedIndex> copied = CopyIndex(fs_, "index", "copy");
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  EXPECT_EQ(copied->generation, writer->generation());
  const std::vector<std::string> names = *fs_.List("copy");
  EXPECT_EQ(copied->files, names.size());
  for (const std::string& name : names) EXPECT_NE(index::KindOfFile(name, nullptr), index::FileKind::kTemporary) << name;
  EXPECT_EQ(KeysOfCopy(), (Keys{"b", "c"}));
}

// The writer commits just before a file of its journals, of its segments or CURRENT is read, and removes it.
TEST_F(IndexCopierTest, ACommitMeanwhileTakesNothingAway) {
  for (const char* file : {"index/CURRENT", "index/manifest-", "index/segment-", "index/journal-"}) {
    SCOPED_TRACE(file);
    fs_ = MemoryFileSystem();
    const auto writer = OpenWriter();
    Add(*writer, "a");
    ASSERT_TRUE(writer->Commit().ok());
    Add(*writer, "b");
    bool committed = false;
    fs_.BeforeReading(file, [&] {
      committed = true;
      ASSERT_TRUE(writer->Optimize().ok());
      Add(*writer, "c");
    });
    const Result<CopiedIndex> copied = CopyIndex(fs_, "index", "copy");
    ASSERT_TRUE(copied.ok()) << copied.status().ToString();
    EXPECT_TRUE(committed);
    Keys keys = KeysOfCopy();
    std::erase(keys, "c");  // came after the copy had begun
    EXPECT_EQ(keys, (Keys{"a", "b"}));
  }
}

TEST_F(IndexCopierTest, AnUnfinishedWriteIsNotYetOneAndADamagedOneStopsTheCopy) {
  {
    const auto writer = OpenWriter();
    Add(*writer, "a");
    Add(*writer, "b");
  }
  const std::string path = "index/" + index::JournalFile(1);
  const std::string sound = fs_.Get(path);
  std::string damaged = sound;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  fs_.Put(path, damaged);
  const Status refused = CopyIndex(fs_, "index", "copy").status();
  EXPECT_EQ(refused.code(), StatusCode::kDataLoss) << refused.ToString();
  EXPECT_NE(refused.message().find(path), std::string::npos) << refused.message();
  EXPECT_FALSE(fs_.Exists("copy/CURRENT"));

  fs_.Put(path, sound.substr(0, sound.size() - 3));  // into the folder of the copy that ended early
  ASSERT_TRUE(CopyIndex(fs_, "index", "copy").ok());
  EXPECT_EQ(KeysOfCopy(), (Keys{"a"}));
}

// Where power goes while the copy is made, there is no index yet, or one that has everything.
TEST_F(IndexCopierTest, IsAnIndexOnlyWhenItIsWhole) {
  const ScratchFolder scratch;
  const std::string from = scratch.Path("index");
  {
    const auto writer = OpenWriterOn(PosixFileSystem(), from);
    Add(*writer, "a");
    ASSERT_TRUE(writer->Commit().ok());
    Add(*writer, "b");
  }
  for (const auto names : {FaultyFileSystem::UnsyncedNames::kLost, FaultyFileSystem::UnsyncedNames::kKept}) {
    bool finished = false;
    for (size_t n = 1; !finished && !HasFailure(); ++n) {
      SCOPED_TRACE("change " + std::to_string(n));
      FaultyFileSystem fs(PosixFileSystem());
      const std::string copy = scratch.Path("copy" + std::to_string(n) + (names == FaultyFileSystem::UnsyncedNames::kLost ? "lost" : "kept"));
      fs.PowerOffAt(n);
      finished = CopyIndex(fs, from, copy).ok();
      fs.Restart(names);
      if (finished || fs.Exists(JoinPath(copy, index::kCurrentFile))) {
        EXPECT_EQ(KeysOf(fs, copy), (Keys{"a", "b"}));
      } else if (const Status again = CopyIndex(fs, from, copy).status(); again.ok()) {
        EXPECT_EQ(KeysOf(fs, copy), (Keys{"a", "b"}));
      } else {
        EXPECT_EQ(again.code(), StatusCode::kAlreadyExists) << again.ToString();
      }
    }
  }
}

}  // namespace
}  // namespace sakuin::indexer
