#include "crawler/warc_writer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"
#include "tests/base/warc_testing.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kTime = 1'700'000'000'123'456;

WarcExchange Example() {
  WarcExchange exchange;
  exchange.url = "http://example.com/";
  exchange.ip_address = "127.0.0.1";
  exchange.time_micros = kTime;
  exchange.request = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
  exchange.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
  exchange.response_body = "<p>hello";
  return exchange;
}

std::unique_ptr<WarcWriter> Open(FileSystem& fs, const std::string& path) {
  Result<std::unique_ptr<WarcWriter>> writer = WarcWriter::Open(fs, path, {.software = "test", .user_agent = "test/1"});
  EXPECT_TRUE(writer.ok()) << writer.status().ToString();
  return writer.ok() ? *std::move(writer) : nullptr;
}

ReadWarc ReadBack(const std::string& path) {
  const Result<std::string> bytes = PosixFileSystem().ReadAll(path);
  EXPECT_TRUE(bytes.ok());
  return ReadAllOf(bytes.ok() ? *bytes : "");
}

std::string Types(const ReadWarc& read) {
  std::string out;
  for (const WarcRecord& record : read.records) out += std::string(record.Find("WARC-Type")) + " ";
  return out;
}

TEST(WarcWriterTest, Digests) {
  EXPECT_EQ(WarcDigest(""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
  EXPECT_EQ(WarcDigest("abc"), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
}

TEST(WarcWriterTest, AnExchangeIsAResponseAndItsRequest) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), path);
  const Result<WarcReference> reference = writer->Write(Example());
  ASSERT_TRUE(reference.ok());
  ASSERT_TRUE(writer->Sync().ok());
  const ReadWarc read = ReadBack(path);
  EXPECT_TRUE(read.damages.empty());
  ASSERT_EQ(Types(read), "warcinfo response request ");
  EXPECT_NE(read.records[0].block.find("software: test\r\n"), std::string::npos);
  EXPECT_EQ(read.records[0].Find("WARC-Filename"), "a.warc.gz");
  const WarcRecord& response = read.records[1];
  EXPECT_EQ(response.block, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello");
  EXPECT_EQ(response.Find("WARC-Target-URI"), "http://example.com/");
  EXPECT_EQ(response.Find("WARC-Date"), "2023-11-14T22:13:20.123456Z");
  EXPECT_EQ(response.Find("WARC-IP-Address"), "127.0.0.1");
  EXPECT_EQ(response.Find("WARC-Record-ID"), reference->record_id);
  EXPECT_EQ(response.Find("WARC-Payload-Digest"), WarcDigest("<p>hello"));
  EXPECT_EQ(response.Find("WARC-Payload-Digest"), reference->payload_digest);
  EXPECT_EQ(response.Find("WARC-Block-Digest"), WarcDigest(response.block));
  EXPECT_EQ(response.Find("WARC-Truncated"), "");
  EXPECT_EQ(read.records[2].Find("WARC-Concurrent-To"), reference->record_id);
  EXPECT_EQ(read.records[2].block, Example().request);
  EXPECT_EQ(writer->bytes(), *PosixFileSystem().Size(path));
  std::set<std::string_view> ids;
  for (const WarcRecord& record : read.records) ids.insert(record.Find("WARC-Record-ID"));
  EXPECT_EQ(ids.size(), 3u);
}

TEST(WarcWriterTest, Revisits) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), path);
  const Result<WarcReference> first = writer->Write(Example());
  ASSERT_TRUE(first.ok());
  WarcExchange again = Example();
  again.url = "http://example.com/copy";
  again.request = "";
  ASSERT_TRUE(writer->WriteRevisit(again, WarcRevisit::kSamePayload, *first).ok());
  again.response_head = "HTTP/1.1 304 Not Modified\r\n\r\n";
  ASSERT_TRUE(writer->WriteRevisit(again, WarcRevisit::kNotModified, *first).ok());
  ASSERT_TRUE(writer->Sync().ok());
  const ReadWarc read = ReadBack(path);
  ASSERT_EQ(Types(read), "warcinfo response request revisit revisit ");
  for (size_t i = 3; i < 5; ++i) {
    EXPECT_EQ(read.records[i].Find("WARC-Refers-To"), first->record_id);
    EXPECT_EQ(read.records[i].Find("WARC-Refers-To-Target-URI"), "http://example.com/");
    EXPECT_EQ(read.records[i].Find("WARC-Refers-To-Date"), first->date);
  }
  EXPECT_TRUE(read.records[3].Find("WARC-Profile").ends_with("/identical-payload-digest"));
  EXPECT_EQ(read.records[3].Find("WARC-Payload-Digest"), first->payload_digest);
  EXPECT_EQ(read.records[3].block, Example().response_head);
  EXPECT_TRUE(read.records[4].Find("WARC-Profile").ends_with("/server-not-modified"));
}

