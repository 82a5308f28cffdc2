#include "indexer/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sakuin::indexer {

// Stored bytes, with a small buffer in front so that decoders can look at them.
class ByteInput::Origin {
 public:
  explicit Origin(size_t chunk_bytes) : chunk_bytes_(std::max<size_t>(chunk_bytes, 1)) {}
  virtual ~Origin() = default;
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  // At most one chunk, at once. Bytes go past the buffer: REQUIRES: buffered() is empty.
  Result<ReadState> ReadDirect(char* to, size_t size, size_t& got) {
    ASSIGN_OR_RETURN(const ReadState state, ReadStored(to, std::min(size, chunk_bytes_), got));
    bytes_read_ += got;
    return state;
  }

  // One more chunk behind what is buffered.
  Result<ReadState> Fill() {
    buffer_.erase(0, std::exchange(taken_, 0));
    const size_t had = buffer_.size();
    const size_t wanted = FillBytes();
    buffer_.resize(had + wanted);
    size_t got = 0;
    Result<ReadState> state = ReadStored(buffer_.data() + had, wanted, got);
    buffer_.resize(had + got);
    bytes_read_ += got;
    return state;
  }

  std::string_view buffered() const { return std::string_view(buffer_).substr(taken_); }
  void Take(size_t bytes) { taken_ += bytes; }
  uint64_t bytes_read() const { return bytes_read_; }
  uint64_t offset() const { return bytes_read_ - buffered().size(); }  // of the first byte not taken

  virtual bool WaitReadable(std::chrono::milliseconds timeout) = 0;
  virtual uint64_t bytes_total() const = 0;

 protected:
  virtual Result<ReadState> ReadStored(char* to, size_t size, size_t& got) = 0;

 private:
  // A chunk, or what is left of a small file (and a byte more, to see its end).
  size_t FillBytes() const {
    if (bytes_total() == 0) return chunk_bytes_;
    const uint64_t left = bytes_total() > bytes_read_ ? bytes_total() - bytes_read_ : 0;
    return static_cast<size_t>(std::min<uint64_t>(chunk_bytes_, left + 1));
  }

  const size_t chunk_bytes_;
  std::string buffer_;
  size_t taken_ = 0;
  uint64_t bytes_read_ = 0;
};

class ByteInput::Decoder {
 public:
  virtual ~Decoder() = default;
  virtual Result<ReadState> Read(Origin& origin, char* to, size_t size, size_t& got) = 0;
};

namespace {

class DescriptorOrigin final : public ByteInput::Origin {
 public:
  DescriptorOrigin(int descriptor, bool owned, size_t chunk_bytes) : Origin(chunk_bytes), descriptor_(descriptor), owned_(owned) {
    struct stat facts = {};
    regular_ = fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
    total_ = regular_ ? static_cast<uint64_t>(facts.st_size) : 0;
  }
  ~DescriptorOrigin() override {
    if (owned_) close(descriptor_);
  }

  bool WaitReadable(std::chrono::milliseconds timeout) override {
    if (regular_) return true;
    pollfd one = {descriptor_, POLLIN, 0};
    constexpr int64_t kLongest = 1 << 30;
    const int wait = timeout.count() < 0 ? -1 : static_cast<int>(std::min<int64_t>(timeout.count(), kLongest));
    const int ready = poll(&one, 1, wait);
    return ready > 0 || (ready < 0 && errno != EINTR);  // an error shows at the next read
  }

  uint64_t bytes_total() const override { return total_; }

 private:
  Result<ReadState> ReadStored(char* to, size_t size, size_t& got) override {
    if (!WaitReadable(std::chrono::milliseconds(0))) return ReadState::kWouldBlock;
    for (;;) {
      const ssize_t count = read(descriptor_, to, size);
      if (count > 0) {
        got = static_cast<size_t>(count);
        return ReadState::kData;
      }
      if (count == 0) return ReadState::kEnd;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return ReadState::kWouldBlock;
      if (errno != EINTR) return ErrnoError(errno, "cannot read");
    }
  }

