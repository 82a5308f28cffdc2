// sakuin delete: documents by key or by query.

#include <cstdio>

#include "base/counted.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "indexer/index_writer.h"
#include "searcher/searcher.h"

namespace sakuin::cli {
namespace {

struct Options {
  std::string index;
  std::string query;
  bool json = false;
  std::vector<std::string> keys;
};

Result<std::vector<std::string>> KeysToDelete(const Options& options) {
  if (options.query.empty()) return options.keys;
  ASSIGN_OR_RETURN(const std::unique_ptr<searcher::Searcher> searcher, searcher::Searcher::Open(PosixFileSystem(), options.index));
  PrintWarnings(*searcher);
  // What is half understood must not delete.
  ASSIGN_OR_RETURN(const searcher::ParsedQuery parsed, searcher::ParseQuery(options.query, searcher->parse_options(true)));
  if (!parsed.warnings.empty()) return InvalidArgumentError(parsed.warnings[0].message + "; nothing was deleted");
  Result<std::vector<std::string>> deleted = searcher->MatchingKeys(parsed.query);
  if (!deleted.ok()) return deleted.status().WithContext("nothing was deleted");
  return deleted;
}

Status Delete(const Options& options, uint64_t& deleted) {
  RETURN_IF_ERROR(PrepareToRead(options.index));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, KeysToDelete(options));
  ASSIGN_OR_RETURN(const std::unique_ptr<indexer::IndexWriter> writer, indexer::IndexWriter::Open(PosixFileSystem(), options.index, {}));
  for (const std::string& key : keys) RETURN_IF_ERROR(writer->Delete(key));
  RETURN_IF_ERROR(writer->WaitForMerges());
  deleted = writer->counts().deleted;
  return OkStatus();
}

int RunDelete(const Options& options) {
  if (options.keys.empty() == options.query.empty()) {
    return FailUsage(InvalidArgumentError("expected keys, or --query with a query; found " + std::string(options.keys.empty() ? "neither" : "both")),
                     options.json);
  }
  uint64_t deleted = 0;
  const Status status = Delete(options, deleted);
  if (!status.ok()) return FailUsage(status, options.json);
  if (options.json) {
    JsonWriter out;
    out.BeginObject().Key("deleted").Number(deleted).EndObject();
    PrintLine(out.text());
  } else {
    std::fprintf(stderr, "deleted %s\n", Counted(deleted, "document").c_str());
  }
  return kExitDone;
}

}  // namespace

void AddDeleteCommand(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("delete", "delete documents by key or by query");
  command->footer("Example: sakuin delete --index ./my-index doc17 doc18\n         sakuin delete --index ./my-index --query 'year:<2000'");
  command->add_option("--index", options->index, "folder of the index")->required();
  command->add_option("--query", options->query, "delete what matches this query");
  command->add_flag("--json", options->json, "machine-readable output");
  command->add_option("keys", options->keys, "keys of documents");
  command->callback([&run, options] { run = [options] { return RunDelete(*options); }; });
}

}  // namespace sakuin::cli
