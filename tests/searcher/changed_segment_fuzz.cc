// Searches over a segment in which one section holds other bytes, under checksums
// that fit: the best, all matches and their number end in an answer about documents
// of the segment or in an error with words.
//
// The first byte chooses the section. If the second is odd, the rest takes the
// section's place; else every three bytes put a byte somewhere: offset u16, value.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/memory_file_system.h"
#include "tests/index/changed_segment.h"

namespace sakuin::searcher {
namespace {

constexpr int kDocuments = 4500;  // two windows of the search
constexpr uint32_t kTop = 5;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// Words in all documents, in many, in some and in two; now and then many times in one.
std::string Body(int i) {
  std::string body = i % 3 == 0 ? "all apple pear" : "all pear";
  if (i % 2 == 0) body += " apple plum";
  if (i % 61 == 0) body += " fig fig fig fig pear fig";
  if (i % 4000 == 7) body += " quince apple";
  return body;
}

index::Manifest WriteSound(MemoryFileSystem& fs) {
  indexer::IndexWriterOptions options;
  options.threads = 1;
  options.schema = indexer::EmptySchema();
  const auto writer = *indexer::IndexWriter::Open(fs, "index", options);
  for (int i = 0; i < kDocuments; ++i) {
    index::Document document;
    document.key = "key" + std::to_string(i);
    document.fields = {{"body", Body(i)}, {"number", int64_t{i} % 50}};
    document.stored = "{}";
    Require(writer->Add(std::move(document)).ok());
  }
  Require(writer->Commit().ok());
  index::Manifest manifest = *index::ReadCurrentManifest(fs, "index");
  Require(manifest.segments.size() == 1);
  return manifest;
}

std::string Changed(std::string_view bytes, std::string_view input) {
  if (input.empty()) return std::string(bytes);
  if (input[0] % 2 != 0) return std::string(input.substr(1));
  std::string changed(bytes);
  for (size_t i = 1; i + 3 <= input.size() && !changed.empty(); i += 3) {
    changed[LoadUnaligned<uint16_t>(input.data() + i) % changed.size()] = input[i + 2];
  }
  return changed;
}

void Run(const Searcher& searcher, std::string_view text, bool all_matches) {
  SearchRequest request;
  request.query = ParseQuery(text, searcher.parse_options(false))->query;
  request.top = kTop;
  if (all_matches) request.sort = *ParseSortSpec("number:desc");
  const Result<SearchAnswer> answer = searcher.Search(request);
  if (!answer.ok()) return Require(answer.status().message().size() > 10);
  Require(answer->hits.size() <= kTop && answer->total <= kDocuments);
}

void RunAll(const Searcher& searcher) {
  static constexpr const char* kQueries[] = {
      "apple", "fig AND pear", "+all +apple plum", "fig OR plum OR quince", "\"apple pear\"", "body:\"fig fig\"", "body:plum -body:fig",
  };
  for (const char* text : kQueries) {
    Run(searcher, text, false);
    Run(searcher, text, true);
    const Result<uint64_t> count = searcher.Count(ParseQuery(text, searcher.parse_options(false))->query);
    Require(count.ok() ? *count <= kDocuments : count.status().message().size() > 10);
  }
}

}  // namespace
}  // namespace sakuin::searcher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin;
  static MemoryFileSystem sound_files;
  static const index::Manifest sound = searcher::WriteSound(sound_files);
  if (size == 0) return 0;
  MemoryFileSystem fs = sound_files;
  index::Manifest manifest = sound;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  manifest.segments[0] = ChangeSections(fs, "index", sound.segments[0], [&](size_t place, index::SectionKind, std::string_view bytes) {
    return place == data[0] ? searcher::Changed(bytes, input) : std::string(bytes);
  });
  const auto snapshot = index::Snapshot::Open(fs, "index", manifest, nullptr);
  if (snapshot.ok()) searcher::RunAll(**searcher::Searcher::Make(*snapshot));
  return 0;
}
