// sakuin index: files, folders and standard input into an index.

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/annotators.h"
#include "cli/command.h"
#include "cli/folder_check.h"
#include "cli/index_settings.h"
#include "cli/progress_bar.h"
#include "crawler/page_visit.h"
#include "crawler/public_suffix.h"
#include "crawler/url.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "indexer/page_document.h"
#include "indexer/source.h"
#include "text/analyzer.h"

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kAckInterval = std::chrono::milliseconds(200);
constexpr uint64_t kShownErrors = 100;

struct Options {
  std::string index;
  IndexSettings settings;
  std::string format = "auto";
  size_t threads = 0;
  std::string memory = "1G";
  std::string merge_rate;
  bool optimize = false;
  bool reorder = false;
  bool mix_analyses = false;
  bool strict = false;
  bool acks = false;
  bool json = false;
  std::vector<std::string> paths;
};

class IndexRun {
 public:
  IndexRun(const Options& options, uint64_t memory, uint64_t merge_rate) : options_(options), memory_(memory), merge_rate_(merge_rate) {}

  Status Run();
  uint64_t errors() const { return errors_; }
  // Documents of the input that are in the index although Run has failed.
  uint64_t kept() const { return kept_; }
  std::string Summary() const;
  // Of the input, that are no Unicode and were replaced.
  uint64_t files_skipped() const { return source_->progress().files_skipped; }
  indexer::LeftOut left_out() const { return source_->left_out(); }
  std::map<std::string, uint64_t> unsure() const { return annotators_ == nullptr ? std::map<std::string, uint64_t>() : annotators_->unsure(); }
  uint64_t indexed() const { return indexed_; }
  // To standard error: fields of which others should be made, and that no document ever had.
  void NoteFieldsThatAreMissing() const;
  uint64_t invalid_bytes() const { return writer_->counts().invalid_bytes + source_->progress().repaired; }

 private:
  Status OpenSource();
  Result<index::Schema> SchemaOfSources(const index::Schema& asked);
  Status OpenWriter();
  Status ReadAll();
  Status TakeDocument(index::Document document);
  Status Report(const indexer::RecordError& error);
  Status Acknowledge();
  Status Optimize();

  const Options& options_;
  uint64_t memory_;
  uint64_t merge_rate_;  // bytes per second
  FileSystem& fs_ = PosixFileSystem();
  std::shared_ptr<FieldAnnotators> annotators_;  // null: no field is annotated
  std::unique_ptr<indexer::IndexWriter> writer_;
  std::unique_ptr<indexer::SourceSequence> source_;
  std::string_view schema_from_ = "index";  // where the schema of the index comes from
  uint64_t records_ = 0;       // of the input, broken ones too
  uint64_t acknowledged_ = 0;
  uint64_t indexed_ = 0;
  uint64_t kept_ = 0;
  uint64_t errors_ = 0;
  bool writer_failed_ = false;  // as opposed to what is read
  Clock::time_point last_ack_ = Clock::now();
  Clock::time_point start_ = Clock::now();
};

Status IndexRun::OpenWriter() {
  indexer::IndexWriterOptions writer;
  writer.memory_bytes = memory_;
  writer.threads = options_.threads;
  writer.journal = options_.acks;
  writer.merge_bytes_per_second = merge_rate_;
  writer.mix_analyses = options_.mix_analyses;
  writer.annotators = [this](const index::Schema& schema) -> Result<std::shared_ptr<indexer::Annotator>> {
    ASSIGN_OR_RETURN(annotators_, FieldAnnotators::Open(schema, AnnotatedFields::kAll));
    return std::shared_ptr<indexer::Annotator>(annotators_);
  };
  const IndexSettings& settings = options_.settings;
  ASSIGN_OR_RETURN(const index::Schema asked, settings.Asked(indexer::EmptySchema()));
  writer.schema = asked;
  if (!settings.schema_file.empty()) schema_from_ = "file";
  writer.new_schema = [this, &asked] { return SchemaOfSources(asked); };
  ASSIGN_OR_RETURN(writer_, indexer::IndexWriter::Open(fs_, options_.index, std::move(writer)));
  RETURN_IF_ERROR(settings.Check(asked, writer_->schema()));
  source_->SetIdField(writer_->schema().id_field);
  for (const std::string& warning : writer_->warnings()) std::fprintf(stderr, "sakuin: %s\n", warning.c_str());
  return OkStatus();
}

