// A small life of an index (write, commit, update, delete, reopen, merge) on a
// disk that fails: at every operation of every kind, once and for good, with
// writes that fall short and with power that goes. Afterwards the index opens,
// verifies clean, and answers exactly as after some first part of the writes,
// a part that holds everything acknowledged.

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "index/filename.h"
#include "index/manifest.h"
#include "indexer/index_verifier.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kStride = kSanitized ? 3 : 1;

using Operation = FaultyFileSystem::Operation;
using UnsyncedNames = FaultyFileSystem::UnsyncedNames;

struct Step {
  enum Kind { kAdd, kDelete, kSync, kCommit, kOptimize, kReopen };
  Kind kind;
  std::string key = {};
  std::string body = {};
  index::Value price = std::string();  // a string: none

  bool IsWrite() const { return kind == kAdd || kind == kDelete; }
};

const std::vector<Step>& Life() {
  static const std::vector<Step> life = {
      {Step::kAdd, "a", "all red apple"},
      {Step::kAdd, "b", "all green apple green"},
      {Step::kAdd, "c", "all blue plum"},
      {Step::kSync},
      {Step::kAdd, "d", "all red plum and more words than the others"},
      {Step::kCommit},
      {Step::kAdd, "a", "all green pear"},
      {Step::kDelete, "b"},
      {Step::kSync},
      {Step::kAdd, "e", "all red pear", int64_t{3}},
      {Step::kCommit},
      {Step::kAdd, "f", "all blue pear", 3.5},  // price becomes a float
      {Step::kAdd, "g", "all red red red"},
      {Step::kSync},
      {Step::kReopen},
      {Step::kDelete, "c"},
      {Step::kAdd, "e", "all green fig"},
      {Step::kCommit},
      {Step::kOptimize},
      {Step::kAdd, "h", "all blue fig"},
      {Step::kDelete, "a"},
      {Step::kSync},
      {Step::kDelete, "d"},
      {Step::kCommit},
  };
  return life;
}

index::Document MakeDocument(const Step& step) {
  index::Document document;
  document.key = step.key;
  document.fields = {{"body", step.body}};
  if (!std::holds_alternative<std::string>(step.price)) document.fields.push_back({"price", step.price});
  document.stored = "{\"id\":\"" + step.key + "\",\"body\":\"" + step.body + "\"}";
  return document;
}

IndexWriterOptions WriterOptions(bool journal) {
  IndexWriterOptions options;
  options.memory_bytes = size_t{8} << 20;
  options.threads = 1;
  options.journal = journal;
  options.schema = EmptySchema();
  options.schema.shards = 2;
  return options;
}

Status Do(const Step& step, IndexWriter& writer) {
  switch (step.kind) {
    case Step::kAdd: return writer.Add(MakeDocument(step));
    case Step::kDelete: return writer.Delete(step.key);
    case Step::kSync: return writer.Sync();
    case Step::kCommit: return writer.Commit();
    case Step::kOptimize: return writer.Optimize();
    case Step::kReopen: break;
  }
  return OkStatus();
}

// All that a set of queries finds, with scores and stored documents, as text.
std::string Answers(FileSystem& fs, const std::string& folder) {
  const auto searcher = searcher::Searcher::Open(fs, folder);
  if (!searcher.ok()) return searcher.status().ToString();
  std::string text;
  for (const char* words : {"all", "red", "green apple", "\"blue fig\"", "-red", "price:>3.2", "p*"}) {
    searcher::SearchRequest request;
    request.query = (*searcher::ParseQuery(words, (*searcher)->parse_options(false))).query;
    request.top = 100;
    const Result<searcher::SearchAnswer> answer = (*searcher)->Search(request);
    if (!answer.ok()) return answer.status().ToString();
    text += std::string(words) + ": " + std::to_string(answer->total);
    for (const searcher::Hit& hit : answer->hits) text += " " + hit.key + "=" + std::to_string(hit.score) + hit.stored;
    text += "\n";
  }
  return text;
}

