#include "indexer/segment_set.h"

#include <algorithm>
#include <set>

#include "index/filename.h"

namespace sakuin::indexer {
namespace {

void TakeInAnalyzers(const std::vector<uint64_t>& part, std::vector<uint64_t>& merged) {
  merged.resize(std::max(merged.size(), part.size()));
  for (size_t field = 0; field < part.size(); ++field) {
    if (part[field] == 0) continue;
    merged[field] = merged[field] == 0 || merged[field] == part[field] ? part[field] : index::kSeveralAnalyzers;
  }
}

}  // namespace

using index::DocId;

Result<std::unique_ptr<SegmentSet>> SegmentSet::Open(FileSystem& fs, const std::string& folder) {
  std::unique_ptr<SegmentSet> set(new SegmentSet(fs, folder));
  Result<index::Manifest> manifest = index::ReadCurrentManifest(fs, folder);
  if (manifest.ok()) {
    set->manifest_ = *std::move(manifest);
    RETURN_IF_ERROR(set->OpenSegments());
    set->NoteCommitted();
    // A first generation without CURRENT: now it gets one.
    if (!fs.Exists(JoinPath(folder, index::kCurrentFile))) RETURN_IF_ERROR(index::CommitManifest(fs, folder, set->manifest_));
  } else if (manifest.status().code() == StatusCode::kNotFound && !fs.Exists(JoinPath(folder, index::kCurrentFile))) {
    set->manifest_.schema = EmptySchema();
    set->changed_ = true;
  } else {
    return manifest.status();
  }
  return set;
}

void SegmentSet::NoteCommitted() {
  committed_.clear();
  for (const index::SegmentEntry& entry : manifest_.segments) committed_.insert(entry.name);
}

Status SegmentSet::OpenSegments() {
  ASSIGN_OR_RETURN(const std::shared_ptr<const index::Snapshot> snapshot, index::Snapshot::Open(fs_, folder_, manifest_, nullptr));
  for (const index::Snapshot::Part& part : snapshot->parts()) {
    OpenSegment& open = open_.emplace_back();
    open.reader = part.segment;
    open.deleted = part.deleted == nullptr ? index::DeletedDocs(part.segment->documents()) : *part.deleted;
  }
  return OkStatus();
}

// Takes the document out of the statistics that scores are made of, too.
Status SegmentSet::MarkDeleted(OpenSegment& open, index::SegmentEntry& entry, DocId doc) {
  if (!open.deleted.Add(doc)) return OkStatus();
  entry.deleted = open.deleted.count();
  open.deletes_changed = true;
  for (index::FieldId field = 0; field < entry.statistics.size(); ++field) {
    if (entry.statistics[field].documents == 0) continue;
    ASSIGN_OR_RETURN(const index::FieldReader* reader, open.reader->OpenField(field));
    const uint32_t length = reader == nullptr ? 0 : reader->lengths[doc];
    entry.statistics[field].documents -= length > 0 ? 1 : 0;
    entry.statistics[field].total_length -= length;
  }
  return OkStatus();
}

Status SegmentSet::DeleteDoc(size_t place, DocId doc) {
  changed_ = true;
  return MarkDeleted(open_[place], manifest_.segments[place], doc);
}

Status SegmentSet::SupersedeOlder(size_t newest, const std::vector<bool>& gone) {
  const index::SegmentReader& fresh = *open_[newest].reader;
  for (size_t place = 0; place < open_.size(); ++place) {
    if (place == newest || manifest_.segments[place].shard != manifest_.segments[newest].shard) continue;
    const index::SegmentReader& old = *open_[place].reader;
    uint32_t at = 0;  // rank in the old segment; both are walked in the order of keys
    for (uint32_t rank = 0; rank < fresh.documents() && at < old.documents(); ++rank) {
      const DocId doc = fresh.doc_of_rank(rank);
      if (gone[doc]) continue;
      const std::string_view key = fresh.key(doc);
      if (old.key(old.doc_of_rank(at)) < key) at = old.LowerBoundOfKey(key);
      for (uint32_t same = at; same < old.documents() && old.key(old.doc_of_rank(same)) == key; ++same) {
        const DocId old_doc = old.doc_of_rank(same);
        if (open_[place].deleted.Has(old_doc)) continue;
        const bool old_wins = fresh.version(doc) != 0 && old.version(old_doc) > fresh.version(doc);
        if (!old_wins) ++counts_.updated;
        RETURN_IF_ERROR(old_wins ? DeleteDoc(newest, doc) : DeleteDoc(place, old_doc));
      }
    }
  }
  return OkStatus();
}

Status SegmentSet::Add(FlushedSegment flushed, uint32_t shard) {
  flushed.entry.shard = shard;
  ASSIGN_OR_RETURN(std::shared_ptr<const index::SegmentReader> reader, index::SegmentReader::Open(fs_, folder_, flushed.entry));
  OpenSegment& open = open_.emplace_back();
  open.reader = std::move(reader);
  open.deleted = index::DeletedDocs(open.reader->documents());
  manifest_.segments.push_back(std::move(flushed.entry));
  changed_ = true;
  const size_t newest = open_.size() - 1;
  std::vector<bool> gone(open_[newest].reader->documents());
  for (const DocId doc : flushed.superseded) {
    gone[doc] = true;
    ++counts_.updated;
    RETURN_IF_ERROR(DeleteDoc(newest, doc));
  }
  return SupersedeOlder(newest, gone);
}

Status SegmentSet::Delete(uint32_t shard, const std::vector<std::string>& keys) {
  for (size_t place = 0; place < open_.size(); ++place) {
    if (manifest_.segments[place].shard != shard) continue;
    const index::SegmentReader& segment = *open_[place].reader;
    for (const std::string& key : keys) {
      for (uint32_t rank = segment.LowerBoundOfKey(key); rank < segment.documents(); ++rank) {
        const DocId doc = segment.doc_of_rank(rank);
        if (segment.key(doc) != key) break;
        if (open_[place].deleted.Has(doc)) continue;
        ++counts_.deleted;
        RETURN_IF_ERROR(DeleteDoc(place, doc));
      }
    }
  }
  return OkStatus();
}

std::shared_ptr<const index::Snapshot> SegmentSet::TakeSnapshot(const index::Schema& schema) const {
  std::vector<index::Snapshot::Part> parts;
  for (size_t place = 0; place < open_.size(); ++place) {
    const OpenSegment& open = open_[place];
    auto deleted = open.deleted.count() == 0 ? nullptr : std::make_shared<const index::DeletedDocs>(open.deleted);
    parts.push_back({open.reader, std::move(deleted), manifest_.segments[place].shard});
  }
  index::Manifest manifest = manifest_;
  manifest.schema = schema;
  return index::Snapshot::Make(std::move(manifest), std::move(parts));
}

std::vector<index::Snapshot::Part> SegmentSet::Parts(const std::vector<size_t>& places) const {
  std::vector<index::Snapshot::Part> parts;
  parts.reserve(places.size());
  for (const size_t place : places) {
    parts.push_back({open_[place].reader, std::make_shared<const index::DeletedDocs>(open_[place].deleted), manifest_.segments[place].shard});
  }
  return parts;
}

Status SegmentSet::Replace(const std::vector<index::Snapshot::Part>& parts, MergedSegment merged) {
  ASSIGN_OR_RETURN(std::shared_ptr<const index::SegmentReader> reader, index::SegmentReader::Open(fs_, folder_, merged.entry));
  OpenSegment open{std::move(reader), index::DeletedDocs(merged.entry.documents), false};
  const auto place_of = [this](const index::Snapshot::Part& part) {
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const OpenSegment& candidate) { return candidate.reader == part.segment; });
    return static_cast<size_t>(at - open_.begin());
  };
  for (size_t p = 0; p < parts.size(); ++p) {
    const size_t place = place_of(parts[p]);
    const bool dropped = place == open_.size();  // everything in it was deleted since the merge began
    for (DocId doc = 0; doc < merged.new_docs[p].size(); ++doc) {
      if (merged.new_docs[p][doc] == index::kNoMoreDocs || (!dropped && !open_[place].deleted.Has(doc))) continue;
      RETURN_IF_ERROR(MarkDeleted(open, merged.entry, merged.new_docs[p][doc]));
    }
    if (!dropped) TakeInAnalyzers(manifest_.segments[place].analyzers, merged.entry.analyzers);
  }
  for (const index::Snapshot::Part& part : parts) {
    if (const size_t place = place_of(part); place < open_.size()) Drop(place);
  }
  open_.insert(open_.begin(), std::move(open));
  manifest_.segments.insert(manifest_.segments.begin(), std::move(merged.entry));
  changed_ = true;
  return OkStatus();
}