// As a crawl has it.
std::string SiteOfUrl(std::string_view url) {
  const Result<crawler::Url> parsed = crawler::Url::Parse(url);
  return parsed.ok() ? std::string(crawler::SiteOf(parsed->hostname())) : std::string();
}

Status IndexRun::OpenSource() {
  indexer::SourceOptions source;
  ASSIGN_OR_RETURN(source.format, indexer::ParseSourceFormat(options_.format));
  if (!options_.settings.id_field.empty()) source.id_field = options_.settings.id_field;
  source.max_record_bytes = std::clamp<uint64_t>(memory_ / 8, uint64_t{1} << 20, uint64_t{256} << 20);
  source.site_of = SiteOfUrl;
  source.is_listing = crawler::IsListing;
  ASSIGN_OR_RETURN(source_, indexer::OpenSources(options_.paths, std::move(source)));
  return OkStatus();
}

// For a new index. Pages alone have the fields that a crawl gives them; types of fields that are the sources' own are guessed, also
// beside pages.
Result<index::Schema> IndexRun::SchemaOfSources(const index::Schema& asked) {
  const IndexSettings& settings = options_.settings;
  const indexer::SourceKinds kinds = source_->LookAhead();
  const bool is_pages = kinds.pages && !kinds.rows;
  index::Schema schema = asked;
  if (settings.schema_file.empty()) {
    schema_from_ = is_pages ? "pages" : "inferred";
    if (is_pages) {
      std::fprintf(stderr, "sakuin: the sources are pages: a new index has the fields that a crawl gives them; --schema gives others\n");
      ASSIGN_OR_RETURN(schema, settings.Asked(indexer::PageSchema(settings.analyzer, settings.id_field)));
    } else if (kinds.pages) {
      std::fprintf(stderr, "sakuin: not all sources are pages: the types of all fields are guessed; --schema gives them\n");
    }
  }
  if (is_pages) schema.AddFields(indexer::FieldsOfPages());
  return schema;
}

Status IndexRun::Report(const indexer::RecordError& error) {
  ++errors_;
  if (options_.strict) return InvalidArgumentError(error.ToString() + " (stopped: --strict)");
  if (errors_ <= kShownErrors) std::fprintf(stderr, "sakuin: %s\n", error.ToString().c_str());
  if (errors_ == kShownErrors) std::fprintf(stderr, "sakuin: further broken records are counted, not shown\n");
  return OkStatus();
}

Status IndexRun::TakeDocument(index::Document document) {
  const std::string file(source_->file());
  const uint64_t line = source_->line();
  Status status = writer_->Add(std::move(document));
  if (status.code() == StatusCode::kInvalidArgument) return Report({file, line, std::string(status.message())});
  if (status.ok()) ++indexed_;
  if (status.ok() && annotators_ != nullptr) annotators_->CountLast();
  if (!status.ok()) writer_failed_ = true;
  return status.code() == StatusCode::kFailedPrecondition ? FailedPreconditionError(std::string(status.message()) + " (--mix-analyses)") : status;
}

Status IndexRun::Acknowledge() {
  last_ack_ = Clock::now();
  if (!options_.acks || acknowledged_ == records_) return OkStatus();
  const Status synced = writer_->Sync();
  if (!synced.ok()) writer_failed_ = true;
  RETURN_IF_ERROR(synced);
  acknowledged_ = records_;
  std::printf("acknowledged %llu\n", static_cast<unsigned long long>(acknowledged_));
  std::fflush(stdout);
  return OkStatus();
}

Status IndexRun::ReadAll() {
  ProgressBar bar("indexing", source_->progress().bytes_total);
  for (uint64_t i = 0;; ++i) {
    index::Document document;
    ASSIGN_OR_RETURN(const indexer::ReadOutcome outcome, source_->Next(document));
    if (outcome == indexer::ReadOutcome::kEnd) return OkStatus();
    if (outcome == indexer::ReadOutcome::kWouldBlock) {
      RETURN_IF_ERROR(Acknowledge());
      source_->WaitReadable(kAckInterval);
      continue;
    }
    RETURN_IF_ERROR(outcome == indexer::ReadOutcome::kDocument ? TakeDocument(std::move(document)) : Report(source_->error()));
    ++records_;
    if (i % 64 == 0) {
      if (Clock::now() - last_ack_ > kAckInterval) RETURN_IF_ERROR(Acknowledge());
      bar.Update(source_->progress().bytes_read);
    }
  }
}

