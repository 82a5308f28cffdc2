#include "indexer/source.h"

#include "base/file.h"
#include "indexer/jsonl_source.h"

namespace sakuin::indexer {

Result<std::unique_ptr<DocumentSource>> OpenSources(std::vector<std::string> paths, SourceOptions options) {
  if (paths.size() != 1) return InvalidArgumentError("expected one path");
  if (paths[0] == "-") return MakeJsonlSource(ByteInput::FromDescriptor(options.standard_input, "stdin", options.chunk_bytes), {"stdin", "stdin"}, options);
  ASSIGN_OR_RETURN(std::unique_ptr<ByteInput> input, ByteInput::Open(paths[0], options.chunk_bytes));
  return MakeJsonlSource(std::move(input), {paths[0], paths[0]}, options);
}

}  // namespace sakuin::indexer