TEST(WarcWriterTest, WhatIsNotWholeSaysWhy) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), path);
  WarcExchange exchange = Example();
  exchange.truncation = WarcTruncation::kLength;
  ASSERT_TRUE(writer->Write(exchange).ok());
  ASSERT_TRUE(writer->Sync().ok());
  EXPECT_EQ(ReadBack(path).records[1].Find("WARC-Truncated"), "length");
}

TEST(WarcWriterTest, FieldsCannotBeSmuggledIn) {
  const ScratchFolder scratch;
  const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), scratch.Path("a.warc.gz"));
  WarcExchange exchange = Example();
  exchange.url = "http://a/\r\nWARC-Type: metadata\r\n\r\n";
  ASSERT_TRUE(writer->Write(exchange).ok());
  ASSERT_TRUE(writer->Sync().ok());
  const ReadWarc read = ReadBack(scratch.Path("a.warc.gz"));
  EXPECT_EQ(Types(read), "warcinfo response request ");
  EXPECT_EQ(read.records[1].Find("WARC-Target-URI").substr(0, 9), "http://a/");
}

// In a file of this name, whose end decides how it is compressed.
void CheckWhatACrashLeft(const std::string& name) {
  const ScratchFolder scratch;
  const std::string whole_path = scratch.Path("whole-" + name);
  {
    const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), whole_path);
    ASSERT_TRUE(writer->Write(Example()).ok());
    ASSERT_TRUE(writer->Close().ok());
  }
  const std::string whole = *PosixFileSystem().ReadAll(whole_path);
  for (size_t size = 0; size <= whole.size(); size += size < 8 || size + 8 > whole.size() ? 1 : 19) {
    const std::string path = scratch.Path("cut-" + name);
    ASSERT_TRUE(WriteNewFile(PosixFileSystem(), path, whole.substr(0, size)).ok());
    const size_t kept = ReadAllOf(whole.substr(0, size)).records.size();
    const std::unique_ptr<WarcWriter> writer = Open(PosixFileSystem(), path);
    ASSERT_TRUE(writer->Write(Example()).ok());
    ASSERT_TRUE(writer->Sync().ok());
    const ReadWarc read = ReadBack(path);
    ASSERT_TRUE(read.damages.empty()) << size << " " << read.damages[0].reason;
    ASSERT_EQ(read.records.size(), std::max<size_t>(kept, 1) + 2) << size;
    ASSERT_EQ(writer->bytes_cut_off(), size - (kept == 0 ? 0 : read.records[kept].offset)) << size;
  }
}

TEST(WarcWriterTest, WhatACrashLeftIsCutOff) {
  CheckWhatACrashLeft("a.warc.gz");
  CheckWhatACrashLeft("a.warc.zst");
}

