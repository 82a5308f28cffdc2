#include "crawler/warc_writer.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <time.h>  // gmtime_r

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <utility>

#include "base/member_decoder.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kReadAtOnce = 1 << 20;
constexpr size_t kWrittenAtOnce = 256 << 10;
constexpr std::string_view kProfiles = "http://netpreserve.org/warc/1.1/revisit/";

// RFC 4648; 20 bytes are 32 digits, with nothing left over.
std::string Base32(const unsigned char* bytes, size_t size) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (size_t i = 0; i < size; ++i) {
    bits = bits << 8 | bytes[i];
    for (held += 8; held >= 5; held -= 5) out += kDigits[bits >> (held - 5) & 31];
  }
  return out;
}

// A version-4 UUID of 16 random bytes.
std::string RecordIdOf(std::span<unsigned char, 16> bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string out = "<urn:uuid:";
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out + ">";
}

// OpenSSL looks for it by name otherwise, each time.
const EVP_MD* Sha1() {
  static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  return sha1;
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};

// A value cannot end its line.
void AppendField(std::string& head, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  head.append(name).append(": ");
  std::replace_copy_if(
      value.begin(), value.end(), std::back_inserter(head), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  head += "\r\n";
}

std::string_view ReasonOf(WarcTruncation truncation) {
  switch (truncation) {
    case WarcTruncation::kNone: return "";
    case WarcTruncation::kLength: return "length";
    case WarcTruncation::kTime: return "time";
    case WarcTruncation::kDisconnect: return "disconnect";
    case WarcTruncation::kUnspecified: return "unspecified";
  }
  return "";
}

// Whether it begins with a member, as its name says; or with nothing.
Result<bool> HasMembers(std::string_view bytes, const std::string& path) {
  const std::string_view mark = MarkOf(MemberFormatOf(path));
  if (mark.starts_with(bytes) || bytes.find_first_not_of('\0') == std::string_view::npos) return false;
  if (bytes.starts_with(mark)) return true;
  const std::string_view expected = mark == MarkOf(MemberFormat::kGzip) ? "gzip" : "Zstandard";
  return FailedPreconditionError(path + " is there and not a file of " + std::string(expected) + ": records cannot be added to it");
}

// Where the last whole member ends.
Result<uint64_t> SoundBytes(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
  const std::string_view bytes = file->bytes();
  ASSIGN_OR_RETURN(const bool has_members, HasMembers(bytes, path));
  if (!has_members) return uint64_t{0};
  MemberDecoder decoder;
  std::string ignored;
  uint64_t sound = 0;
  size_t fed = 0;
  for (;;) {
    ignored.clear();
    switch (decoder.Decode(ignored, kReadAtOnce)) {
      case MemberState::kEnd: return sound;
      case MemberState::kMemberEnd: sound = decoder.offset(); break;
      case MemberState::kDamaged: break;
      case MemberState::kNeedsInput:
        if (fed == bytes.size()) decoder.Finish();
        decoder.Feed(bytes.substr(fed, kReadAtOnce));
        if (fed > 0) file->Release(0, fed);
        fed = std::min(bytes.size(), fed + kReadAtOnce);
        break;
      case MemberState::kData: break;
    }
  }
}

}  // namespace

std::string WarcDate(int64_t micros) {
  const int64_t fraction = (micros % 1000000 + 1000000) % 1000000;
  const time_t seconds = static_cast<time_t>((micros - fraction) / 1000000);
  tm parts = {};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text = {};
  const size_t size = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%06dZ", static_cast<int>(fraction));
  return text.data();
}

std::string WarcDigest(std::string_view bytes, std::string_view rest) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> value = {};
  unsigned size = 0;
  EVP_DigestInit_ex2(digest.get(), Sha1(), nullptr);
  EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
  EVP_DigestUpdate(digest.get(), rest.data(), rest.size());
  EVP_DigestFinal_ex(digest.get(), value.data(), &size);
  return "sha1:" + Base32(value.data(), size);
}