Status IndexRun::Run() {
  RETURN_IF_ERROR(CheckIndexFolder(options_.index));
  RETURN_IF_ERROR(OpenSource());
  RETURN_IF_ERROR(OpenWriter());
  Status read = ReadAll();
  if (writer_failed_) return read;
  const bool nothing_came = indexed_ == 0 && writer_->generation() == 0;
  if (nothing_came && !read.ok()) return read;
  if (nothing_came && errors_ > 0) return OkStatus();  // no index of settings that fit nothing
  // What came before a record or a file that stopped the run is kept.
  RETURN_IF_ERROR(options_.optimize && read.ok() ? Optimize() : writer_->Commit());
  kept_ = indexed_;
  if (options_.acks && acknowledged_ != records_) {
    acknowledged_ = records_;
    std::printf("acknowledged %llu\n", static_cast<unsigned long long>(acknowledged_));
    std::fflush(stdout);
  }
  RETURN_IF_ERROR(writer_->WaitForMerges());
  return read;
}

Status IndexRun::Optimize() {
  StepProgress progress;
  indexer::OptimizeOptions optimize;
  optimize.reorder = options_.reorder;
  optimize.progress = [&progress](const char* what, uint64_t done, uint64_t total) { progress.Update(what, done, total); };
  const size_t warned = writer_->warnings().size();
  RETURN_IF_ERROR(writer_->Optimize(optimize));
  const std::vector<std::string> warnings = writer_->warnings();
  for (size_t i = warned; i < warnings.size(); ++i) std::fprintf(stderr, "sakuin: %s\n", warnings[i].c_str());
  return OkStatus();
}

void IndexRun::NoteFieldsThatAreMissing() const {
  const index::Schema& schema = writer_->schema();
  for (const index::Field& field : schema.fields) {
    for (const std::string& name : field.annotation.from) {
      if (schema.Find(name) != nullptr) continue;
      std::fprintf(stderr, "note: the field '%s' is made from '%s', which no document has\n", field.name.c_str(), name.c_str());
    }
  }
}

std::string IndexRun::Summary() const {
  const indexer::WriterCounts counts = writer_->counts();
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const uint64_t bytes = source_->progress().bytes_read;
  if (!options_.json) {
    char text[300];
    std::snprintf(text, sizeof(text),
                  "indexed %s (%llu replaced, %s) in %.1f s, %.1f MB/s; the index holds %llu, generation %llu",
                  Counted(indexed_, "document").c_str(), static_cast<unsigned long long>(counts.updated),
                  Counted(errors_, "broken record").c_str(), seconds, static_cast<double>(bytes) / 1e6 / std::max(seconds, 1e-9),
                  static_cast<unsigned long long>(writer_->documents()), static_cast<unsigned long long>(writer_->generation()));
    return text;
  }
  JsonWriter json;
  json.BeginObject().Key("indexed").Number(indexed_).Key("updated").Number(counts.updated).Key("deleted").Number(counts.deleted);
  json.Key("skipped").Number(errors_).Key("errors").Number(errors_).Key("documents").Number(writer_->documents());
  json.Key("bytes_in").Number(bytes).Key("seconds").Number(seconds).Key("generation").Number(writer_->generation());
  json.Key("schema").String(schema_from_).Key("invalid_bytes").Number(invalid_bytes()).Key("files_skipped").Number(files_skipped());
  json.Key("left_out").BeginObject();
  for (const auto& [reason, answers] : left_out()) json.Key(reason).Number(answers);
  json.EndObject().Key("unsure").BeginObject();
  for (const auto& [field, documents] : unsure()) json.Key(field).Number(documents);
  json.EndObject().EndObject();
  return json.Take();
}

Result<uint64_t> ParseMergeRate(const std::string& text) {
  if (text.empty()) return uint64_t{0};
  Result<uint64_t> rate = ParseSize(text);
  if (!rate.ok()) return rate.status().WithContext("--merge-rate");
  if (*rate == 0) return InvalidArgumentError("--merge-rate " + text + ": expected bytes per second, at least 1; without it there is no limit");
  return rate;
}

