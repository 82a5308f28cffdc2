// snapshot.h: start here. An index as of one generation, open for reading.
//
//   ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, Snapshot::Open(PosixFileSystem(), folder));
//   for (const Snapshot::Part& part : snapshot->parts()) ... part.segment, part.deleted
//
// A search runs on one snapshot from start to end; a writer makes new
// generations beside it and never touches its files (they go when no manifest
// names them and no reader has them mapped). Immutable and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/deletes.h"
#include "index/manifest.h"
#include "index/segment_reader.h"

namespace sakuin::index {

class Snapshot {
 public:
  struct Part {
    std::shared_ptr<const SegmentReader> segment;
    std::shared_ptr<const DeletedDocs> deleted;  // null when nothing is
    uint32_t shard = 0;

    bool IsDeleted(DocId doc) const { return deleted != nullptr && deleted->Has(doc); }
  };

  // Retries when a writer swaps generations in between. Segments that `previous`
  // has open already are shared with it.
  static Result<std::shared_ptr<const Snapshot>> Open(FileSystem& fs, const std::string& folder, const Snapshot* previous = nullptr);
  static Result<std::shared_ptr<const Snapshot>> Open(FileSystem& fs, const std::string& folder, Manifest manifest, const Snapshot* previous);
  // Of what is open already. REQUIRES: `parts` are the segments of `manifest`, in their order.
  static std::shared_ptr<const Snapshot> Make(Manifest manifest, std::vector<Part> parts);

  const Manifest& manifest() const { return manifest_; }
  const Schema& schema() const { return manifest_.schema; }
  const std::vector<Part>& parts() const { return parts_; }
  uint64_t documents() const { return documents_; }  // not deleted
  // Of the whole index, without deleted documents.
  FieldStatistics statistics(FieldId field) const;

 private:
  Status OpenPart(FileSystem& fs, const std::string& folder, const SegmentEntry& entry, const Snapshot* previous);

  Manifest manifest_;
  std::vector<Part> parts_;
  uint64_t documents_ = 0;
};

}  // namespace sakuin::index
