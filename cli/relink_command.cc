// sakuin relink: documents that contain a keyword are linked again, after it came
// into the dictionary of a field or went from it.

#include <algorithm>
#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/annotators.h"
#include "cli/command.h"
#include "cli/progress_bar.h"
#include "index/annotated_stored.h"
#include "indexer/index_writer.h"
#include "indexer/source.h"
#include "searcher/containing_text.h"
#include "searcher/term_pattern.h"

namespace sakuin::cli {
namespace {

using index::Snapshot;

struct Options {
  std::string index;
  std::vector<std::string> keywords;
  bool all = false;
  std::string memory = "1G";
  bool mix_analyses = false;
  bool json = false;
};

// For documents whose annotations are made already.
class NothingToAdd : public indexer::Annotator {
 public:
  Status Annotate(index::Document& /*document*/) override { return OkStatus(); }
};

class RelinkRun {
 public:
  RelinkRun(const Options& options, uint64_t memory) : options_(options), memory_(memory) {}

  Status Run();

  uint64_t looked_at() const { return looked_at_; }
  uint64_t changed() const { return changed_; }
  uint64_t documents() const { return writer_->documents(); }
  uint64_t generation() const { return writer_->generation(); }

 private:
  using Bits = std::vector<uint64_t>;

  Status OpenWriter();
  Status FindPlaces();
  Result<Bits> Candidates(const index::SegmentReader& segment) const;
  Status AddLinked(const std::string& keyword, index::FieldId facet, const index::SegmentReader& segment, Bits& found) const;
  Status RelinkPart(const Snapshot::Part& part);
  Status Relink(std::string_view key, std::string_view stored);
  Result<index::Document> DocumentOf(std::string_view key, const std::string& stored) const;