  const int descriptor_;
  const bool owned_;
  bool regular_ = false;
  uint64_t total_ = 0;
};

class MemoryOrigin final : public ByteInput::Origin {
 public:
  MemoryOrigin(std::string bytes, size_t chunk_bytes) : Origin(chunk_bytes), bytes_(std::move(bytes)) {}
  bool WaitReadable(std::chrono::milliseconds) override { return true; }
  uint64_t bytes_total() const override { return bytes_.size(); }

 private:
  Result<ReadState> ReadStored(char* to, size_t size, size_t& got) override {
    got = std::min(size, bytes_.size() - at_);
    std::memcpy(to, bytes_.data() + at_, got);
    at_ += got;
    return got > 0 ? ReadState::kData : ReadState::kEnd;
  }

  const std::string bytes_;
  size_t at_ = 0;
};

class PlainDecoder final : public ByteInput::Decoder {
 public:
  Result<ReadState> Read(ByteInput::Origin& origin, char* to, size_t size, size_t& got) override {
    const std::string_view buffered = origin.buffered();
    if (buffered.empty()) return origin.ReadDirect(to, size, got);
    got = std::min(size, buffered.size());
    std::memcpy(to, buffered.data(), got);
    origin.Take(got);
    return ReadState::kData;
  }
};

Status Damaged(std::string_view what, const ByteInput::Origin& origin, std::string_view why) {
  return DataLossError(std::string(what) + " data is damaged at byte " + std::to_string(origin.offset()) + ": " + std::string(why));
}

Status CutShort(std::string_view what, const ByteInput::Origin& origin) {
  return DataLossError(std::string(what) + " data ends too early, at byte " + std::to_string(origin.offset()) + ": the file was cut short");
}

class GzipDecoder final : public ByteInput::Decoder {
 public:
  GzipDecoder() { ok_ = inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK; }
  ~GzipDecoder() override {
    if (ok_) inflateEnd(&stream_);
  }

  Result<ReadState> Read(ByteInput::Origin& origin, char* to, size_t size, size_t& got) override {
    if (!ok_) return ResourceExhaustedError("no memory for the gzip decoder");
    while (got == 0) {
      if (between_members_) SkipZeros(origin);
      if (origin.buffered().empty()) {
        ASSIGN_OR_RETURN(const ReadState state, origin.Fill());
        if (state == ReadState::kWouldBlock) return state;
        if (state == ReadState::kEnd && between_members_) return state;
        if (state == ReadState::kEnd) return CutShort("gzip", origin);
        continue;
      }
      RETURN_IF_ERROR(Inflate(origin, to, size, got));
    }
    return ReadState::kData;
  }

 private:
  // Some programs fill the last block with zeros.
  static void SkipZeros(ByteInput::Origin& origin) {
    const std::string_view bytes = origin.buffered();
    origin.Take(std::min(bytes.find_first_not_of('\0'), bytes.size()));
  }

  Status Inflate(ByteInput::Origin& origin, char* to, size_t size, size_t& got) {
    if (std::exchange(between_members_, false)) inflateReset(&stream_);
    const std::string_view bytes = origin.buffered();
    const size_t in = std::min<size_t>(bytes.size(), 1U << 30);
    const size_t out = std::min<size_t>(size, 1U << 30);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(in);
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(out);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    origin.Take(in - stream_.avail_in);
    got = out - stream_.avail_out;
    if (code == Z_STREAM_END) between_members_ = true;
    if (code == Z_OK || code == Z_STREAM_END || (code == Z_BUF_ERROR && got > 0)) return OkStatus();
    return Damaged("gzip", origin, stream_.msg != nullptr ? stream_.msg : "it does not decode");
  }

