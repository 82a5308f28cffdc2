#include "index/manifest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "index/filename.h"
#include "tests/base/memory_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::index {
namespace {

Manifest Sample() {
  Manifest manifest;
  manifest.generation = 7;
  manifest.next_sequence = 12;
  manifest.first_journal = 3;
  manifest.schema.fields.resize(2);
  manifest.schema.fields[0].name = "title";
  manifest.schema.fields[0].analyzer = "english";
  manifest.schema.fields[1].name = "year";
  manifest.schema.fields[1].type = FieldType::kInteger;
  manifest.schema.shards = 2;
  SegmentEntry segment;
  segment.name = "00000000000000ab";
  segment.documents = 10;
  segment.deleted = 3;
  segment.statistics = {{9, 90}, {}};
  manifest.segments = {segment};
  return manifest;
}

class ManifestFiles : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fs_.CreateFolder(folder_).ok());
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  const std::string folder_ = scratch_.Path("index");
};

TEST(Manifest, ComesBackAsItWas) {
  const Manifest manifest = Sample();
  const Result<Manifest> back = Manifest::Decode(manifest.Encode());
  ASSERT_TRUE(back.ok()) << back.status().ToString();
  EXPECT_EQ(back->schema, manifest.schema);
  EXPECT_EQ(back->segments, manifest.segments);
  EXPECT_EQ(back->documents(), 7U);
}

// As every index from before fields had annotations.
TEST(Manifest, TheFirstVersionIsRead) {
  const Manifest manifest = Sample();
  std::string bytes = manifest.Encode();
  ASSERT_EQ(bytes.substr(8, 4), std::string("\2\0\0\0", 4));
  bytes[8] = 1;
  const Result<Manifest> back = Manifest::Decode(bytes);
  ASSERT_TRUE(back.ok()) << back.status().ToString();
  EXPECT_EQ(back->schema, manifest.schema);
  EXPECT_EQ(back->segments, manifest.segments);
  for (const char version : {'\0', '\3'}) {
    bytes[8] = version;
    EXPECT_EQ(Manifest::Decode(bytes).status().code(), StatusCode::kInvalidArgument);
  }
}

TEST(Manifest, AnnotationsComeBackAndOtherKindsAreDamage) {
  Manifest manifest = Sample();
  Field& kind = manifest.schema.fields.emplace_back();
  kind.name = "kind";
  kind.type = FieldType::kKeyword;
  kind.annotation = {AnnotationKind::kDictionary, "/site.dict", {"title", "body"}, 0};
  std::string bytes = manifest.Encode();
  EXPECT_EQ(Manifest::Decode(bytes)->schema, manifest.schema);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Manifest::Decode(std::string_view(bytes).substr(0, size)).ok()) << size;
  bytes[bytes.find("/site.dict") - 2] = 3;
  EXPECT_EQ(Manifest::Decode(bytes).status().code(), StatusCode::kDataLoss);
}

TEST(Manifest, EveryCutIsAnError) {
  const std::string bytes = Sample().Encode();
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Manifest::Decode(std::string_view(bytes).substr(0, size)).ok()) << size;
}

TEST_F(ManifestFiles, AFolderWithoutAnIndexIsNotFound) { EXPECT_EQ(ReadCurrentManifest(fs_, folder_).status().code(), StatusCode::kNotFound); }

// A writer commits and removes the generation before just when that is to be read.
TEST(Manifest, ACommitBetweenTwoReadsIsNoError) {
  MemoryFileSystem fs;
  Manifest manifest = Sample();
  ASSERT_TRUE(CommitManifest(fs, "index", manifest).ok());
  fs.BeforeReading("index/" + ManifestFile(7), [&] {
    ++manifest.generation;
    ASSERT_TRUE(CommitManifest(fs, "index", manifest).ok());
    ASSERT_TRUE(fs.Remove("index/" + ManifestFile(7)).ok());
  });
  const Result<Manifest> read = ReadCurrentManifest(fs, "index");
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->generation, 8U);

  ASSERT_TRUE(fs.Remove("index/" + ManifestFile(8)).ok());
  const Status gone = ReadCurrentManifest(fs, "index").status();
  EXPECT_EQ(gone.code(), StatusCode::kDataLoss);
  EXPECT_NE(gone.message().find(ManifestFile(8)), std::string::npos) << gone.message();
}

TEST_F(ManifestFiles, AnIndexGoesWhereOneIsOrNothingElse) {
  MemoryFileSystem fs;
  EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << "it is not there";
  ASSERT_TRUE(fs.CreateFolder("index").ok());
  EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << "it is empty";
  for (const std::string& left : {SegmentFile("0123456789abcdef"), SegmentFile("0123456789abcdef") + ".tmp", ManifestFile(1) + ".tmp"}) {
    fs.Put(JoinPath("index", left), "of a writer that was killed");
    EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << left;
  }
  for (const char* incidental : {"lost+found", ".DS_Store", ".gitkeep"}) {
    fs.Put(JoinPath("index", incidental), "");
    EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << incidental;
  }
  for (const char* other : {"letter.txt", "notes.tmp", "segment.txt"}) {
    fs.Put(JoinPath("index", other), "dear");
    const Status refused = CheckFolderForIndex(fs, "index");
    EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find("index holds '" + std::string(other) + "' and no index"), std::string::npos) << refused.message();
    ASSERT_TRUE(fs.Remove(JoinPath("index", other)).ok());
  }
  ASSERT_TRUE(CommitManifest(fs, "index", Sample()).ok());
  fs.Put("index/letter.txt", "dear");
  EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << "an index";
  ASSERT_TRUE(fs.Remove("index/CURRENT").ok());
  EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok()) << "an index whose CURRENT was lost";
}

