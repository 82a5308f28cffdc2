#include "indexer/merge_policy.h"

#include <algorithm>
#include <map>

#include "index/types.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kSegmentsPerTier = 8;
constexpr uint32_t kSmallestTier = 1000;

uint32_t LiveDocuments(const index::SegmentEntry& segment) { return segment.documents - segment.deleted; }

size_t TierOf(uint32_t documents) {
  size_t tier = 0;
  for (uint64_t limit = kSmallestTier; documents > limit; limit *= 10) ++tier;
  return tier;
}

std::map<uint32_t, std::vector<size_t>> ByShard(const index::Manifest& manifest) {
  std::map<uint32_t, std::vector<size_t>> shards;
  for (size_t place = 0; place < manifest.segments.size(); ++place) {
    if (LiveDocuments(manifest.segments[place]) > 0) shards[manifest.segments[place].shard].push_back(place);
  }
  return shards;
}

// The smallest of `places` that together have at most `most_documents`; none when there are not two of them.
std::vector<size_t> Smallest(const index::Manifest& manifest, std::vector<size_t> places, uint64_t most_documents) {
  const auto live = [&](size_t place) { return LiveDocuments(manifest.segments[place]); };
  std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) { return live(a) < live(b); });
  uint64_t documents = 0;
  size_t count = 0;
  while (count < places.size() && (documents += live(places[count])) <= most_documents) ++count;
  places.resize(count < 2 ? 0 : count);
  std::sort(places.begin(), places.end());
  return places;
}

// As many of a shard as one segment holds; else one that has deletes.
std::vector<size_t> ChooseAll(const index::Manifest& manifest, const std::vector<size_t>& places) {
  if (std::vector<size_t> chosen = Smallest(manifest, places, index::kMaxDocsPerSegment - 1); !chosen.empty()) return chosen;
  for (const size_t place : places) {
    if (manifest.segments[place].deleted > 0) return {place};
  }
  return {};
}

}  // namespace

std::vector<size_t> ChooseMerge(const index::Manifest& manifest, bool optimize, uint64_t most_documents) {
  most_documents = std::min<uint64_t>(most_documents, index::kMaxDocsPerSegment - 1);
  for (const auto& [shard, places] : ByShard(manifest)) {
    if (optimize) {
      if (std::vector<size_t> chosen = ChooseAll(manifest, places); !chosen.empty()) return chosen;
      continue;
    }
    std::map<size_t, std::vector<size_t>> tiers;
    for (const size_t place : places) {
      const index::SegmentEntry& segment = manifest.segments[place];
      if (segment.deleted > segment.documents / 2 && LiveDocuments(segment) <= most_documents) return {place};
      tiers[TierOf(LiveDocuments(segment))].push_back(place);
    }
    for (const auto& [tier, members] : tiers) {
      if (members.size() < kSegmentsPerTier) continue;
      if (std::vector<size_t> chosen = Smallest(manifest, members, most_documents); !chosen.empty()) return chosen;
    }
  }
  return {};
}

}  // namespace sakuin::indexer
