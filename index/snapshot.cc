#include "index/snapshot.h"

#include "index/filename.h"

namespace sakuin::index {
namespace {

// Of a file that a manifest names: when it is not there, the index is damaged.
Status Named(const Status& status) {
  if (status.code() != StatusCode::kNotFound) return status;
  return DataLossError(std::string(status.message()) + "; the index is damaged: restore it from a backup");
}

}  // namespace

Status Snapshot::OpenPart(FileSystem& fs, const std::string& folder, const SegmentEntry& entry, const Snapshot* previous) {
  Part part;
  part.shard = entry.shard;
  for (size_t i = 0; previous != nullptr && i < previous->parts_.size(); ++i) {
    if (previous->manifest_.segments[i].name == entry.name) part.segment = previous->parts_[i].segment;
  }
  if (part.segment == nullptr) {
    Result<std::unique_ptr<SegmentReader>> segment = SegmentReader::Open(fs, folder, entry);
    if (!segment.ok()) return Named(segment.status());
    part.segment = *std::move(segment);
  }
  if (entry.deletes_generation != 0) {
    const std::string path = JoinPath(folder, DeletesFile(entry.name, entry.deletes_generation));
    Result<DeletedDocs> deleted = DeletedDocs::Read(fs, path, entry.documents, entry.deletes_checksum);
    if (!deleted.ok()) return Named(deleted.status());
    part.deleted = std::make_shared<const DeletedDocs>(*std::move(deleted));
  }
  parts_.push_back(std::move(part));
  return OkStatus();
}

Result<std::shared_ptr<const Snapshot>> Snapshot::Open(FileSystem& fs, const std::string& folder, Manifest manifest, const Snapshot* previous) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->manifest_ = std::move(manifest);
  snapshot->documents_ = snapshot->manifest_.documents();
  for (const SegmentEntry& entry : snapshot->manifest_.segments) RETURN_IF_ERROR(snapshot->OpenPart(fs, folder, entry, previous));
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

std::shared_ptr<const Snapshot> Snapshot::Make(Manifest manifest, std::vector<Part> parts) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->manifest_ = std::move(manifest);
  snapshot->parts_ = std::move(parts);
  snapshot->documents_ = snapshot->manifest_.documents();
  return snapshot;
}

Result<std::shared_ptr<const Snapshot>> Snapshot::Open(FileSystem& fs, const std::string& folder, const Snapshot* previous) {
  constexpr int kTries = 100;
  Status status;
  uint64_t tried = UINT64_MAX;
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(Manifest manifest, ReadCurrentManifest(fs, folder));
    if (manifest.generation == tried) return status;  // nothing has changed: the error stands
    tried = manifest.generation;
    auto snapshot = Open(fs, folder, std::move(manifest), previous);
    if (snapshot.ok()) return snapshot;
    status = snapshot.status();
  }
  return status;
}

FieldStatistics Snapshot::statistics(FieldId field) const {
  FieldStatistics sum;
  for (const SegmentEntry& segment : manifest_.segments) {
    if (field >= segment.statistics.size()) continue;
    sum.documents += segment.statistics[field].documents;
    sum.total_length += segment.statistics[field].total_length;
  }
  return sum;
}

}  // namespace sakuin::index
