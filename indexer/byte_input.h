// byte_input.h: the bytes of a file or of standard input, as they are inside .gz and .zst.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<ByteInput> input, ByteInput::Open("docs.jsonl.zst"));
//   for (;;) {
//     size_t got = 0;
//     ASSIGN_OR_RETURN(ReadState state, input->Read(buffer, sizeof(buffer), got));
//     if (state == ReadState::kEnd) break;
//     if (state == ReadState::kWouldBlock) { input->WaitReadable(1s); continue; }
//     Use(buffer, got);
//   }
//
// gzip (of any number of members) and Zstandard are told by their first bytes,
// not by the name, and a UTF-8 byte order mark at the front is left out. Memory
// is bounded: one chunk, and what the decompressor needs (128 MB at most).
//
// Only pipes, sockets and terminals answer kWouldBlock: a regular file is read
// until it gives bytes. Damaged or cut compressed bytes are DATA_LOSS with the
// offset in the file; a read error has the system's code. After an error every
// read gives it again. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::indexer {

enum class ReadState {
  kData,        // at least one byte
  kEnd,         // nothing any more
  kWouldBlock,  // nothing now: the other side of the pipe pauses
};

inline constexpr size_t kDefaultChunkBytes = 1 << 20;

class ByteInput {
 public:
  // NOT_FOUND when there is no such file; FAILED_PRECONDITION for a folder. `chunk_bytes` (at least 1) is
  // the most that is asked of the system at once.
  static Result<std::unique_ptr<ByteInput>> Open(const std::string& path, size_t chunk_bytes = kDefaultChunkBytes);

  // Reads `descriptor` without ever closing it. `name` is for messages.
  static std::unique_ptr<ByteInput> FromDescriptor(int descriptor, std::string name, size_t chunk_bytes = kDefaultChunkBytes);

  // For tests: a file whose content is `bytes`.
  static std::unique_ptr<ByteInput> FromMemory(std::string bytes, std::string name, size_t chunk_bytes = kDefaultChunkBytes);

  ~ByteInput();
  ByteInput(const ByteInput&) = delete;
  ByteInput& operator=(const ByteInput&) = delete;

  // Puts at most `size` bytes at `to` and their number into `got`; returns as soon as there are some.
  // REQUIRES: size > 0.
  Result<ReadState> Read(char* to, size_t size, size_t& got);

  // The same of the bytes as they are stored. REQUIRES: is_untouched(); Read and Peek are not called any more.
  Result<ReadState> ReadStored(char* to, size_t size, size_t& got);
  bool is_untouched() const { return decoder_ == nullptr && !mark_checked_; }  // by Read and Peek

  // Looks ahead without taking. kData: peeked() has `at_least` bytes; kEnd: peeked() is all that is
  // left; kWouldBlock: peeked() is what has come so far. Meant for a few kilobytes.
  Result<ReadState> Peek(size_t at_least);
  std::string_view peeked() const { return std::string_view(peek_).substr(peek_taken_); }

  // Waits until a read would not answer kWouldBlock because of the system; false when `timeout` passed
  // before. Negative: for ever. A compressed pipe may still answer kWouldBlock afterwards.
  bool WaitReadable(std::chrono::milliseconds timeout);

  const std::string& name() const { return name_; }
  uint64_t bytes_read() const;   // of the file as it is stored
  uint64_t bytes_total() const;  // 0: not known

  // Inside byte_input.cc: where bytes come from, and what undoes their compression.
  class Origin;
  class Decoder;

 private:
  ByteInput(std::unique_ptr<Origin> origin, std::string name);
  Result<ReadState> ChooseDecoder();
  Result<ReadState> ReadDecoded(char* to, size_t size, size_t& got);
  Result<ReadState> FillPeek(size_t at_least);
  Result<ReadState> DropByteOrderMark();
  Status Remember(const Status& status);

  std::string name_;
  std::unique_ptr<Origin> origin_;
  std::unique_ptr<Decoder> decoder_;  // null until the first bytes told which
  std::string peek_;                  // decoded, not yet taken from peek_taken_ on
  size_t peek_taken_ = 0;
  bool mark_checked_ = false;
  Status failure_;
};

}  // namespace sakuin::indexer
