#include "indexer/segment_verifier.h"

#include <algorithm>
#include <utility>

#include "index/positions_reader.h"

namespace sakuin::indexer {
namespace {

using index::FieldId;

class SegmentVerifier {
 public:
  SegmentVerifier(const index::SegmentReader& segment, const index::Schema& schema, std::vector<std::string>& problems)
      : segment_(segment), schema_(schema), problems_(problems) {}

  void Run() {
    Note("", segment_.file().VerifyAll());
    for (FieldId field = 0; field < schema_.fields.size() && !full(); ++field) {
      if (!IsAlias(field)) VerifyWords(field);
      Note("field " + schema_.fields[field].name + ": ", segment_.OpenColumn(field).status());
    }
  }

 private:
  bool full() const { return found_ >= kMaxProblemsOfSegment; }

  void Note(const std::string& where, const Status& status) {
    if (status.ok() || full()) return;
    const std::string& path = segment_.file().path();
    const std::string message(status.message());
    problems_.push_back((message.find(path) == std::string::npos ? path + ": " : "") + where + message);
    if (++found_ == kMaxProblemsOfSegment) problems_.push_back(path + ": more problems are not listed");
  }

  // True when an earlier field has the same words under another name.
  bool IsAlias(FieldId field) const {
    for (FieldId earlier = 0; earlier < field; ++earlier) {
      if (segment_.SameSections(earlier, field)) return true;
    }
    return false;
  }

  void VerifyWords(FieldId id) {
    const std::string where = "field " + schema_.fields[id].name + ": ";
    const Result<const index::FieldReader*> field = segment_.OpenField(id);
    if (!field.ok()) return Note(where, field.status());
    if (*field == nullptr) return;
    index::TermsCursor terms((*field)->terms);
    uint64_t count = 0;
    std::string before;
    for (terms.Rewind(); terms.valid() && !full(); terms.Next(), ++count) {
      const std::string word(terms.term());
      if (count > 0 && word <= before) {
        Note(where,
             DataLossError(std::string("the word '").append(word).append("' stands after '").append(before).append("'; the segment is damaged")));
      }
      Note(std::string(where).append("word '").append(word).append("': "), VerifyList(**field, terms.entry()));
      before = word;
    }
    Note(where, terms.status());
    if (terms.status().ok() && !full() && count != (*field)->terms.count()) Note(where, DataLossError("a dictionary does not have its words"));
  }

  Status VerifyList(const index::FieldReader& field, const index::TermEntry& entry) {
    ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(field.postings, entry));
    if (field.positions) RETURN_IF_ERROR(list->PreparePositions());
    uint64_t total = 0;
    for (uint32_t block = 0; block < list->blocks(); ++block) {
      uint32_t docs[index::kDecodeRoom];
      uint32_t frequencies[index::kBlockSize];
      list->DecodeDocs(block, docs);
      list->DecodeFrequencies(block, frequencies);
      RETURN_IF_ERROR(list->status());
      for (uint32_t i = 0; i < list->SizeOfBlock(block); ++i) total += frequencies[i];
      if (field.positions) RETURN_IF_ERROR(VerifyPositions(*list, block, frequencies));
    }
    return total == entry.total_frequency ? OkStatus() : DataLossError("its postings do not add up to its frequency; the segment is damaged");
  }

  Status VerifyPositions(index::PostingsList& list, uint32_t block, const uint32_t* frequencies) {
    positions_.EnterBlock(list, block, frequencies);
    for (uint32_t i = 0; i < list.SizeOfBlock(block); ++i) {
      const std::span<const uint32_t> positions = positions_.Positions(i);
      RETURN_IF_ERROR(list.status());
      if (!std::is_sorted(positions.begin(), positions.end())) return DataLossError("its positions do not ascend; the segment is damaged");
    }
    return OkStatus();
  }

  const index::SegmentReader& segment_;
  const index::Schema& schema_;
  std::vector<std::string>& problems_;
  size_t found_ = 0;
  index::PositionsReader positions_;
};

}  // namespace

void VerifySegment(const index::SegmentReader& segment, const index::Schema& schema, std::vector<std::string>& problems) {
  SegmentVerifier(segment, schema, problems).Run();
}

}  // namespace sakuin::indexer