// What is lost here Sync has not promised.
WarcWriter::~WarcWriter() { (void)Flush(); }

Result<std::unique_ptr<WarcWriter>> WarcWriter::Open(FileSystem& fs, const std::string& path, WarcWriterOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, fs.LockFile(path));
  ASSIGN_OR_RETURN(const uint64_t sound, SoundBytes(fs, path));
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  const uint64_t cut_off = size - sound;
  if (cut_off > 0) RETURN_IF_ERROR(fs.Truncate(path, sound));
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, fs.OpenForAppend(path));
  std::unique_ptr<WarcWriter> writer(new WarcWriter(std::move(options), MemberFormatOf(path), std::move(file), sound));
  writer->lock_ = std::move(lock);
  writer->cut_off_ = cut_off;
  if (sound > 0) return writer;
  RETURN_IF_ERROR(writer->WriteInfo(path));
  RETURN_IF_ERROR(writer->Sync());
  RETURN_IF_ERROR(fs.SyncFolder(FolderOf(path)));
  return writer;
}

Status WarcWriter::Check(FileSystem& fs, const std::string& path) {
  if (!fs.Exists(path)) {
    const std::string folder = FolderOf(path);
    return fs.Exists(folder) ? OkStatus() : NotFoundError("cannot write to " + path + ": there is no folder " + folder);
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock, fs.LockFile(path));
  ASSIGN_OR_RETURN(const uint64_t size, fs.Size(path));
  if (size == 0) return OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, fs.Map(path));
  return HasMembers(file->bytes(), path).status();
}

Result<WarcReference> WarcWriter::Write(const WarcExchange& exchange) {
  WarcReference out;
  ASSIGN_OR_RETURN(out.record_id, NewRecordId());
  out.url = std::string(exchange.url);
  out.date = WarcDate(exchange.time_micros);
  out.payload_digest = WarcDigest(exchange.response_body);
  std::string head = "WARC/1.1\r\nWARC-Type: response\r\n";
  AppendField(head, "WARC-Record-ID", out.record_id);
  AppendField(head, "WARC-Target-URI", out.url);
  AppendField(head, "WARC-Date", out.date);
  AppendField(head, "WARC-IP-Address", exchange.ip_address);
  AppendField(head, "WARC-Truncated", ReasonOf(exchange.truncation));
  AppendField(head, "WARC-Payload-Digest", out.payload_digest);
  AppendField(head, "Content-Type", "application/http; msgtype=response");
  RETURN_IF_ERROR(AppendRecord(head, exchange.response_head, exchange.response_body));
  RETURN_IF_ERROR(WriteRequest(exchange, out.date, out.record_id));
  return out;
}

Result<WarcReference> WarcWriter::WriteRevisit(const WarcExchange& exchange, WarcRevisit why, const WarcReference& original) {
  WarcReference out;
  ASSIGN_OR_RETURN(out.record_id, NewRecordId());
  out.url = std::string(exchange.url);
  out.date = WarcDate(exchange.time_micros);
  out.payload_digest = original.payload_digest;
  std::string head = "WARC/1.1\r\nWARC-Type: revisit\r\n";
  AppendField(head, "WARC-Record-ID", out.record_id);
  AppendField(head, "WARC-Target-URI", out.url);
  AppendField(head, "WARC-Date", out.date);
  AppendField(head, "WARC-IP-Address", exchange.ip_address);
  const bool same = why == WarcRevisit::kSamePayload;
  AppendField(head, "WARC-Profile", std::string(kProfiles) + (same ? "identical-payload-digest" : "server-not-modified"));
  AppendField(head, "WARC-Refers-To", original.record_id);
  AppendField(head, "WARC-Refers-To-Target-URI", original.url);
  AppendField(head, "WARC-Refers-To-Date", original.date);
  AppendField(head, "WARC-Payload-Digest", original.payload_digest);
  if (same) AppendField(head, "WARC-Truncated", "length");
  AppendField(head, "Content-Type", "application/http; msgtype=response");
  RETURN_IF_ERROR(AppendRecord(head, exchange.response_head));
  RETURN_IF_ERROR(WriteRequest(exchange, out.date, out.record_id));
  return out;
}

