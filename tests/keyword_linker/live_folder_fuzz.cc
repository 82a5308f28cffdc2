// Any bytes as a file of a live dictionary. The first byte says which: r a journal
// as it is, j the payload of a record, c the lines of CURRENT, l counts of links;
// the checksums of the last three fit.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/link_counts.h"
#include "keyword_linker/live_dictionary.h"
#include "keyword_linker/live_dictionary_reader.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::keyword_linker {
namespace {

const std::string kFolder = "k";

MemoryFileSystem FilesOfOne() {
  MemoryFileSystem fs;
  DictionaryBuilder builder;
  if (!builder.Add({"Tokyo", "/tokyo", 0}).ok() || !builder.Add({"TOKYO", {}, 1}).ok()) __builtin_trap();
  if (!LiveDictionary::Create(fs, kFolder, builder).ok()) __builtin_trap();
  return fs;
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

// Opens, and shows each keyword once, or tells of the damage.
void FuzzJournal(const std::string& bytes) {
  static const MemoryFileSystem files = FilesOfOne();
  MemoryFileSystem fs = files;
  fs.Put(JournalPath(kFolder, 1), bytes);
  const Result<std::unique_ptr<LiveDictionaryReader>> reader = LiveDictionaryReader::Open(fs, kFolder);
  if (!reader.ok()) {
    if (reader.status().code() != StatusCode::kDataLoss) __builtin_trap();
    return;
  }
  CountsByKeyword shown;
  (*reader)->Snapshot()->ForEach([&shown](const Entry& entry) {
    if (++shown[std::string(entry.keyword)] > 1) __builtin_trap();
  });
}

void FuzzState(std::string lines) {
  lines += "checksum " + std::to_string(Checksum(lines)) + "\n";
  const Result<LiveState> state = ParseLiveState(lines);
  if (state.ok() && !state->Has(state->current)) __builtin_trap();
}

void FuzzCounts(std::string bytes) {
  AppendU64(bytes, Checksum(bytes));
  const Result<CountsByKeyword> counts = ParseLinkCounts(bytes);
  if (!counts.ok() && counts.status().code() != StatusCode::kDataLoss) __builtin_trap();
}

}  // namespace
}  // namespace sakuin::keyword_linker

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::keyword_linker;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'c': FuzzState(bytes); break;
    case 'l': FuzzCounts(bytes); break;
    case 'j': FuzzJournal(RecordOf(bytes)); break;
    default: FuzzJournal(bytes); break;
  }
  return 0;
}
