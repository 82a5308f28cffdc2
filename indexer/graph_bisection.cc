// Recursive graph bisection (Dhulipala et al., "Compressing graphs and indexes
// with recursive graph bisection", KDD 2016).
//
// A list of d documents among n costs about d * log2(n / (d + 1)) bits for its
// gaps. The documents are cut into two halves; then, several times, every
// document is asked how many bits its words would save if it were in the other
// half, and the pairs that save most change places. Then each half is cut
// likewise. The first cuts are large and few: their threads share documents. The
// later ones are small and many: every thread takes whole ones, and works on a
// copy of the words in which each has a number small enough for the cache, and
// those in but one document, which no move makes cheaper, are left out.

#include "indexer/graph_bisection.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

namespace sakuin::indexer {
namespace {

using index::DocId;

constexpr uint32_t kLeafDocuments = 16;  // not cut any more
constexpr int kIterations = 20;          // at most, for one cut
constexpr uint32_t kFewSwaps = 1000;     // a cut is done when fewer than one in this many changes places
constexpr size_t kChunk = 4096;          // documents that a thread takes at a time

struct Range {
  uint32_t begin;
  uint32_t end;

  uint32_t size() const { return end - begin; }
  uint32_t middle() const { return begin + size() / 2; }
};

struct Candidate {
  float gain;  // bits saved by moving to the other half
  DocId doc;
};

constexpr uint32_t kCopyPart = 8;        // words are copied for cuts that have at most one in this many of them
constexpr uint32_t kLeftOut = UINT32_MAX;

// What one cut at a time needs. Words have their own numbers, or those of the copy.
struct Scratch {
  explicit Scratch(uint32_t word_count) : number(word_count) {}

  std::vector<uint32_t> left;   // documents of the left half that have the word
  std::vector<uint32_t> right;
  std::vector<float> to_right;  // bits saved when one document with it moves
  std::vector<float> to_left;

  bool copied = false;
  std::vector<uint32_t> words;    // the copy
  std::vector<uint32_t> number;   // of a word in the copy; all zero between cuts
  std::vector<uint32_t> touched;  // words that are not zero there
};

double Log2(uint32_t n) {
  static const auto table = [] {
    std::array<double, 4096> logs{};
    for (size_t i = 1; i < logs.size(); ++i) logs[i] = std::log2(static_cast<double>(i));
    return logs;
  }();
  return n < table.size() ? table[n] : std::log2(static_cast<double>(n));
}

// Bits that the gaps of a list cost, but for n, the same before and after.
double Cost(uint32_t degree) { return -static_cast<double>(degree) * Log2(degree + 1); }

// Saved when one of `from` documents goes where there are `to`.
float Gain(uint32_t from, uint32_t to) {
  return from == 0 ? 0 : static_cast<float>(Cost(from) - Cost(from - 1) + Cost(to) - Cost(to + 1));
}

class Bisection {
 public:
  Bisection(const ForwardIndex& forward, const BisectionOptions& options) : forward_(forward), options_(options), pieces_(forward.documents()) {}

  std::vector<DocId> Run();

 private:
  void CutTop(std::vector<Range>& ranges, size_t wanted);
  void CutAll(Range range, Scratch& scratch);
  void Cut(Range range, Scratch& scratch, ThreadPool* pool);
  std::span<const uint32_t> Words(DocId doc, const Scratch& scratch) const;
  uint64_t AmountOf(Range range) const;
  uint32_t CopyWords(Range range, uint64_t amount, Scratch& scratch);
  static uint32_t NumberTouched(Scratch& scratch);
  void CountWords(Range range, uint32_t word_count, Scratch& scratch) const;
  static void RateWords(Scratch& scratch);
  void RateDocuments(Range range, const Scratch& scratch, ThreadPool* pool);
  void SortHalves(Range range, ThreadPool* pool);
  uint32_t Swap(Range range, Scratch& scratch);
  static void Move(std::span<const uint32_t> words, std::vector<uint32_t>& from, std::vector<uint32_t>& to);
  void Report(uint64_t words);

  const ForwardIndex& forward_;
  const BisectionOptions& options_;
  struct Piece {
    uint64_t begin;
    uint32_t size;
  };

