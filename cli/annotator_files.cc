#include "cli/annotator_files.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "classifier/learning_journal.h"
#include "indexer/schema_file.h"
#include "keyword_linker/live_copier.h"
#include "keyword_linker/live_folder.h"

namespace sakuin::cli {
namespace {

using index::AnnotationKind;
using indexer::CopiedIndex;

struct NamedFile {
  std::string field;  // the first that names it
  std::string path;
  std::string name;  // of the copy
  bool model = false;
};

// The last name in a path; a folder may be written with a slash at its end.
std::string LastName(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return std::filesystem::path(path).filename();
}

// Each once, with a name of its own. What a model has learned stands beside it as NAME.learning.
std::vector<NamedFile> FilesOf(const index::Schema& schema) {
  std::vector<NamedFile> files;
  std::set<std::string> paths;
  std::set<std::string> names;
  for (const index::Field& field : schema.fields) {
    if (!field.annotated() || !paths.insert(field.annotation.file).second) continue;
    const std::string last = LastName(field.annotation.file);
    std::string name = last;
    for (int number = 2; names.contains(name); ++number) name = std::to_string(number) + "-" + last;
    names.insert({name, name + ".learning"});
    files.push_back({field.name, field.annotation.file, name, field.annotation.kind == AnnotationKind::kClassifier});
  }
  return files;
}

Status CopyBytes(FileSystem& fs, const std::string& from, std::string_view bytes, const std::string& to, CopiedIndex& copied) {
  RETURN_IF_ERROR(WriteFileAtomically(fs, to, bytes));
  ASSIGN_OR_RETURN(const std::string copy, fs.ReadAll(to));
  if (copy != bytes) return DataLossError("the copy is not whole: " + to + " differs from " + from);
  ++copied.files;
  copied.bytes += bytes.size();
  return OkStatus();
}

// Of what was acknowledged nothing is lost, also where it is taken up meanwhile: a journal beside a newer model is of the past.
Status CopyModel(FileSystem& fs, const std::string& from, const std::string& to, CopiedIndex& copied) {
  const std::string journal = classifier::LearningJournal::PathIn(from + ".learning");
  const Result<std::string> learned = fs.ReadAll(journal);
  if (!learned.ok() && learned.status().code() != StatusCode::kNotFound) return learned.status();
  ASSIGN_OR_RETURN(const std::string bytes, fs.ReadAll(from));
  RETURN_IF_ERROR(CopyBytes(fs, from, bytes, to, copied));
  const std::string folder = to + ".learning";
  if (!learned.ok()) {
    // Of a copy that ended early there may be another.
    const Status removed = fs.Remove(classifier::LearningJournal::PathIn(folder));
    return removed.code() == StatusCode::kNotFound ? OkStatus() : removed;
  }
  RETURN_IF_ERROR(CreateDurableFolder(fs, folder));
  return CopyBytes(fs, journal, *learned, classifier::LearningJournal::PathIn(folder), copied);
}

Status Copy(FileSystem& fs, const NamedFile& file, const std::string& from, const std::string& to, CopiedIndex& copied) {
  if (file.model) return CopyModel(fs, from, to, copied);
  if (keyword_linker::IsLiveDictionary(fs, from)) {
    ASSIGN_OR_RETURN(const keyword_linker::CopiedDictionary dictionary, keyword_linker::CopyLiveDictionary(fs, from, to));
    copied.files += dictionary.files;
    copied.bytes += dictionary.bytes;
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string bytes, fs.ReadAll(from));
  return CopyBytes(fs, from, bytes, to, copied);
}

std::string Describe(const NamedFile& file) {
  return "field '" + file.field + "' of the schema, " + (file.model ? "classifier " : "dictionary ") + file.path;
}

// Into the folder in `to`. False: it is not in `from`.
Result<bool> CopyTo(FileSystem& fs, const NamedFile& file, const std::string& from, const std::string& to, CopiedIndex& copied) {
  if (!fs.Exists(from)) return false;
  const std::string folder = JoinPath(to, kAnnotatorFolder);
  Status status = CreateDurableFolder(fs, folder);
  if (status.ok()) status = Copy(fs, file, from, JoinPath(folder, file.name), copied);
  if (status.ok()) status = fs.SyncFolder(folder);
  if (!status.ok()) return status.WithContext(Describe(file));
  return true;
}

std::string CopyIn(const std::string& index, const NamedFile& file) { return JoinPath(JoinPath(index, kAnnotatorFolder), file.name); }

void MakeSay(const std::string& path, const std::string& now, index::Schema& schema) {
  for (index::Field& field : schema.fields) {
    if (field.annotated() && field.annotation.file == path) field.annotation.file = now;
  }
}

}  // namespace

Status SaveAnnotatorFiles(FileSystem& fs, const std::string& from, const std::string& to, const index::Schema& schema, CopiedIndex& copied,
                          std::vector<std::string>& notes) {
  for (const NamedFile& file : FilesOf(schema)) {
    const std::string source = fs.Exists(file.path) ? file.path : CopyIn(from, file);
    ASSIGN_OR_RETURN(const bool saved, CopyTo(fs, file, source, to, copied));
    if (!saved) notes.push_back(Describe(file) + " is not there: the backup is without it");
  }
  return OkStatus();
}

Status BringBackAnnotatorFiles(FileSystem& fs, const std::string& from, const std::string& to, index::Schema& schema, CopiedIndex& copied,
                               std::vector<std::string>& notes) {
  for (const NamedFile& file : FilesOf(schema)) {
    if (fs.Exists(file.path)) {
      notes.push_back(Describe(file) + " is where it was: the index goes on with it");
      continue;
    }
    ASSIGN_OR_RETURN(const bool found, CopyTo(fs, file, CopyIn(from, file), to, copied));
    if (!found) {
      notes.push_back(Describe(file) + " is not there and not in the backup; bring it back or correct schema.toml before you index");
      continue;
    }
    const std::string now = std::filesystem::absolute(CopyIn(to, file)).lexically_normal();
    MakeSay(file.path, now, schema);
    notes.push_back(Describe(file) + " is not there: the index goes on with the copy " + now);
  }
  return OkStatus();
}

}  // namespace sakuin::cli