// How far a life came. A step is acknowledged by the Sync, Commit or Optimize after it.
struct Progress {
  bool opened = false;  // a first generation was acknowledged
  size_t begun = 0;     // steps
  size_t acknowledged = 0;
  Status failure;
};

class Faults : public testing::Test {
 protected:
  Status Open(std::unique_ptr<IndexWriter>& writer) {
    writer.reset();
    ASSIGN_OR_RETURN(writer, IndexWriter::Open(*fs_, folder_, WriterOptions(journal_)));
    return OkStatus();
  }

  // Lives until the first failure.
  Progress Live() {
    Progress progress;
    std::unique_ptr<IndexWriter> writer;
    progress.failure = Open(writer);
    progress.opened = progress.failure.ok() && journal_;
    for (const Step& step : Life()) {
      if (!progress.failure.ok()) break;
      ++progress.begun;
      progress.failure = step.kind == Step::kReopen ? Open(writer) : Do(step, *writer);
      if (progress.failure.ok() && !step.IsWrite() && step.kind != Step::kReopen) {
        progress.acknowledged = progress.begun;
        progress.opened = true;
      }
    }
    return progress;
  }

  // What a sound index answers after the first `steps` steps.
  const std::string& Expected(size_t steps) {
    std::string& answers = expected_[steps];
    if (!answers.empty()) return answers;
    const std::string folder = scratch_.Path("reference" + std::to_string(steps));
    const auto writer = IndexWriter::Open(PosixFileSystem(), folder, WriterOptions(false));
    EXPECT_TRUE(writer.ok());
    for (size_t i = 0; i < steps; ++i) {
      if (Life()[i].IsWrite()) {
        EXPECT_TRUE(Do(Life()[i], **writer).ok());
      }
    }
    EXPECT_TRUE((*writer)->Commit().ok());
    return answers = Answers(PosixFileSystem(), folder);
  }

  bool IsSomePrefix(const std::string& answers, const Progress& progress) {
    for (size_t steps = progress.acknowledged; steps <= progress.begun; ++steps) {
      if (Expected(steps) == answers) return true;
    }
    return false;
  }

  void ExpectCleanFolder() {
    const Result<index::Manifest> manifest = index::ReadCurrentManifest(*fs_, folder_);
    ASSERT_TRUE(manifest.ok()) << manifest.status().ToString();
    std::set<std::string> named = {std::string(index::kCurrentFile), std::string(index::kSchemaFile), index::ManifestFile(manifest->generation)};
    for (const index::SegmentEntry& segment : manifest->segments) {
      named.insert(index::SegmentFile(segment.name));
      if (segment.deletes_generation != 0) named.insert(index::DeletesFile(segment.name, segment.deletes_generation));
    }
    const Result<std::vector<std::string>> names = fs_->List(folder_);
    for (const std::string& name : *names) EXPECT_TRUE(named.contains(name)) << "left over: " << name;
  }

  void ExpectVerified() {
    for (const std::string& problem : VerifyIndex(*fs_, folder_)) ADD_FAILURE() << problem;
  }

  // The machine is back; nothing fails any more.
  void CheckRecovered(const Progress& progress) {
    const Status recovered = RecoverIfNeeded(*fs_, folder_);
    if (recovered.code() == StatusCode::kNotFound) {
      EXPECT_FALSE(progress.opened) << recovered.ToString();
    } else {
      ASSERT_TRUE(recovered.ok()) << recovered.ToString();
      ExpectVerified();
      const std::string answers = Answers(*fs_, folder_);
      EXPECT_TRUE(IsSomePrefix(answers, progress)) << "steps " << progress.acknowledged << " to " << progress.begun << "; found\n"
                                                   << answers << "expected\n" << Expected(progress.acknowledged);
    }
    CheckGoesOn();
  }

