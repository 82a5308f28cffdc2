// Any bytes as the small files of an index, and as dates. The first byte chooses.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/checksum.h"
#include "index/date.h"
#include "index/deletes.h"
#include "index/filename.h"
#include "index/manifest.h"
#include "index/packed_numbers.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::index {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// CURRENT alone, and beside a sound manifest of generation 1.
void FuzzCurrent(const std::string& bytes) {
  MemoryFileSystem fs;
  fs.Put("index/CURRENT", bytes);
  Require(!ReadCurrentManifest(fs, "index").ok());
  Manifest manifest;
  manifest.generation = 1;
  Require(CommitManifest(fs, "index", manifest).ok());
  const std::string sound = fs.Get("index/CURRENT");
  fs.Put("index/CURRENT", bytes);
  Require(ReadCurrentManifest(fs, "index").ok() == (bytes == sound));
}

// With the checksum that fits: all that follows the header is believed, and no more.
void FuzzDeletes(const std::string& bytes) {
  MemoryFileSystem fs;
  fs.Put("deletes", bytes);
  for (const uint32_t documents : {0U, 1U, 64U, 100U}) {
    const Result<DeletedDocs> deleted = DeletedDocs::Read(fs, "deletes", documents, Checksum(bytes));
    if (!deleted.ok()) continue;
    Require(deleted->count() <= documents && deleted->Sorted().size() == deleted->count());
    for (const DocId doc : deleted->Sorted()) Require(doc < documents);
  }
}

void FuzzPacked(const std::string& bytes) {
  ByteReader in(bytes);
  PackedNumbers numbers;
  if (!PackedNumbers::Read(in, numbers) || numbers.size() > 10'000) return;
  volatile uint64_t sum = 0;
  for (uint64_t i = 0; i < numbers.size(); ++i) sum = sum + numbers[i];
}

void FuzzDate(const std::string& text) {
  DateRange range;
  if (!ParseDate(text, range)) {
    Require(!LooksLikeDate(text));
    return;
  }
  Require(range.first <= range.last);
  DateRange again;
  Require(ParseDate(FormatDate(range.first), again) && again.first == range.first);
}

void FuzzNames(const std::string& name) {
  uint64_t number = 0;
  switch (KindOfFile(name, &number)) {
    case FileKind::kManifest: return Require(ManifestFile(number) == name);
    case FileKind::kJournal: return Require(JournalFile(number) == name);
    default: return;
  }
}

}  // namespace
}  // namespace sakuin::index

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::index;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'c': FuzzCurrent(bytes); break;
    case 'd': FuzzDeletes(bytes); break;
    case 'p': FuzzPacked(bytes); break;
    case 't': FuzzDate(bytes); break;
    case 'n': FuzzNames(bytes); break;
    default: break;
  }
  return 0;
}
