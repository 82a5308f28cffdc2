// Files of an index with flipped bits and cut ends: opening, every query and
// verifying end in an error or in exactly the right answer, and `verify` notices
// every flip.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "index/filename.h"
#include "indexer/index_verifier.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

constexpr int kInjuries = kSanitized ? 2'000 : 10'000;
constexpr int kJournalInjuries = 400;
constexpr int kJournaled = 24;  // writes in the journal, each acknowledged

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteBytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

index::Document MakeDocument(int i) {
  static constexpr const char* kWords[] = {"apple", "pear", "plum", "cherry", "fig", "grape", "quince", "date"};
  std::mt19937 random(static_cast<uint32_t>(i));
  std::string body = "all";
  for (int word = 0; word < 30; ++word) body += std::string(" ") + kWords[random() % 8 * (random() % 8) / 7];
  body += " rare" + std::to_string(i % 97);
  index::Document document;
  document.key = "key" + std::to_string(i);
  document.fields = {{"title", "number " + std::to_string(i)}, {"body", body}, {"price", int64_t{i} * 7 % 50}};
  document.fields.push_back({"weight", i / 4.0});
  document.fields.push_back({"sound", i % 3 == 0});
  document.stored = "{\"id\":\"" + document.key + "\",\"body\":\"" + body + "\"}";
  return document;
}

Result<std::unique_ptr<IndexWriter>> OpenWriter(const std::string& folder, bool journal) {
  IndexWriterOptions options;
  options.memory_bytes = size_t{8} << 20;
  options.threads = 1;
  options.journal = journal;
  options.merge = false;
  options.schema = EmptySchema();
  options.schema.shards = 2;
  return IndexWriter::Open(PosixFileSystem(), folder, options);
}

// Two generations with several segments and deletes.
void WriteIndex(const std::string& folder) {
  const auto writer = OpenWriter(folder, false);
  ASSERT_TRUE(writer.ok()) << writer.status().ToString();
  for (int i = 0; i < 600; ++i) ASSERT_TRUE((*writer)->Add(MakeDocument(i)).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
  for (int i = 500; i < 700; ++i) ASSERT_TRUE((*writer)->Add(MakeDocument(i)).ok());
  for (int i = 0; i < 40; ++i) ASSERT_TRUE((*writer)->Delete("key" + std::to_string(i * 13)).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
}

// One of the writes on top of WriteIndex.
Status WriteOn(IndexWriter& writer, int i) { return i % 4 == 3 ? writer.Delete("key" + std::to_string(i)) : writer.Add(MakeDocument(690 + i)); }

std::string JournalIn(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (index::KindOfFile(entry.path().filename().string(), nullptr) == index::FileKind::kJournal) return entry.path();
  }
  return {};
}

searcher::SearchRequest MakeRequest(const searcher::Searcher& searcher, const std::string& words, const std::string& sort) {
  searcher::SearchRequest request;
  request.query = searcher::ParseQuery(words, searcher.parse_options(false))->query;
  if (!sort.empty()) request.sort = *searcher::ParseSortSpec(sort);
  request.facets = {"price", "sound"};
  request.highlight = true;
  return request;
}

std::string AsText(const searcher::SearchAnswer& answer) {
  std::string text = std::to_string(answer.total);
  for (const searcher::Hit& hit : answer.hits) {
    text += " " + hit.key + "=" + std::to_string(hit.score) + hit.stored;
    for (const auto& [field, passages] : hit.highlights) text += field + passages[0].text + std::to_string(passages[0].ranges.size());
  }
  for (const auto& [field, counts] : answer.facets) {
    for (const searcher::FacetCount& count : counts) text += " " + field + std::to_string(count.value.index()) + ":" + std::to_string(count.count);
  }
  return text;
}

// One text per query, or an error per query; one error when the index does not open.
std::vector<Result<std::string>> Answers(const std::string& folder) {
  static const std::pair<const char*, const char*> kQueries[] = {
      {"all", ""},
      {"apple pear", ""},
      {"\"apple plum\"", ""},
      {"rare9* -cherry", ""},
      {"rare42~1 AND fig", ""},
      {"price:[10 TO 20]", "price:desc"},
      {"*", "weight"},
      {"sound:true AND quince", "_key"},
      {"title:number AND weight:>150", ""},
      {"/ra.e1[0-3]/", ""},
  };
  std::vector<Result<std::string>> answers;
  const auto searcher = searcher::Searcher::Open(PosixFileSystem(), folder);
  if (!searcher.ok()) return {searcher.status()};
  for (const auto& [words, sort] : kQueries) {
    const Result<searcher::SearchAnswer> answer = (*searcher)->Search(MakeRequest(**searcher, words, sort));
    answers.push_back(answer.ok() ? Result<std::string>(AsText(*answer)) : Result<std::string>(answer.status()));
  }
  return answers;
}

// The right answers of a sound index.
std::vector<std::string> RightAnswers(const std::string& folder) {
  std::vector<std::string> right;
  for (const Result<std::string>& answer : Answers(folder)) {
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    right.push_back(answer.ok() ? *answer : std::string());
    EXPECT_GT(right.back().size(), 100U) << "a query that finds nothing tries nothing";
  }
  return right;
}

bool AreRightOrErrors(const std::vector<Result<std::string>>& answers, const std::vector<std::string>& right) {
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].ok() ? *answers[i] != right[i] : answers[i].status().message().empty()) return false;
  }
  return true;
}