  std::vector<Candidate> order_;
  std::vector<Piece> pieces_;  // words of every document in the copy of its cut
  std::mutex mutex_;     // guards done_ and options_.progress
  uint64_t done_ = 0;
  uint64_t total_ = 0;
};

std::span<const uint32_t> Bisection::Words(DocId doc, const Scratch& scratch) const {
  return scratch.copied ? std::span(scratch.words).subspan(pieces_[doc].begin, pieces_[doc].size) : forward_.Words(doc);
}

uint64_t Bisection::AmountOf(Range range) const {
  uint64_t words = 0;
  for (uint32_t i = range.begin; i < range.end; ++i) words += forward_.Words(order_[i].doc).size();
  return words;
}

// Turns counts into numbers; how many there are.
uint32_t Bisection::NumberTouched(Scratch& scratch) {
  uint32_t next = 0;
  for (const uint32_t word : scratch.touched) scratch.number[word] = scratch.number[word] > 1 ? next++ : kLeftOut;
  return next;
}

// The number of different words in the copy.
uint32_t Bisection::CopyWords(Range range, uint64_t amount, Scratch& scratch) {
  for (uint32_t i = range.begin; i < range.end; ++i) {
    for (const uint32_t word : forward_.Words(order_[i].doc)) {
      if (scratch.number[word]++ == 0) scratch.touched.push_back(word);
    }
  }
  const uint32_t word_count = NumberTouched(scratch);
  scratch.words.clear();
  scratch.words.reserve(amount);
  for (uint32_t i = range.begin; i < range.end; ++i) {
    const DocId doc = order_[i].doc;
    pieces_[doc].begin = scratch.words.size();
    for (const uint32_t word : forward_.Words(doc)) {
      if (scratch.number[word] != kLeftOut) scratch.words.push_back(scratch.number[word]);
    }
    pieces_[doc].size = static_cast<uint32_t>(scratch.words.size() - pieces_[doc].begin);
  }
  for (const uint32_t word : scratch.touched) scratch.number[word] = 0;
  scratch.touched.clear();
  return word_count;
}

void Bisection::CountWords(Range range, uint32_t word_count, Scratch& scratch) const {
  scratch.left.assign(word_count, 0);
  scratch.right.assign(word_count, 0);
  scratch.to_right.resize(word_count);
  scratch.to_left.resize(word_count);
  for (uint32_t i = range.begin; i < range.end; ++i) {
    std::vector<uint32_t>& side = i < range.middle() ? scratch.left : scratch.right;
    for (const uint32_t word : Words(order_[i].doc, scratch)) ++side[word];
  }
}

void Bisection::RateWords(Scratch& scratch) {
  for (size_t word = 0; word < scratch.left.size(); ++word) {
    scratch.to_right[word] = Gain(scratch.left[word], scratch.right[word]);
    scratch.to_left[word] = Gain(scratch.right[word], scratch.left[word]);
  }
}

void Bisection::RateDocuments(Range range, const Scratch& scratch, ThreadPool* pool) {
  const size_t chunks = (range.size() + kChunk - 1) / kChunk;
  ParallelFor(pool, chunks, [&](size_t chunk) {
    const uint32_t begin = range.begin + static_cast<uint32_t>(chunk * kChunk);
    const uint32_t end = static_cast<uint32_t>(std::min<size_t>(range.end, begin + kChunk));
    for (uint32_t i = begin; i < end; ++i) {
      const std::vector<float>& gains = i < range.middle() ? scratch.to_right : scratch.to_left;
      float sum = 0;
      for (const uint32_t word : Words(order_[i].doc, scratch)) sum += gains[word];
      order_[i].gain = sum;
    }
  });
}

// Those that most want to move first, in either half.
void Bisection::SortHalves(Range range, ThreadPool* pool) {
  const auto before = [](const Candidate& a, const Candidate& b) { return a.gain != b.gain ? a.gain > b.gain : a.doc < b.doc; };
  const auto at = [this](uint32_t i) { return order_.begin() + static_cast<ptrdiff_t>(i); };
  ParallelFor(pool, 2, [&](size_t half) {
    if (half == 0) {
      std::sort(at(range.begin), at(range.middle()), before);
    } else {
      std::sort(at(range.middle()), at(range.end), before);
    }
  });
}

void Bisection::Move(std::span<const uint32_t> words, std::vector<uint32_t>& from, std::vector<uint32_t>& to) {
  for (const uint32_t word : words) {
    --from[word];
    ++to[word];
  }
}

// The number of pairs that changed places.
uint32_t Bisection::Swap(Range range, Scratch& scratch) {
  uint32_t swaps = 0;
  for (uint32_t left = range.begin, right = range.middle(); left < range.middle() && right < range.end; ++left, ++right, ++swaps) {
    if (order_[left].gain + order_[right].gain <= 0) break;
    Move(Words(order_[left].doc, scratch), scratch.left, scratch.right);
    Move(Words(order_[right].doc, scratch), scratch.right, scratch.left);
    std::swap(order_[left], order_[right]);
  }
  return swaps;
}

void Bisection::Cut(Range range, Scratch& scratch, ThreadPool* pool) {
  const uint64_t amount = AmountOf(range);
  scratch.copied = amount <= forward_.words.size() / kCopyPart;
  CountWords(range, scratch.copied ? CopyWords(range, amount, scratch) : forward_.word_count, scratch);
  for (int i = 0; i < kIterations; ++i) {
    RateWords(scratch);
    RateDocuments(range, scratch, pool);
    SortHalves(range, pool);
    if (Swap(range, scratch) <= range.size() / kFewSwaps) break;
  }
  Report(amount);
}

void Bisection::Report(uint64_t words) {
  const std::lock_guard lock(mutex_);
  done_ += words;
  if (options_.progress) options_.progress(std::min(done_, total_), total_);
}

// Cuts until there are `wanted` ranges, or none is left that can be cut.
void Bisection::CutTop(std::vector<Range>& ranges, size_t wanted) {
  Scratch scratch(forward_.word_count);
  while (ranges.size() < wanted && ranges[0].size() > kLeafDocuments) {
    std::vector<Range> halves;
    for (const Range range : ranges) {
      Cut(range, scratch, options_.pool);
      halves.push_back({range.begin, range.middle()});
      halves.push_back({range.middle(), range.end});
    }
    ranges.swap(halves);
  }
}

void Bisection::CutAll(Range range, Scratch& scratch) {
  if (range.size() <= kLeafDocuments) {
    const auto begin = order_.begin() + static_cast<ptrdiff_t>(range.begin);
    std::sort(begin, begin + static_cast<ptrdiff_t>(range.size()), [](const Candidate& a, const Candidate& b) { return a.doc < b.doc; });
    return;
  }
  Cut(range, scratch, nullptr);
  CutAll({range.begin, range.middle()}, scratch);
  CutAll({range.middle(), range.end}, scratch);
}

std::vector<DocId> Bisection::Run() {
  for (DocId doc = 0; doc < forward_.documents(); ++doc) order_.push_back({0, doc});
  for (uint32_t size = forward_.documents(); size > kLeafDocuments; size -= size / 2) total_ += forward_.words.size();
  const size_t threads = options_.pool == nullptr ? 1 : options_.pool->size();
  std::vector<Range> ranges = {{0, forward_.documents()}};
  if (threads > 1) CutTop(ranges, 8 * threads);
  std::atomic<size_t> next = 0;
  ParallelFor(options_.pool, threads, [&](size_t) {
    Scratch scratch(forward_.word_count);
    for (size_t i = next++; i < ranges.size(); i = next++) CutAll(ranges[i], scratch);
  });
  std::vector<DocId> order;
  order.reserve(order_.size());
  for (const Candidate& candidate : order_) order.push_back(candidate.doc);
  return order;
}

}  // namespace

std::vector<DocId> OrderByBisection(const ForwardIndex& forward, const BisectionOptions& options) { return Bisection(forward, options).Run(); }

size_t BisectionMemory(uint64_t documents, uint64_t words, uint64_t word_count, size_t threads) {
  constexpr size_t kPerDocument = 3 * sizeof(uint64_t) + sizeof(Candidate) + sizeof(DocId);
  constexpr size_t kPerWord = 3 * sizeof(uint32_t) + 2 * sizeof(float) + 2 * sizeof(uint32_t);  // touched may hold twice what it needs
  return documents * kPerDocument + words * sizeof(uint32_t) + threads * (word_count * kPerWord + words / kCopyPart * sizeof(uint32_t));
}

}  // namespace sakuin::indexer
