// schema_file.h: the schema as a person reads and edits it: TOML (or JSON).
//
//   id_field = "id"
//   analyzer = "standard"
//
//   [fields.title]
//   type = "text"
//   analyzer = "english"
//
// Errors name the line, what was expected and what was found.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"
#include "index/schema.h"

namespace sakuin::indexer {

// A schema as asked for by a file (.json is JSON, all else TOML). Analyzers are
// not looked up here. `analyzer`, where given, counts instead of the file's, and
// for the fields that name none.
Result<index::Schema> ParseSchema(std::string_view text, bool json, const std::string& analyzer = {});

// Makes the paths of dictionaries and models absolute; a relative one is meant
// from the folder of the file that names it.
void ResolveFiles(const std::string& folder, index::Schema& schema);

// As schema.toml: its second line is a checksum of the others, by which a later
// reader knows whether a person has edited it.
std::string FormatSchema(const index::Schema& schema);

// True for what FormatSchema made of this schema or another one. A writer that
// dies while it commits may leave the copy of the generation before or after.
bool IsAsWritten(std::string_view text);

// Writes schema.toml beside the manifest.
Status WriteSchemaFile(FileSystem& fs, const std::string& folder, const index::Schema& schema);

// Applies what a person changed in schema.toml since it was written: new fields,
// and of known ones `stored`, `column`, numbers for ranking and where values come
// from (a dictionary, a model), and dynamic = true|false. Other changes
// would need the documents again: FAILED_PRECONDITION. A missing file is OK, and
// one that nobody edited changes nothing.
Status TakeUpEdits(FileSystem& fs, const std::string& folder, index::Schema& schema);

}  // namespace sakuin::indexer
