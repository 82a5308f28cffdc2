// source_window.h: the part of an input that is in memory, and its lines.
//
//   LineReader lines(input, max_line_bytes);
//   std::string_view line;
//   for (;;) {
//     ASSIGN_OR_RETURN(LineState state, lines.Next(line));
//     if (state == LineState::kLine) Use(lines.number(), line);   // without "\n"; valid until the next call
//     ...
//   }
//
// A line longer than the limit is passed over without being held. Behind what
// bytes() and a line show, kWindowPadding bytes more may be read (with any
// content): vector code needs no end case. Cost: linear, also when bytes arrive
// one at a time. Not thread-safe; the input must outlive both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/status.h"
#include "indexer/byte_input.h"

namespace sakuin::indexer {

inline constexpr size_t kWindowPadding = 64;

class InputWindow {
 public:
  InputWindow(ByteInput& input, size_t chunk_bytes);

  std::string_view bytes() const { return {buffer_.get() + begin_, end_ - begin_}; }

  // Reads more behind bytes(); views into it are invalid afterwards.
  Result<ReadState> Grow();

  // The first `size` of bytes() are no longer needed.
  void Consume(size_t size) { begin_ += size; }

 private:
  void MakeRoom();

  ByteInput& input_;
  const size_t chunk_bytes_;
  std::unique_ptr<char[]> buffer_;  // capacity_ bytes and the padding
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

enum class LineState { kLine, kTooLong, kWouldBlock, kEnd };

class LineReader {
 public:
  LineReader(ByteInput& input, size_t chunk_bytes, size_t max_line_bytes);

  // kLine: `line` is the next one, without its "\n" ("\r" stays). kTooLong: number() is passed over.
  // The last line needs no "\n"; an empty rest is no line.
  Result<LineState> Next(std::string_view& line);

  uint64_t number() const { return number_; }       // of the last line, from 1
  uint64_t line_bytes() const { return skipped_; }  // after kTooLong: how long it was

 private:
  LineState Finish(size_t size, size_t consumed, std::string_view& line);

  InputWindow window_;
  const size_t max_line_bytes_;
  size_t searched_ = 0;   // bytes of the window known to have no "\n"
  size_t consumed_ = 0;   // bytes of the window that belong to the line given last
  uint64_t skipped_ = 0;  // of a line over the limit
  bool skipping_ = false;
  uint64_t number_ = 0;
};

}  // namespace sakuin::indexer
