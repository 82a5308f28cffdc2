#include "crawler/member_encoder.h"

#include <zlib.h>
#include <zstd.h>

#include <numeric>

namespace sakuin::crawler {
namespace {

constexpr size_t kTooLong = UINT32_MAX / 2;

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
  explicit Zstd(int level) : context(ZSTD_createCCtx()) {
    if (context == nullptr) return;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  }
  ~Zstd() { ZSTD_freeCCtx(context); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  ZSTD_CCtx* const context;
};

MemberFormat MemberFormatOf(std::string_view path) { return path.ends_with(".zst") ? MemberFormat::kZstd : MemberFormat::kGzip; }

std::string_view MarkOf(MemberFormat format) { return format == MemberFormat::kZstd ? "\x28\xB5\x2F\xFD" : "\x1F\x8B\x08"; }

MemberEncoder::MemberEncoder(MemberFormat format, int level) {
  if (format == MemberFormat::kGzip) gzip_ = std::make_unique<Gzip>(level);
  if (format == MemberFormat::kZstd) zstd_ = std::make_unique<Zstd>(level);
}

MemberEncoder::~MemberEncoder() = default;

Result<std::string_view> MemberEncoder::Encode(std::initializer_list<std::string_view> parts) {
  const size_t bytes = std::accumulate(parts.begin(), parts.end(), size_t{0}, [](size_t sum, std::string_view part) { return sum + part.size(); });
  if (bytes >= kTooLong) return InvalidArgumentError("a record of more than 2 GB");
  if (gzip_ != nullptr) {
    Grow(deflateBound(&gzip_->stream, bytes), out_);
    RETURN_IF_ERROR(EncodeGzip(parts));
  } else {
    Grow(ZSTD_compressBound(bytes), out_);
    RETURN_IF_ERROR(EncodeZstd(parts, bytes));
  }
  return std::string_view(out_).substr(0, size_);
}

Status MemberEncoder::EncodeGzip(std::initializer_list<std::string_view> parts) {
  z_stream& stream = gzip_->stream;
  if (!gzip_->ready || deflateReset(&stream) != Z_OK) return ResourceExhaustedError("no memory for gzip");
  stream.next_out = reinterpret_cast<Bytef*>(out_.data());
  stream.avail_out = static_cast<uInt>(out_.size());
  for (const std::string_view part : parts) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    if (!part.empty() && deflate(&stream, Z_NO_FLUSH) != Z_OK) return InternalError("gzip failed on a record");
  }
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return InternalError("gzip failed on a record");
  size_ = stream.total_out;
  return OkStatus();
}

Status MemberEncoder::EncodeZstd(std::initializer_list<std::string_view> parts, size_t bytes) {
  if (zstd_->context == nullptr) return ResourceExhaustedError("no memory for Zstandard");
  ZSTD_CCtx_reset(zstd_->context, ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize(zstd_->context, bytes);
  ZSTD_outBuffer to = {out_.data(), out_.size(), 0};
  for (const std::string_view part : parts) {
    ZSTD_inBuffer in = {part.data(), part.size(), 0};
    while (in.pos < in.size) {
      if (ZSTD_isError(ZSTD_compressStream2(zstd_->context, &to, &in, ZSTD_e_continue))) return InternalError("Zstandard failed on a record");
    }
  }
  ZSTD_inBuffer none = {nullptr, 0, 0};
  if (ZSTD_compressStream2(zstd_->context, &to, &none, ZSTD_e_end) != 0) return InternalError("Zstandard failed on a record");
  size_ = to.pos;
  return OkStatus();
}

}  // namespace sakuin::crawler
