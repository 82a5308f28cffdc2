// sakuin inspect and verify: look into an index, check it.

#include <algorithm>
#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "index/snapshot.h"
#include "indexer/index_verifier.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string index;
  std::string term;
  bool json = false;
};

uint64_t BytesOf(const index::Manifest& manifest) {
  uint64_t bytes = 0;
  for (const index::SegmentEntry& segment : manifest.segments) bytes += segment.bytes;
  return bytes;
}

uint64_t DeletedOf(const index::Manifest& manifest) {
  uint64_t deleted = 0;
  for (const index::SegmentEntry& segment : manifest.segments) deleted += segment.deleted;
  return deleted;
}

std::string InspectionJson(const index::Manifest& manifest) {
  JsonWriter out;
  out.BeginObject().Key("documents").Number(manifest.documents()).Key("deleted").Number(DeletedOf(manifest));
  out.Key("segments").Number(manifest.segments.size()).Key("generation").Number(manifest.generation);
  out.Key("shards").Number(manifest.schema.shards).Key("bytes").Number(BytesOf(manifest)).Key("fields").BeginArray();
  for (const index::Field& field : manifest.schema.fields) {
    if (field.hidden) continue;
    out.BeginObject().Key("name").String(field.name).Key("type").String(index::FieldTypeName(field.type));
    if (!field.analyzer.empty()) out.Key("analyzer").String(field.analyzer);
    out.EndObject();
  }
  out.EndArray().EndObject();
  return out.Take();
}

void PrintInspection(const index::Manifest& manifest) {
  std::printf("generation %llu: %s in %s and %s, %llu deleted, %.1f MB\n", static_cast<unsigned long long>(manifest.generation),
              Counted(manifest.documents(), "document").c_str(), Counted(manifest.segments.size(), "segment").c_str(),
              Counted(manifest.schema.shards, "shard").c_str(), static_cast<unsigned long long>(DeletedOf(manifest)), static_cast<double>(BytesOf(manifest)) / 1e6);
  for (const index::SegmentEntry& segment : manifest.segments) {
    std::printf("  segment %s: shard %u, %s, %u deleted, %.1f MB\n", segment.name.c_str(), segment.shard,
                Counted(segment.documents, "document").c_str(), segment.deleted, static_cast<double>(segment.bytes) / 1e6);
  }
  for (const index::Field& field : manifest.schema.fields) {
    if (!field.hidden) {
      std::printf("  field %-24s %-8s %s\n", field.name.c_str(), std::string(index::FieldTypeName(field.type)).c_str(), field.analyzer.c_str());
    }
  }
}

// FIELD:TERM as the dictionary has it, without analysis.
Status InspectTerm(const index::Snapshot& snapshot, const Options& options) {
  const size_t colon = options.term.find(':');
  if (colon == std::string::npos) return InvalidArgumentError("--term '" + options.term + "': expected FIELD:TERM, for instance body:fox");
  const index::FieldId field = snapshot.schema().IdOf(options.term.substr(0, colon));
  if (field == index::kNoField) return NotFoundError("there is no field '" + options.term.substr(0, colon) + "'");
  uint64_t documents = 0;
  uint64_t occurrences = 0;
  for (const index::Snapshot::Part& part : snapshot.parts()) {
    ASSIGN_OR_RETURN(const index::FieldReader* reader, part.segment->OpenField(field));
    if (reader == nullptr) continue;
    ASSIGN_OR_RETURN(const auto entry, reader->terms.Find(options.term.substr(colon + 1)));
    if (!entry.has_value()) continue;
    documents += entry->document_frequency;
    occurrences += entry->total_frequency;
  }
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("term").String(options.term).Key("document_frequency").Number(documents);
    out.Key("total_frequency").Number(occurrences).EndObject();
    PrintLine(out.text());
  } else {
    std::printf("%s: %s (deleted ones too), %s\n", options.term.c_str(), Counted(documents, "document").c_str(),
                Counted(occurrences, "occurrence").c_str());
  }
  return OkStatus();
}

Status Inspect(const Options& options) {
  RETURN_IF_ERROR(PrepareToRead(options.index));
  ASSIGN_OR_RETURN(const auto snapshot, index::Snapshot::Open(PosixFileSystem(), options.index));
  if (!options.term.empty()) return InspectTerm(*snapshot, options);
  if (options.json) {
    PrintLine(InspectionJson(snapshot->manifest()));
  } else {
    PrintInspection(snapshot->manifest());
  }
  return OkStatus();
}

int RunVerify(const Options& options) {
  const std::vector<std::string> problems = indexer::VerifyIndex(PosixFileSystem(), options.index);
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("ok").Boolean(problems.empty()).Key("problems").BeginArray();
    for (const std::string& problem : problems) out.String(problem);
    out.EndArray().EndObject();
    PrintLine(out.text());
  } else {
    for (const std::string& problem : problems) std::fprintf(stderr, "problem: %s\n", problem.c_str());
    if (problems.empty()) std::printf("ok\n");
  }
  return problems.empty() ? kExitDone : kExitFailed;
}

CLI::App* AddCommand(CLI::App& app, const char* name, const char* what, const std::shared_ptr<Options>& options) {
  CLI::App* command = app.add_subcommand(name, what);
  command->footer(std::string("Example: sakuin ") + name + " ./my-index");
  command->add_option("index,--index", options->index, "folder of the index")->required();
  command->add_flag("--json", options->json, "machine-readable output");
  return command;
}

int Finish(const Status& status, bool json) { return status.ok() ? kExitDone : Fail(status, json); }

}  // namespace

void AddInspectCommands(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* inspect = AddCommand(app, "inspect", "show what an index holds", options);
  inspect->add_option("--term", options->term, "FIELD:TERM: counts of one word of the dictionary");
  inspect->callback([&run, options] { run = [options] { return Finish(Inspect(*options), options->json); }; });
  AddCommand(app, "verify", "check every byte of an index", options)->callback([&run, options] { run = [options] { return RunVerify(*options); }; });
}

}  // namespace sakuin::cli
