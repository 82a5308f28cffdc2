// source_format.h: the formats that can be read, and how one is told.
//
//   ParseSourceFormat("csv")                 // kCsv
//   FormatOfPath("a/b.jsonl.gz")             // kJsonl
//   SniffFormat("{\"id\": 1}\n", "id")       // kJsonl
//
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::indexer {

enum class SourceFormat {
  kAuto,      // by the name of the file, else by its first bytes; an archive by those in any case, where it is called a text
  kJsonl,     // one JSON object a line
  kCsv,       // RFC 4180 with a header line
  kTsv,       // the same with tabs
  kTrec,      // <DOC> <DOCNO> ... </DOC>
  kText,      // the file is a document
  kHtml,      // the file is a document
  kMarkdown,  // the file is a document
  kWarc,      // a web archive: WARC or ARC
};

// INVALID_ARGUMENT lists the names.
Result<SourceFormat> ParseSourceFormat(std::string_view name);
std::string_view SourceFormatName(SourceFormat format);

// By the extension, after .gz or .zst is taken off; kAuto when it says nothing.
SourceFormat FormatOfPath(std::string_view path);

// Whether a file with this name, found in a folder, is one of `format`. kText and kTrec take any name
// (such files often have none or odd ones) but not those that belong to another format.
bool IsNameOf(SourceFormat format, std::string_view path);

// By the first bytes; kAuto when they say nothing. A table is told by `id_field` in its first line.
SourceFormat SniffFormat(std::string_view first_bytes, std::string_view id_field);

// Whether it begins with the head of a record of WARC or ARC, whatever the file is called: no text or page does.
bool LooksLikeWarc(std::string_view first_bytes);

// Text has no NUL bytes among the first.
bool LooksBinary(std::string_view first_bytes);

}  // namespace sakuin::indexer
