#include "cli/input_lines.h"

#include <unistd.h>

#include <chrono>
#include <memory>

#include "indexer/byte_input.h"
#include "indexer/source_window.h"

namespace sakuin::cli {
namespace {

constexpr auto kWait = std::chrono::milliseconds(200);
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr uint64_t kLinesBetween = 64;

}  // namespace

Status InputLines::ForEach(const Take& take, const std::function<Status()>& refuse, const std::function<Status()>& idle) {
  for (const std::string& path : paths_) {
    std::unique_ptr<indexer::ByteInput> input;
    if (path == "-") {
      input = indexer::ByteInput::FromDescriptor(STDIN_FILENO, "standard input");
    } else {
      ASSIGN_OR_RETURN(input, indexer::ByteInput::Open(path));
    }
    name_ = input->name();
    RETURN_IF_ERROR(ReadOne(*input, take, refuse, idle));
  }
  return OkStatus();
}

Status InputLines::ReadOne(indexer::ByteInput& input, const Take& take, const std::function<Status()>& refuse, const std::function<Status()>& idle) {
  indexer::LineReader reader(input, kChunkBytes, kMaxLineBytes);
  for (;;) {
    std::string_view line;
    ASSIGN_OR_RETURN(const indexer::LineState state, reader.Next(line));
    if (state == indexer::LineState::kEnd) return OkStatus();
    if (state == indexer::LineState::kWouldBlock) {
      RETURN_IF_ERROR(idle());
      input.WaitReadable(kWait);
      continue;
    }
    number_ = reader.number();
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool too_long = state == indexer::LineState::kTooLong;
    if (!too_long && line.find_first_not_of(" \t") == std::string_view::npos) continue;
    ++lines_;
    RETURN_IF_ERROR(too_long ? refuse() : take(line));
    if (lines_ % kLinesBetween == 0) RETURN_IF_ERROR(idle());
  }
}

}  // namespace sakuin::cli