TEST(Manifest, AnIndexIsToldByAManifestOrItsCurrent) {
  MemoryFileSystem fs;
  EXPECT_FALSE(*HoldsIndex(fs, "index")) << "no folder";
  ASSERT_TRUE(fs.CreateFolder("index").ok());
  for (const std::string& other : {std::string("letter.txt"), SegmentFile("0123456789abcdef"), ManifestFile(1) + ".tmp"}) {
    fs.Put(JoinPath("index", other), "dear");
    EXPECT_FALSE(*HoldsIndex(fs, "index")) << other;
  }
  fs.Put("index/CURRENT", "MANIFEST-000004\n");
  EXPECT_FALSE(*HoldsIndex(fs, "index")) << "of another program";
  fs.Put("index/CURRENT", "sakuin 1 manif");
  EXPECT_TRUE(*HoldsIndex(fs, "index")) << "damaged";
  ASSERT_TRUE(fs.Remove("index/CURRENT").ok());
  fs.Put("index/" + ManifestFile(7), "");
  EXPECT_TRUE(*HoldsIndex(fs, "index")) << "its CURRENT was lost";
}

TEST_F(ManifestFiles, ACurrentOfSomethingElseIsNoDamage) {
  MemoryFileSystem fs;
  ASSERT_TRUE(fs.CreateFolder("index").ok());
  fs.Put("index/CURRENT", "MANIFEST-000004\n");
  EXPECT_EQ(ReadCurrentManifest(fs, "index").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CheckFolderForIndex(fs, "index").code(), StatusCode::kFailedPrecondition);
  fs.Put("index/CURRENT", "sakuin 1 manif");
  EXPECT_EQ(ReadCurrentManifest(fs, "index").status().code(), StatusCode::kDataLoss);
  EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok());
  fs.Put("index/" + ManifestFile(7), Sample().Encode());
  for (const char* damaged : {"", "MANIFEST-000004\n"}) {
    fs.Put("index/CURRENT", damaged);
    EXPECT_EQ(ReadCurrentManifest(fs, "index").status().code(), StatusCode::kDataLoss) << damaged;
    EXPECT_TRUE(CheckFolderForIndex(fs, "index").ok());
  }
}

TEST_F(ManifestFiles, WithoutCurrentTheFirstGenerationIsWholeAndAllElseIsDamage) {
  Manifest manifest = Sample();
  manifest.generation = 1;
  ASSERT_TRUE(CommitManifest(fs_, folder_, manifest).ok());
  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, kCurrentFile)).ok());
  const Result<Manifest> first = ReadCurrentManifest(fs_, folder_);
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  EXPECT_EQ(first->segments, manifest.segments);

  ASSERT_TRUE(CommitManifest(fs_, folder_, Sample()).ok());
  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, kCurrentFile)).ok());
  const Status two = ReadCurrentManifest(fs_, folder_).status();
  EXPECT_EQ(two.code(), StatusCode::kDataLoss);
  EXPECT_NE(two.message().find("CURRENT is missing, and " + ManifestFile(7) + " is there"), std::string::npos) << two.message();

  ASSERT_TRUE(fs_.Remove(JoinPath(folder_, ManifestFile(1))).ok());
  EXPECT_EQ(ReadCurrentManifest(fs_, folder_).status().code(), StatusCode::kDataLoss);

  ASSERT_TRUE(fs_.Rename(JoinPath(folder_, ManifestFile(7)), JoinPath(folder_, ManifestFile(1))).ok());
  EXPECT_EQ(ReadCurrentManifest(fs_, folder_).status().code(), StatusCode::kDataLoss);  // it says generation 7
}

TEST_F(ManifestFiles, EveryFlippedBitIsNoticed) {
  ASSERT_TRUE(CommitManifest(fs_, folder_, Sample()).ok());
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    const std::string path = entry.path();
    const std::string right = *fs_.ReadAll(path);
    for (size_t bit = 0; bit < right.size() * 8; ++bit) {
      std::string wrong = right;
      wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ 1 << bit % 8);
      std::ofstream(path, std::ios::binary).write(wrong.data(), static_cast<std::streamsize>(wrong.size()));
      EXPECT_EQ(ReadCurrentManifest(fs_, folder_).status().code(), StatusCode::kDataLoss) << path << " bit " << bit;
    }
    std::ofstream(path, std::ios::binary).write(right.data(), static_cast<std::streamsize>(right.size()));
  }
  EXPECT_TRUE(ReadCurrentManifest(fs_, folder_).ok());
}

}  // namespace
}  // namespace sakuin::index