  z_stream stream_ = {};
  bool ok_ = false;
  bool between_members_ = false;  // a member ended, no other has begun
};

class ZstdDecoder final : public ByteInput::Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {}
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  Result<ReadState> Read(ByteInput::Origin& origin, char* to, size_t size, size_t& got) override {
    if (stream_ == nullptr) return ResourceExhaustedError("no memory for the Zstandard decoder");
    while (got == 0) {
      if (origin.buffered().empty() && !holds_output_) {
        ASSIGN_OR_RETURN(const ReadState state, origin.Fill());
        if (state == ReadState::kWouldBlock) return state;
        if (state == ReadState::kEnd && frame_done_) return state;
        if (state == ReadState::kEnd) return CutShort("Zstandard", origin);
      }
      RETURN_IF_ERROR(Decompress(origin, to, size, got));
    }
    return ReadState::kData;
  }

 private:
  Status Decompress(ByteInput::Origin& origin, char* to, size_t size, size_t& got) {
    const std::string_view bytes = origin.buffered();
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer out = {to, size, 0};
    const size_t code = ZSTD_decompressStream(stream_, &out, &in);
    origin.Take(in.pos);
    if (ZSTD_isError(code) != 0) return Damaged("Zstandard", origin, ZSTD_getErrorName(code));
    got = out.pos;
    frame_done_ = code == 0;
    holds_output_ = out.pos == out.size && !frame_done_;
    return OkStatus();
  }

  ZSTD_DStream* stream_;
  bool frame_done_ = true;
  bool holds_output_ = false;  // decoded bytes may wait inside for room
};

// Which compression `first` (the first bytes of a file) shows; false in `sure` when more bytes are needed.
enum class Compression { kNone, kGzip, kZstd };
Compression DetectCompression(std::string_view first, bool& sure) {
  constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
  constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
  constexpr std::string_view kSkippableTail("\x2a\x4d\x18", 3);  // behind a byte 0x50 to 0x5f
  sure = true;
  if (first.starts_with(kGzipMagic)) return Compression::kGzip;
  if (first.starts_with(kZstdMagic)) return Compression::kZstd;
  const bool skippable = !first.empty() && (static_cast<uint8_t>(first[0]) & 0xF0) == 0x50;
  if (skippable && first.substr(1, 3) == kSkippableTail) return Compression::kZstd;
  sure = !(kGzipMagic.starts_with(first) || kZstdMagic.starts_with(first) || (skippable && kSkippableTail.starts_with(first.substr(1))));
  return Compression::kNone;
}

std::unique_ptr<ByteInput::Decoder> MakeDecoder(Compression compression) {
  if (compression == Compression::kGzip) return std::make_unique<GzipDecoder>();
  if (compression == Compression::kZstd) return std::make_unique<ZstdDecoder>();
  return std::make_unique<PlainDecoder>();
}

}  // namespace

Result<std::unique_ptr<ByteInput>> ByteInput::Open(const std::string& path, size_t chunk_bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoError(errno, "cannot open " + path);
  auto origin = std::make_unique<DescriptorOrigin>(descriptor, true, chunk_bytes);
  struct stat facts = {};
  if (fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) return FailedPreconditionError(path + " is a folder, not a file");
  return std::unique_ptr<ByteInput>(new ByteInput(std::move(origin), path));
}

std::unique_ptr<ByteInput> ByteInput::FromDescriptor(int descriptor, std::string name, size_t chunk_bytes) {
  return std::unique_ptr<ByteInput>(new ByteInput(std::make_unique<DescriptorOrigin>(descriptor, false, chunk_bytes), std::move(name)));
}

std::unique_ptr<ByteInput> ByteInput::FromMemory(std::string bytes, std::string name, size_t chunk_bytes) {
  return std::unique_ptr<ByteInput>(new ByteInput(std::make_unique<MemoryOrigin>(std::move(bytes), chunk_bytes), std::move(name)));
}

