#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "indexer/byte_input.h"
#include "indexer/source_window.h"
#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

std::string Drain(ByteInput& input, Status& status, size_t step = 1000) {
  std::string all;
  std::string part(step, '\0');
  for (;;) {
    size_t got = 0;
    const Result<ReadState> state = input.Read(part.data(), step, got);
    if (!state.ok()) status = state.status();
    if (!state.ok() || *state == ReadState::kEnd) return all;
    if (*state == ReadState::kWouldBlock) input.WaitReadable(std::chrono::milliseconds(-1));
    all.append(part, 0, got);
  }
}

std::string Drained(const std::string& stored, size_t chunk, size_t step = 1000) {
  const std::unique_ptr<ByteInput> input = ByteInput::FromMemory(stored, "m", chunk);
  Status status;
  std::string all = Drain(*input, status, step);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return all;
}

std::string SomeText(size_t lines) {
  std::mt19937 random(7);
  std::string text;
  for (size_t i = 0; i < lines; ++i) text += "line " + std::to_string(random()) + "\n";
  return text;
}

TEST(ByteInput, GivesTheBytesWhateverTheCompressionAndTheChunk) {
  const std::string text = SomeText(500);
  for (size_t chunk = 1; chunk <= 17; ++chunk) {
    EXPECT_EQ(Drained(text, chunk), text);
    EXPECT_EQ(Drained(Gzip(text), chunk), text);
    EXPECT_EQ(Drained(Zstd(text), chunk), text);
    EXPECT_EQ(Drained(Zstd(text), chunk, 1), text);
  }
  EXPECT_EQ(Drained(Gzip(text) + Gzip("") + Gzip("more") + std::string(512, '\0'), 1 << 20), text + "more");
  EXPECT_EQ(Drained(Zstd(text) + Zstd("more"), 1 << 20), text + "more");
  EXPECT_EQ(Drained(Zstd(""), 100), "");
  EXPECT_EQ(Drained(Gzip(""), 100), "");
}

TEST(ByteInput, KeepsWhatOnlyBeginsLikeCompression) {
  for (const std::string text : {"", "\x1f", "\x1f\x8b", "(", "\x28\xb5\x2f", "P", "P*M", "Pxyz", "\xEF", "\xEF\xBB", "\xEF\xBBx"}) {
    for (const size_t chunk : {1, 100}) EXPECT_EQ(Drained(text, chunk), text);
  }
}

TEST(ByteInput, LeavesOutTheByteOrderMark) {
  for (size_t chunk = 1; chunk <= 5; ++chunk) {
    EXPECT_EQ(Drained("\xEF\xBB\xBFtext", chunk), "text");
    EXPECT_EQ(Drained(Gzip("\xEF\xBB\xBFtext"), chunk), "text");
    EXPECT_EQ(Drained("\xEF\xBB\xBF", chunk), "");
    EXPECT_EQ(Drained("\xEF\xBB\xBF\xEF\xBB\xBF", chunk), "\xEF\xBB\xBF");
  }
}

TEST(ByteInput, DamageIsAnErrorWithItsOffset) {
  const std::string text = SomeText(3000);
  for (const std::string& stored : {Gzip(text), Zstd(text)}) {
    for (const size_t cut : {size_t{5}, stored.size() / 2, stored.size() - 1}) {
      const std::unique_ptr<ByteInput> input = ByteInput::FromMemory(stored.substr(0, cut), "m.gz");
      Status status;
      Drain(*input, status);
      EXPECT_EQ(status.code(), StatusCode::kDataLoss) << cut;
      EXPECT_NE(status.message().find("at byte " + std::to_string(cut)), std::string::npos) << status.message();
      size_t got = 0;
      char byte = 0;
      EXPECT_EQ(input->Read(&byte, 1, got).status().code(), StatusCode::kDataLoss);  // and so on
    }
    const std::unique_ptr<ByteInput> trailing = ByteInput::FromMemory(stored + "rubbish", "m");
    Status status;
    EXPECT_EQ(Drain(*trailing, status), text);
    EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  }
  std::string flipped = Gzip(text);
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);  // its checksum
  Status status;
  Drain(*ByteInput::FromMemory(flipped, "m"), status);
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
}

TEST(ByteInput, PeekTakesNothing) {
  const std::unique_ptr<ByteInput> input = ByteInput::FromMemory(
      "\xEF\xBB\xBF"
      "abcdef",
      "m", 2);
  EXPECT_EQ(*input->Peek(4), ReadState::kData);
  EXPECT_EQ(input->peeked(), "abcd");
  EXPECT_EQ(*input->Peek(100), ReadState::kEnd);
  EXPECT_EQ(input->peeked(), "abcdef");
  Status status;
  EXPECT_EQ(Drain(*input, status, 4), "abcdef");
}

TEST(ByteInput, APausingPipeGivesWhatHasArrived) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::unique_ptr<ByteInput> input = ByteInput::FromDescriptor(ends[0], "stdin");
  char bytes[100];
  size_t got = 0;
  EXPECT_EQ(*input->Read(bytes, sizeof(bytes), got), ReadState::kWouldBlock);
  EXPECT_FALSE(input->WaitReadable(std::chrono::milliseconds(10)));
  ASSERT_EQ(write(ends[1], "hello", 5), 5);
  EXPECT_TRUE(input->WaitReadable(std::chrono::milliseconds(1000)));
  std::string arrived;
  while (arrived.size() < 5) {
    ASSERT_EQ(*input->Read(bytes, sizeof(bytes), got), ReadState::kData);
    arrived.append(bytes, got);
  }
  EXPECT_EQ(arrived, "hello");
  EXPECT_EQ(*input->Read(bytes, sizeof(bytes), got), ReadState::kWouldBlock);
  close(ends[1]);
  EXPECT_TRUE(input->WaitReadable(std::chrono::milliseconds(1000)));
  EXPECT_EQ(*input->Read(bytes, sizeof(bytes), got), ReadState::kEnd);
  close(ends[0]);
}

TEST(ByteInput, OpenErrors) {
  const TemporaryFolder folder;
  EXPECT_EQ(ByteInput::Open(folder.path("none")).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ByteInput::Open(folder.path()).status().code(), StatusCode::kFailedPrecondition);
  const Result<std::unique_ptr<ByteInput>> input = ByteInput::Open(folder.Write("a", "12345"));
  ASSERT_TRUE(input.ok());
  EXPECT_EQ((*input)->bytes_total(), 5U);
}

// The lines of `text` by the definition.
std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(LineReader, AgreesWithSplitting) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (size_t i = random() % 200; i > 0; --i) text.push_back("ab\n\r"[random() % (1 + random() % 4)]);
    const size_t limit = 1 + random() % 20;
    const std::unique_ptr<ByteInput> input = ByteInput::FromMemory(text, "m", 1 + random() % 17);
    LineReader reader(*input, 1 + random() % 17, limit);
    uint64_t number = 0;
    for (const std::string& expected : SplitLines(text)) {
      std::string_view line;
      const LineState state = *reader.Next(line);
      EXPECT_EQ(reader.number(), ++number);
      EXPECT_EQ(state, expected.size() <= limit ? LineState::kLine : LineState::kTooLong);
      if (state == LineState::kLine) {
        EXPECT_EQ(line, expected);
      } else {
        EXPECT_EQ(reader.line_bytes(), expected.size());
      }
    }
    std::string_view line;
    EXPECT_EQ(*reader.Next(line), LineState::kEnd);
    EXPECT_EQ(*reader.Next(line), LineState::kEnd);
  }
}

}  // namespace
}  // namespace sakuin::indexer