// A file that no generation names goes at once; a reader that has it mapped keeps its bytes.
void SegmentSet::Drop(size_t place) {
  const std::string& name = manifest_.segments[place].name;
  if (committed_.contains(name)) {
    dropped_.push_back(name);
  } else {
    (void)fs_.Remove(JoinPath(folder_, index::SegmentFile(name)));
  }
  open_.erase(open_.begin() + static_cast<ptrdiff_t>(place));
  manifest_.segments.erase(manifest_.segments.begin() + static_cast<ptrdiff_t>(place));
}

void SegmentSet::DropEmpty() {
  for (size_t place = open_.size(); place-- > 0;) {
    if (manifest_.segments[place].deleted < manifest_.segments[place].documents) continue;
    Drop(place);
    changed_ = true;
  }
}

// While there is no CURRENT, generation 1 is the only one that can be told to be
// whole: after a first commit that failed the next one is the first again.
Status SegmentSet::TakeBackFailedFirst() {
  if (manifest_.generation != 1 || fs_.Exists(JoinPath(folder_, index::kCurrentFile))) return OkStatus();
  const std::string path = JoinPath(folder_, index::ManifestFile(1));
  if (fs_.Exists(path)) RETURN_IF_ERROR(fs_.Remove(path));
  RETURN_IF_ERROR(fs_.SyncFolder(folder_));
  manifest_.generation = 0;
  return OkStatus();
}

