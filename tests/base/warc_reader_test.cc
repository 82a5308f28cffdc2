#include "base/warc_reader.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "tests/base/warc_testing.h"

namespace sakuin {
namespace {

// With a checksum, as the usual programs write.
std::string Zstd(const std::string& bytes) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string One(int number) { return WarcBytes("response", "http://a/" + std::to_string(number), "block " + std::to_string(number)); }

std::string Targets(const ReadWarc& read) {
  std::string out;
  for (const WarcRecord& record : read.records) out += std::string(record.Find("warc-target-uri")) + " ";
  return out;
}

TEST(WarcReaderTest, PlainGzipAndZstandard) {
  std::string plain, gzip, zstd;
  std::vector<uint64_t> plain_offsets, gzip_offsets;
  for (int i = 0; i < 3; ++i) {
    plain_offsets.push_back(plain.size());
    gzip_offsets.push_back(gzip.size());
    plain += One(i);
    gzip += Gzip(One(i));
    zstd += Zstd(One(i));
  }
  for (const std::string* archive : {&plain, &gzip, &zstd}) {
    const ReadWarc read = ReadAllOf(*archive);
    EXPECT_EQ(Targets(read), "http://a/0 http://a/1 http://a/2 ");
    EXPECT_TRUE(read.damages.empty());
    ASSERT_EQ(read.records.size(), 3u);
    EXPECT_EQ(read.records[2].block, "block 2");
    EXPECT_EQ(read.records[2].Find("WARC-TYPE"), "response");
    EXPECT_EQ(read.records[2].Find("absent"), "");
  }
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ReadAllOf(plain).records[i].offset, plain_offsets[i]);
    EXPECT_EQ(ReadAllOf(gzip).records[i].offset, gzip_offsets[i]);
  }
}

TEST(WarcReaderTest, ManyRecordsInOneMemberAndOneInMany) {
  EXPECT_EQ(Targets(ReadAllOf(Gzip(One(0) + One(1) + One(2)))), "http://a/0 http://a/1 http://a/2 ");
  const std::string both = One(0) + One(1);
  EXPECT_EQ(Targets(ReadAllOf(Gzip(both.substr(0, 70)) + Gzip(both.substr(70)))), "http://a/0 http://a/1 ");
}

TEST(WarcReaderTest, NothingAndEmptyLines) {
  EXPECT_TRUE(ReadAllOf("").records.empty());
  EXPECT_TRUE(ReadAllOf("").damages.empty());
  EXPECT_EQ(Targets(ReadAllOf("\r\n\n" + One(0) + "\r\n\r\n" + One(1) + "\n")), "http://a/0 http://a/1 ");
  EXPECT_TRUE(ReadAllOf(Gzip("")).records.empty());
}

TEST(WarcReaderTest, HeadsAsPeopleWriteThem) {
  const ReadWarc read = ReadAllOf(
      "WARC/1.0\nwarc-type:  response \nX: a\n  b\nWARC-Target-URI: <http://a/b c>\nno colon\ncontent-length:2\n\nhi\n\n"
      "WARC/1.0\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_TRUE(read.damages.empty());
  EXPECT_EQ(read.records[0].Find("WARC-Type"), "response");
  EXPECT_EQ(read.records[0].Find("X"), "a b");
  EXPECT_EQ(read.records[0].Find("WARC-Target-URI"), "http://a/b%20c");
  EXPECT_EQ(read.records[0].block, "hi");
}

TEST(WarcReaderTest, Arc) {
  const std::string version = "1 0 Someone\nURL IP-address Archive-date Content-type Archive-length\n";
  const std::string page = "HTTP/1.1 200 OK\r\n\r\npage";
  const ReadWarc read = ReadAllOf("filedesc://a.arc 127.0.0.1 20140216050221 text/plain " + std::to_string(version.size()) + "\n" + version +
                                  "\nhttp://a/x y 1.2.3.4 20140216050222 text/html " + std::to_string(page.size()) + "\n" + page +
                                  "\ndns:a 1.2.3.4 20140216 text/dns 3\nabc\n");
  EXPECT_TRUE(read.damages.empty());
  ASSERT_EQ(read.records.size(), 3u);
  EXPECT_EQ(read.records[0].Find("WARC-Type"), "warcinfo");
  EXPECT_TRUE(read.records[1].is_arc);
  EXPECT_EQ(read.records[1].Find("WARC-Type"), "response");
  EXPECT_EQ(read.records[1].Find("WARC-Target-URI"), "http://a/x%20y");
  EXPECT_EQ(read.records[1].Find("WARC-Date"), "2014-02-16T05:02:22Z");
  EXPECT_EQ(read.records[1].Find("WARC-IP-Address"), "1.2.3.4");
  EXPECT_EQ(read.records[1].block, page);
  EXPECT_EQ(read.records[2].Find("WARC-Type"), "resource");
  EXPECT_EQ(read.records[2].Find("WARC-Date"), "2014-02-16T00:00:00Z");
}

TEST(WarcReaderTest, LongBlocksAreCutNotHeld) {
  const std::string long_block(300000, 'x');
  const ReadWarc read = ReadAllOf(WarcBytes("response", "http://a/", long_block) + One(1), 1000, {.max_block_bytes = 100});
  EXPECT_TRUE(read.damages.empty());
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[0].block, long_block.substr(0, 100));
  EXPECT_EQ(read.records[0].block_bytes, long_block.size());
  EXPECT_TRUE(read.records[0].is_cut());
  EXPECT_FALSE(read.records[1].is_cut());
}

