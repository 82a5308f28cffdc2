#include "indexer/index_writer.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/checksum.h"
#include "base/thread_pool.h"
#include "index/filename.h"
#include "indexer/document_order.h"
#include "indexer/inverter_lane.h"
#include "indexer/journal.h"
#include "indexer/mapped_document.h"
#include "indexer/merge_policy.h"
#include "indexer/merge_thread.h"
#include "indexer/merger.h"
#include "indexer/schema_file.h"
#include "indexer/shared_segments.h"

namespace sakuin::indexer {
namespace {

constexpr uint64_t kMaxJournalBytes = uint64_t{256} << 20;
constexpr size_t kMergeBytesPerDocument = 128;  // keys, numbers, lengths, one column: about what a merge holds of each

class Writer : public IndexWriter {
 public:
  Writer(FileSystem& fs, const std::string& folder, IndexWriterOptions options)
      : fs_(fs), folder_(folder), options_(std::move(options)), shared_{fs, folder, {}} {}

  ~Writer() override {
    if (merges_ != nullptr) merges_->Stop();  // a lane may wait for it
    lanes_.clear();
  }

  Status Start();
  Status Add(index::Document document) override;
  Status Delete(const std::string& key) override;
  Status Sync() override;
  Result<std::shared_ptr<const index::Snapshot>> Refresh() override;
  Status Commit() override;
  Status WaitForMerges() override;
  Status Optimize(const OptimizeOptions& options) override;

  WriterCounts counts() const override;
  const index::Schema& schema() const override { return schema_; }
  uint64_t documents() const override;
  uint64_t generation() const override;
  std::vector<std::string> warnings() const override;

 private:
  Status CheckForeignSchema() const;
  Status TakeUpSchema();
  Status OpenAnnotator();
  Status ReplayJournals();
  Status ReplayJournal(const JournalFile& journal);
  void StartThreads();
  Status Take(index::Document document);
  Status Erase(const std::string& key);
  Status PublishSchema();
  Status CheckAnalyses() const;
  Status CopySchemaToFile();
  Status FlushLanes();
  Status CommitSegments();
  Status BeginJournal();
  Status MergeAll(const OptimizeOptions& options);
  Status MergeOnce(const std::vector<size_t>& places, const OptimizeOptions& options);
  Status ReorderSegments(const OptimizeOptions& options);
  Result<std::vector<index::DocId>> FindOrder(const index::Snapshot::Part& part, ThreadPool& pool, const OptimizeOptions& options) const;
  Status Reorder(const index::Snapshot::Part& part, const std::vector<index::DocId>& order, const OptimizeOptions& options);
  size_t threads() const { return options_.threads != 0 ? options_.threads : std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 8); }
  uint32_t ShardOf(uint64_t hash) const { return static_cast<uint32_t>(hash % schema_.shards); }
  InverterLane& LaneOf(uint64_t hash) { return *lanes_[(hash / schema_.shards) % lanes_.size()]; }

