// warc_writer.h: what was fetched, as a web archive: WARC 1.1, a member of gzip for each record, or, in a file whose name
// ends with .zst, of Zstandard, which is several times faster.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<WarcWriter> writer, WarcWriter::Open(fs, "crawl/0001.warc.gz", {.software = "sakuin/0.1"}));
//   WarcExchange exchange;
//   exchange.url = "http://example.com/";
//   exchange.request = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
//   exchange.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
//   exchange.response_body = "<p>hello";
//   ASSIGN_OR_RETURN(WarcReference first, writer->Write(exchange));             // a response and its request
//   ASSIGN_OR_RETURN(..., writer->WriteRevisit(again, WarcRevisit::kSamePayload, first));
//   RETURN_IF_ERROR(writer->Sync());                                            // durable from here on
//
// Opening an existing file goes on behind its last whole record: what a crash
// left unfinished behind it is cut off. That reads the whole file: begin another
// one when bytes() is large. A new file begins with a warcinfo record. Records are
// gathered and written many at once: the file has them all after Sync or Close.
//
// After an error of the file every call answers that error; the file is opened
// again to go on. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"
#include "crawler/member_encoder.h"

namespace sakuin::crawler {

struct WarcWriterOptions {
  std::string software = "sakuin";
  std::string user_agent;     // for warcinfo; left out when empty
  int gzip_level = 3;         // 1 to 9
  int zstd_level = 1;         // 1 to 19
};

// Why there is less of a response than the server had.
enum class WarcTruncation { kNone, kLength, kTime, kDisconnect, kUnspecified };

struct WarcExchange {
  std::string_view url;
  std::string_view ip_address;     // left out when empty
  int64_t time_micros = 0;         // since 1970, when the answer came
  std::string_view request;        // head and body; empty: no request is stored
  std::string_view response_head;  // with the empty line, and true of the body as it is here
  std::string_view response_body;
  WarcTruncation truncation = WarcTruncation::kNone;
};

// Of a response that is stored: what a later revisit refers to.
struct WarcReference {
  std::string record_id;  // "<urn:uuid:...>"
  std::string url;
  std::string date;
  std::string payload_digest;  // "sha1:..."
};

enum class WarcRevisit {
  kSamePayload,  // the body has the digest of the original
  kNotModified,  // the server answered 304
};

// "sha1:" and the SHA-1 of `bytes`, with the rest behind them, in base 32.
std::string WarcDigest(std::string_view bytes, std::string_view rest = {});

// "2023-11-14T22:13:20.123456Z": as records have it.
std::string WarcDate(int64_t micros);

class WarcWriter {
 public:
  ~WarcWriter();

  // FAILED_PRECONDITION when the file is there and not compressed as its name says, UNAVAILABLE while another writer has it.
  static Result<std::unique_ptr<WarcWriter>> Open(FileSystem& fs, const std::string& path, WarcWriterOptions options);

  // What Open would say at once, without a look at the records: also where there is no folder for the file. Makes nothing.
  static Status Check(FileSystem& fs, const std::string& path);

  Result<WarcReference> Write(const WarcExchange& exchange);
  // The head without the body. Of `original` only url and date must be known. Answers the reference of the new record, with the original's digest.
  Result<WarcReference> WriteRevisit(const WarcExchange& exchange, WarcRevisit why, const WarcReference& original);

  // Durable when OK.
  Status Sync();
  Status Close();

  uint64_t bytes() const { return bytes_; }            // of the file
  uint64_t bytes_cut_off() const { return cut_off_; }  // when it was opened

 private:
  WarcWriter(WarcWriterOptions options, MemberFormat format, std::unique_ptr<WritableFile> file, uint64_t bytes)
      : options_(std::move(options)), encoder_(format, LevelOf(options_, format)), file_(std::move(file)), bytes_(bytes) {}

  static int LevelOf(const WarcWriterOptions& options, MemberFormat format) {
    return format == MemberFormat::kZstd ? options.zstd_level : options.gzip_level;
  }

  Result<std::string> NewRecordId();
  Status WriteInfo(const std::string& path);
  Status WriteRequest(const WarcExchange& exchange, const std::string& date, const std::string& response_id);
  Status AppendRecord(std::string_view head, std::string_view block, std::string_view rest_of_block = {});
  Status Flush();

  const WarcWriterOptions options_;
  MemberEncoder encoder_;
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<WritableFile> file_;
  std::string record_;     // in the making
  std::string unwritten_;  // members
  std::array<unsigned char, 1024> random_ = {};
  size_t random_used_ = sizeof(random_);
  uint64_t bytes_ = 0;
  uint64_t cut_off_ = 0;
  Status failure_;
};

}  // namespace sakuin::crawler