int RunIndex(const Options& options) {
  const Result<uint64_t> memory = ParseMemory(options.memory);
  const Result<uint64_t> merge_rate = ParseMergeRate(options.merge_rate);
  if (!memory.ok() || !merge_rate.ok()) return FailUsage(memory.ok() ? merge_rate.status() : memory.status(), options.json);
  if (!options.settings.analyzer.empty()) {
    if (const auto analyzer = text::MakeAnalyzer(options.settings.analyzer); !analyzer.ok()) return FailUsage(analyzer.status(), options.json);
  }
  IndexRun run(options, *memory, *merge_rate);
  const Status status = run.Run();
  if (!status.ok()) {
    if (const uint64_t kept = run.kept(); kept > 0) std::fprintf(stderr, "sakuin: kept what came before: %s\n", Counted(kept, "document").c_str());
    return Fail(status, options.json);
  }
  if (options.json) {
    PrintLine(run.Summary());
  } else {
    std::fprintf(stderr, "%s\n", run.Summary().c_str());
  }
  run.NoteFieldsThatAreMissing();
  for (const auto& [reason, answers] : run.left_out()) {
    std::fprintf(stderr, "sakuin: left out of archives: %s: %s\n", Counted(answers, "answer").c_str(), reason.c_str());
  }
  if (const uint64_t skipped = run.files_skipped(); skipped != 0) {
    std::fprintf(stderr, "sakuin: left out of folders: %s of no known kind; --format takes them\n", Counted(skipped, "file").c_str());
  }
  if (const uint64_t invalid = run.invalid_bytes(); invalid != 0) {
    std::fprintf(stderr, "sakuin: not valid UTF-8, replaced or left out: %s\n", Counted(invalid, "byte").c_str());
  }
  for (const auto& [field, documents] : run.unsure()) {
    if (documents == 0) continue;
    std::fprintf(stderr, "sakuin: %s stayed empty in %s of %llu: its model was unsure of them\n", field.c_str(),
                 Counted(documents, "document").c_str(), static_cast<unsigned long long>(run.indexed()));
  }
  if (run.errors() == 0) return kExitDone;
  return Fail(InvalidArgumentError(Counted(run.errors(), "broken record") + " left out; all that could be read is indexed"), options.json);
}

}  // namespace

void AddIndexCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("index", "create or update an index from files, folders or standard input");
  command->footer("Example: sakuin index --index ./my-index --analyzer english docs.jsonl.gz");
  command->add_option("--index", options->index, "folder of the index")->required();
  command->add_option("--schema", options->settings.schema_file,
                      "TOML or JSON file with the fields, for a new index (default: of pages those of a crawl, else guessed)");
  command->add_option("--analyzer", options->settings.analyzer, "analyzer of text fields (default: standard; of pages auto)");
  command->add_option("--id-field", options->settings.id_field, "field that holds the key (default: id; of pages url)");
  command->add_option("--format", options->format, "auto, jsonl, csv, tsv, trec, text, html, markdown or warc")
      ->check(CLI::IsMember({"auto", "jsonl", "csv", "tsv", "trec", "text", "html", "markdown", "warc"}))
      ->capture_default_str();
  command->add_option("--shards", options->settings.shards, "number of shards of a new index (default: 1)")->check(CLI::Range(1, 1024));
  command->add_option("--threads", options->threads, "threads (default: one per processor)")->check(CLI::Range(1, 64));
  command->add_option("--memory", options->memory, "memory for indexing, for instance 256M")->capture_default_str();
  command->add_option("--merge-rate", options->merge_rate,
                      "bytes per second that merges beside indexing may read, for instance 20M (default: no limit)");
  CLI::Option* optimize = command->add_flag("--optimize", options->optimize, "merge to one segment per shard at the end");
  command->add_flag("--reorder", options->reorder, "with --optimize: number similar documents side by side, as in sakuin optimize")->needs(optimize);
  command->add_flag("--mix-analyses", options->mix_analyses, "add to an index whose texts another version of their analyzer has cut");
  command->add_flag("--strict", options->strict, "stop at the first broken record");
  command->add_flag("--acks", options->acks, "print `acknowledged N` when the first N records have become durable");
  command->add_flag("--json", options->json, "machine-readable output");
  command->add_option("paths", options->paths, "files, folders, or - for standard input")->required();
  command->callback([&run, options] { run = [options] { return RunIndex(*options); }; });
}

}  // namespace sakuin::cli
