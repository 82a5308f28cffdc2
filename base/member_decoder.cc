#include "base/member_decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

namespace sakuin {
namespace {

constexpr std::string_view kGzipMark = "\x1F\x8B\x08";
constexpr std::string_view kZstdMark = "\x28\xB5\x2F\xFD";
constexpr size_t kLongestMark = 4;

// Frames of Zstandard with anything but data have 16 marks of their own.
bool IsZstdSkippable(std::string_view bytes) { return (static_cast<unsigned char>(bytes[0]) & 0xF0) == 0x50 && bytes.substr(1, 3) == "\x2A\x4D\x18"; }

}  // namespace

struct MemberDecoder::Streams {
  Streams() : zstd(ZSTD_createDStream()) { gzip_ok = inflateInit2(&gzip, MAX_WBITS + 16) == Z_OK; }
  ~Streams() {
    if (gzip_ok) inflateEnd(&gzip);
    ZSTD_freeDStream(zstd);
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  z_stream gzip = {};
  bool gzip_ok = false;
  ZSTD_DStream* zstd;
};

MemberDecoder::MemberDecoder() : streams_(std::make_unique<Streams>()) {}
MemberDecoder::~MemberDecoder() = default;

void MemberDecoder::Feed(std::string_view stored) {
  const size_t kept = is_compressed() ? std::min(taken_, kMaxRewindBytes) : 0;
  const size_t dropped = taken_ - kept;
  stored_.erase(0, dropped);
  stored_offset_ += dropped;
  taken_ = kept;
  stored_.append(stored);
}

MemberState MemberDecoder::Decode(std::string& out, size_t most) {
  if (format_ == Format::kUnknown && !TellFormat()) return waiting().empty() && finished_ ? MemberState::kEnd : MemberState::kNeedsInput;
  if (format_ == Format::kPlain) return DecodePlain(out, most);
  if (!inside_) {
    const MemberState state = searching_ ? FindMember() : BeginMember();
    if (state != MemberState::kData) return state;
  }
  return DecodeMember(out, most);
}

bool MemberDecoder::TellFormat() {
  const std::string_view first = waiting();
  if (first.size() < kLongestMark && !finished_) return false;
  if (first.empty()) return false;
  if (first.starts_with(kGzipMark)) {
    format_ = Format::kGzip;
  } else if (first.size() >= kLongestMark && (first.starts_with(kZstdMark) || IsZstdSkippable(first))) {
    format_ = Format::kZstd;
  } else {
    format_ = Format::kPlain;
  }
  return true;
}

// Some programs fill the last block of a file with zeros.
MemberState MemberDecoder::BeginMember() {
  taken_ += std::min(waiting().find_first_not_of('\0'), waiting().size());
  if (waiting().empty()) return finished_ ? MemberState::kEnd : MemberState::kNeedsInput;
  inside_ = true;
  member_offset_ = offset();
  inflateReset(&streams_->gzip);
  ZSTD_DCtx_reset(streams_->zstd, ZSTD_reset_session_only);
  return MemberState::kData;
}

MemberState MemberDecoder::FindMember() {
  const std::string_view mark = format_ == Format::kGzip ? kGzipMark : kZstdMark;
  const size_t found = waiting().find(mark);
  if (found != std::string_view::npos) {
    taken_ += found;
    searching_ = false;
    return BeginMember();
  }
  taken_ = std::max(taken_, stored_.size() - std::min(stored_.size(), finished_ ? 0 : mark.size() - 1));
  return finished_ ? MemberState::kEnd : MemberState::kNeedsInput;
}

MemberState MemberDecoder::DecodePlain(std::string& out, size_t most) {
  const std::string_view bytes = waiting().substr(0, most);
  if (bytes.empty()) return finished_ ? MemberState::kEnd : MemberState::kNeedsInput;
  out.append(bytes);
  taken_ += bytes.size();
  return MemberState::kData;
}

MemberState MemberDecoder::DecodeMember(std::string& out, size_t most) {
  const size_t before = out.size();
  for (;;) {
    if (trouble_ != nullptr) return Damaged(std::exchange(trouble_, nullptr));
    const bool starved = waiting().empty();
    bool ended = false;
    trouble_ = format_ == Format::kGzip ? RunGzip(out, most, ended) : RunZstd(out, most, ended);
    if (ended) {
      inside_ = false;
      return MemberState::kMemberEnd;
    }
    if (out.size() > before) return MemberState::kData;  // before any trouble
    if (trouble_ != nullptr || !starved) continue;
    return finished_ ? Damaged("it ends too early: it was cut short") : MemberState::kNeedsInput;
  }
}

// Null, or why not.
const char* MemberDecoder::RunGzip(std::string& out, size_t most, bool& ended) {
  z_stream& stream = streams_->gzip;
  if (!streams_->gzip_ok) return "no memory for the decoder";
  const std::string_view in = waiting().substr(0, 1U << 30);
  const size_t before = out.size();
  out.resize(before + most);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
  stream.avail_out = static_cast<uInt>(most);
  const int code = inflate(&stream, Z_NO_FLUSH);
  out.resize(before + most - stream.avail_out);
  taken_ += in.size() - stream.avail_in;
  ended = code == Z_STREAM_END;
  if (ended || code == Z_OK || code == Z_BUF_ERROR) return nullptr;
  return stream.msg != nullptr ? stream.msg : "not gzip";
}

const char* MemberDecoder::RunZstd(std::string& out, size_t most, bool& ended) {
  const size_t before = out.size();
  out.resize(before + most);
  ZSTD_inBuffer in = {waiting().data(), waiting().size(), 0};
  ZSTD_outBuffer to = {out.data() + before, most, 0};
  const size_t code = ZSTD_decompressStream(streams_->zstd, &to, &in);
  out.resize(before + to.pos);
  taken_ += in.pos;
  ended = code == 0;
  return ZSTD_isError(code) != 0 ? ZSTD_getErrorName(code) : nullptr;
}

MemberState MemberDecoder::Damaged(std::string_view reason) {
  damage_ = {offset(), std::string(format_ == Format::kGzip ? "gzip" : "Zstandard") + " data is damaged: " + std::string(reason)};
  inside_ = false;
  searching_ = true;
  Rewind();
  return MemberState::kDamaged;
}

// Behind the first byte of the member that failed, if that is not too far.
void MemberDecoder::Rewind() {
  const uint64_t first = std::max<uint64_t>(member_offset_ + 1, stored_offset_);
  const uint64_t wanted = offset() > first ? offset() - first : 0;
  const uint64_t granted = std::min<uint64_t>({wanted, kMaxRewindBytes, offset() - std::min(offset(), rewound_)});
  rewound_ += granted;
  taken_ -= static_cast<size_t>(granted);
  if (offset() <= member_offset_) taken_ += static_cast<size_t>(member_offset_ + 1 - offset());
  taken_ = std::min(taken_, stored_.size());
}

}  // namespace sakuin
