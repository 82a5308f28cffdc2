// A segment against a naive index: what goes in comes out, through the dictionary,
// postings, positions, columns and stored documents; damage is noticed.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "index/filename.h"
#include "index/positions_reader.h"
#include "index/segment_reader.h"
#include "index/segment_writer.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::index {
namespace {

constexpr FieldId kBody = 2;
using Postings = std::map<DocId, std::vector<uint32_t>>;

struct NaiveIndex {
  uint32_t documents = 0;
  std::map<std::string, Postings> terms;
  std::vector<uint32_t> lengths;
};

// Words from very frequent to unique, some many times in one document.
NaiveIndex RandomIndex(uint32_t documents, uint32_t seed) {
  std::mt19937 random(seed);
  NaiveIndex naive;
  naive.documents = documents;
  naive.lengths.resize(documents);
  for (DocId doc = 0; doc < documents; ++doc) {
    const uint32_t length = random() % 60;
    naive.lengths[doc] = length;
    for (uint32_t position = 0; position < length; ++position) {
      const uint32_t rank = 1U << random() % 14;
      naive.terms["w" + std::to_string(random() % rank)][doc].push_back(position);
    }
  }
  return naive;
}

class Segments : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fs_.CreateFolder(folder_).ok());
  }

  SegmentEntry Write(const NaiveIndex& naive) {
    auto writer = *SegmentWriter::Create(fs_, folder_, 1);
    for (DocId doc = 0; doc < naive.documents; ++doc) {
      EXPECT_TRUE(writer->AddDocument("key" + std::to_string(doc * 7919 % 100'003), doc % 3, "{\"n\":" + std::to_string(doc) + "}").ok());
    }
    EXPECT_TRUE(writer->StartField(kBody, true, naive.lengths, {}).ok());
    for (const auto& [term, postings] : naive.terms) {
      EXPECT_TRUE(writer->StartTerm(term).ok());
      for (const auto& [doc, positions] : postings) writer->AddPosting(doc, positions);
      EXPECT_TRUE(writer->FinishTerm().ok());
    }
    EXPECT_TRUE(writer->FinishField().ok());
    Result<SegmentEntry> entry = writer->Finish();
    EXPECT_TRUE(entry.ok()) << entry.status().ToString();
    return *entry;
  }

  static Postings ReadAll(PostingsList& list) {
    Postings postings;
    uint32_t docs[kDecodeRoom];
    uint32_t frequencies[kBlockSize];
    PositionsReader reader;
    EXPECT_TRUE(list.PreparePositions().ok());
    for (uint32_t block = 0; block < list.blocks(); ++block) {
      list.DecodeDocs(block, docs);
      list.DecodeFrequencies(block, frequencies);
      reader.EnterBlock(list, block, frequencies);
      for (uint32_t i = 0; i < list.SizeOfBlock(block); ++i) {
        EXPECT_EQ(list.DecodeFrequency(block, i), frequencies[i]);
        const std::span<const uint32_t> positions = reader.Positions(i);
        postings[docs[i]].assign(positions.begin(), positions.end());
      }
    }
    EXPECT_TRUE(list.status().ok()) << list.status().ToString();
    return postings;
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  const std::string folder_ = scratch_.Path("index");
};

TEST_F(Segments, GiveBackWhatWentIn) {
  for (const uint32_t documents : {1U, 127U, 129U, 5000U}) {
    const NaiveIndex naive = RandomIndex(documents, documents);
    const SegmentEntry entry = Write(naive);
    const auto segment = *SegmentReader::Open(fs_, folder_, entry);
    const FieldReader* field = *segment->OpenField(kBody);
    ASSERT_NE(field, nullptr);
    ASSERT_EQ(field->terms.count(), naive.terms.size());
    TermsCursor cursor(field->terms);
    cursor.Rewind();
    for (const auto& [term, postings] : naive.terms) {
      ASSERT_TRUE(cursor.valid());
      ASSERT_EQ(cursor.term(), term);
      const auto found = *field->terms.Find(term);
      ASSERT_TRUE(found.has_value()) << term;
      auto list = *OpenPostings(field->postings, *found);
      ASSERT_EQ(ReadAll(*list), postings) << term;
      cursor.Next();
    }
    EXPECT_FALSE(cursor.valid());
    EXPECT_FALSE((*field->terms.Find("absent")).has_value());
    for (DocId doc = 0; doc < documents; ++doc) {
      ASSERT_EQ(field->lengths[doc], naive.lengths[doc]);
      std::string stored;
      ASSERT_TRUE(segment->stored().Read(doc, stored).ok());
      ASSERT_EQ(stored, "{\"n\":" + std::to_string(doc) + "}");
      ASSERT_EQ(segment->version(doc), doc % 3);
      ASSERT_EQ(segment->doc_of_rank(segment->key_rank(doc)), doc);
    }
  }
}

TEST_F(Segments, FindBlockIsTheLoopThatDefinesIt) {
  const SegmentEntry entry = Write(RandomIndex(5000, 9));
  const auto segment = *SegmentReader::Open(fs_, folder_, entry);
  const FieldReader* field = *segment->OpenField(kBody);
  auto list = *OpenPostings(field->postings, **field->terms.Find("w0"));
  ASSERT_GT(list->blocks(), 5U);
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const uint32_t from = random() % (list->blocks() + 1);
    const DocId target = random() % 5200;
    uint32_t expected = from;
    while (expected < list->blocks() && list->LastDoc(expected) < target) ++expected;
    ASSERT_EQ(list->FindBlock(from, target), expected);
  }
}

// Bounds must never be below what a posting of the block can score.
TEST_F(Segments, BlockFactsBoundTheirPostings) {
  const NaiveIndex naive = RandomIndex(5000, 4);
  const SegmentEntry entry = Write(naive);
  const auto segment = *SegmentReader::Open(fs_, folder_, entry);
  const FieldReader* field = *segment->OpenField(kBody);
  auto list = *OpenPostings(field->postings, **field->terms.Find("w0"));
  uint32_t docs[kDecodeRoom];
  uint32_t frequencies[kBlockSize];
  for (uint32_t block = 0; block < list->blocks(); ++block) {
    list->DecodeDocs(block, docs);
    list->DecodeFrequencies(block, frequencies);
    const uint8_t* impacts = list->Impacts(block);
    for (uint32_t i = 0; i < list->SizeOfBlock(block); ++i) {
      const uint32_t frequency_class = std::min(frequencies[i], 4U) - 1;
      EXPECT_LE(LengthOfCode(list->facts(block).shortest[frequency_class]), naive.lengths[docs[i]]);
      EXPECT_GE(list->facts(block).largest_frequency, std::min(frequencies[i], 255U));
      const uint32_t nibble = impacts[i / 2] >> 4 * (i % 2) & 15;
      EXPECT_EQ(nibble & 3, frequency_class);
      EXPECT_GE(naive.lengths[docs[i]], field->classes.minimum[nibble >> 2]);
    }
  }
}

TEST_F(Segments, EveryDamageIsNoticedByVerify) {
  const SegmentEntry entry = Write(RandomIndex(300, 2));
  const std::string path = JoinPath(folder_, SegmentFile(entry.name));
  const std::string right = *fs_.ReadAll(path);
  std::mt19937 random(6);
  for (int round = 0; round < 2000; ++round) {
    std::string wrong = right;
    if (round % 5 == 0) {
      wrong.resize(random() % wrong.size());
    } else {
      const size_t at = random() % wrong.size();
      wrong[at] = static_cast<char>(wrong[at] ^ 1 << random() % 8);
    }
    std::ofstream(path, std::ios::binary).write(wrong.data(), static_cast<std::streamsize>(wrong.size()));
    const auto segment = SegmentReader::Open(fs_, folder_, entry);
    EXPECT_FALSE(segment.ok() && (*segment)->file().VerifyAll().ok()) << "round " << round;
  }
}

}  // namespace
}  // namespace sakuin::index
