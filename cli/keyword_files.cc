#include "cli/keyword_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <optional>

#include "cli/progress_bar.h"
#include "indexer/byte_input.h"
#include "indexer/source_window.h"
#include "keyword_linker/keyword_source.h"

namespace sakuin::cli {
namespace {

using keyword_linker::Dictionary;
using keyword_linker::DictionaryBuilder;
using keyword_linker::Entry;

constexpr uint64_t kShownErrors = 20;
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr size_t kMaxLineBytes = keyword_linker::kMaxKeywordBytes + keyword_linker::kMaxTargetBytes + 64;
constexpr auto kPatience = std::chrono::milliseconds(1000);

void Report(const std::string& path, uint64_t line, std::string_view message, KeywordCounts& counts) {
  if (++counts.broken > kShownErrors) return;
  std::fprintf(stderr, "sakuin: %s:%llu: %s\n", path.c_str(), static_cast<unsigned long long>(line), std::string(message).c_str());
  if (counts.broken == kShownErrors) std::fputs("sakuin: further broken lines are counted, not shown\n", stderr);
}

// INVALID_ARGUMENT is about the line; another error about the whole.
Status AddLine(std::string_view line, DictionaryBuilder& builder) {
  ASSIGN_OR_RETURN(const std::optional<Entry> entry, keyword_linker::ParseKeywordLine(line));
  return entry.has_value() ? builder.Add(*entry) : OkStatus();
}

}  // namespace

Status AddKeywords(const std::string& path, DictionaryBuilder& builder, KeywordCounts& counts) {
  ASSIGN_OR_RETURN(const std::unique_ptr<indexer::ByteInput> input, indexer::ByteInput::Open(path == "-" ? "/dev/stdin" : path));
  indexer::LineReader lines(*input, kChunkBytes, kMaxLineBytes);
  ProgressBar bar("reading keywords", input->bytes_total());
  for (std::string_view line;;) {
    ASSIGN_OR_RETURN(const indexer::LineState state, lines.Next(line));
    if (state == indexer::LineState::kEnd) return OkStatus();
    if (state == indexer::LineState::kWouldBlock) {
      input->WaitReadable(kPatience);
      continue;
    }
    if (++counts.lines % 4096 == 0) bar.Update(input->bytes_read());
    const Status status = state == indexer::LineState::kTooLong
                              ? InvalidArgumentError("the line has more than " + std::to_string(kMaxLineBytes) + " bytes")
                              : AddLine(line, builder);
    if (status.code() == StatusCode::kInvalidArgument) {
      Report(path, lines.number(), status.message(), counts);
    } else {
      RETURN_IF_ERROR(status);
    }
  }
}

Result<std::unique_ptr<Dictionary>> LoadDictionary(const std::string& path) {
  std::array<char, 8> first = {};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  if (Dictionary::IsOne({first.data(), first.size()})) return Dictionary::Open(PosixFileSystem(), path);
  DictionaryBuilder builder;
  KeywordCounts counts;
  RETURN_IF_ERROR(AddKeywords(path, builder, counts));
  if (counts.broken > 0 && builder.entries() == 0) return InvalidArgumentError(path + " has no line that is a keyword");
  return Dictionary::FromBytes(builder.ToBytes());
}

}  // namespace sakuin::cli