TEST(WarcWriterTest, TheNameSaysHowItIsCompressed) {
  const ScratchFolder scratch;
  for (const auto& [name, mark] : {std::pair<std::string, std::string>("a.warc.gz", "\x1F\x8B\x08"), {"a.warc.zst", "\x28\xB5\x2F\xFD"}}) {
    const std::string path = scratch.Path(name);
    ASSERT_TRUE(Open(PosixFileSystem(), path)->Write(Example()).ok());
    EXPECT_TRUE(PosixFileSystem().ReadAll(path)->starts_with(mark)) << name;
    EXPECT_EQ(Types(ReadBack(path)), "warcinfo response request ");
    EXPECT_EQ(ReadBack(path).records[1].block, std::string(Example().response_head) + "<p>hello");
  }
  for (const auto& [name, other] : {std::pair<std::string, std::string>("a.warc.gz", "b.warc.zst"), {"a.warc.zst", "b.warc.gz"}}) {
    ASSERT_TRUE(WriteNewFile(PosixFileSystem(), scratch.Path(other), *PosixFileSystem().ReadAll(scratch.Path(name))).ok());
    EXPECT_EQ(WarcWriter::Open(PosixFileSystem(), scratch.Path(other), {}).status().code(), StatusCode::kFailedPrecondition) << other;
  }
}

TEST(WarcWriterTest, ZerosAtTheEndAreCutOff) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  { Open(PosixFileSystem(), path); }
  const std::string whole = *PosixFileSystem().ReadAll(path);
  ASSERT_TRUE(WriteNewFile(PosixFileSystem(), path, whole + std::string(5000, '\0')).ok());
  EXPECT_EQ(Open(PosixFileSystem(), path)->bytes_cut_off(), 5000u);
}

TEST(WarcWriterTest, AFileHasOneWriterAtATime) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  std::unique_ptr<WarcWriter> first = Open(PosixFileSystem(), path);
  const uint64_t size = *PosixFileSystem().Size(path);
  EXPECT_EQ(WarcWriter::Open(PosixFileSystem(), path, {}).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(*PosixFileSystem().Size(path), size);
  first = nullptr;
  EXPECT_EQ(Open(PosixFileSystem(), path)->bytes(), size);
}

TEST(WarcWriterTest, AnotherFileIsLeftAlone) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.txt");
  ASSERT_TRUE(WriteNewFile(PosixFileSystem(), path, "something else").ok());
  EXPECT_EQ(WarcWriter::Open(PosixFileSystem(), path, {}).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(*PosixFileSystem().ReadAll(path), "something else");
}

TEST(WarcWriterTest, PowerGoesAtEveryPoint) {
  for (size_t n = 1;; ++n) {
    const ScratchFolder scratch;
    const std::string path = scratch.Path("a.warc.gz");
    FaultyFileSystem fs(PosixFileSystem());
    fs.PowerOffAt(n);
    size_t synced = 0;
    bool finished = false;
    if (Result<std::unique_ptr<WarcWriter>> writer = WarcWriter::Open(fs, path, {}); writer.ok()) {
      finished = true;
      for (int i = 0; i < 3 && finished; ++i) {
        finished = (*writer)->Write(Example()).ok() && (*writer)->Sync().ok();
        if (finished) ++synced;
      }
    }
    fs.Restart(FaultyFileSystem::UnsyncedNames::kLost);
    { Open(PosixFileSystem(), path); }
    const ReadWarc read = ReadBack(path);
    EXPECT_TRUE(read.damages.empty()) << n;
    EXPECT_GE(read.records.size(), 1 + 2 * synced) << n;
    if (finished) break;
  }
}

TEST(WarcWriterTest, AFullDiskIsToldUntilTheFileIsOpenedAgain) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("a.warc.gz");
  FaultyFileSystem fs(PosixFileSystem());
  std::unique_ptr<WarcWriter> writer = Open(fs, path);
  fs.ShortWriteAt(1, 20);
  EXPECT_TRUE(writer->Write(Example()).ok());
  EXPECT_EQ(writer->Sync().code(), StatusCode::kResourceExhausted);
  EXPECT_FALSE(writer->Write(Example()).ok());
  EXPECT_FALSE(writer->Sync().ok());
  writer = nullptr;
  const std::unique_ptr<WarcWriter> again = Open(fs, path);
  EXPECT_EQ(again->bytes_cut_off(), 20u);
  EXPECT_TRUE(again->Write(Example()).ok());
  ASSERT_TRUE(again->Sync().ok());
  EXPECT_EQ(Types(ReadBack(path)), "warcinfo response request ");
}

}  // namespace
}  // namespace sakuin::crawler