  // The next writer writes as if nothing had been.
  void CheckGoesOn() {
    {
      const auto writer = IndexWriter::Open(*fs_, folder_, WriterOptions(false));
      ASSERT_TRUE(writer.ok()) << writer.status().ToString();
      ASSERT_TRUE((*writer)->Add(MakeDocument({Step::kAdd, "z", "all zebra"})).ok());
      ASSERT_TRUE((*writer)->Commit().ok());
    }
    ExpectVerified();
    ExpectCleanFolder();
    const auto searcher = searcher::Searcher::Open(*fs_, folder_);
    ASSERT_TRUE(searcher.ok()) << searcher.status().ToString();
    EXPECT_EQ(*(*searcher)->Count(searcher::ParsePlain("zebra")), 1U);
  }

  void StartOver() {
    folder_ = scratch_.Path("index");
    std::filesystem::remove_all(folder_);
    fs_ = std::make_unique<FaultyFileSystem>(PosixFileSystem());
  }

  // A fault at every number (under sanitizers every third) up to that of a life
  // without faults; then the machine restarts as `names` and `torn_bytes` say.
  void TryEveryNumber(const std::function<size_t(const FaultyFileSystem&)>& count, const std::function<void(FaultyFileSystem&, size_t n)>& plan,
                      UnsyncedNames names, uint64_t torn_bytes) {
    reported_ = 0;
    for (const bool journal : {false, true}) {
      journal_ = journal;
      StartOver();
      ASSERT_TRUE(Live().failure.ok());
      const size_t numbers = count(*fs_);
      for (size_t n = journal ? kStride / 2 + 1 : 1; n <= numbers && !HasFailure(); n += kStride) {
        SCOPED_TRACE("number " + std::to_string(n) + " of " + std::to_string(numbers) + (journal ? ", with a journal" : ""));
        StartOver();
        plan(*fs_, n);
        const Progress progress = Live();
        reported_ += progress.failure.ok() ? 0 : 1;
        fs_->Restart(names, torn_bytes);
        CheckRecovered(progress);
      }
    }
  }

  void TryEveryNumberOf(Operation operation, const std::function<void(FaultyFileSystem&, size_t n)>& plan) {
    TryEveryNumber([=](const FaultyFileSystem& fs) { return fs.count(operation); }, plan, UnsyncedNames::kKept, kAllBytes);
  }

  static constexpr uint64_t kAllBytes = uint64_t{1} << 40;

  ScratchFolder scratch_;
  std::string folder_;
  std::unique_ptr<FaultyFileSystem> fs_;
  bool journal_ = false;
  size_t reported_ = 0;  // lives that a fault ended
  std::map<size_t, std::string> expected_;  // by steps
};

constexpr Operation kOperations[] = {Operation::kCreate, Operation::kWrite,      Operation::kSync, Operation::kRename,
                                     Operation::kRemove, Operation::kSyncFolder, Operation::kRead};

class OneFailure : public Faults, public testing::WithParamInterface<Operation> {
 protected:
  // Only the removal of old files is a failure that nobody needs to know of.
  static bool MustBeReported() { return GetParam() != Operation::kRemove; }
};
INSTANTIATE_TEST_SUITE_P(, OneFailure, testing::ValuesIn(kOperations));

TEST_P(OneFailure, IsReportedOrHarmless) {
  TryEveryNumberOf(GetParam(), [](FaultyFileSystem& fs, size_t n) { fs.FailAt(GetParam(), n, EIO); });
  EXPECT_EQ(reported_ > 0, MustBeReported());
}

TEST_P(OneFailure, OfAllFromThenOnIsReportedOrHarmless) {
  TryEveryNumberOf(GetParam(), [](FaultyFileSystem& fs, size_t n) { fs.FailFrom(GetParam(), n); });
  EXPECT_EQ(reported_ > 0, MustBeReported());
}

TEST_F(Faults, AWriteThatFallsShort) {
  for (const size_t stored : {1U, 13U, 200U}) {
    TryEveryNumberOf(Operation::kWrite, [stored](FaultyFileSystem& fs, size_t n) { fs.ShortWriteAt(n, stored); });
    EXPECT_GT(reported_, 0U);
  }
}

// A commit fails, the writer lives on, and then dies while it writes to its journal.
class FailedCommit : public Faults, public testing::WithParamInterface<Operation> {
 protected:
  static Step Write(const char* key) { return {Step::kAdd, key, std::string("all word") + key}; }

