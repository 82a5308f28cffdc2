// A copy of a live dictionary has all that was acknowledged, whatever a writer does meanwhile, and only what is whole.
#include "keyword_linker/live_copier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "keyword_linker/link_counts.h"
#include "keyword_linker/live_dictionary.h"
#include "keyword_linker/live_dictionary_reader.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/memory_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::keyword_linker {
namespace {

std::set<std::string> KeywordsOf(const DictionaryView& view) {
  std::set<std::string> keywords;
  view.ForEach([&keywords](const Entry& entry) { keywords.emplace(entry.keyword); });
  return keywords;
}

std::set<std::string> KeywordsIn(FileSystem& fs, const std::string& folder) {
  const auto reader = LiveDictionaryReader::Open(fs, folder);
  EXPECT_TRUE(reader.ok()) << reader.status().ToString();
  return reader.ok() ? KeywordsOf(*(*reader)->Snapshot()) : std::set<std::string>();
}

void Create(FileSystem& fs, const std::string& folder, const std::vector<std::string>& keywords) {
  DictionaryBuilder builder;
  for (const std::string& keyword : keywords) ASSERT_TRUE(builder.Add({keyword, "/" + keyword, 0}).ok());
  ASSERT_TRUE(LiveDictionary::Create(fs, folder, builder).ok());
}

void Add(LiveDictionary& live, const std::string& keyword) {
  ASSERT_TRUE(live.Add({keyword, "/" + keyword, 0}).ok());
  ASSERT_TRUE(live.Commit().ok());
}

class LiveCopierTest : public testing::Test {
 protected:
  const ScratchFolder scratch_;
  const std::string from_ = scratch_.Path("from");
  const std::string to_ = scratch_.Path("to");
  FileSystem& fs_ = PosixFileSystem();
};

TEST_F(LiveCopierTest, CopiesChangesVersionsAndCounts) {
  Create(fs_, from_, {"one", "two"});
  auto live = *LiveDictionary::Open(fs_, from_, {});
  Add(*live, "three");
  ASSERT_TRUE(live->Fold().ok());
  live->Delete("one");
  Add(*live, "four");
  LinkCounts counts;
  counts.Add("two");
  ASSERT_TRUE(counts.Flush(fs_, from_).ok());
  const auto copied = CopyLiveDictionary(fs_, from_, to_);  // beside the writer
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  EXPECT_EQ(copied->files, 5U) << "two versions, a journal, the counts, CURRENT";
  EXPECT_EQ(KeywordsIn(fs_, to_), (std::set<std::string>{"four", "three", "two"}));
  EXPECT_EQ(ReadLinkCounts(fs_, to_)->at("two"), 1U);
  EXPECT_EQ(*ReadLiveState(fs_, to_), *ReadLiveState(fs_, from_));
  const auto copy = *LiveDictionary::Open(fs_, to_, {});
  ASSERT_TRUE(copy->RollBack(copy->versions().front().number).ok());
  EXPECT_EQ(KeywordsOf(*copy->Snapshot()), (std::set<std::string>{"one", "two"}));
  EXPECT_EQ(KeywordsIn(fs_, from_).size(), 3U) << "the copy is another";
}

TEST_F(LiveCopierTest, HasWhatWasAcknowledgedWhileAWriterFolds) {
  Create(fs_, from_, {});
  std::atomic<int> acknowledged{0};
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    LiveOptions options;
    options.fold_after = 3;
    options.versions = 1;
    const auto live = *LiveDictionary::Open(fs_, from_, options);
    for (int i = 0; !stop; ++i) {
      Add(*live, "word" + std::to_string(i));
      acknowledged = i + 1;
    }
  });
  int copies = 0;
  for (int last = -1; copies < 20;) {
    const int before = acknowledged;
    if (before == last) continue;
    last = before;
    const std::string to = scratch_.Path("to" + std::to_string(copies++));
    const auto copied = CopyLiveDictionary(fs_, from_, to);
    ASSERT_TRUE(copied.ok()) << copied.status().ToString();
    const std::set<std::string> keywords = KeywordsIn(fs_, to);
    EXPECT_GE(keywords.size(), static_cast<size_t>(before));
    for (int i = 0; i < before; ++i) EXPECT_TRUE(keywords.contains("word" + std::to_string(i))) << i;
  }
  stop = true;
  writer.join();
}

// Where power goes there is no dictionary yet, or a whole one; and the copy can be made again.
TEST_F(LiveCopierTest, IsWholeOrNotThereWhereverPowerGoes) {
  for (const auto names : {FaultyFileSystem::UnsyncedNames::kLost, FaultyFileSystem::UnsyncedNames::kKept}) {
    bool finished = false;
    for (size_t n = 1; !finished; ++n) {
      MemoryFileSystem files;
      for (const char* name : {"to", "to/"}) files.Put(name, {});  // a folder that is there can be synced
      Create(files, "from", {"one"});
      Add(**LiveDictionary::Open(files, "from", {}), "two");
      FaultyFileSystem fs(files);
      fs.PowerOffAt(n);
      finished = CopyLiveDictionary(fs, "from", "to").ok();
      fs.Restart(names);
      const std::set<std::string> all{"one", "two"};
      if (finished || IsLiveDictionary(fs, "to")) {
        EXPECT_EQ(KeywordsIn(fs, "to"), all) << n;
      }
      const auto copied = CopyLiveDictionary(fs, "from", "to");
      ASSERT_TRUE(copied.ok()) << n << ": " << copied.status().ToString();
      EXPECT_EQ(KeywordsIn(fs, "to"), all) << n;
      ASSERT_LT(n, 1000U);
    }
  }
}

TEST_F(LiveCopierTest, DamageAndAbsenceAreTold) {
  EXPECT_EQ(CopyLiveDictionary(fs_, from_, to_).status().code(), StatusCode::kNotFound);
  Create(fs_, from_, {"one"});
  const std::string base = BasePath(from_, ReadLiveState(fs_, from_)->current);
  std::string bytes = *fs_.ReadAll(base);
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(fs_, base, bytes).ok());
  EXPECT_EQ(CopyLiveDictionary(fs_, from_, to_).status().code(), StatusCode::kDataLoss);
  ASSERT_TRUE(fs_.Remove(base).ok());
  EXPECT_EQ(CopyLiveDictionary(fs_, from_, to_).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace sakuin::keyword_linker