  const Options& options_;
  uint64_t memory_;
  FileSystem& fs_ = PosixFileSystem();
  std::unique_ptr<indexer::IndexWriter> writer_;
  std::shared_ptr<FieldAnnotators> annotators_;
  std::vector<index::FieldId> facets_;           // fields that name a dictionary
  std::vector<searcher::ContainingText> texts_;  // a keyword in a field that is read for links
  uint64_t looked_at_ = 0;
  uint64_t changed_ = 0;
};

// The writer first, so that nobody writes meanwhile what is read here.
Status RelinkRun::OpenWriter() {
  RETURN_IF_ERROR(PrepareToRead(options_.index));
  indexer::IndexWriterOptions writer;
  writer.memory_bytes = memory_;
  writer.mix_analyses = options_.mix_analyses;
  writer.annotators = [this](const index::Schema& schema) -> Result<std::shared_ptr<indexer::Annotator>> {
    ASSIGN_OR_RETURN(annotators_, FieldAnnotators::Open(schema, AnnotatedFields::kLinks));
    return std::shared_ptr<indexer::Annotator>(std::make_shared<NothingToAdd>());
  };
  ASSIGN_OR_RETURN(writer_, indexer::IndexWriter::Open(fs_, options_.index, std::move(writer)));
  for (const std::string& warning : writer_->warnings()) std::fprintf(stderr, "sakuin: %s\n", warning.c_str());
  return OkStatus();
}

Status RelinkRun::FindPlaces() {
  const index::Schema& schema = writer_->schema();
  for (index::FieldId id = 0; id < schema.fields.size(); ++id) {
    const index::Field& field = schema.fields[id];
    if (field.annotation.kind != index::AnnotationKind::kDictionary) continue;
    facets_.push_back(id);
    for (const std::string& keyword : options_.keywords) {
      for (const std::string& from : field.annotation.from) {
        ASSIGN_OR_RETURN(searcher::ContainingText text, searcher::ContainingText::Make(keyword, schema, schema.IdOf(from)));
        texts_.push_back(std::move(text));
      }
    }
  }
  if (!facets_.empty()) return OkStatus();
  return FailedPreconditionError("no field of " + options_.index + " names a dictionary; expected one such as " +
                                 "links = {dictionary = \"site.dict\", from = [\"body\"]} in its schema.toml");
}

// Documents that have the keyword among their links, as it is written.
Status RelinkRun::AddLinked(const std::string& keyword, index::FieldId facet, const index::SegmentReader& segment, Bits& found) const {
  ASSIGN_OR_RETURN(const index::FieldReader* field, segment.OpenField(facet));
  if (field == nullptr) return OkStatus();
  index::TermsCursor cursor(field->terms);
  cursor.Seek(keyword);
  if (cursor.valid() && cursor.term() == keyword) RETURN_IF_ERROR(searcher::AddDocumentsOfTerm(*field, cursor.entry(), found));
  return cursor.status();
}

Result<RelinkRun::Bits> RelinkRun::Candidates(const index::SegmentReader& segment) const {
  Bits found((size_t{segment.documents()} + 63) / 64, options_.all ? UINT64_MAX : 0);
  if (options_.all) return found;
  for (const searcher::ContainingText& text : texts_) {
    ASSIGN_OR_RETURN(const Bits documents, text.DocumentsIn(segment));
    for (size_t i = 0; i < found.size(); ++i) found[i] |= documents[i];
  }
  for (const index::FieldId facet : facets_) {
    for (const std::string& keyword : options_.keywords) RETURN_IF_ERROR(AddLinked(keyword, facet, segment, found));
  }
  return found;
}

// As it came in, from what is stored of it.
Result<index::Document> RelinkRun::DocumentOf(std::string_view key, const std::string& stored) const {
  indexer::SourceOptions options;
  options.format = indexer::SourceFormat::kJsonl;
  options.id_field = writer_->schema().id_field;
  options.max_record_bytes = size_t{1} << 30;
  const auto source = indexer::MakeSource(indexer::ByteInput::FromMemory(stored + "\n", "stored"), {"stored", std::string(key)}, options);
  index::Document document;
  ASSIGN_OR_RETURN(const indexer::ReadOutcome outcome, source->Next(document));
  if (outcome == indexer::ReadOutcome::kDocument && document.key == key) return document;
  const std::string why = outcome == indexer::ReadOutcome::kBrokenRecord ? source->error().reason : "it is not what was indexed";
  return FailedPreconditionError("the document '" + std::string(key) + "' cannot be linked again by what is stored of it: " + why +
                                 "; index it again");
}

Status RelinkRun::Relink(std::string_view key, std::string_view stored) {
  ++looked_at_;
  ASSIGN_OR_RETURN(index::Document document, DocumentOf(key, index::SplitAnnotations(stored).document));
  document.stored = stored;
  RETURN_IF_ERROR(annotators_->Annotate(document));
  if (document.stored == stored) return OkStatus();
  ++changed_;
  return writer_->Add(std::move(document));
}

Status RelinkRun::RelinkPart(const Snapshot::Part& part) {
  const index::SegmentReader& segment = *part.segment;
  ASSIGN_OR_RETURN(const Bits candidates, Candidates(segment));
  index::StoredCursor stored(segment.stored());
  for (index::DocId doc = 0; doc < segment.documents(); ++doc) {
    if ((candidates[doc / 64] >> doc % 64 & 1) == 0 || part.IsDeleted(doc)) continue;
    ASSIGN_OR_RETURN(const std::string_view text, stored.Read(doc));
    RETURN_IF_ERROR(Relink(segment.key(doc), text));
  }
  return OkStatus();
}

Status RelinkRun::Run() {
  RETURN_IF_ERROR(OpenWriter());
  RETURN_IF_ERROR(FindPlaces());
  ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, Snapshot::Open(fs_, options_.index));
  ProgressBar bar("linking", snapshot->parts().size());
  for (size_t i = 0; i < snapshot->parts().size(); ++i) {
    bar.Update(i);
    RETURN_IF_ERROR(RelinkPart(snapshot->parts()[i]));
  }
  return changed_ == 0 ? OkStatus() : writer_->WaitForMerges();
}

Status CheckOptions(const Options& options) {
  if (options.keywords.empty() != options.all) {
    return InvalidArgumentError("expected --keyword with keywords, or --all; found " + std::string(options.all ? "both" : "neither"));
  }
  const bool empty = std::any_of(options.keywords.begin(), options.keywords.end(), [](const std::string& keyword) { return keyword.empty(); });
  return empty ? InvalidArgumentError("--keyword: expected a keyword, found an empty one") : OkStatus();
}

int RunRelink(const Options& options) {
  if (Status status = CheckOptions(options); !status.ok()) return FailUsage(status, options.json);
  const Result<uint64_t> memory = ParseMemory(options.memory);
  if (!memory.ok()) return FailUsage(memory.status(), options.json);
  RelinkRun run(options, *memory);
  if (Status status = run.Run(); !status.ok()) return Fail(status, options.json);
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("looked_at").Number(run.looked_at()).Key("changed").Number(run.changed());
    out.Key("documents").Number(run.documents()).Key("generation").Number(run.generation()).EndObject();
    PrintLine(out.text());
  } else {
    std::fprintf(stderr, "looked at %s of %llu, changed the links of %llu\n", Counted(run.looked_at(), "document").c_str(),
                 static_cast<unsigned long long>(run.documents()), static_cast<unsigned long long>(run.changed()));
  }
  return kExitDone;
}

}  // namespace

void AddRelinkCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("relink", "link documents again that contain a keyword that was added or removed");
  command->footer("Example: sakuin relink --index ./my-index --keyword 'New Amsterdam'");
  command->add_option("--index", options->index, "folder of the index, of which a field names a dictionary")->required();
  command->add_option("--keyword", options->keywords, "keywords that came into the dictionary, went from it or link elsewhere now");
  command->add_flag("--all", options->all, "every document, whatever it contains");
  command->add_option("--memory", options->memory, "memory for indexing, for instance 256M")->capture_default_str();
  command->add_flag("--mix-analyses", options->mix_analyses, "add to an index whose texts another version of their analyzer has cut");
  command->add_flag("--json", options->json, "machine-readable output");
  command->callback([&run, options] { run = [options] { return RunRelink(*options); }; });
}

}  // namespace sakuin::cli
