// A sound segment in which one section holds any bytes, under checksums that fit:
// reading everything ends in an error or somewhere, never outside the file.
// The first byte chooses the section.

#include <cstddef>
#include <cstdint>
#include <string>

#include "index/positions_reader.h"
#include "index/segment_reader.h"
#include "index/segment_writer.h"
#include "tests/base/memory_file_system.h"
#include "tests/index/changed_segment.h"

namespace sakuin::index {
namespace {

constexpr FieldId kBody = 2;
constexpr FieldId kNumber = 3;
constexpr FieldId kTag = 4;
constexpr uint32_t kDocuments = 400;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// Words in all documents, in some, and in one; columns of numbers and of strings.
void AddFields(SegmentWriter& writer) {
  Require(writer.StartField(kBody, true, std::vector<uint32_t>(kDocuments, 9), {}).ok());
  for (uint32_t word = 1; word <= kDocuments; word += word < 9 ? 2 : 97) {
    Require(writer.StartTerm("word" + std::to_string(1000 + word)).ok());
    for (DocId doc = 0; doc < kDocuments; doc += word) {
      writer.AddPosting(doc, doc % 3 == 0 ? std::vector<uint32_t>{1, 5, 8} : std::vector<uint32_t>{2});
    }
    Require(writer.FinishTerm().ok());
  }
  Require(writer.FinishField().ok());
  ColumnBuilder numbers;
  StringColumnBuilder tags;
  for (DocId doc = 0; doc < kDocuments; ++doc) {
    for (uint32_t i = 0; i < doc % 3; ++i) numbers.Add(doc, int64_t{doc} * 7 % 40 + i);
    tags.Add(doc, "tag" + std::to_string(doc % 5));
  }
  Require(writer.AddColumn(kNumber, numbers).ok() && writer.AddColumn(kTag, tags).ok());
}

SegmentEntry WriteSound(MemoryFileSystem& fs) {
  const auto writer = *SegmentWriter::Create(fs, "index", 1);
  for (DocId doc = 0; doc < kDocuments; ++doc) {
    const std::string number = std::to_string(doc);
    Require(writer->AddDocument("key" + number, doc % 2, "{\"n\":" + number + "}").ok());
  }
  AddFields(*writer);
  return *writer->Finish();
}

void ReadPostings(const PostingsSections& sections, const TermEntry& entry) {
  const auto list = OpenPostings(sections, entry);
  if (!list.ok() || !(*list)->PreparePositions().ok()) return;
  uint32_t docs[kDecodeRoom];
  uint32_t frequencies[kBlockSize];
  PositionsReader reader;
  volatile uint64_t sum = 0;
  for (uint32_t block = 0; block < (*list)->blocks(); ++block) {
    (*list)->DecodeDocs(block, docs);
    (*list)->DecodeFrequencies(block, frequencies);
    reader.EnterBlock(**list, block, frequencies);
    for (uint32_t i = 0; i < (*list)->SizeOfBlock(block); ++i) {
      for (const uint32_t position : reader.Positions(i)) sum = sum + position;
      sum = sum + (*list)->DecodeFrequency(block, i);
    }
  }
}

void ReadField(const SegmentReader& segment) {
  const Result<const FieldReader*> field = segment.OpenField(kBody);
  if (!field.ok() || *field == nullptr) return;
  volatile uint64_t sum = 0;
  for (DocId doc = 0; doc < segment.documents(); ++doc) sum = sum + (*field)->lengths[doc];
  TermsCursor cursor((*field)->terms);
  for (cursor.Rewind(); cursor.valid(); cursor.Next()) ReadPostings((*field)->postings, cursor.entry());
  (void)(*field)->terms.Find("word1003").ok();
}

void ReadColumn(const SegmentReader& segment, FieldId field) {
  const Result<const Column*> column = segment.OpenColumn(field);
  if (!column.ok()) return;
  volatile uint64_t sum = 0;
  for (DocId doc = 0; doc < segment.documents(); ++doc) {
    for (uint64_t i = (*column)->Begin(doc); i < (*column)->End(doc); ++i) {
      const auto value = static_cast<uint64_t>((*column)->Value(i));
      sum = sum + value;
      if (field == kTag) sum = sum + (*column)->String(value).size();
    }
  }
}

void ReadAll(const SegmentReader& segment) {
  std::string stored;
  volatile uint64_t sum = 0;
  for (DocId doc = 0; doc < segment.documents(); ++doc) {
    sum = sum + segment.key(doc).size() + segment.version(doc);
    (void)segment.stored().Read(doc, stored).ok();
  }
  (void)segment.LowerBoundOfKey("key5");
  ReadField(segment);
  ReadColumn(segment, kNumber);
  ReadColumn(segment, kTag);
}

}  // namespace
}  // namespace sakuin::index

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::index;
  static sakuin::MemoryFileSystem sound_files;
  static const SegmentEntry sound = WriteSound(sound_files);
  if (size == 0) return 0;
  sakuin::MemoryFileSystem fs = sound_files;
  const SegmentEntry entry = ChangeSections(fs, "index", sound, [data, size](size_t place, SectionKind, std::string_view bytes) {
    return place == data[0] % 32U ? std::string(reinterpret_cast<const char*>(data + 1), size - 1) : std::string(bytes);
  });
  const auto segment = SegmentReader::Open(fs, "index", entry);
  if (segment.ok()) ReadAll(**segment);
  return 0;
}
