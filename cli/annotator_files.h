// annotator_files.h: the dictionaries and models that a schema names, in backups.
//
//   my-backup/dictionaries-and-models/site.dict            a file as it is
//   my-backup/dictionaries-and-models/site.keywords/...    a live dictionary
//   my-backup/dictionaries-and-models/topics.model         and topics.model.learning/..., what it has yet to take up
//
// They lie anywhere, and others may use them: a restored index goes on with those
// that are where the schema says, and gets copies of its own of those that are not.
// Whoever changes one of them need not wait. Pure but for the files: thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/schema.h"
#include "indexer/index_copier.h"

namespace sakuin::cli {

inline constexpr const char* kAnnotatorFolder = "dictionaries-and-models";

// Copies all of them from where they are, or else from the folder in the index `from`, to the folder in `to`.
// What is nowhere is told in `notes`.
Status SaveAnnotatorFiles(FileSystem& fs, const std::string& from, const std::string& to, const index::Schema& schema, indexer::CopiedIndex& copied,
                          std::vector<std::string>& notes);

// Copies those that are not where `schema` says, and makes it say where they are now.
Status BringBackAnnotatorFiles(FileSystem& fs, const std::string& from, const std::string& to, index::Schema& schema, indexer::CopiedIndex& copied,
                               std::vector<std::string>& notes);

}  // namespace sakuin::cli
