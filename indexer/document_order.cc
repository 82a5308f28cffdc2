#include "indexer/document_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <string>

#include "base/counted.h"
#include "indexer/graph_bisection.h"
#include "indexer/postings_sorter.h"

namespace sakuin::indexer {
namespace {

using index::DocId;

// Words of fewer documents say little of who is like whom.
constexpr uint32_t kFewestDocuments = 4;

// How much there is of words of at least 2^i documents.
struct Amounts {
  std::array<uint64_t, 32> words{};
  std::array<uint64_t, 32> postings{};
};

Status CheckMemory(const index::SegmentReader& segment, uint64_t needed, const OrderOptions& options) {
  if (needed <= options.memory_bytes) return OkStatus();
  return ResourceExhaustedError("a new order of " + Counted(segment.documents(), "document") + " needs " + std::to_string((needed >> 20) + 1) +
                                " MB of memory, there are " + std::to_string(options.memory_bytes >> 20) + "; give more");
}

// Bytes that the longest list of the segment takes while it is put into another order.
Result<uint64_t> MemoryOfLongestList(const index::SegmentReader& segment, const index::Schema& schema) {
  uint64_t longest = 0;
  for (index::FieldId id = 0; id < schema.fields.size(); ++id) {
    ASSIGN_OR_RETURN(const index::FieldReader* field, segment.OpenField(id));
    if (field == nullptr) continue;
    index::TermsCursor terms(field->terms);
    for (terms.Rewind(); terms.valid(); terms.Next()) {
      const index::TermEntry& entry = terms.entry();
      longest = std::max(longest, PostingsSorter::MemoryOf(entry.document_frequency, field->positions ? entry.total_frequency : 0));
    }
    RETURN_IF_ERROR(terms.status());
  }
  return longest;
}

class OrderFinder {
 public:
  OrderFinder(const index::SegmentReader& segment, const index::FieldReader& field, const OrderOptions& options)
      : segment_(segment), field_(field), options_(options) {}

  Result<std::vector<DocId>> Run();

 private:
  Status Measure();
  Status ChooseFewest();
  // Calls use(word's number, list) for every word of enough documents, in the order of words.
  template <typename Use>
  Status ForEachWord(const Use& use) const;
  Status FillForward();

  const index::SegmentReader& segment_;
  const index::FieldReader& field_;
  const OrderOptions& options_;
  Amounts amounts_;
  uint32_t fewest_ = kFewestDocuments;
  ForwardIndex forward_;
};

Status OrderFinder::Measure() {
  index::TermsCursor terms(field_.terms);
  for (terms.Rewind(); terms.valid(); terms.Next()) {
    const index::TermEntry& entry = terms.entry();
    const auto octave = static_cast<size_t>(std::bit_width(entry.document_frequency) - 1);
    ++amounts_.words[octave];
    amounts_.postings[octave] += entry.document_frequency;
  }
  for (size_t i = amounts_.words.size() - 1; i-- > 0;) {
    amounts_.words[i] += amounts_.words[i + 1];
    amounts_.postings[i] += amounts_.postings[i + 1];
  }
  return terms.status();
}

Status OrderFinder::ChooseFewest() {
  const size_t threads = options_.pool == nullptr ? 1 : options_.pool->size();
  const auto needed = [&](uint32_t fewest) {
    const auto octave = static_cast<size_t>(std::bit_width(fewest) - 1);
    return BisectionMemory(segment_.documents(), amounts_.postings[octave], amounts_.words[octave], threads);
  };
  while (needed(fewest_) > options_.memory_bytes && fewest_ < segment_.documents() / 16) fewest_ *= 2;
  return CheckMemory(segment_, needed(fewest_), options_);
}

template <typename Use>
Status OrderFinder::ForEachWord(const Use& use) const {
  uint32_t docs[index::kDecodeRoom];
  uint32_t number = 0;
  index::TermsCursor terms(field_.terms);
  for (terms.Rewind(); terms.valid(); terms.Next()) {
    if (terms.entry().document_frequency < fewest_) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(field_.postings, terms.entry()));
    for (uint32_t block = 0; block < list->blocks(); ++block) {
      list->DecodeDocs(block, docs);
      const uint32_t size = list->SizeOfBlock(block);
      RETURN_IF_ERROR(list->status());
      for (uint32_t i = 0; i < size; ++i) {
        if (docs[i] >= segment_.documents()) return DataLossError("a posting names a document that does not exist");
        use(number, docs[i]);
      }
    }
    ++number;
  }
  return terms.status();
}

Status OrderFinder::FillForward() {
  const auto octave = static_cast<size_t>(std::bit_width(fewest_) - 1);
  forward_.word_count = static_cast<uint32_t>(amounts_.words[octave]);
  std::vector<uint64_t>& ends = forward_.ends;
  ends.resize(segment_.documents());
  RETURN_IF_ERROR(ForEachWord([&ends](uint32_t, DocId doc) { ++ends[doc]; }));
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), uint64_t{0});
  forward_.words.resize(amounts_.postings[octave]);
  // Each end starts as the beginning and arrives at the end.
  return ForEachWord([this, &ends](uint32_t word, DocId doc) { forward_.words[ends[doc]++] = word; });
}

Result<std::vector<DocId>> OrderFinder::Run() {
  RETURN_IF_ERROR(Measure());
  RETURN_IF_ERROR(ChooseFewest());
  RETURN_IF_ERROR(FillForward());
  return OrderByBisection(forward_, {options_.pool, options_.progress});
}

}  // namespace

Result<std::vector<DocId>> OrderOfDocuments(const index::SegmentReader& segment, const index::Schema& schema, const OrderOptions& options) {
  ASSIGN_OR_RETURN(const uint64_t longest, MemoryOfLongestList(segment, schema));
  RETURN_IF_ERROR(CheckMemory(segment, longest, options));
  ASSIGN_OR_RETURN(const index::FieldReader* field, segment.OpenField(index::kAllField));
  if (field != nullptr) return OrderFinder(segment, *field, options).Run();
  std::vector<DocId> order(segment.documents());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace sakuin::indexer
