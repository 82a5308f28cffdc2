// Any bytes as a journal, as they are (first byte 'r') and as the payload of a
// record whose checksums fit. What is given can be written and read again.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/checksum.h"
#include "indexer/journal.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::indexer {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

struct Writes {
  std::vector<index::Document> documents;
  std::vector<std::string> deletes;
};

Status Read(MemoryFileSystem& fs, const std::string& path, bool last, Writes& writes) {
  const auto upsert = [&](index::Document document) {
    writes.documents.push_back(std::move(document));
    return OkStatus();
  };
  const auto erase = [&](std::string_view key) {
    writes.deletes.emplace_back(key);
    return OkStatus();
  };
  return ReadJournal(fs, path, last, {upsert, erase});
}

std::string RecordOf(const std::string& payload) {
  std::string size;
  AppendU32(size, static_cast<uint32_t>(payload.size()));
  std::string record = size;
  AppendU32(record, static_cast<uint32_t>(Checksum(size)));
  record += payload;
  AppendU64(record, Checksum(payload));
  return record;
}

void CheckWrittenAgain(MemoryFileSystem& fs, const Writes& writes) {
  const auto journal = JournalWriter::Create(fs, "index", 7);
  for (const index::Document& document : writes.documents) (*journal)->AddUpsert(document);
  for (const std::string& key : writes.deletes) (*journal)->AddDelete(key);
  Require((*journal)->Sync().ok());
  Writes again;
  Require(Read(fs, "index/journal-00000000000000000007", false, again).ok());
  Require(again.documents.size() == writes.documents.size() && again.deletes == writes.deletes);
  for (size_t i = 0; i < again.documents.size(); ++i) {
    Require(again.documents[i].key == writes.documents[i].key && again.documents[i].stored == writes.documents[i].stored);
    Require(again.documents[i].fields.size() == writes.documents[i].fields.size());
  }
}

void Fuzz(const std::string& bytes) {
  MemoryFileSystem fs;
  fs.Put("journal", bytes);
  Writes writes;
  const bool whole = Read(fs, "journal", false, writes).ok();
  Writes of_last;
  const bool last = Read(fs, "journal", true, of_last).ok();
  Require(!whole || last);
  CheckWrittenAgain(fs, writes);
}

}  // namespace
}  // namespace sakuin::indexer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  sakuin::indexer::Fuzz(data[0] == 'r' ? bytes : sakuin::indexer::RecordOf(bytes));
  return 0;
}
