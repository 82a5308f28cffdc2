#include "cli/keyword_files.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "cli/input_lines.h"
#include "keyword_linker/keyword_source.h"
#include "keyword_linker/live_dictionary_reader.h"

namespace sakuin::cli {
namespace {

using keyword_linker::Dictionary;
using keyword_linker::DictionaryBuilder;
using keyword_linker::DictionaryView;
using keyword_linker::Entry;
using keyword_linker::LiveDictionaryReader;

constexpr uint64_t kShownErrors = 20;

void Report(const std::string& place, std::string_view message, KeywordCounts& counts) {
  if (++counts.broken > kShownErrors) return;
  std::fprintf(stderr, "sakuin: %s: %s\n", place.c_str(), std::string(message).c_str());
  if (counts.broken == kShownErrors) std::fputs("sakuin: further broken lines are counted, not shown\n", stderr);
}

// INVALID_ARGUMENT is about the line; another error about the whole.
Status TakeLine(std::string_view line, const std::function<Status(const Entry&)>& take) {
  ASSIGN_OR_RETURN(const std::optional<Entry> entry, keyword_linker::ParseKeywordLine(line));
  return entry.has_value() ? take(*entry) : OkStatus();
}

Result<DictionaryView> Shared(Result<std::unique_ptr<Dictionary>> dictionary) {
  if (!dictionary.ok()) return dictionary.status();
  return DictionaryView(std::shared_ptr<const Dictionary>(*std::move(dictionary)));
}

// What is read from a pipe to look at it would be gone.
bool IsCompiled(const std::string& path) {
  std::error_code ignored;
  if (path == "-" || !std::filesystem::is_regular_file(path, ignored)) return false;
  std::array<char, 8> first = {};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  return Dictionary::IsOne({first.data(), first.size()});
}

}  // namespace

Status ReadKeywords(const std::string& path, const std::function<Status(const Entry&)>& take, const std::function<Status()>& idle,
                    KeywordCounts& counts) {
  InputLines lines({path});
  const auto judge = [&](const Status& status) {
    if (status.code() != StatusCode::kInvalidArgument) return status;
    Report(lines.place(), status.message(), counts);
    return OkStatus();
  };
  const auto too_long = [&] { return judge(InvalidArgumentError("the line is too long")); };
  RETURN_IF_ERROR(lines.ForEach([&](std::string_view line) { return judge(TakeLine(line, take)); }, too_long, idle));
  counts.lines += lines.lines();
  return OkStatus();
}

Status AddKeywords(const std::string& path, DictionaryBuilder& builder, KeywordCounts& counts) {
  return ReadKeywords(path, [&builder](const Entry& entry) { return builder.Add(entry); }, OkStatus, counts);
}

Result<DictionaryView> LoadDictionary(const std::string& path) {
  if (keyword_linker::IsLiveDictionary(PosixFileSystem(), path)) {
    ASSIGN_OR_RETURN(const std::unique_ptr<LiveDictionaryReader> reader, LiveDictionaryReader::Open(PosixFileSystem(), path));
    return *reader->Snapshot();
  }
  if (IsCompiled(path)) return Shared(Dictionary::Open(PosixFileSystem(), path));
  DictionaryBuilder builder;
  KeywordCounts counts;
  RETURN_IF_ERROR(AddKeywords(path, builder, counts));
  if (counts.broken > 0 && builder.entries() == 0) return InvalidArgumentError(path + " has no line that is a keyword");
  return Shared(Dictionary::FromBytes(builder.ToBytes()));
}

}  // namespace sakuin::cli
