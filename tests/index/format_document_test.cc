// Every "```hex NAME" of docs/index_format.md is read by the code that reads
// indexes, and written by the code that writes them, byte for byte.
//
// The examples stand in the document itself: hex numbers, and behind # what they
// are. "```hex docs" is tested in block_codec_test.cc.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/checksum.h"
#include "index/column.h"
#include "index/deletes.h"
#include "index/filename.h"
#include "index/manifest.h"
#include "index/segment_file.h"
#include "index/stored.h"
#include "index/terms_reader.h"
#include "index/terms_writer.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::index {
namespace {

constexpr FieldId kField = 2;

std::map<std::string, std::string> ReadExamples() {
  std::ifstream document(SAKUIN_SOURCE_DIR "/docs/index_format.md");
  std::map<std::string, std::string> examples;
  std::string* open = nullptr;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      open = line.starts_with("```hex ") ? &examples[line.substr(7)] : nullptr;
    } else if (open != nullptr) {
      std::istringstream hex(line.substr(0, line.find('#')));
      for (int byte = 0; hex >> std::hex >> byte;) open->push_back(static_cast<char>(byte));
    }
  }
  return examples;
}

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    const auto byte = static_cast<uint8_t>(c);
    hex += {kDigits[byte / 16], kDigits[byte % 16], ' '};
  }
  return hex;
}

class FormatDocument : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(fs_.CreateFolder(folder_).ok()); }

  const std::string& Example(const std::string& name) {
    EXPECT_TRUE(examples_.contains(name)) << "the document has no example of " << name;
    return examples_[name];
  }

  std::unique_ptr<SegmentFileView> Finish(SegmentFileWriter& writer) {
    const Result<SegmentFileInfo> info = writer.Finish();
    EXPECT_TRUE(info.ok()) << info.status().ToString();
    return *SegmentFileView::Open(fs_, JoinPath(folder_, SegmentFile(info->name)));
  }

  // A segment of these sections of the document.
  std::unique_ptr<SegmentFileView> FileOf(const std::map<SectionKind, std::string>& sections, FieldId field) {
    auto writer = *SegmentFileWriter::Create(fs_, folder_, ++sequence_);
    for (const auto& [kind, name] : sections) EXPECT_TRUE(writer->Add(kind, field, Example(name)).ok());
    return Finish(*writer);
  }

  FileSystem& fs_ = PosixFileSystem();
  ScratchFolder scratch_;
  const std::string folder_ = scratch_.Path("index");
  std::map<std::string, std::string> examples_ = ReadExamples();
  uint64_t sequence_ = 0;
};

TermEntry Entry(uint32_t documents, uint64_t occurrences, DocId single, uint64_t postings, uint64_t positions) {
  TermEntry entry;
  entry.document_frequency = documents;
  entry.total_frequency = occurrences;
  entry.single_doc = single;
  entry.postings_size = postings;
  entry.positions_size = positions;
  return entry;
}

TEST_F(FormatDocument, Terms) {
  TermEntry apple = Entry(1, 2, 3, 0, 3);
  TermEntry apply = Entry(2, 2, 0, 5, 2);
  TermEntry banana = Entry(1, 1, 300, 0, 1);
  apple.postings_offset = apply.postings_offset = 16;
  apple.positions_offset = 200;
  apply.positions_offset = 203;
  const auto file = FileOf({{SectionKind::kTermIndex, "term index"}, {SectionKind::kTerms, "terms"}}, kField);
  const Result<TermsReader> terms = TermsReader::Open(*file, kField, true);
  ASSERT_TRUE(terms.ok()) << terms.status().ToString();
  ASSERT_EQ(terms->count(), 3U);
  const TermEntry found = **terms->Find("apply");
  EXPECT_EQ(found.document_frequency, 2U);
  EXPECT_EQ(found.postings_offset, 16U);
  EXPECT_EQ(found.postings_size, 5U);
  EXPECT_EQ(found.positions_offset, 203U);
  EXPECT_EQ((**terms->Find("apple")).single_doc, 3U);
  EXPECT_EQ((**terms->Find("apple")).total_frequency, 2U);
  EXPECT_EQ((**terms->Find("banana")).single_doc, 300U);

  TermsWriter writer(fs_, scratch_.Path("terms"), true);
  ASSERT_TRUE(writer.Add("apple", apple).ok() && writer.Add("apply", apply).ok() && writer.Add("banana", banana).ok());
  auto out = *SegmentFileWriter::Create(fs_, folder_, 99);
  ASSERT_TRUE(writer.AddSections(*out, kField).ok());
  const auto written = Finish(*out);
  EXPECT_EQ(ToHex(written->Section(SectionKind::kTermIndex, kField)), ToHex(Example("term index")));
  EXPECT_EQ(ToHex(written->Section(SectionKind::kTerms, kField)), ToHex(Example("terms")));
}

