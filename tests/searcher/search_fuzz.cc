// Any bytes as a query on a small index, under limits, with everything that a
// request can ask for: the answer fits itself and the count, or is an error with words.

#include <cstddef>
#include <cstdint>
#include <string>

#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "searcher/searcher.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::searcher {
namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

std::unique_ptr<Searcher> MakeSearcher(MemoryFileSystem& fs) {
  indexer::IndexWriterOptions options;
  options.threads = 1;
  options.schema = indexer::EmptySchema();
  options.schema.shards = 2;
  const auto writer = *indexer::IndexWriter::Open(fs, "index", options);
  static constexpr const char* kWords[] = {"apple", "apples", "pear", "plum-tree", "re-read", "naïve", "東京都", "U.S.A."};
  for (int i = 0; i < 60; ++i) {
    std::string body = "all";
    for (int word = 0; word < 12; ++word) body += std::string(" ") + kWords[i * (word + 3) % 7 * word % 8];
    index::Document document;
    document.key = "key" + std::to_string(i);
    document.fields = {{"title", "number " + std::to_string(i)}, {"body", body}, {"year", int64_t{1990 + i % 30}}, {"price", i / 4.0}};
    document.fields.push_back({"sold", i % 2 == 0});
    document.fields.push_back({"when", "20" + std::to_string(10 + i % 20) + "-05-01"});
    document.stored = "{\"body\":\"" + body + "\"}";
    Require(writer->Add(std::move(document)).ok());
    if (i % 25 == 24) Require(writer->Commit().ok());
  }
  Require(writer->Delete("key7").ok() && writer->Commit().ok());
  return *Searcher::Open(fs, "index");
}

void CheckHits(const SearchAnswer& answer, const SearchRequest& request) {
  Require(answer.hits.size() <= request.top && answer.hits.size() <= answer.total);
  for (size_t i = 0; i < answer.hits.size(); ++i) {
    const Hit& hit = answer.hits[i];
    Require(!hit.key.empty() && hit.score == hit.score);
    if (request.sort.empty() && i > 0) Require(hit.score <= answer.hits[i - 1].score);
    for (const auto& [field, passages] : hit.highlights) {
      for (const HighlightedText& passage : passages) {
        for (const auto& [begin, end] : passage.ranges) Require(begin < end && end <= passage.text.size());
      }
    }
  }
}

void Fuzz(const Searcher& searcher, std::string_view text) {
  const Result<ParsedQuery> parsed = ParseQuery(text, searcher.parse_options(false));
  if (!parsed.ok()) return;
  SearchRequest request;
  request.query = parsed->query;
  request.top = 7;
  request.highlight = true;
  request.explain = text.size() % 2 == 0;
  request.facets = {"year", "sold"};
  if (text.size() % 3 == 0) request.sort = *ParseSortSpec("when:desc,price");
  const Result<SearchAnswer> answer = searcher.Search(request);
  const Result<uint64_t> count = searcher.Count(request.query);
  Require(answer.ok() == count.ok());
  if (!answer.ok()) return Require(answer.status().message().size() > 10);
  Require(answer->total == *count && *count <= 59);
  CheckHits(*answer, request);
}

}  // namespace
}  // namespace sakuin::searcher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::searcher;
  static sakuin::MemoryFileSystem fs;
  static const std::unique_ptr<Searcher> searcher = MakeSearcher(fs);
  if (size > 2000) return 0;
  Fuzz(*searcher, {reinterpret_cast<const char*>(data), size});
  return 0;
}
