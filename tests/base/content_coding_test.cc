#include "base/content_coding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tests/base/encoded_body.h"

namespace sakuin {
namespace {

constexpr size_t kLimit = 1 << 20;
constexpr const char* kCodings[] = {"gzip", "deflate", "raw-deflate", "br", "zstd"};

// What the header says of a body made by Encoded(coding, ...).
std::string_view Header(std::string_view coding) { return coding == "raw-deflate" ? "deflate" : coding; }

CodingProblem Problem(std::string_view codings, std::string_view body, size_t limit, std::string& out) {
  return UndoCodings(codings, body, limit, out).problem;
}

std::string RandomText(std::mt19937& random, size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 7);
  return text;
}

TEST(ContentCodingTest, UndoesEveryCoding) {
  std::mt19937 random(7);
  for (const char* coding : kCodings) {
    for (const size_t size : {size_t{1}, size_t{100}, size_t{32767}, size_t{32768}, size_t{32769}, size_t{200'000}, kLimit}) {
      const std::string text = RandomText(random, size);
      std::string out = "what was there before";
      EXPECT_EQ(Problem(Header(coding), Encoded(coding, text), kLimit, out), CodingProblem::kNone) << coding << size;
      EXPECT_TRUE(out == text) << coding << size;
    }
  }
}

TEST(ContentCodingTest, UndoesLayersFromTheLast) {
  const std::string text = "some text";
  std::string out;
  EXPECT_EQ(Problem("gzip, br", Encoded("br", Encoded("gzip", text)), kLimit, out), CodingProblem::kNone);
  EXPECT_EQ(out, text);
  EXPECT_EQ(Problem(" GZIP ,identity,\tX-Gzip", Encoded("gzip", Encoded("gzip", text)), kLimit, out), CodingProblem::kNone);
  EXPECT_EQ(out, text);
  EXPECT_EQ(Problem("gzip, gzip, gzip, gzip", Encoded("gzip", text), kLimit, out), CodingProblem::kUnsupported) << "a layer too many";
}

TEST(ContentCodingTest, LeavesAloneWhatIsNotCoded) {
  std::string out;
  for (const char* header : {"", "identity", "utf-8", "none", ",", " , "}) {
    EXPECT_TRUE(IsPlain(header)) << header;
    EXPECT_EQ(Problem(header, "page", kLimit, out), CodingProblem::kNone) << header;
    EXPECT_EQ(out, "page") << header;
  }
  for (const char* header : {"gzip", "compress", "identity, br"}) EXPECT_FALSE(IsPlain(header)) << header;
  const CodingResult result = UndoCodings("gzip, Compress, identity", "page", kLimit, out);
  EXPECT_EQ(result.problem, CodingProblem::kUnsupported);
  EXPECT_EQ(result.unsupported, "compress");
  EXPECT_EQ(out, "page");
  EXPECT_EQ(Problem("gzip", "", kLimit, out), CodingProblem::kNone) << "an empty body, as of a 304";
  EXPECT_EQ(Problem("", "page", 3, out), CodingProblem::kOverLimit);
  EXPECT_EQ(out, "pag");
}

TEST(ContentCodingTest, EveryBeginningIsTruncatedAndKept) {
  std::mt19937 random(8);
  const std::string text = RandomText(random, 3000);
  for (const char* coding : kCodings) {
    const std::string body = Encoded(coding, text);
    for (size_t size = 1; size < body.size(); ++size) {
      std::string out;
      EXPECT_EQ(Problem(Header(coding), body.substr(0, size), kLimit, out), CodingProblem::kCutShort) << coding << " " << size;
      EXPECT_TRUE(text.starts_with(out)) << coding << " " << size;
    }
  }
}

TEST(ContentCodingTest, AFlippedChecksumOrAWrongHeaderIsAnError) {
  for (const char* coding : {"gzip", "deflate"}) {
    std::string body = Encoded(coding, "some text");
    body[body.size() - 1] ^= 1;
    std::string out;
    EXPECT_EQ(Problem(coding, body, kLimit, out), CodingProblem::kDamaged) << coding;
  }
  for (const char* coding : {"deflate", "br"}) {
    std::string out;
    EXPECT_EQ(Problem(coding, "<html>plain text under a false name</html>", kLimit, out), CodingProblem::kDamaged) << coding;
  }
}

TEST(ContentCodingTest, GzipHasMembersAndGarbageBehindThem) {
  std::string out;
  EXPECT_EQ(Problem("gzip", Encoded("gzip", "one ") + Encoded("gzip", "two"), kLimit, out), CodingProblem::kNone);
  EXPECT_EQ(out, "one two");
  EXPECT_EQ(Problem("gzip", Encoded("gzip", "one") + "garbage", kLimit, out), CodingProblem::kNone);
  EXPECT_EQ(out, "one");
}

TEST(ContentCodingTest, ABombStopsAtTheLimit) {
  const std::string zeros(3 << 20, '0');
  for (const char* coding : kCodings) {
    std::string out;
    EXPECT_EQ(Problem(Header(coding), Encoded(coding, zeros), kLimit, out), CodingProblem::kOverLimit) << coding;
    EXPECT_EQ(out.size(), kLimit) << coding;
    EXPECT_EQ(Problem(Header(coding), Encoded(coding, zeros), zeros.size(), out), CodingProblem::kNone) << coding;
    EXPECT_EQ(Problem(Header(coding), Encoded(coding, zeros), zeros.size() - 1, out), CodingProblem::kOverLimit) << coding;
  }
  std::string out;
  EXPECT_EQ(Problem("gzip, gzip", Encoded("gzip", GzipBomb(100)), kLimit, out), CodingProblem::kOverLimit) << "layer in layer";
  EXPECT_LE(out.capacity(), 2 * kLimit + 64) << "100 MiB were never there";
}

TEST(ContentCodingTest, NoWindowIsLargerThanTheStandardAllows) {
  // A frame of zstd that asks for a window of 2 GiB: its descriptor is the byte behind that of the frame.
  std::string out;
  const std::string frame("\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00", 9);
  EXPECT_EQ(Problem("zstd", frame, kLimit, out), CodingProblem::kDamaged);
  const std::string small("\x28\xB5\x2F\xFD\x00\x58\x01\x00\x00", 9);
  EXPECT_EQ(Problem("zstd", small, kLimit, out), CodingProblem::kNone) << "the same with 2 MiB";
}

TEST(ContentCodingTest, WhatIsHadOfALayerGoesThroughTheNext) {
  std::mt19937 random(9);
  const std::string text = RandomText(random, 2'000'000);
  const std::string inner = Encoded("gzip", text);
  for (const char* outer : {"gzip", "deflate", "br", "zstd"}) {
    const std::string body = Encoded(outer, inner);
    std::string out;
    const std::string both = std::string("gzip, ") + outer;
    EXPECT_EQ(Problem(both, std::string_view(body).substr(0, body.size() / 2), text.size(), out), CodingProblem::kCutShort) << outer;
    EXPECT_TRUE(text.starts_with(out)) << outer;
    EXPECT_GT(out.size(), size_t{100'000}) << outer;
  }
}

TEST(ContentCodingTest, WhatCameBeforeDamageIsKept) {
  std::mt19937 random(10);
  const std::string text = RandomText(random, 1'000'000);
  for (const char* coding : {"gzip", "deflate", "zstd"}) {
    std::string body = Encoded(coding, text);
    std::fill_n(body.begin() + static_cast<ptrdiff_t>(body.size() / 2), 60'000, '\xFF');
    std::string out;
    EXPECT_EQ(Problem(coding, body, 64 * kLimit, out), CodingProblem::kDamaged) << coding;
    EXPECT_GT(out.size(), size_t{100'000}) << coding;
    EXPECT_TRUE(text.starts_with(std::string_view(out).substr(0, 100'000))) << coding;
  }
}

TEST(ContentCodingTest, AFalseLabelIsPassedOverWhereTheBytesSaySo) {
  std::string out;
  for (const char* coding : {"gzip", "zstd"}) {
    EXPECT_EQ(Problem(coding, "plain", kLimit, out), CodingProblem::kNone) << coding;
    EXPECT_EQ(out, "plain") << coding;
    EXPECT_EQ(Problem(coding, "plain", 3, out), CodingProblem::kOverLimit) << coding;
  }
}

}  // namespace
}  // namespace sakuin