ByteInput::ByteInput(std::unique_ptr<Origin> origin, std::string name) : name_(std::move(name)), origin_(std::move(origin)) {}
ByteInput::~ByteInput() = default;

bool ByteInput::WaitReadable(std::chrono::milliseconds timeout) { return origin_->WaitReadable(timeout); }
uint64_t ByteInput::bytes_read() const { return origin_->bytes_read(); }
uint64_t ByteInput::bytes_total() const { return origin_->bytes_total(); }

Status ByteInput::Remember(const Status& status) {
  failure_ = status.WithContext(name_);
  return failure_;
}

Result<ReadState> ByteInput::ChooseDecoder() {
  for (;;) {
    bool sure = false;
    const Compression compression = DetectCompression(origin_->buffered(), sure);
    if (!sure) {
      ASSIGN_OR_RETURN(const ReadState state, origin_->Fill());
      if (state == ReadState::kWouldBlock) return state;
      if (state == ReadState::kData) continue;
    }
    decoder_ = MakeDecoder(compression);
    return ReadState::kData;
  }
}

Result<ReadState> ByteInput::ReadDecoded(char* to, size_t size, size_t& got) {
  got = 0;
  if (decoder_ == nullptr) {
    ASSIGN_OR_RETURN(const ReadState state, ChooseDecoder());
    if (state != ReadState::kData) return state;
  }
  return decoder_->Read(*origin_, to, size, got);
}

Result<ReadState> ByteInput::FillPeek(size_t at_least) {
  while (peeked().size() < at_least) {
    peek_.erase(0, std::exchange(peek_taken_, 0));
    const size_t had = peek_.size();
    peek_.resize(at_least);
    size_t got = 0;
    Result<ReadState> state = ReadDecoded(peek_.data() + had, at_least - had, got);
    peek_.resize(had + got);
    if (!state.ok() || *state != ReadState::kData) return state;
  }
  return ReadState::kData;
}

// kData or kEnd once that is settled.
Result<ReadState> ByteInput::DropByteOrderMark() {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  ReadState state = ReadState::kData;
  while (state == ReadState::kData && peeked().size() < kMark.size() && kMark.starts_with(peeked())) {
    ASSIGN_OR_RETURN(state, FillPeek(peeked().size() + 1));
  }
  if (state == ReadState::kWouldBlock) return state;
  if (peeked().starts_with(kMark)) peek_taken_ += kMark.size();
  mark_checked_ = true;
  return state;
}

Result<ReadState> ByteInput::Peek(size_t at_least) {
  if (!failure_.ok()) return failure_;
  if (!mark_checked_) {
    Result<ReadState> state = DropByteOrderMark();
    if (!state.ok()) return Remember(state.status());
    if (*state == ReadState::kWouldBlock) return state;
  }
  Result<ReadState> state = FillPeek(at_least);
  if (!state.ok()) return Remember(state.status());
  return state;
}

Result<ReadState> ByteInput::Read(char* to, size_t size, size_t& got) {
  got = 0;
  if (!mark_checked_) {
    ASSIGN_OR_RETURN(const ReadState state, Peek(0));
    if (state == ReadState::kWouldBlock) return state;
  }
  if (const std::string_view ahead = peeked(); !ahead.empty()) {
    got = std::min(size, ahead.size());
    std::memcpy(to, ahead.data(), got);
    peek_taken_ += got;
    return ReadState::kData;
  }
  if (!failure_.ok()) return failure_;
  Result<ReadState> state = ReadDecoded(to, size, got);
  if (!state.ok()) return Remember(state.status());
  return state;
}

Result<ReadState> ByteInput::ReadStored(char* to, size_t size, size_t& got) {
  RETURN_IF_ERROR(failure_);
  got = 0;
  Result<ReadState> state = origin_->ReadDirect(to, size, got);
  if (!state.ok()) return Remember(state.status());
  return state;
}

}  // namespace sakuin::indexer