bool AreRight(const std::vector<Result<std::string>>& answers, const std::vector<std::string>& right) {
  return answers.size() == right.size() && AreRightOrErrors(answers, right) &&
         std::all_of(answers.begin(), answers.end(), [](const Result<std::string>& answer) { return answer.ok(); });
}

struct Injury {
  std::string bytes;
  std::string what;
  bool cut = false;
};

class Damage : public testing::Test {
 protected:
  void SetUp() override {
    WriteIndex(index_);
    for (const auto& entry : std::filesystem::directory_iterator(index_)) files_.push_back(entry.path().filename());
    std::sort(files_.begin(), files_.end());
  }

  // A cut in one of eight, else one to three flipped bits.
  Injury Injure(std::string bytes) {
    Injury injury;
    injury.cut = random_() % 8 == 0;
    if (injury.cut) {
      bytes.resize(random_() % bytes.size());
      injury.what = "cut to " + std::to_string(bytes.size());
    } else {
      const size_t bit = random_() % (bytes.size() * 8);
      for (size_t i = 0; i < 1 + random_() % 3; ++i) {
        const size_t at = std::min(bit + i * 5, bytes.size() * 8 - 1);
        bytes[at / 8] = static_cast<char>(bytes[at / 8] ^ (1 << at % 8));
        injury.what += " bit " + std::to_string(at);
      }
    }
    injury.bytes = std::move(bytes);
    return injury;
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  std::vector<std::string> files_;
  std::mt19937 random_{42};
};

TEST_F(Damage, AnErrorOrTheRightAnswer) {
  ASSERT_GT(files_.size(), 7U);
  const std::vector<std::string> right = RightAnswers(index_);
  int errors = 0;
  for (int i = 0; i < kInjuries; ++i) {
    const std::string& file = files_[random_() % files_.size()];
    const std::string path = index_ + "/" + file;
    const std::string sound = ReadBytes(path);
    const Injury injury = Injure(sound);
    if (injury.bytes == sound) continue;
    WriteBytes(path, injury.bytes);
    SCOPED_TRACE(file + " " + injury.what);
    const auto answers = Answers(index_);
    ASSERT_TRUE(AreRightOrErrors(answers, right));
    errors += AreRight(answers, right) ? 0 : 1;
    ASSERT_FALSE(VerifyIndex(PosixFileSystem(), index_).empty());
    WriteBytes(path, sound);
  }
  EXPECT_GT(errors, kInjuries / 2);
  EXPECT_TRUE(VerifyIndex(PosixFileSystem(), index_).empty());
}

TEST_F(Damage, AMissingFileIsAnErrorOrNotNeeded) {
  const std::vector<std::string> right = RightAnswers(index_);
  for (const std::string& file : files_) {
    SCOPED_TRACE(file);
    std::filesystem::rename(index_ + "/" + file, scratch_.Path("away"));
    const auto answers = Answers(index_);
    EXPECT_TRUE(AreRightOrErrors(answers, right));
    EXPECT_EQ(AreRight(answers, right), file == index::kSchemaFile);
    EXPECT_FALSE(VerifyIndex(PosixFileSystem(), index_).empty());
    std::filesystem::rename(scratch_.Path("away"), index_ + "/" + file);
  }
}

// What is in a journal only: an error, or all of it; of one that is cut, some
// first part, because nobody can tell that from a writer that died.
class JournalDamage : public Damage {
 protected:
  void SetUp() override {
    Damage::SetUp();
    const auto writer = OpenWriter(index_, true);
    ASSERT_TRUE(writer.ok()) << writer.status().ToString();
    for (int i = 0; i < kJournaled; ++i) {
      ASSERT_TRUE(WriteOn(**writer, i).ok());
      ASSERT_TRUE((*writer)->Sync().ok());
    }
    for (int writes = 0; writes <= kJournaled; ++writes) right_.push_back(AnswersAfter(writes));
  }

  std::vector<std::string> AnswersAfter(int writes) {
    const std::string folder = scratch_.Path("reference" + std::to_string(writes));
    WriteIndex(folder);
    const auto writer = OpenWriter(folder, false);
    for (int i = 0; i < writes; ++i) EXPECT_TRUE(WriteOn(**writer, i).ok());
    EXPECT_TRUE((*writer)->Commit().ok());
    return RightAnswers(folder);
  }

  bool IsSomePart(const std::vector<Result<std::string>>& answers) const {
    return std::any_of(right_.begin(), right_.end(), [&](const auto& part) { return AreRight(answers, part); });
  }

  std::vector<std::vector<std::string>> right_;  // by number of writes
};

TEST_F(JournalDamage, IsNoticed) {
  const std::string hurt = scratch_.Path("hurt");
  int errors = 0;
  for (int i = 0; i < kJournalInjuries; ++i) {
    std::filesystem::remove_all(hurt);
    std::filesystem::copy(index_, hurt);
    const std::string sound = ReadBytes(JournalIn(hurt));
    ASSERT_GT(sound.size(), 1000U);
    const Injury injury = Injure(sound);
    if (injury.bytes == sound) continue;
    WriteBytes(JournalIn(hurt), injury.bytes);
    SCOPED_TRACE(injury.what);
    const Status recovered = RecoverIfNeeded(PosixFileSystem(), hurt);
    errors += recovered.ok() ? 0 : 1;
    if (!recovered.ok()) continue;
    const auto answers = Answers(hurt);
    ASSERT_TRUE(AreRight(answers, right_.back()) || (injury.cut && IsSomePart(answers)));
  }
  EXPECT_GT(errors, kJournalInjuries / 2);
}

}  // namespace
}  // namespace sakuin::indexer