  FileSystem& fs_;
  std::string folder_;
  IndexWriterOptions options_;
  std::unique_ptr<FileLock> lock_;
  index::Schema schema_;
  std::shared_ptr<const index::Schema> published_schema_;
  std::unique_ptr<const index::Schema> schema_in_file_;  // what schema.toml is known to hold
  std::shared_ptr<AnalyzerSet> analyzers_ = std::make_shared<AnalyzerSet>();
  SharedSegments shared_;
  std::unique_ptr<MergeThread> merges_;  // null: no merges but those of Optimize
  std::vector<std::unique_ptr<InverterLane>> lanes_;
  std::unique_ptr<JournalWriter> journal_;
  uint64_t journal_number_ = 0;  // of the open journal, or the next one
  uint64_t added_ = 0;
  std::vector<std::string> warnings_;
  std::shared_ptr<Annotator> annotator_;  // null: no field is annotated
  Status refused_;  // why nothing may be added, if so
};

Status Writer::Start() {
  RETURN_IF_ERROR(index::CheckFolderForIndex(fs_, folder_));
  RETURN_IF_ERROR(CreateDurableFolder(fs_, folder_));
  ASSIGN_OR_RETURN(lock_, fs_.LockFolder(folder_));
  ASSIGN_OR_RETURN(shared_.set, SegmentSet::Open(fs_, folder_));
  if (shared_.set->manifest().generation == 0) {
    if (options_.new_schema) {
      ASSIGN_OR_RETURN(options_.schema, options_.new_schema());
    }
    RETURN_IF_ERROR(CheckForeignSchema());
  }
  shared_.set->RemoveLeftovers();
  RETURN_IF_ERROR(TakeUpSchema());
  RETURN_IF_ERROR(OpenAnnotator());
  if (!options_.mix_analyses && refused_.ok()) refused_ = CheckAnalyses();
  StartThreads();
  journal_number_ = std::max<uint64_t>(1, shared_.set->manifest().first_journal);
  RETURN_IF_ERROR(ReplayJournals());
  if (!options_.journal) return OkStatus();
  // The schema and an empty generation first, so that a journal always has an index beside it.
  RETURN_IF_ERROR(Commit());
  ASSIGN_OR_RETURN(journal_, JournalWriter::Create(fs_, folder_, journal_number_));
  return OkStatus();
}

// A schema.toml that a person put where a new index is to be would be overwritten.
Status Writer::CheckForeignSchema() const {
  const std::string path = JoinPath(folder_, index::kSchemaFile);
  if (!fs_.Exists(path)) return OkStatus();
  ASSIGN_OR_RETURN(const std::string text, fs_.ReadAll(path));
  if (IsAsWritten(text)) return OkStatus();
  Result<index::Schema> found = ParseSchema(text, false);
  if (found.ok()) ResolveFiles(folder_, *found);
  if (found.ok() && found->fields == options_.schema.fields && found->dynamic == options_.schema.dynamic) return OkStatus();
  return FailedPreconditionError(path + " is there already, but no index: give it with --schema " + path +
                                 ", or choose another folder for the index");
}

Status Writer::TakeUpSchema() {
  const index::Manifest& manifest = shared_.set->manifest();
  if (manifest.generation == 0) {
    schema_ = options_.schema.fields.empty() ? EmptySchema() : options_.schema;
  } else {
    schema_ = manifest.schema;
    RETURN_IF_ERROR(TakeUpEdits(fs_, folder_, schema_));
  }
  schema_.AddFields(options_.more_fields);
  return PublishSchema();
}

Status Writer::OpenAnnotator() {
  const auto annotated = std::find_if(schema_.fields.begin(), schema_.fields.end(), [](const index::Field& field) { return field.annotated(); });
  if (annotated == schema_.fields.end()) return OkStatus();
  if (options_.annotators) {
    ASSIGN_OR_RETURN(annotator_, options_.annotators(schema_));
    return OkStatus();
  }
  refused_ = FailedPreconditionError("field '" + annotated->name + "' gets its values from " + annotated->annotation.file +
                                     ", and nobody is there to read it: add documents with IndexWriterOptions::annotators");
  return OkStatus();
}

Status Writer::PublishSchema() {
  if (published_schema_ != nullptr && *published_schema_ == schema_) return OkStatus();
  auto analyzers = std::make_shared<AnalyzerSet>(*analyzers_);
  RETURN_IF_ERROR(analyzers->Add(schema_.analyzer));
  for (const index::Field& field : schema_.fields) {
    if (field.type == index::FieldType::kText && !field.hidden) RETURN_IF_ERROR(analyzers->Add(field.analyzer));
  }
  analyzers_ = std::move(analyzers);
  published_schema_ = std::make_shared<const index::Schema>(schema_);
  const std::lock_guard lock(shared_.mutex);
  shared_.schema = published_schema_;
  return OkStatus();
}

Status Writer::CheckAnalyses() const {
  const auto fingerprint_of = [this](const index::Field& field) { return analyzers_->Get(field.analyzer).fingerprint(); };
  const std::string otherwise = shared_.set->manifest().WhatIsCutOtherwise(fingerprint_of);
  if (otherwise.empty()) return OkStatus();
  return FailedPreconditionError(folder_ + ": " + otherwise + ": the words of new documents may differ from theirs; index everything into a new " +
                                 "folder, or go on with IndexWriterOptions::mix_analyses");
}

void Writer::StartThreads() {
  // Half of the budget for words in memory, a quarter for merges, the rest for queues and segments being written.
  if (options_.merge) {
    const size_t for_merges = std::max<size_t>(options_.memory_bytes / 4, size_t{8} << 20);
    merges_ = std::make_unique<MergeThread>(shared_, MergeThreadOptions{options_.merge_bytes_per_second, for_merges / kMergeBytesPerDocument});
  }
  const size_t per_lane = LaneBytes(options_.memory_bytes, threads());
  for (size_t i = 0; i < threads(); ++i) lanes_.push_back(std::make_unique<InverterLane>(shared_, merges_.get(), per_lane));
}

Status Writer::ReplayJournal(const JournalFile& journal) {
  const JournalReader reader{[&](index::Document document) {
                               const std::string key = document.key;
                               Status status = Take(std::move(document));
                               if (status.code() != StatusCode::kInvalidArgument) return status;
                               // It was acknowledged: it fitted the schema then.
                               return InvalidArgumentError(journal.path + ": the document '" + key +
                                                           "' that was acknowledged does not fit the schema any more (" +
                                                           std::string(status.message()) + "); take back what was changed in " +
                                                           JoinPath(folder_, index::kSchemaFile) + " since, and open the index again");
                             },
                             [this](std::string_view key) { return Erase(std::string(key)); }};
  return ReadJournal(fs_, journal.path, journal.last, reader);
}

Status Writer::ReplayJournals() {
  ASSIGN_OR_RETURN(const std::vector<JournalFile> journals, JournalsFrom(fs_, folder_, journal_number_));
  if (journals.empty()) return OkStatus();
  for (const JournalFile& journal : journals) RETURN_IF_ERROR(ReplayJournal(journal));
  journal_number_ = journals.back().number + 1;
  RETURN_IF_ERROR(Commit());
  added_ = 0;
  return OkStatus();
}

Status Writer::Take(index::Document document) {
  ASSIGN_OR_RETURN(MappedDocument mapped, MapDocument(std::move(document), schema_));
  RETURN_IF_ERROR(PublishSchema());
  const uint64_t hash = HashBytes(mapped.key);
  ++added_;
  return LaneOf(hash).Push({std::move(mapped), false, ShardOf(hash), published_schema_, analyzers_});
}

Status Writer::Add(index::Document document) {
  RETURN_IF_ERROR(refused_);
  if (annotator_ != nullptr) RETURN_IF_ERROR(annotator_->Annotate(document));
  if (journal_ == nullptr) return Take(std::move(document));
  const size_t pending = journal_->pending_bytes();
  index::Document copy = document;
  RETURN_IF_ERROR(Take(std::move(document)));
  journal_->AddUpsert(copy);
  if (pending > (size_t{4} << 20)) RETURN_IF_ERROR(journal_->Sync());
  return journal_->bytes() > kMaxJournalBytes ? Commit() : OkStatus();
}

Status Writer::Erase(const std::string& key) {
  LaneWork work;
  work.document.key = key;
  work.erase = true;
  const uint64_t hash = HashBytes(key);
  work.shard = ShardOf(hash);
  return LaneOf(hash).Push(std::move(work));
}

Status Writer::Delete(const std::string& key) {
  RETURN_IF_ERROR(Erase(key));
  if (journal_ != nullptr) journal_->AddDelete(key);
  return OkStatus();
}

Status Writer::Sync() { return journal_ == nullptr ? Commit() : journal_->Sync(); }

Status Writer::FlushLanes() {
  for (const auto& lane : lanes_) lane->RequestFlush();
  for (const auto& lane : lanes_) RETURN_IF_ERROR(lane->WaitIdle());
  return OkStatus();
}

Status Writer::CommitSegments() {
  // The copy for people first, so that there is one beside every generation.
  if (schema_in_file_ == nullptr || !(*schema_in_file_ == schema_)) RETURN_IF_ERROR(CopySchemaToFile());
  if (journal_ != nullptr && journal_->bytes() > 0) RETURN_IF_ERROR(BeginJournal());
  // What is in the journals before the open one is in the segments now.
  const std::lock_guard lock(shared_.mutex);
  return shared_.set->Commit(schema_, journal_number_);
}

// Before the commit, which may fail when its generation is on disk already: from
// the new journal on, all is replayed by the old generation as by the new one.
Status Writer::BeginJournal() {
  RETURN_IF_ERROR(journal_->Sync());
  ASSIGN_OR_RETURN(journal_, JournalWriter::Create(fs_, folder_, journal_number_ + 1));
  ++journal_number_;
  return OkStatus();
}

Status Writer::CopySchemaToFile() {
  auto copy = std::make_unique<const index::Schema>(schema_);
  const Result<std::string> text = fs_.ReadAll(JoinPath(folder_, index::kSchemaFile));
  if (!text.ok() || *text != FormatSchema(*copy)) RETURN_IF_ERROR(WriteSchemaFile(fs_, folder_, *copy));
  schema_in_file_ = std::move(copy);
  return OkStatus();
}

Result<std::shared_ptr<const index::Snapshot>> Writer::Refresh() {
  RETURN_IF_ERROR(FlushLanes());
  const std::lock_guard lock(shared_.mutex);
  return shared_.set->TakeSnapshot(schema_);
}

Status Writer::Commit() {
  RETURN_IF_ERROR(FlushLanes());
  RETURN_IF_ERROR(CommitSegments());
  if (merges_ == nullptr) return OkStatus();
  Status status = merges_->TakeStatus();
  merges_->Wake();
  return status;
}

Status Writer::WaitForMerges() {
  RETURN_IF_ERROR(Commit());
  return merges_ == nullptr ? OkStatus() : merges_->WaitUntilIdle();
}

namespace {

// What MergeOptions wants, of what OptimizeOptions has.
std::function<void(uint64_t)> ProgressOf(const OptimizeOptions& options, const char* what, const std::vector<index::Snapshot::Part>& parts) {
  if (!options.progress) return nullptr;
  uint64_t total = 0;
  for (const index::Snapshot::Part& part : parts) total += part.segment->file().bytes();
  return [&options, what, total](uint64_t done) { options.progress(what, std::min(done, total), total); };
}

}  // namespace

Status Writer::MergeOnce(const std::vector<size_t>& places, const OptimizeOptions& options) {
  std::vector<index::Snapshot::Part> parts;
  uint64_t sequence = 0;
  {
    const std::lock_guard lock(shared_.mutex);
    parts = shared_.set->Parts(places);
    sequence = shared_.set->TakeSequence();
  }
  MergeOptions merge;
  merge.progress = ProgressOf(options, "merging", parts);
  ASSIGN_OR_RETURN(MergedSegment merged, MergeSegments(fs_, folder_, sequence, parts, schema_, merge));
  {
    const std::lock_guard lock(shared_.mutex);
    RETURN_IF_ERROR(shared_.set->Replace(parts, std::move(merged)));
  }
  return CommitSegments();
}

Status Writer::MergeAll(const OptimizeOptions& options) {
  while (true) {
    const std::vector<size_t> places = ChooseMerge(shared_.set->manifest(), true);
    if (places.empty()) return OkStatus();
    RETURN_IF_ERROR(MergeOnce(places, options));
  }
}

Status Writer::Optimize(const OptimizeOptions& options) {
  if (merges_ != nullptr) merges_->Pause();  // from here on the segments change by this thread alone, once the lanes are idle
  Status status = FlushLanes();
  if (status.ok()) status = CommitSegments();
  if (status.ok()) status = MergeAll(options);
  if (status.ok() && options.reorder) status = ReorderSegments(options);
  if (merges_ != nullptr) merges_->Resume();
  return status;
}

Status Writer::ReorderSegments(const OptimizeOptions& options) {
  std::vector<size_t> places(shared_.set->manifest().segments.size());
  std::iota(places.begin(), places.end(), 0);
  ThreadPool pool(threads());
  for (const index::Snapshot::Part& part : shared_.set->Parts(places)) {
    Result<std::vector<index::DocId>> order = FindOrder(part, pool, options);
    if (order.ok()) {
      RETURN_IF_ERROR(Reorder(part, *order, options));
    } else if (order.status().code() == StatusCode::kResourceExhausted) {  // memory; nothing is written yet
      warnings_.push_back("documents keep their order: " + std::string(order.status().message()));
    } else {
      return order.status();
    }
  }
  return OkStatus();
}

Result<std::vector<index::DocId>> Writer::FindOrder(const index::Snapshot::Part& part, ThreadPool& pool, const OptimizeOptions& options) const {
  OrderOptions find;
  find.memory_bytes = options_.memory_bytes;
  find.pool = &pool;
  if (options.progress) {
    find.progress = [&options](uint64_t done, uint64_t total) { options.progress("ordering", done * sizeof(uint32_t), total * sizeof(uint32_t)); };
  }
  return OrderOfDocuments(*part.segment, schema_, find);
}

Status Writer::Reorder(const index::Snapshot::Part& part, const std::vector<index::DocId>& order, const OptimizeOptions& options) {
  if (std::is_sorted(order.begin(), order.end())) return OkStatus();
  const std::vector<index::Snapshot::Part> parts = {part};
  MergeOptions merge;
  merge.order = order;
  merge.memory_bytes = options_.memory_bytes / 4;
  merge.progress = ProgressOf(options, "rewriting", parts);
  ASSIGN_OR_RETURN(MergedSegment merged, MergeSegments(fs_, folder_, shared_.set->TakeSequence(), parts, schema_, merge));
  RETURN_IF_ERROR(shared_.set->Replace(parts, std::move(merged)));
  return CommitSegments();
}

std::vector<std::string> Writer::warnings() const {
  std::vector<std::string> warnings = analyzers_->warnings();
  warnings.insert(warnings.end(), warnings_.begin(), warnings_.end());
  return warnings;
}

uint64_t Writer::documents() const {
  const std::lock_guard lock(shared_.mutex);
  return shared_.set->manifest().documents();
}

uint64_t Writer::generation() const {
  const std::lock_guard lock(shared_.mutex);
  return shared_.set->manifest().generation;
}

WriterCounts Writer::counts() const {
  WriterCounts counts;
  counts.added = added_;
  {
    const std::lock_guard lock(shared_.mutex);
    counts.updated = shared_.set->counts().updated;
    counts.deleted = shared_.set->counts().deleted;
  }
  if (merges_ != nullptr) counts.merges = merges_->merges();
  for (const auto& lane : lanes_) counts.invalid_bytes += lane->invalid_bytes();
  return counts;
}

}  // namespace

