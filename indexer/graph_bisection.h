// graph_bisection.h: an order in which documents that share words are neighbours.
//
//   ForwardIndex forward;                       // words of every document
//   forward.Add({0, 3, 7}); forward.Add({1, 2}); forward.Add({0, 3});
//   forward.word_count = 8;
//   std::vector<DocId> order = OrderByBisection(forward, {});     // {0, 2, 1} or so: old numbers, in the new order
//
// Gaps between the documents of a word become small, and with them its postings;
// bounds of blocks become sharp. The order depends on the input alone, not on
// the number of threads. Cost: about 20 passes over the words for each halving
// of the documents. Knows no files.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "index/types.h"

namespace sakuin::indexer {

// The words of documents 0, 1, 2, ..., one after another; every word of a document once.
struct ForwardIndex {
  std::vector<uint64_t> ends;    // of the words of each document
  std::vector<uint32_t> words;   // below word_count
  uint32_t word_count = 0;

  uint32_t documents() const { return static_cast<uint32_t>(ends.size()); }
  std::span<const uint32_t> Words(index::DocId doc) const {
    const uint64_t begin = doc == 0 ? 0 : ends[doc - 1];
    return {words.data() + begin, ends[doc] - begin};
  }
  void Add(std::span<const uint32_t> of_document) {
    words.insert(words.end(), of_document.begin(), of_document.end());
    ends.push_back(words.size());
  }
};

struct BisectionOptions {
  ThreadPool* pool = nullptr;  // null: all on the calling thread
  // Told now and then how many of how many words were looked at; by any thread, by one at a time.
  std::function<void(uint64_t done, uint64_t total)> progress;
};

// All documents, each once.
std::vector<index::DocId> OrderByBisection(const ForwardIndex& forward, const BisectionOptions& options);

// Bytes that OrderByBisection uses on `threads` threads, the forward index included.
size_t BisectionMemory(uint64_t documents, uint64_t words, uint64_t word_count, size_t threads);

}  // namespace sakuin::indexer
