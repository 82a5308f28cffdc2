#include "classifier/feature_index.h"

#include <algorithm>
#include <cmath>

// Documents are taken in stripes, one after another in each, and what they have is thrown into partitions by
// the highest bits of the hash; then each partition is put in order by itself, in cache.

namespace sakuin::classifier {
namespace {

constexpr size_t kPartitionBits = 8;
constexpr size_t kPartitions = size_t{1} << kPartitionBits;
constexpr size_t kMaxStripes = 16;

struct Occurrence {
  uint64_t hash = 0;
  uint32_t document = 0;
  uint32_t count = 0;
};

using Partitions = std::vector<std::vector<Occurrence>>;

struct Part {
  std::vector<uint64_t> hashes;
  std::vector<uint32_t> sizes;
  std::vector<Posting> postings;
};

double SquareOfLog(uint32_t count) {
  static const std::array<double, 64> kTable = [] {
    std::array<double, 64> table{};
    for (size_t i = 0; i < table.size(); ++i) table[i] = std::log1p(static_cast<double>(i)) * std::log1p(static_cast<double>(i));
    return table;
  }();
  if (count < kTable.size()) return kTable[count];
  const double log = std::log1p(static_cast<double>(count));
  return log * log;
}

std::array<double, kOrders> Lengths(std::span<const Feature> features) {
  std::array<double, kOrders> squares{};
  for (const Feature& feature : features) squares[OrderOf(feature.hash) - 1] += SquareOfLog(feature.count);
  std::array<double, kOrders> lengths{};
  double sum = 0;
  for (size_t i = 0; i < kOrders; ++i) lengths[i] = std::sqrt(sum += squares[i]);
  return lengths;
}

// Stable, so that postings stay in the order of the documents.
void SortByHash(std::vector<Occurrence>& occurrences, std::vector<Occurrence>& scratch) {
  scratch.resize(occurrences.size());
  constexpr int kFirstShift = 64 - static_cast<int>(kPartitionBits) - 16;
  for (const int shift : {kFirstShift, kFirstShift + 8}) {
    std::array<uint32_t, 257> starts{};
    for (const Occurrence& occurrence : occurrences) ++starts[((occurrence.hash >> shift) & 0xFF) + 1];
    for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    for (const Occurrence& occurrence : occurrences) scratch[starts[(occurrence.hash >> shift) & 0xFF]++] = occurrence;
    occurrences.swap(scratch);
  }
  // What is left unordered shares 24 bits: few.
  const uint64_t bits = ~uint64_t{0} << kFirstShift;
  for (size_t begin = 0; begin < occurrences.size();) {
    size_t end = begin + 1;
    bool mixed = false;
    for (; end < occurrences.size() && ((occurrences[end].hash ^ occurrences[begin].hash) & bits) == 0; ++end) {
      mixed = mixed || occurrences[end].hash != occurrences[begin].hash;
    }
    if (mixed) {
      std::stable_sort(occurrences.begin() + static_cast<ptrdiff_t>(begin), occurrences.begin() + static_cast<ptrdiff_t>(end),
                       [](const Occurrence& a, const Occurrence& b) { return a.hash < b.hash; });
    }
    begin = end;
  }
}

Part Group(std::vector<Partitions>& stripes, size_t partition) {
  std::vector<Occurrence> all;
  for (Partitions& stripe : stripes) {
    all.insert(all.end(), stripe[partition].begin(), stripe[partition].end());
    std::vector<Occurrence>().swap(stripe[partition]);
  }
  std::vector<Occurrence> scratch;
  SortByHash(all, scratch);
  Part part;
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin + 1;
    while (end < all.size() && all[end].hash == all[begin].hash) ++end;
    if (end - begin > 1 || OrderOf(all[begin].hash) == 1) {
      part.hashes.push_back(all[begin].hash);
      part.sizes.push_back(static_cast<uint32_t>(end - begin));
      for (size_t i = begin; i < end; ++i) part.postings.push_back({all[i].document, all[i].count});
    }
    begin = end;
  }
  return part;
}

}  // namespace

FeatureIndex FeatureIndex::Build(const TrainingSet& ordered, FeatureOrder order, ThreadPool* pool) {
  FeatureIndex index;
  const size_t documents = ordered.size();
  index.lengths_.resize(documents);
  const size_t stripes = std::clamp<size_t>(documents / 64, 1, kMaxStripes);
  std::vector<Partitions> thrown(stripes, Partitions(kPartitions));
  std::vector<std::array<bool, kOrders>> has(stripes);
  ParallelFor(pool, stripes, [&](size_t s) {
    FeatureBag bag;
    std::vector<Unit> units;
    for (size_t d = documents * s / stripes; d < documents * (s + 1) / stripes; ++d) {
      units.clear();
      for (const uint32_t unit : ordered.units_of(ordered.documents()[d])) units.push_back(ordered.unit_of(unit));
      bag.Take(units, order);
      index.lengths_[d] = Lengths(bag.features());
      for (const Feature& feature : bag.features()) {
        has[s][OrderOf(feature.hash) - 1] = true;
        thrown[s][feature.hash >> (64 - kPartitionBits)].push_back({feature.hash, static_cast<uint32_t>(d), feature.count});
      }
    }
  });
  std::vector<Part> parts(kPartitions);
  ParallelFor(pool, kPartitions, [&](size_t p) { parts[p] = Group(thrown, p); });
  index.begins_.push_back(0);
  for (Part& part : parts) {
    index.hashes_.insert(index.hashes_.end(), part.hashes.begin(), part.hashes.end());
    for (const uint32_t size : part.sizes) index.begins_.push_back(index.begins_.back() + size);
    index.postings_.insert(index.postings_.end(), part.postings.begin(), part.postings.end());
    part = Part();
  }
  for (const auto& of_stripe : has) {
    for (size_t i = 0; i < kOrders; ++i) index.has_[i] = index.has_[i] || of_stripe[i];
  }
  return index;
}

}  // namespace sakuin::classifier
