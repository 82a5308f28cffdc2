// source.h: start here for reading documents. Files, folders and standard input, in
// any of the formats, become one stream of documents.
//
//   SourceOptions options;
//   ASSIGN_OR_RETURN(std::unique_ptr<SourceSequence> source, OpenSources({"docs.jsonl.gz", "notes/", "-"}, options));
//   index::Document document;                                   // used again and again
//   for (;;) {
//     ASSIGN_OR_RETURN(ReadOutcome outcome, source->Next(document));
//     if (outcome == ReadOutcome::kEnd) break;
//     if (outcome == ReadOutcome::kBrokenRecord) Report(source->error());      // and go on
//     if (outcome == ReadOutcome::kWouldBlock) source->WaitReadable(500ms);    // or flush meanwhile
//     if (outcome == ReadOutcome::kDocument) Add(document);
//   }
//
// Two kinds of trouble: a record that cannot be used is kBrokenRecord, and the
// next call goes on behind it; a file named by the caller that cannot be read
// (missing, damaged compression, no id column) is an error Status, after which
// the source is at its end. In a folder, a file that cannot be read is one
// broken record and the others follow.
//
// Memory: one chunk, and about six times the longest record while that is read.
// Longer records than max_record_bytes are passed over without being held.
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/document.h"
#include "indexer/byte_input.h"
#include "indexer/source_format.h"

namespace sakuin::indexer {

enum class ReadOutcome {
  kDocument,      // `out` is the next document
  kBrokenRecord,  // error() says which record and why; `out` is not to be used
  kWouldBlock,    // the input pauses; see WaitReadable
  kEnd,
};

struct RecordError {
  std::string file;
  uint64_t line = 0;  // where the record begins, from 1; 0: the file as a whole
  std::string reason;

  // "docs.jsonl:11: not valid JSON: ..." A reason is one line of at most a few hundred printable bytes.
  std::string ToString() const;
};

struct SourceProgress {
  uint64_t bytes_read = 0;     // as stored: of a .gz the compressed ones
  uint64_t bytes_total = 0;    // 0: not known (a pipe; folders without measure_folders)
  uint64_t repaired = 0;       // characters replaced by U+FFFD because they were not Unicode
  uint64_t files_skipped = 0;  // found in folders, not of the wanted format
};

struct SourceOptions {
  SourceFormat format = SourceFormat::kAuto;
  std::string id_field = "id";                 // jsonl: may be nested, "meta.id"
  size_t max_record_bytes = 64 << 20;          // at least 1, at most 1 GiB
  size_t chunk_bytes = kDefaultChunkBytes;     // what is read at once
  std::vector<std::string> folder_extensions;  // {".txt"}: only these, in folders; empty: the format's own
  bool measure_folders = false;                // walk folders once more, before, to know bytes_total
  int standard_input = 0;                      // the descriptor that "-" means
  // The field "site" of a page in an archive, from its URL; without it, or where it says nothing, there is none.
  std::function<std::string(std::string_view url)> site_of{};
  // Whether what is in an archive lists pages and is none; without it, nothing does.
  std::function<bool(std::string_view path, std::string_view content_type, std::string_view body)> is_listing{};
};

// Limits of a record, whatever the format.
inline constexpr size_t kMaxRecordValues = 100'000;
inline constexpr size_t kMaxRecordPaths = 10'000;  // distinct ones
inline constexpr size_t kMaxNesting = 64;          // objects and arrays, with the record itself

// How many answers of archives are no pages, by the reason: "application/pdf is not read". That is what a crawl says, but where it saw
// more than an archive keeps: there, a body that did not come whole "ends before its end", whatever the server did.
using LeftOut = std::map<std::string, uint64_t, std::less<>>;

class DocumentSource {
 public:
  virtual ~DocumentSource() = default;

  // Fills `out`, using its memory again. After kEnd or an error: kEnd.
  virtual Result<ReadOutcome> Next(index::Document& out) = 0;

  // After kWouldBlock: waits until more input came; false when `timeout` passed before (negative: for ever).
  virtual bool WaitReadable(std::chrono::milliseconds timeout) = 0;

  // Where the record of the last kDocument or kBrokenRecord begins; line 0 when a document is a whole file.
  virtual std::string_view file() const = 0;
  virtual uint64_t line() const = 0;

  // REQUIRES: the last outcome was kBrokenRecord.
  virtual const RecordError& error() const = 0;

  virtual SourceProgress progress() const = 0;
  virtual LeftOut left_out() const { return {}; }
};

// Of which kinds documents are; neither: of texts and Markdown, or there are none.
struct SourceKinds {
  bool pages = false;  // of HTML and web archives (page_document.h)
  bool rows = false;   // of JSON, tables and TREC: each names fields of its own
};

// The documents of several paths.
class SourceSequence : public DocumentSource {
 public:
  // What Next will find: in files by their names and first bytes, in folders by the names of what is in them. Waits for the first
  // bytes of the first stream (standard input, a pipe), which are not lost; of further ones only the names count. What cannot be read
  // is of no kind. Looks at 10,000 files of folders at most, in their order: some 50 ms. REQUIRES: Next was not called.
  virtual SourceKinds LookAhead() = 0;

  // Takes the place of that of the options. REQUIRES: Next was not called.
  virtual void SetIdField(std::string name) = 0;
};

// Goes through `paths` in order; "-" is standard input, a folder is walked in sorted order (hidden files
// and special files left out, symbolic links followed, no folder twice). NOT_FOUND names the path that is
// missing, before anything is read.
//
// Formats with one document a file take the id from the path: relative to the folder when `paths` is one
// folder, else the path as given; "stdin" for standard input.
Result<std::unique_ptr<SourceSequence>> OpenSources(std::vector<std::string> paths, SourceOptions options);

// What a source over one input is called and where its documents come from.
struct SourceFile {
  std::string path;  // for messages and the url field
  std::string id;    // of its document, when it is one
};

// One input in one format. REQUIRES: options.format is not kAuto.
std::unique_ptr<DocumentSource> MakeSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options);

}  // namespace sakuin::indexer
