#include "indexer/source_window.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sakuin::indexer {

InputWindow::InputWindow(ByteInput& input, size_t chunk_bytes) : input_(input), chunk_bytes_(std::max<size_t>(chunk_bytes, 1)) {}

// Moves what is held to the front of a buffer that has at least half a capacity of room, so that each byte
// is moved a bounded number of times. A buffer that grew for one long record shrinks again.
void InputWindow::MakeRoom() {
  const size_t held = end_ - begin_;
  size_t wanted = capacity_;
  if (capacity_ == 0 || held <= chunk_bytes_ / 2) wanted = chunk_bytes_;
  if (held > wanted / 2) wanted = std::max<size_t>(2 * wanted, 2 * held);
  if (wanted == capacity_) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  } else {
    std::unique_ptr<char[]> larger(new char[wanted + kWindowPadding]);  // not cleared: pages are touched when used
    if (held > 0) std::memcpy(larger.get(), buffer_.get() + begin_, held);
    buffer_ = std::move(larger);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = held;
}

Result<ReadState> InputWindow::Grow() {
  if (begin_ == end_ && capacity_ == chunk_bytes_) begin_ = end_ = 0;
  if (end_ == capacity_) MakeRoom();
  size_t got = 0;
  Result<ReadState> state = input_.Read(buffer_.get() + end_, capacity_ - end_, got);
  end_ += got;
  std::memset(buffer_.get() + end_, 0, kWindowPadding);
  return state;
}

LineReader::LineReader(ByteInput& input, size_t chunk_bytes, size_t max_line_bytes) : window_(input, chunk_bytes), max_line_bytes_(max_line_bytes) {}

// The line is the first `size` bytes of the window.
LineState LineReader::Finish(size_t size, size_t consumed, std::string_view& line) {
  ++number_;
  searched_ = 0;
  consumed_ = consumed;
  if (!std::exchange(skipping_, false) && size <= max_line_bytes_) {
    line = window_.bytes().substr(0, size);
    return LineState::kLine;
  }
  skipped_ += size;
  return LineState::kTooLong;
}

Result<LineState> LineReader::Next(std::string_view& line) {
  window_.Consume(std::exchange(consumed_, 0));
  if (!skipping_) skipped_ = 0;
  for (;;) {
    const std::string_view bytes = window_.bytes();
    const void* newline = bytes.size() > searched_ ? std::memchr(bytes.data() + searched_, '\n', bytes.size() - searched_) : nullptr;
    if (newline != nullptr) {
      const size_t size = static_cast<size_t>(static_cast<const char*>(newline) - bytes.data());
      return Finish(size, size + 1, line);
    }
    searched_ = bytes.size();
    if (skipping_ || bytes.size() > max_line_bytes_) {
      skipping_ = true;
      skipped_ += bytes.size();
      window_.Consume(bytes.size());
      searched_ = 0;
    }
    ASSIGN_OR_RETURN(const ReadState state, window_.Grow());
    if (state == ReadState::kWouldBlock) return LineState::kWouldBlock;
    if (state == ReadState::kData) continue;
    if (window_.bytes().empty() && !skipping_) return LineState::kEnd;
    return Finish(window_.bytes().size(), window_.bytes().size(), line);
  }
}

}  // namespace sakuin::indexer
