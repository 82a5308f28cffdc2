// Segments made to mislead, with checksums that fit: what they say of postings
// and lengths is refused before it leads outside an array or a segment.

#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "index/block_codec.h"
#include "index/segment_reader.h"
#include "index/segment_writer.h"
#include "tests/base/memory_file_system.h"
#include "tests/index/changed_segment.h"

namespace sakuin::index {
namespace {

constexpr FieldId kBody = 2;
constexpr uint32_t kDocuments = 1000;
constexpr uint32_t kFew = 100;  // of them have the word "few", all have "all"
using Sections = std::map<SectionKind, std::string>;

class HostileSegments : public testing::Test {
 protected:
  void SetUp() override {
    const auto writer = *SegmentWriter::Create(fs_, "index", 1);
    for (DocId doc = 0; doc < kDocuments; ++doc) ASSERT_TRUE(writer->AddDocument("key" + std::to_string(doc), 0, "{}").ok());
    ASSERT_TRUE(writer->StartField(kBody, true, std::vector<uint32_t>(kDocuments, 300), {}).ok());
    for (const auto& [word, documents] : std::map<std::string, uint32_t>{{"all", kDocuments}, {"few", kFew}}) {
      ASSERT_TRUE(writer->StartTerm(word).ok());
      for (DocId doc = 0; doc < documents; ++doc) writer->AddPosting(doc, std::vector<uint32_t>{1});
      ASSERT_TRUE(writer->FinishTerm().ok());
    }
    ASSERT_TRUE(writer->FinishField().ok());
    sound_ = *writer->Finish();
    Change({});
  }

  // The sound segment with other bytes in these sections.
  void Change(const Sections& sections) {
    const SegmentEntry entry = ChangeSections(fs_, "index", sound_, [&](size_t, SectionKind kind, std::string_view bytes) {
      return sections.contains(kind) ? sections.at(kind) : std::string(bytes);
    });
    segment_ = *SegmentReader::Open(fs_, "index", entry);
  }

  std::string Bytes(SectionKind kind) const { return std::string(segment_->file().Section(kind, kBody)); }
  TermEntry EntryOf(const std::string& word) const { return **(*segment_->OpenField(kBody))->terms.Find(word); }
  Result<std::unique_ptr<PostingsList>> Open(const TermEntry& entry) const { return OpenPostings((*segment_->OpenField(kBody))->postings, entry); }
  StatusCode CodeOf(const TermEntry& entry) const { return Open(entry).status().code(); }

  // The word "few", whose list is now these bytes.
  StatusCode CodeOfList(const std::string& list) {
    TermEntry entry = EntryOf("few");
    Change({{SectionKind::kPostings, list}});
    entry.postings_offset = 0;
    entry.postings_size = list.size();
    return CodeOf(entry);
  }

