#include "keyword_linker/live_folder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <span>

#include "base/checksum.h"
#include "keyword_linker/dictionary_builder.h"

namespace sakuin::keyword_linker {
namespace {

constexpr std::string_view kTitle = "sakuin live dictionary 1";
constexpr std::string_view kBase = "base-";
constexpr std::string_view kBaseEnd = ".dict";
constexpr std::string_view kJournal = "journal-";
constexpr std::string_view kTemporary = ".tmp";
constexpr const char* kRestore = "; restore the folder from a copy";

std::string Digits(uint64_t number) {
  std::array<char, 24> digits;
  std::snprintf(digits.data(), digits.size(), "%020llu", static_cast<unsigned long long>(number));
  return digits.data();
}

std::string BaseName(uint64_t version) { return std::string(kBase) + Digits(version) + std::string(kBaseEnd); }
std::string JournalName(uint64_t journal) { return std::string(kJournal) + Digits(journal); }

template <typename T>
bool ParseNumber(std::string_view text, T& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size() && !text.empty();
}

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(by, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string Lines(const LiveState& state) {
  std::string lines = std::string(kTitle) + "\n";
  lines +=
      "current " + std::to_string(state.current) + " journal " + std::to_string(state.first_journal) + " next " + std::to_string(state.next) + "\n";
  for (const DictionaryVersion& version : state.versions) {
    lines += "version " + std::to_string(version.number) + " keywords " + std::to_string(version.keywords) + " made " + std::to_string(version.made) +
             "\n";
  }
  return lines;
}

bool ParseHead(std::string_view line, LiveState& state) {
  const std::vector<std::string_view> words = Split(line, ' ');
  return words.size() == 6 && words[0] == "current" && ParseNumber(words[1], state.current) && words[2] == "journal" &&
         ParseNumber(words[3], state.first_journal) && words[4] == "next" && ParseNumber(words[5], state.next);
}

bool ParseVersion(std::string_view line, DictionaryVersion& version) {
  const std::vector<std::string_view> words = Split(line, ' ');
  return words.size() == 6 && words[0] == "version" && ParseNumber(words[1], version.number) && words[2] == "keywords" &&
         ParseNumber(words[3], version.keywords) && words[4] == "made" && ParseNumber(words[5], version.made);
}

// The number in a name between `begin` and `end`, if it is such a name.
std::optional<uint64_t> NumberIn(std::string_view name, std::string_view begin, std::string_view end) {
  uint64_t number = 0;
  if (name.size() < begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
  name.remove_prefix(begin.size());
  name.remove_suffix(end.size());
  return ParseNumber(name, number) ? std::optional(number) : std::nullopt;
}

// A version of a folder that has been made whole.
bool HoldsVersions(FileSystem& fs, const std::string& folder) {
  const Result<std::vector<std::string>> names = fs.List(folder);
  if (!names.ok() || fs.Exists(JoinPath(folder, kCreatingFile))) return false;
  return std::any_of(names->begin(), names->end(), [](const std::string& name) { return NumberIn(name, kBase, kBaseEnd).has_value(); });
}

bool IsOfLiveDictionary(std::string_view name) {
  const auto begins = [name](std::string_view begin) { return name.starts_with(begin); };
  return name.empty() || begins(kBase) || begins(kJournal) || begins(kCurrentFile) || begins(kCountsFolder) || begins(kCreatingFile);
}

bool IsUnused(std::string_view name, const LiveState& state) {
  if (name.starts_with(kCreatingFile)) return true;
  if (name.ends_with(kTemporary)) return name.starts_with(kBase) || name.starts_with(kCurrentFile);
  if (const auto version = NumberIn(name, kBase, kBaseEnd)) return !state.Has(*version);
  const auto journal = NumberIn(name, kJournal, {});
  return journal.has_value() && *journal < state.first_journal;
}

}  // namespace

bool LiveState::Has(uint64_t version) const {
  return std::any_of(versions.begin(), versions.end(), [version](const DictionaryVersion& each) { return each.number == version; });
}

bool IsLiveDictionary(FileSystem& fs, const std::string& folder) {
  const Result<std::string> bytes = fs.ReadAll(JoinPath(folder, kCurrentFile));
  return bytes.ok() && bytes->starts_with(kTitle.substr(0, kTitle.rfind(' ')));
}

bool IsOrWasLiveDictionary(FileSystem& fs, const std::string& folder) { return IsLiveDictionary(fs, folder) || HoldsVersions(fs, folder); }

Status CheckNoOtherFiles(FileSystem& fs, const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  const auto other = std::find_if_not(names.begin(), names.end(), IsOfLiveDictionary);
  if (other == names.end()) return OkStatus();
  return FailedPreconditionError(folder + " holds other files, for instance " + *other + "; choose an empty folder or a new one");
}

Result<LiveState> ParseLiveState(std::string_view bytes) {
  const size_t end = bytes.rfind("checksum ");
  uint64_t checksum = 0;
  if (end == std::string_view::npos || !bytes.ends_with('\n') || !ParseNumber(bytes.substr(end + 9, bytes.size() - end - 10), checksum)) {
    return DataLossError("CURRENT does not end in a checksum");
  }
  if (Checksum(bytes.substr(0, end)) != checksum) return DataLossError("the checksum of CURRENT does not fit");
  const std::vector<std::string_view> lines = Split(bytes.substr(0, end), '\n');
  if (lines[0] != kTitle) return FailedPreconditionError("this is '" + std::string(lines[0]) + "'; this program reads '" + std::string(kTitle) + "'");
  LiveState state;
  if (lines.size() < 3 || !ParseHead(lines[1], state)) return DataLossError("the second line of CURRENT cannot be read");
  for (size_t i = 2; i + 1 < lines.size(); ++i) {
    if (!ParseVersion(lines[i], state.versions.emplace_back())) return DataLossError("a version in CURRENT cannot be read");
  }
  if (!state.Has(state.current)) return DataLossError("the current version is not among those of CURRENT");
  return state;
}

Result<LiveState> ReadLiveState(FileSystem& fs, const std::string& folder) {
  const Result<std::string> bytes = fs.ReadAll(JoinPath(folder, kCurrentFile));
  if (bytes.status().code() == StatusCode::kNotFound) {
    if (HoldsVersions(fs, folder)) return DataLossError(folder + " has versions of a live dictionary, but no CURRENT to name them" + kRestore);
    return NotFoundError("there is no live dictionary in " + folder + "; sakuin keywords init makes one");
  }
  if (!bytes.ok()) return bytes.status();
  Result<LiveState> state = ParseLiveState(*bytes);
  if (state.status().code() == StatusCode::kDataLoss) return DataLossError(folder + ": " + std::string(state.status().message()) + kRestore);
  if (!state.ok()) return state.status().WithContext(folder);
  return state;
}

Status WriteLiveState(FileSystem& fs, const std::string& folder, const LiveState& state) {
  std::string lines = Lines(state);
  lines += "checksum " + std::to_string(Checksum(lines)) + "\n";
  return WriteFileAtomically(fs, JoinPath(folder, kCurrentFile), lines);
}

std::string BasePath(const std::string& folder, uint64_t version) { return JoinPath(folder, BaseName(version)); }
std::string JournalPath(const std::string& folder, uint64_t journal) { return JoinPath(folder, JournalName(journal)); }

Result<JournalPlace> ReplayJournals(FileSystem& fs, const std::string& folder, JournalPlace from, const ChangeReader& reader) {
  const auto checked = [&reader](const KeywordChange& change) {
    if (change.kind == ChangeKind::kDelete) return reader(change);
    const Status status = CheckEntry(change.entry);
    return status.ok() ? reader(change) : DataLossError("a record holds what is no keyword: " + std::string(status.message()));
  };
  for (;; from = {from.journal + 1, 0}) {
    const std::string path = JournalPath(folder, from.journal);
    // Asked first: a journal that another follows is no longer written to.
    const bool last = !fs.Exists(JournalPath(folder, from.journal + 1));
    const Result<std::string> bytes = fs.ReadFrom(path, from.bytes);
    if (bytes.status().code() == StatusCode::kNotFound) return DataLossError(path + " is missing; restore the folder from a copy");
    if (!bytes.ok()) return bytes.status();
    ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
    if (size < from.bytes) return DataLossError(path + " has " + std::to_string(size) + " bytes; expected " + std::to_string(from.bytes));
    ASSIGN_OR_RETURN(from.bytes, ReadKeywordJournal(*bytes, from.bytes, path, last, checked));
    if (last) return from;
  }
}

Status RemoveUnused(FileSystem& fs, const std::string& folder, const LiveState& state) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  for (const std::string& name : names) {
    if (IsUnused(name, state)) RETURN_IF_ERROR(fs.Remove(JoinPath(folder, name)));
  }
  return OkStatus();
}

}  // namespace sakuin::keyword_linker
