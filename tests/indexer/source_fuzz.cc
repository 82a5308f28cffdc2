// Any bytes in any format: every reader comes to an end, and what it gives keeps
// the promises of a Document. The first byte chooses the format and the chunk.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "indexer/source.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckDocument(const index::Document& document) {
  Require(!document.key.empty() && document.key.size() <= index::kMaxKeyBytes && text::IsUtf8(document.key));
  Require(text::IsUtf8(document.stored) && document.stored.starts_with('{') && document.stored.ends_with('}'));
  for (const index::FieldValue& field : document.fields) {
    Require(!field.path.empty() && field.path.size() <= index::kMaxFieldNameBytes && text::IsUtf8(field.path));
    if (const auto* text = std::get_if<std::string>(&field.value)) Require(text::IsUtf8(*text));
  }
}

// What a search shows of a document is a record that can be read again.
void CheckStored(const index::Document& document, const SourceOptions& options) {
  SourceOptions again = options;
  again.format = SourceFormat::kJsonl;
  const std::unique_ptr<DocumentSource> source = MakeSource(ByteInput::FromMemory(document.stored, "stored"), {"stored", "stored"}, again);
  index::Document read;
  const Result<ReadOutcome> outcome = source->Next(read);
  Require(outcome.ok() && *outcome == ReadOutcome::kDocument);
  Require(read.key == document.key && read.version == document.version && read.fields.size() == document.fields.size());
}

void Run(SourceFormat format, size_t chunk_bytes, std::string bytes) {
  SourceOptions options;
  options.format = format;
  options.chunk_bytes = chunk_bytes;
  options.max_record_bytes = 1 << 16;
  const std::unique_ptr<DocumentSource> source = MakeSource(ByteInput::FromMemory(std::move(bytes), "fuzz", chunk_bytes), {"fuzz", "fuzz"}, options);
  options.max_record_bytes = 1 << 20;
  index::Document document;
  for (;;) {
    const Result<ReadOutcome> outcome = source->Next(document);
    if (!outcome.ok() || *outcome == ReadOutcome::kEnd) return;
    Require(*outcome != ReadOutcome::kWouldBlock);
    if (*outcome == ReadOutcome::kBrokenRecord) {
      const std::string& reason = source->error().reason;
      Require(!reason.empty() && reason.size() < 1000 && reason.find('\n') == std::string::npos && text::IsUtf8(reason));
      continue;
    }
    CheckDocument(document);
    CheckStored(document, options);
  }
}

}  // namespace
}  // namespace sakuin::indexer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sakuin::indexer::SourceFormat;
  constexpr SourceFormat kFormats[] = {SourceFormat::kJsonl,    SourceFormat::kCsv,  SourceFormat::kTsv, SourceFormat::kTrec,
                                       SourceFormat::kMarkdown, SourceFormat::kHtml, SourceFormat::kText};
  constexpr size_t kFormatCount = sizeof(kFormats) / sizeof(kFormats[0]);
  if (size == 0) return 0;
  const size_t chunk_bytes = data[0] < 128 ? 4096 : 1 + data[0] % 16;
  const SourceFormat format = data[0] == 127 || data[0] == 255 ? SourceFormat::kWarc : kFormats[data[0] % kFormatCount];
  sakuin::indexer::Run(format, chunk_bytes, std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  return 0;
}