Status SegmentSet::Commit(const index::Schema& schema, uint64_t first_journal) {
  if (!changed_ && schema == manifest_.schema && first_journal == manifest_.first_journal) return OkStatus();
  changed_ = true;  // until it has succeeded
  RETURN_IF_ERROR(TakeBackFailedFirst());
  DropEmpty();
  manifest_.schema = schema;
  manifest_.first_journal = first_journal;
  ++manifest_.generation;
  for (size_t place = 0; place < open_.size(); ++place) {
    if (!open_[place].deletes_changed) continue;
    index::SegmentEntry& entry = manifest_.segments[place];
    entry.deletes_generation = manifest_.generation;
    const std::string path = JoinPath(folder_, index::DeletesFile(entry.name, entry.deletes_generation));
    ASSIGN_OR_RETURN(entry.deletes_checksum, open_[place].deleted.Write(fs_, path));
  }
  // From here on the new generation may be the one on disk, even if this fails.
  for (const index::SegmentEntry& entry : manifest_.segments) committed_.insert(entry.name);
  RETURN_IF_ERROR(index::CommitManifest(fs_, folder_, manifest_));
  for (OpenSegment& open : open_) open.deletes_changed = false;
  NoteCommitted();
  changed_ = false;
  RemoveOldGenerations();
  return OkStatus();
}

namespace {

std::set<std::string> FilesOf(const index::Manifest& manifest) {
  std::set<std::string> files = {index::ManifestFile(manifest.generation)};
  for (const index::SegmentEntry& entry : manifest.segments) {
    files.insert(index::SegmentFile(entry.name));
    if (entry.deletes_generation != 0) files.insert(index::DeletesFile(entry.name, entry.deletes_generation));
  }
  return files;
}

}  // namespace

// A reader that has a removed file mapped keeps its bytes. What cannot be removed now goes at the next commit.
void SegmentSet::RemoveOldGenerations() {
  for (const std::string& name : dropped_) (void)fs_.Remove(JoinPath(folder_, index::SegmentFile(name)));
  dropped_.clear();
  const std::set<std::string> used = FilesOf(manifest_);
  const Result<std::vector<std::string>> names = fs_.List(folder_);
  for (size_t i = 0; names.ok() && i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    uint64_t number = 0;
    const index::FileKind kind = index::KindOfFile(name, &number);
    const bool old = (kind == index::FileKind::kManifest || kind == index::FileKind::kDeletes) && !used.contains(name);
    if (old || (kind == index::FileKind::kJournal && number < manifest_.first_journal)) (void)fs_.Remove(JoinPath(folder_, name));
  }
}

void SegmentSet::RemoveLeftovers() {
  const std::set<std::string> used = FilesOf(manifest_);
  const Result<std::vector<std::string>> names = fs_.List(folder_);
  for (size_t i = 0; names.ok() && i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    const index::FileKind kind = index::KindOfFile(name, nullptr);
    if (kind == index::FileKind::kTemporary || (kind == index::FileKind::kSegment && !used.contains(name))) (void)fs_.Remove(JoinPath(folder_, name));
  }
  RemoveOldGenerations();
}

}  // namespace sakuin::indexer
