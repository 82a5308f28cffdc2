#include "cli/keyword_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/counted.h"
#include "cli/command.h"
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

std::string_view KindOfSakuinFile(std::string_view line) {
  if (line.starts_with("SAKUINNB")) return "a model of sakuin classify";
  if (Dictionary::IsOne(line)) return "a compiled dictionary, which sakuin link takes as it is";
  return "a file of Sakuin's own";
}

// What the first line says of the whole.
Status CheckFirstLine(const std::string& name, std::string_view line) {
  if (line.starts_with("SAKUIN") && line.size() > 8 && line.find('\0') != std::string_view::npos) {
    return FailedPreconditionError(name + " is " + std::string(KindOfSakuinFile(line)) + "; expected lines of keyword<TAB>target");
  }
  if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF")) {
    return FailedPreconditionError(name + " is UTF-16; convert it: iconv -f UTF-16 -t UTF-8");
  }
  return OkStatus();
}

// Whether lines look as if something else than a tab stood between their columns.
class TabHint {
 public:
  void See(std::string_view line) {
    ++lines_;
    tabs_ += line.find('\t') != std::string_view::npos ? 1 : 0;
    json_ += line.starts_with('{') ? 1 : 0;
    others_ += line.find_first_of(",;|") != std::string_view::npos ? 1 : 0;
  }
  void Tell(const std::string& name) const {
    if (tabs_ > 0 || 2 * std::max(json_, others_) <= lines_) return;
    std::fprintf(stderr, "note: no line of %s has a tab, so each is a keyword as a whole%s; expected keyword<TAB>target\n", name.c_str(),
                 2 * json_ > lines_ ? " (they look like JSON)" : "");
  }

 private:
  uint64_t lines_ = 0;
  uint64_t tabs_ = 0;
  uint64_t json_ = 0;
  uint64_t others_ = 0;
};

}  // namespace

// What is read from a pipe to look at it would be gone.
bool IsCompiled(const std::string& path) {
  std::error_code ignored;
  if (path == "-" || !std::filesystem::is_regular_file(path, ignored)) return false;
  std::array<char, 8> first = {};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  return Dictionary::IsOne({first.data(), first.size()});
}

std::string LeftOut(const KeywordCounts& counts) { return Counted(counts.broken, "broken line") + " left out; all others count"; }

Status ReadKeywords(const std::string& path, const std::function<Status(const Entry&)>& take, const std::function<Status()>& idle,
                    KeywordCounts& counts) {
  InputLines lines({path});
  const auto judge = [&](const Status& status) {
    if (status.code() != StatusCode::kInvalidArgument) return status;
    Report(lines.place(), status.message(), counts);
    return OkStatus();
  };
  TabHint hint;
  const auto take_line = [&](std::string_view line) -> Status {
    if (lines.lines() == 1) RETURN_IF_ERROR(CheckFirstLine(path == "-" ? "standard input" : path, line));
    hint.See(line);
    return judge(TakeLine(line, take));
  };
  const auto too_long = [&] { return judge(InvalidArgumentError("the line is too long")); };
  RETURN_IF_ERROR(lines.ForEach(take_line, too_long, idle));
  hint.Tell(path == "-" ? "standard input" : path);
  counts.lines += lines.lines();
  return OkStatus();
}

Status AddKeywords(const std::string& path, DictionaryBuilder& builder, KeywordCounts& counts) {
  return ReadKeywords(path, [&builder](const Entry& entry) { return builder.Add(entry); }, OkStatus, counts);
}

Status ForEachKeyword(const std::string& path, const std::function<Status(const Entry&)>& take, KeywordCounts& counts) {
  if (!std::filesystem::is_directory(path) && !IsCompiled(path)) return ReadKeywords(path, take, OkStatus, counts);
  ASSIGN_OR_RETURN(const DictionaryView dictionary, LoadDictionary(path));
  Status status;
  dictionary.ForEach([&](const Entry& entry) {
    if (status.ok()) status = take(entry);
  });
  return status;
}

Result<DictionaryView> LoadDictionary(const std::string& path, const std::string& context, uint64_t* broken) {
  if (keyword_linker::IsOrWasLiveDictionary(PosixFileSystem(), path)) {
    ASSIGN_OR_RETURN(const std::unique_ptr<LiveDictionaryReader> reader, LiveDictionaryReader::Open(PosixFileSystem(), path));
    return *reader->Snapshot();
  }
  if (IsCompiled(path)) return Shared(Dictionary::Open(PosixFileSystem(), path));
  DictionaryBuilder builder;
  KeywordCounts counts;
  RETURN_IF_ERROR(AddKeywords(path, builder, counts));
  if (counts.broken > 0 && builder.entries() == 0) return InvalidArgumentError(path + " has no line that is a keyword");
  if (counts.broken > 0) std::fprintf(stderr, "sakuin: %s%s: %s\n", context.c_str(), path.c_str(), LeftOut(counts).c_str());
  if (broken != nullptr) *broken += counts.broken;
  return Shared(Dictionary::FromBytes(builder.ToBytes()));
}

}  // namespace sakuin::cli