  // Writes that were acknowledged, by key. `plan` makes the commit fail.
  std::set<std::string> Live(const std::function<void(FaultyFileSystem&)>& plan, bool torn) {
    std::set<std::string> acknowledged;
    auto writer = IndexWriter::Open(*fs_, folder_, WriterOptions(journal_));
    EXPECT_TRUE(writer.ok());
    std::vector<const char*> written = {"a", "b"};
    for (const char* key : written) EXPECT_TRUE(Do(Write(key), **writer).ok());
    EXPECT_TRUE((*writer)->Delete("b").ok());
    written.pop_back();
    plan(*fs_);
    failed_ += (*writer)->Commit().ok() ? 0 : 1;
    fs_->ClearFaults();
    for (const char* key : {"c", "d"}) {
      if (Do(Write(key), **writer).ok()) written.push_back(key);
      if ((*writer)->Sync().ok()) acknowledged.insert(written.begin(), written.end());
    }
    if (torn) {
      (void)Do(Write("e"), **writer);
      fs_->ShortWriteAt(1, 20);
      (void)(*writer)->Sync();
    }
    return acknowledged;
  }

  void ExpectFound(const std::set<std::string>& acknowledged) {
    const Status recovered = RecoverIfNeeded(*fs_, folder_);
    if (recovered.code() == StatusCode::kNotFound && acknowledged.empty()) return CheckGoesOn();
    ASSERT_TRUE(recovered.ok()) << recovered.ToString();
    ExpectVerified();
    const auto searcher = searcher::Searcher::Open(*fs_, folder_);
    ASSERT_TRUE(searcher.ok()) << searcher.status().ToString();
    for (const std::string& key : acknowledged) EXPECT_EQ(*(*searcher)->Count(searcher::ParsePlain("word" + key)), 1U) << key;
    CheckGoesOn();
  }

  void TryAll(bool journal, bool torn) {
    journal_ = journal;
    StartOver();
    size_t before = 0;
    (void)Live([&](FaultyFileSystem& fs) { before = fs.count(GetParam()); }, false);
    const size_t numbers = fs_->count(GetParam()) - before;
    for (size_t n = 1; n <= numbers && !HasFailure(); ++n) {
      SCOPED_TRACE("number " + std::to_string(n) + (journal ? ", with a journal" : "") + (torn ? ", torn" : ""));
      StartOver();
      const std::set<std::string> acknowledged = Live([n](FaultyFileSystem& fs) { fs.FailAt(GetParam(), n, EIO); }, torn);
      acknowledged_ += acknowledged.size();
      fs_->Restart(UnsyncedNames::kLost, torn ? kAllBytes : 0);
      ExpectFound(acknowledged);
    }
  }

  size_t failed_ = 0;
  size_t acknowledged_ = 0;
};
INSTANTIATE_TEST_SUITE_P(, FailedCommit, testing::ValuesIn(kOperations));

TEST_P(FailedCommit, LosesNothingAcknowledgedLater) {
  for (const bool journal : {false, true}) {
    for (const bool torn : {false, true}) TryAll(journal, torn);
  }
  EXPECT_EQ(failed_ > 0, GetParam() != Operation::kRemove);
  EXPECT_GT(acknowledged_, 0U);
}

class PowerOff : public Faults, public testing::WithParamInterface<std::tuple<UnsyncedNames, uint64_t>> {};
INSTANTIATE_TEST_SUITE_P(, PowerOff,
                         testing::Combine(testing::Values(UnsyncedNames::kLost, UnsyncedNames::kKept), testing::Values(0U, 7U, 1U << 20)));

TEST_P(PowerOff, LosesNothingAcknowledged) {
  const auto [names, torn_bytes] = GetParam();
  TryEveryNumber([](const FaultyFileSystem& fs) { return fs.changes(); },
                 [](FaultyFileSystem& fs, size_t n) { fs.PowerOffAt(n); }, names, torn_bytes);
}

}  // namespace
}  // namespace sakuin::indexer
