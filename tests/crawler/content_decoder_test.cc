#include "crawler/content_decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/crawler/encoded_body.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kLimit = 1 << 20;
constexpr const char* kCodings[] = {"gzip", "deflate", "raw-deflate", "br", "zstd"};

// What the header says of a body made by Encoded(coding, ...).
std::string_view Header(std::string_view coding) { return coding == "raw-deflate" ? "deflate" : coding; }

std::string RandomText(std::mt19937& random, size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 7);
  return text;
}

TEST(ContentDecoderTest, UndoesEveryCoding) {
  std::mt19937 random(7);
  for (const char* coding : kCodings) {
    for (const size_t size : {size_t{1}, size_t{100}, size_t{32767}, size_t{32768}, size_t{32769}, size_t{200'000}, kLimit}) {
      const std::string text = RandomText(random, size);
      std::string out = "what was there before";
      EXPECT_EQ(DecodeContent(Header(coding), Encoded(coding, text), kLimit, out), FetchError::kNone) << coding << size;
      EXPECT_TRUE(out == text) << coding << size;
    }
  }
}

TEST(ContentDecoderTest, UndoesLayersFromTheLast) {
  const std::string text = "some text";
  std::string out;
  EXPECT_EQ(DecodeContent("gzip, br", Encoded("br", Encoded("gzip", text)), kLimit, out), FetchError::kNone);
  EXPECT_EQ(out, text);
  EXPECT_EQ(DecodeContent(" GZIP ,identity,\tX-Gzip", Encoded("gzip", Encoded("gzip", text)), kLimit, out), FetchError::kNone);
  EXPECT_EQ(out, text);
  EXPECT_EQ(DecodeContent("gzip, gzip, gzip, gzip", Encoded("gzip", text), kLimit, out), FetchError::kBadEncoding) << "a layer too many";
}

TEST(ContentDecoderTest, LeavesAloneWhatIsNotCoded) {
  std::string out;
  for (const char* header : {"", "identity", "utf-8", "none", ",", " , "}) {
    EXPECT_TRUE(IsPlain(header)) << header;
    EXPECT_EQ(DecodeContent(header, "page", kLimit, out), FetchError::kNone) << header;
    EXPECT_EQ(out, "page") << header;
  }
  for (const char* header : {"gzip", "compress", "identity, br"}) EXPECT_FALSE(IsPlain(header)) << header;
  EXPECT_EQ(DecodeContent("compress", "page", kLimit, out), FetchError::kBadEncoding);
  EXPECT_EQ(DecodeContent("gzip", "", kLimit, out), FetchError::kNone) << "an empty body, as of a 304";
  EXPECT_EQ(DecodeContent("", "page", 3, out), FetchError::kBomb);
  EXPECT_EQ(out, "pag");
}

TEST(ContentDecoderTest, EveryBeginningIsTruncatedAndKept) {
  std::mt19937 random(8);
  const std::string text = RandomText(random, 3000);
  for (const char* coding : kCodings) {
    const std::string body = Encoded(coding, text);
    for (size_t size = 1; size < body.size(); ++size) {
      std::string out;
      EXPECT_EQ(DecodeContent(Header(coding), body.substr(0, size), kLimit, out), FetchError::kTruncated) << coding << " " << size;
      EXPECT_TRUE(text.starts_with(out)) << coding << " " << size;
    }
  }
}

TEST(ContentDecoderTest, AFlippedChecksumOrAWrongHeaderIsAnError) {
  for (const char* coding : {"gzip", "deflate"}) {
    std::string body = Encoded(coding, "some text");
    body[body.size() - 1] ^= 1;
    std::string out;
    EXPECT_EQ(DecodeContent(coding, body, kLimit, out), FetchError::kBadEncoding) << coding;
  }
  for (const char* coding : kCodings) {
    std::string out;
    EXPECT_EQ(DecodeContent(Header(coding), "<html>plain text under a false name</html>", kLimit, out), FetchError::kBadEncoding) << coding;
  }
}

TEST(ContentDecoderTest, GzipHasMembersAndGarbageBehindThem) {
  std::string out;
  EXPECT_EQ(DecodeContent("gzip", Encoded("gzip", "one ") + Encoded("gzip", "two"), kLimit, out), FetchError::kNone);
  EXPECT_EQ(out, "one two");
  EXPECT_EQ(DecodeContent("gzip", Encoded("gzip", "one") + "garbage", kLimit, out), FetchError::kNone);
  EXPECT_EQ(out, "one");
}

TEST(ContentDecoderTest, ABombStopsAtTheLimit) {
  const std::string zeros(3 << 20, '0');
  for (const char* coding : kCodings) {
    std::string out;
    EXPECT_EQ(DecodeContent(Header(coding), Encoded(coding, zeros), kLimit, out), FetchError::kBomb) << coding;
    EXPECT_EQ(out.size(), kLimit) << coding;
    EXPECT_EQ(DecodeContent(Header(coding), Encoded(coding, zeros), zeros.size(), out), FetchError::kNone) << coding;
    EXPECT_EQ(DecodeContent(Header(coding), Encoded(coding, zeros), zeros.size() - 1, out), FetchError::kBomb) << coding;
  }
  std::string out;
  EXPECT_EQ(DecodeContent("gzip, gzip", Encoded("gzip", GzipBomb(100)), kLimit, out), FetchError::kBomb) << "layer in layer";
  EXPECT_LE(out.capacity(), 2 * kLimit + 64) << "100 MiB were never there";
}

TEST(ContentDecoderTest, NoWindowIsLargerThanTheStandardAllows) {
  // A frame of zstd that asks for a window of 2 GiB: its descriptor is the byte behind that of the frame.
  std::string out;
  const std::string frame("\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00", 9);
  EXPECT_EQ(DecodeContent("zstd", frame, kLimit, out), FetchError::kBadEncoding);
  const std::string small("\x28\xB5\x2F\xFD\x00\x58\x01\x00\x00", 9);
  EXPECT_EQ(DecodeContent("zstd", small, kLimit, out), FetchError::kNone) << "the same with 2 MiB";
}

}  // namespace
}  // namespace sakuin::crawler
