#include "keyword_linker/refolded_dictionary.h"

#include "keyword_linker/dictionary_builder.h"

namespace sakuin::keyword_linker {

namespace {

// Other than a file of `sakuin keywords build` it cannot be built again.
Status DamagedBase(const Status& status) {
  const std::string_view message = status.message();
  return DataLossError(std::string(message.substr(0, message.find("; build it again"))) + "; restore the folder of this live dictionary from a copy");
}

}  // namespace

Result<OpenedBase> OpenBase(FileSystem& fs, const std::string& path) {
  Result<std::unique_ptr<Dictionary>> dictionary = Dictionary::Open(fs, path);
  if (dictionary.ok()) return OpenedBase{*std::move(dictionary), false};
  if (dictionary.status().code() == StatusCode::kDataLoss) return DamagedBase(dictionary.status());
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
