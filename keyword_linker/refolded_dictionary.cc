#include "keyword_linker/refolded_dictionary.h"

#include "keyword_linker/dictionary_builder.h"

namespace sakuin::keyword_linker {

Result<OpenedBase> OpenBase(FileSystem& fs, const std::string& path) {
  Result<std::unique_ptr<Dictionary>> dictionary = Dictionary::Open(fs, path);
  if (dictionary.ok()) return OpenedBase{*std::move(dictionary), false};
  if (dictionary.status().code() != StatusCode::kFailedPrecondition) return dictionary.status();
  DictionaryBuilder builder;
  const Status read = Dictionary::ReadEntries(fs, path, [&builder](const Entry& entry) {
    Status added = builder.Add(entry);
    return added.code() == StatusCode::kInvalidArgument ? OkStatus() : added;
  });
  if (read.code() == StatusCode::kFailedPrecondition) {
    return FailedPreconditionError(path + " has a format that this program does not read; use the version of Sakuin that wrote it, " +
                                   "or make another folder with sakuin keywords init");
  }
  RETURN_IF_ERROR(read);
  ASSIGN_OR_RETURN(std::unique_ptr<Dictionary> refolded, Dictionary::FromBytes(builder.ToBytes()));
  return OpenedBase{std::move(refolded), true};
}

}  // namespace sakuin::keyword_linker