  MemoryFileSystem fs_;
  SegmentEntry sound_;
  std::unique_ptr<SegmentReader> segment_;
};

// n postings that occur once, then their gaps minus one in the smallest mode.
std::string Block(const std::vector<uint32_t>& gaps) {
  std::string block((gaps.size() + 1) / 2, '\0');
  EncodeValues(gaps.data(), static_cast<uint32_t>(gaps.size()), block);
  return block;
}

std::string Rows(const std::vector<uint32_t>& rows) {
  std::string bytes;
  for (const uint32_t row : rows) AppendU32(bytes, row);
  return bytes;
}

TEST_F(HostileSegments, SoundOnesOpen) {
  EXPECT_EQ(CodeOf(EntryOf("all")), StatusCode::kOk);
  EXPECT_EQ(CodeOf(EntryOf("few")), StatusCode::kOk);
  EXPECT_EQ(CodeOfList('\0' + Block(std::vector<uint32_t>(kFew, 3))), StatusCode::kOk);
}

TEST_F(HostileSegments, AListIsNotLongerThanItsSegment) {
  for (const uint32_t documents : {0U, kDocuments + 1, 0xFFFFFF80U, 0xFFFFFF81U, UINT32_MAX}) {
    TermEntry entry = EntryOf("all");
    entry.document_frequency = documents;
    entry.total_frequency = uint64_t{documents} * 2;
    EXPECT_EQ(CodeOf(entry), StatusCode::kDataLoss) << documents;
  }
}

TEST_F(HostileSegments, TheOnlyDocumentIsOfTheSegment) {
  TermEntry entry;
  entry.document_frequency = 1;
  entry.total_frequency = 1;
  for (const DocId doc : {kDocuments, kNoMoreDocs - 1, kNoMoreDocs}) {
    entry.single_doc = doc;
    EXPECT_EQ(CodeOf(entry), StatusCode::kDataLoss) << doc;
  }
  entry.single_doc = kDocuments - 1;
  EXPECT_EQ(CodeOf(entry), StatusCode::kOk);
  for (const uint64_t frequency : {uint64_t{0}, uint64_t{1} << 32}) {
    entry.total_frequency = frequency;
    EXPECT_EQ(CodeOf(entry), StatusCode::kDataLoss) << frequency;
  }
}

TEST_F(HostileSegments, DocumentsOfShortListsAscendWithinTheSegment) {
  std::vector<uint32_t> gaps(kFew, 0);
  gaps[kFew - 1] = kDocuments - kFew + 1;  // the last document is one too many
  EXPECT_EQ(CodeOfList('\0' + Block(gaps)), StatusCode::kDataLoss);
  gaps[kFew - 1] = 0;
  gaps[0] = UINT32_MAX;  // wraps, and the last document looks right
  EXPECT_EQ(CodeOfList('\0' + Block(gaps)), StatusCode::kDataLoss);
  EXPECT_EQ(CodeOfList('\0' + Block(std::vector<uint32_t>(kFew, UINT32_MAX))), StatusCode::kDataLoss);
}

TEST_F(HostileSegments, VarintsAscendWithinTheSegment) {
  const std::string zeros(kFew - 1, '\0');  // each the document after
  EXPECT_EQ(CodeOfList('\1' + zeros + '\0'), StatusCode::kOk);
  for (const uint64_t gap : {uint64_t{kDocuments - kFew + 1}, uint64_t{UINT32_MAX}, uint64_t{UINT32_MAX} - 20, uint64_t{INT64_MAX}}) {
    std::string list = "\1";
    AppendVarint(list, gap << 1);
    EXPECT_EQ(CodeOfList(list + zeros), StatusCode::kDataLoss) << gap;
  }
  std::string frequency_of_none = "\1\1";
  AppendVarint(frequency_of_none, UINT32_MAX - 1);
  EXPECT_EQ(CodeOfList(frequency_of_none + zeros), StatusCode::kDataLoss);
  EXPECT_EQ(CodeOfList('\1' + zeros), StatusCode::kDataLoss);
}

TEST_F(HostileSegments, LastDocumentsAscendWithinTheSegment) {
  for (const std::vector<uint32_t>& rows : std::vector<std::vector<uint32_t>>{
           {127, 255, 383, 511, 639, 767, 895, 1000}, {127, 255, 255, 511, 639, 767, 895, 999}, {895, 255, 383, 511, 639, 767, 895, 999},
           {UINT32_MAX, 255, 383, 511, 639, 767, 895, 999}}) {
    Change({{SectionKind::kBlockLastDoc, Rows(rows)}});
    EXPECT_EQ(CodeOf(EntryOf("all")), StatusCode::kDataLoss) << rows[0];
  }
}

TEST_F(HostileSegments, DocumentsOfABlockAscend) {
  const std::string sound = Bytes(SectionKind::kPostings);
  for (const auto& [first, second] : std::map<uint32_t, uint32_t>{{UINT32_MAX, 1}, {0x80000000, 0x80000000}}) {
    std::vector<uint32_t> gaps(kBlockSize, 0);
    gaps[0] = first;  // the sum wraps, and the last document is what it must be
    gaps[1] = second;
    std::string postings = Block(gaps);
    postings.resize(std::max(postings.size(), sound.size()));
    Change({{SectionKind::kPostings, postings}});
    const auto list = *Open(EntryOf("all"));
    uint32_t docs[kDecodeRoom];
    list->DecodeDocs(0, docs);
    EXPECT_EQ(list->status().code(), StatusCode::kDataLoss);
    for (uint32_t i = 0; i < kBlockSize; ++i) EXPECT_EQ(docs[i], kNoMoreDocs);
  }
}

TEST_F(HostileSegments, NoFrequencyIsZero) {
  std::string block = Block(std::vector<uint32_t>(kFew, 0));
  block[0] = 3;
  AppendVarint(block, UINT32_MAX - 3);
  EXPECT_EQ(CodeOfList('\0' + block), StatusCode::kDataLoss);

  Change({});
  std::string first = Block(std::vector<uint32_t>(kBlockSize, 0));
  first[0] = 3;
  AppendVarint(first, UINT32_MAX - 3);
  first.resize(Bytes(SectionKind::kPostings).size());
  std::vector<uint32_t> offsets(8, 200);
  offsets[0] = 0;
  Change({{SectionKind::kPostings, first}, {SectionKind::kBlockOffset, Rows(offsets)}});
  const auto one = *Open(EntryOf("all"));
  EXPECT_EQ(one->DecodeFrequency(0, 1), 1U);
  EXPECT_TRUE(one->status().ok());
  EXPECT_EQ(one->DecodeFrequency(0, 0), 1U);
  EXPECT_EQ(one->status().code(), StatusCode::kDataLoss);
  const auto all = *Open(EntryOf("all"));
  uint32_t frequencies[kBlockSize];
  all->DecodeFrequencies(0, frequencies);
  EXPECT_EQ(frequencies[0], 1U);
  EXPECT_EQ(all->status().code(), StatusCode::kDataLoss);
}

TEST_F(HostileSegments, LengthsHaveAKnownWidth) {
  for (const uint32_t width : {1U, 2U, 3U, 4U, 5U}) {
    Change({{SectionKind::kLengths, std::string(size_t{kDocuments} * width, '\7')}});
    EXPECT_EQ(segment_->OpenField(kBody).ok(), width != 3 && width != 5) << width;
  }
  Change({{SectionKind::kLengths, std::string(kDocuments * 2 - 1, '\7')}});
  EXPECT_FALSE(segment_->OpenField(kBody).ok());
}

}  // namespace
}  // namespace sakuin::index