Status WarcWriter::Sync() {
  RETURN_IF_ERROR(Flush());
  return failure_ = file_->Sync();
}

Status WarcWriter::Close() {
  const Status flushed = Flush();
  const Status closed = file_->Close();
  return flushed.ok() ? closed : flushed;
}

// Whole members in their order, so that only the last can be unfinished.
Status WarcWriter::Flush() {
  RETURN_IF_ERROR(failure_);
  if (unwritten_.empty()) return OkStatus();
  failure_ = file_->Append(unwritten_);
  unwritten_.clear();
  return failure_;
}

Result<std::string> WarcWriter::NewRecordId() {
  constexpr size_t kBytes = 16;
  if (random_used_ == random_.size()) {
    if (RAND_bytes(random_.data(), static_cast<int>(random_.size())) != 1) return InternalError("no random bytes for a record's id");
    random_used_ = 0;
  }
  const auto bytes = std::span(random_).subspan(std::exchange(random_used_, random_used_ + kBytes)).first<kBytes>();
  return RecordIdOf(bytes);
}

Status WarcWriter::WriteInfo(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string id, NewRecordId());
  std::string block;
  AppendField(block, "software", options_.software);
  AppendField(block, "format", "WARC File Format 1.1");
  AppendField(block, "conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/");
  AppendField(block, "http-header-user-agent", options_.user_agent);
  AppendField(block, "robots", "obey");
  std::string head = "WARC/1.1\r\nWARC-Type: warcinfo\r\n";
  AppendField(head, "WARC-Record-ID", id);
  AppendField(head, "WARC-Date", WarcDate(static_cast<int64_t>(time(nullptr)) * 1000000));
  AppendField(head, "WARC-Filename", path.substr(path.rfind('/') + 1));
  AppendField(head, "Content-Type", "application/warc-fields");
  return AppendRecord(head, block);
}

Status WarcWriter::WriteRequest(const WarcExchange& exchange, const std::string& date, const std::string& response_id) {
  if (exchange.request.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const std::string id, NewRecordId());
  const size_t head_end = std::min(exchange.request.find("\r\n\r\n"), exchange.request.size() - std::min<size_t>(4, exchange.request.size())) + 4;
  std::string head = "WARC/1.1\r\nWARC-Type: request\r\n";
  AppendField(head, "WARC-Record-ID", id);
  AppendField(head, "WARC-Target-URI", exchange.url);
  AppendField(head, "WARC-Date", date);
  AppendField(head, "WARC-Concurrent-To", response_id);
  AppendField(head, "WARC-Payload-Digest", WarcDigest(exchange.request.substr(std::min(head_end, exchange.request.size()))));
  AppendField(head, "Content-Type", "application/http; msgtype=request");
  return AppendRecord(head, exchange.request);
}

Status WarcWriter::AppendRecord(std::string_view head, std::string_view block, std::string_view rest_of_block) {
  RETURN_IF_ERROR(failure_);
  record_ = head;
  AppendField(record_, "WARC-Block-Digest", WarcDigest(block, rest_of_block));
  AppendField(record_, "Content-Length", std::to_string(block.size() + rest_of_block.size()));
  record_.append("\r\n").append(block).append(rest_of_block).append("\r\n\r\n");
  ASSIGN_OR_RETURN(const std::string_view member, encoder_.Encode(record_));
  unwritten_ += member;
  bytes_ += member.size();
  return unwritten_.size() < kWrittenAtOnce ? OkStatus() : Flush();
}

}  // namespace sakuin::crawler
