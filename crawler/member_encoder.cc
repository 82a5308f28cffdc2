#include "crawler/member_encoder.h"

#include <zlib.h>
#include <zstd.h>

namespace sakuin::crawler {
namespace {

constexpr size_t kTooLong = UINT32_MAX / 2;

// At the lowest level, pages are packed in a seventh less time with a table that leaves room in the first cache (16 KB), and are a
// hundredth larger. Longer records find more in Zstandard's own.
constexpr size_t kPageBytes = 64 << 10;
constexpr int kPageHashLog = 12;
constexpr int kOwnHashLog = 0;

void Grow(size_t size, std::string& out) {
  if (out.size() < size) out.resize(size);
}

}  // namespace

struct MemberEncoder::Gzip {
  explicit Gzip(int level) { ready = deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK; }
  ~Gzip() {
    if (ready) deflateEnd(&stream);
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  z_stream stream = {};
  bool ready = false;
};

struct MemberEncoder::Zstd {
  explicit Zstd(int level_of_all) : context(ZSTD_createCCtx()), level(level_of_all) {
    if (context == nullptr) return;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  }
  ~Zstd() { ZSTD_freeCCtx(context); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  ZSTD_CCtx* const context;
  const int level;
};

MemberFormat MemberFormatOf(std::string_view path) { return path.ends_with(".zst") ? MemberFormat::kZstd : MemberFormat::kGzip; }

std::string_view MarkOf(MemberFormat format) { return format == MemberFormat::kZstd ? "\x28\xB5\x2F\xFD" : "\x1F\x8B\x08"; }

MemberEncoder::MemberEncoder(MemberFormat format, int level) {
  if (format == MemberFormat::kGzip) gzip_ = std::make_unique<Gzip>(level);
  if (format == MemberFormat::kZstd) zstd_ = std::make_unique<Zstd>(level);
}

MemberEncoder::~MemberEncoder() = default;

Result<std::string_view> MemberEncoder::Encode(std::string_view record) {
  if (record.size() >= kTooLong) return InvalidArgumentError("a record of more than 2 GB");
  if (gzip_ != nullptr) {
    Grow(deflateBound(&gzip_->stream, record.size()), out_);
    RETURN_IF_ERROR(EncodeGzip(record));
  } else {
    Grow(ZSTD_compressBound(record.size()), out_);
    RETURN_IF_ERROR(EncodeZstd(record));
  }
  return std::string_view(out_).substr(0, size_);
}

Status MemberEncoder::EncodeGzip(std::string_view record) {
  z_stream& stream = gzip_->stream;
  if (!gzip_->ready || deflateReset(&stream) != Z_OK) return ResourceExhaustedError("no memory for gzip");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(record.data()));
  stream.avail_in = static_cast<uInt>(record.size());
  stream.next_out = reinterpret_cast<Bytef*>(out_.data());
  stream.avail_out = static_cast<uInt>(out_.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return InternalError("gzip failed on a record");
  size_ = stream.total_out;
  return OkStatus();
}

// Whole to whole: nothing is copied on the way.
Status MemberEncoder::EncodeZstd(std::string_view record) {
  if (zstd_->context == nullptr) return ResourceExhaustedError("no memory for Zstandard");
  const bool is_page = zstd_->level == 1 && record.size() <= kPageBytes;
  ZSTD_CCtx_setParameter(zstd_->context, ZSTD_c_hashLog, is_page ? kPageHashLog : kOwnHashLog);
  size_ = ZSTD_compress2(zstd_->context, out_.data(), out_.size(), record.data(), record.size());
  return ZSTD_isError(size_) != 0 ? InternalError("Zstandard failed on a record") : OkStatus();
}

}  // namespace sakuin::crawler