TEST(WarcReaderTest, DamageIsToldOnceAndPassedOver) {
  const auto expect = [](const std::string& archive, const std::string& targets, size_t damages, uint64_t offset) {
    const ReadWarc read = ReadAllOf(archive);
    EXPECT_EQ(Targets(read), targets);
    ASSERT_EQ(read.damages.size(), damages);
    EXPECT_EQ(read.damages[0].offset, offset) << read.damages[0].reason;
  };
  const std::string garbage = "some\nlines WARC/1.0\nof garbage\n";
  expect(garbage + One(1), "http://a/1 ", 1, 0);
  expect(One(0) + garbage + One(1), "http://a/0 http://a/1 ", 1, One(0).size());
  expect("WARC/1.0\r\nContent-Length: x\r\n\r\nblock\r\n\r\n" + One(1), "http://a/1 ", 1, 0);
  expect("WARC/1.0\r\nContent-Length: -1\r\n\r\nblock\r\n\r\n" + One(1), "http://a/1 ", 1, 0);
  expect("WARC/1.0\r\nX: " + std::string(WarcReader::kMaxHeadBytes, 'x') + "\r\n\r\n" + One(1), "http://a/1 ", 1, 0);
  expect(One(0) + "WARC/1.0\r\nContent-Le", "http://a/0 ", 1, One(0).size());
  expect(One(0) + "WARC/1.0\r\nContent-Length: 99\r\n\r\nshort", "http://a/0  ", 1, One(0).size());
}

TEST(WarcReaderTest, ALengthThatIsTooLargeHidesNoRecord) {
  const std::string wrong = "WARC/1.0\r\nWARC-Target-URI: http://wrong/\r\nContent-Length: 60\r\n\r\nshort\r\n\r\n";
  for (const std::string& archive : {wrong + One(1) + One(2), Gzip(wrong + One(1) + One(2))}) {
    const ReadWarc read = ReadAllOf(archive);
    EXPECT_EQ(Targets(read), "http://a/1 http://a/2 ");
    ASSERT_EQ(read.damages.size(), 1u);
    EXPECT_EQ(read.damages[0].offset, 0u);
    EXPECT_EQ(read.records[0].block, "block 1");
  }
  std::string huge = wrong;
  huge.replace(huge.find("60"), 2, "9999999");
  EXPECT_EQ(Targets(ReadAllOf(huge + One(1) + One(2))), "http://a/1 http://a/2 ");
}

TEST(WarcReaderTest, ALengthThatIsTooSmallIsTold) {
  const ReadWarc read = ReadAllOf("WARC/1.0\r\nWARC-Target-URI: http://a/0\r\nContent-Length: 3\r\n\r\nlonger\r\n\r\n" + One(1));
  EXPECT_EQ(Targets(read), "http://a/0 http://a/1 ");
  EXPECT_EQ(read.damages.size(), 1u);
}

TEST(WarcReaderTest, ADamagedMemberCostsOnlyItself) {
  for (const auto& pack : {Zstd, +[](const std::string& bytes) { return Gzip(bytes); }}) {
    const std::string before = pack(One(0));
    const std::string middle = pack(One(1));
    const std::string behind = pack(One(2)) + pack(One(3));
    for (size_t cut = 4; cut < middle.size(); ++cut) {
      const ReadWarc read = ReadAllOf(before + middle.substr(0, cut) + behind);
      EXPECT_EQ(Targets(read), "http://a/0 http://a/2 http://a/3 ") << cut;
      EXPECT_EQ(read.damages.size(), 1u) << cut;
    }
    const ReadWarc at_end = ReadAllOf(before + middle.substr(0, middle.size() - 1));
    EXPECT_EQ(Targets(at_end), "http://a/0 ");
    EXPECT_EQ(at_end.damages.size(), 1u);
  }
}