TEST_F(FormatDocument, Column) {
  const auto file = FileOf({{SectionKind::kColumn, "column"}, {SectionKind::kColumnStrings, "column strings"}}, kField);
  const Result<index::Column> column = Column::Open(*file, kField);
  ASSERT_TRUE(column.ok()) << column.status().ToString();
  std::vector<std::vector<std::string>> values(3);
  for (DocId doc = 0; doc < 3; ++doc) {
    for (uint64_t i = column->Begin(doc); i < column->End(doc); ++i)
      values[doc].emplace_back(column->String(static_cast<uint64_t>(column->Value(i))));
  }
  EXPECT_EQ(values, (std::vector<std::vector<std::string>>{{"cat", "dog"}, {}, {"dog"}}));

  StringColumnBuilder builder;
  for (const auto& [doc, text] : {std::pair<DocId, std::string_view>{0, "dog"}, {0, "cat"}, {2, "dog"}}) builder.Add(doc, text);
  auto out = *SegmentFileWriter::Create(fs_, folder_, 99);
  ASSERT_TRUE(builder.AddSections(*out, kField, 3).ok());
  const auto written = Finish(*out);
  EXPECT_EQ(ToHex(written->Section(SectionKind::kColumn, kField)), ToHex(Example("column")));
  EXPECT_EQ(ToHex(written->Section(SectionKind::kColumnStrings, kField)), ToHex(Example("column strings")));
}

// The bytes that zstd makes may differ from version to version: what has to hold is that they can be read.
TEST_F(FormatDocument, StoredDocuments) {
  const auto file = FileOf({{SectionKind::kStoredIndex, "stored index"}, {SectionKind::kStored, "stored"}}, kNoField);
  const Result<StoredReader> stored = StoredReader::Open(*file);
  ASSERT_TRUE(stored.ok()) << stored.status().ToString();
  std::string text;
  ASSERT_TRUE(stored->Read(0, text).ok());
  EXPECT_EQ(text, "{\"n\":1}");
  ASSERT_TRUE(stored->Read(1, text).ok());
  EXPECT_EQ(text, "{}");

  StoredWriter writer(fs_, scratch_.Path("stored"));
  ASSERT_TRUE(writer.Add("{\"n\":1}").ok() && writer.Add("{}").ok());
  auto out = *SegmentFileWriter::Create(fs_, folder_, 99);
  ASSERT_TRUE(writer.AddSections(*out).ok());
  EXPECT_EQ(ToHex(Finish(*out)->Section(SectionKind::kStoredIndex, kNoField)), ToHex(Example("stored index")));
}

TEST_F(FormatDocument, Deletes) {
  const std::string path = scratch_.Path("deletes");
  ASSERT_TRUE(WriteFileAtomically(fs_, path, Example("deletes")).ok());
  const Result<DeletedDocs> deleted = DeletedDocs::Read(fs_, path, 70, Checksum(Example("deletes")));
  ASSERT_TRUE(deleted.ok()) << deleted.status().ToString();
  EXPECT_EQ(deleted->Sorted(), (std::vector<DocId>{0, 9, 64}));
  const std::string again = scratch_.Path("again");
  ASSERT_TRUE(deleted->Write(fs_, again).ok());
  EXPECT_EQ(ToHex(*fs_.ReadAll(again)), ToHex(Example("deletes")));
}

TEST_F(FormatDocument, Manifest) {
  const Result<index::Manifest> manifest = Manifest::Decode(Example("manifest"));
  ASSERT_TRUE(manifest.ok()) << manifest.status().ToString();
  EXPECT_EQ(manifest->generation, 7U);
  EXPECT_EQ(manifest->next_sequence, 12U);
  EXPECT_EQ(manifest->first_journal, 3U);
  ASSERT_EQ(manifest->schema.fields.size(), 2U);
  EXPECT_EQ(manifest->schema.fields[1].annotation, (index::Annotation{index::AnnotationKind::kClassifier, "/m", {"body"}, 0.5F}));
  EXPECT_EQ(manifest->schema.fields[0].name, "year");
  EXPECT_EQ(manifest->schema.fields[0].type, FieldType::kInteger);
  ASSERT_EQ(manifest->segments.size(), 1U);
  const SegmentEntry& segment = manifest->segments[0];
  EXPECT_EQ(segment.name, "00000000000000ab");
  EXPECT_EQ(segment.bytes, 300U);
  EXPECT_EQ(segment.documents, 10U);
  EXPECT_EQ(segment.deleted, 3U);
  EXPECT_EQ(segment.deletes_generation, 7U);
  EXPECT_EQ(segment.statistics, (std::vector<FieldStatistics>{{9, 90}}));
  EXPECT_EQ(segment.analyzers, std::vector<uint64_t>{239});
  EXPECT_EQ(ToHex(manifest->Encode()), ToHex(Example("manifest")));
}

}  // namespace
}  // namespace sakuin::index