Result<std::unique_ptr<IndexWriter>> IndexWriter::Open(FileSystem& fs, const std::string& folder, IndexWriterOptions options) {
  auto writer = std::make_unique<Writer>(fs, folder, std::move(options));
  RETURN_IF_ERROR(writer->Start());
  return std::unique_ptr<IndexWriter>(std::move(writer));
}

Status RecoverIfNeeded(FileSystem& fs, const std::string& folder) {
  Result<index::Manifest> manifest = index::ReadCurrentManifest(fs, folder);
  if (!manifest.ok()) return manifest.status();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  const bool journals = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    uint64_t number = 0;
    return index::KindOfFile(name, &number) == index::FileKind::kJournal && number >= manifest->first_journal &&
           fs.Size(JoinPath(folder, name)).ok() && *fs.Size(JoinPath(folder, name)) > 0;
  });
  if (!journals) return OkStatus();
  IndexWriterOptions options;
  options.threads = 1;
  const Result<std::unique_ptr<IndexWriter>> writer = IndexWriter::Open(fs, folder, options);
  // Another writer is alive: its generations show what it has done.
  if (writer.status().code() == StatusCode::kUnavailable) return OkStatus();
  return writer.status().WithContext("acknowledged writes are in the journals of " + folder +
                                     " only, and cannot be brought into the index until this is mended");
}

}  // namespace sakuin::indexer