TEST(WarcReaderTest, AWrongChecksumOfAMemberIsNoRecord) {
  std::string damaged = Gzip(One(1));
  damaged[damaged.size() - 6] ^= 1;
  const ReadWarc read = ReadAllOf(Gzip(One(0)) + damaged + Gzip(One(2)) + std::string(100, '\0'));
  EXPECT_EQ(Targets(read), "http://a/0 http://a/2 ");
  ASSERT_EQ(read.damages.size(), 1u);
  EXPECT_NE(read.damages[0].reason.find("gzip"), std::string::npos);
}

// What comes out does not depend on how the bytes come in.
TEST(WarcReaderTest, AnyPieces) {
  std::mt19937 random(20241121);
  for (int round = 0; round < 300; ++round) {
    std::string archive;
    const bool packed = random() % 2 == 0;
    for (int i = 0; i < 4; ++i) archive += packed ? Gzip(One(i)) : One(i);
    for (int flips = static_cast<int>(random() % 3); flips > 0; --flips) archive[random() % archive.size()] = static_cast<char>(random());
    const ReadWarc whole = ReadAllOf(archive);
    const ReadWarc pieces = ReadAllOf(archive, 1 + random() % 20);
    ASSERT_EQ(Targets(whole), Targets(pieces)) << "round " << round;
    ASSERT_EQ(whole.damages.size(), pieces.damages.size());
    for (size_t i = 0; i < whole.damages.size(); ++i) EXPECT_EQ(whole.damages[i].offset, pieces.damages[i].offset) << "round " << round;
  }
}

// Every length is too large: what is overlooked is looked for, but not again and again.
TEST(WarcReaderTest, ManyWrongLengthsDoNotBlowUp) {
  std::string archive;
  while (archive.size() < 8 << 20) archive += "WARC/1.0\r\nContent-Length: 99999999\r\n\r\n\r\n\r\n";
  EXPECT_FALSE(ReadAllOf(archive).damages.empty());
}

struct Expectation {
  const char* file;
  size_t records;
  size_t damages;
  size_t responses;
};

std::filesystem::path DataFolder() {
  const char* data = std::getenv("SAKUIN_DATA");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = std::filesystem::path(home != nullptr ? home : "") / ".cache/sakuin-data";
  return (data != nullptr ? std::filesystem::path(data) : cache) / "crawler/warc/test/data";
}

TEST(WarcReaderTest, FilesOfOthersGoodAndDamaged) {
  const std::filesystem::path folder = DataFolder();
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the files of warcio are not in " << folder << " (set SAKUIN_DATA)";
  const std::vector<Expectation> files = {{"bad.arc", 1, 3, 0},
                                          {"example-bad-non-chunked.warc.gz", 6, 0, 1},
                                          {"example-bad.warc.gz.bad", 6, 0, 2},
                                          {"example-digest.warc", 4, 0, 0},
                                          {"example-iana.org-chunked.warc", 3, 0, 1},
                                          {"example-resource.warc.gz", 3, 0, 0},
                                          {"example-space-in-target-uri.warc.gz", 2, 0, 0},
                                          {"example-space-in-url.arc", 2, 1, 1},
                                          {"example-trunc.warc", 4, 1, 1},
                                          {"example-wget-bad-target-uri.warc.gz", 6, 0, 1},
                                          {"example-wrong-chunks.warc.gz", 2, 0, 1},
                                          {"example.arc", 2, 0, 1},
                                          {"example.arc.gz", 2, 0, 1},
                                          {"example.warc", 6, 0, 1},
                                          {"example.warc.gz", 6, 0, 1},
                                          {"post-test.warc.gz", 6, 0, 3}};
  for (const Expectation& expected : files) {
    SCOPED_TRACE(expected.file);
    std::ifstream file(folder / expected.file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const ReadWarc read = ReadAllOf(bytes);
    EXPECT_EQ(read.records.size(), expected.records);
    EXPECT_EQ(read.damages.size(), expected.damages);
    size_t responses = 0;
    for (const WarcRecord& record : read.records) {
      EXPECT_FALSE(record.Find("WARC-Date").empty());
      if (record.Find("WARC-Type") != "response") continue;
      ++responses;
      const Result<HttpHead> head = ParseHttpHead(record.block);
      ASSERT_TRUE(head.ok());
      EXPECT_TRUE(head->status == 200 || head->status == 302);
      const HttpBody body = DecodeHttpBody(*head, std::string_view(record.block).substr(head->bytes), 1 << 20);
      EXPECT_EQ(body.is_damaged, std::string(expected.file) == "example-trunc.warc");
      EXPECT_TRUE(body.bytes.starts_with("<!") || body.bytes.starts_with("{")) << body.bytes.substr(0, 40);
    }
    EXPECT_EQ(responses, expected.responses);
  }
}

}  // namespace
}  // namespace sakuin
