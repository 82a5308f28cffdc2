#include "crawler/content_decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sakuin::crawler {
namespace {

constexpr size_t kMostLayers = 3;
constexpr size_t kFirstRoom = 32 << 10;
constexpr int kZstdWindowLog = 23;  // RFC 9659

enum class Coding { kPlain, kGzip, kDeflate, kBrotli, kZstd, kUnsupported };

Coding CodingOf(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (lower == "gzip" || lower == "x-gzip") return Coding::kGzip;
  if (lower == "deflate") return Coding::kDeflate;
  if (lower == "br") return Coding::kBrotli;
  if (lower == "zstd") return Coding::kZstd;
  if (lower == "compress" || lower == "x-compress" || lower == "exi" || lower == "pack200-gzip" || lower == "dcb" || lower == "dcz") {
    return Coding::kUnsupported;
  }
  return Coding::kPlain;
}

// In the order in which they were applied, without those that change nothing.
std::vector<Coding> CodingsOf(std::string_view header) {
  std::vector<Coding> codings;
  while (!header.empty()) {
    const size_t comma = std::min(header.find(','), header.size());
    std::string_view name = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (!name.empty() && name.front() <= ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() <= ' ') name.remove_suffix(1);
    if (const Coding coding = CodingOf(name); coding != Coding::kPlain) codings.push_back(coding);
  }
  return codings;
}

// A string that grows to `limit` bytes, and says when somebody wants more.
class Output {
 public:
  Output(std::string& out, size_t limit) : out_(out), limit_(limit) { out_.clear(); }

  // Room for at least one byte, more than one byte over the limit never.
  void Grow() {
    if (used_ < out_.size()) return;
    out_.resize(std::min(std::max(kFirstRoom, out_.size() * 2), limit_ + 1));
  }
  char* at() { return out_.data() + used_; }
  size_t room() const { return out_.size() - used_; }
  void Used(size_t bytes) { used_ += bytes; }
  bool OverLimit() const { return used_ > limit_; }
  void Finish() { out_.resize(std::min(used_, limit_)); }

 private:
  std::string& out_;
  size_t limit_;
  size_t used_ = 0;
};

// One z_stream; kBits as inflateInit2 takes them.
class Inflater {
 public:
  explicit Inflater(int bits) { ready_ = inflateInit2(&stream_, bits) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  FetchError Run(std::string_view body, Output& out) {
    if (!ready_) return FetchError::kInternal;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream_.avail_in = static_cast<uInt>(body.size());
    while (true) {
      const int state = Step(out);
      if (out.OverLimit()) return FetchError::kBomb;
      if (state == Z_STREAM_END) {
        if (!NextMember()) return FetchError::kNone;
      } else if (state == Z_BUF_ERROR || (state == Z_OK && stream_.avail_in == 0 && out.room() > 0)) {
        return FetchError::kTruncated;
      } else if (state != Z_OK) {
        return FetchError::kBadEncoding;
      }
    }
  }

 private:
  int Step(Output& out) {
    out.Grow();
    stream_.next_out = reinterpret_cast<Bytef*>(out.at());
    const size_t room = out.room();
    stream_.avail_out = static_cast<uInt>(room);
    const int state = inflate(&stream_, Z_NO_FLUSH);
    out.Used(room - stream_.avail_out);
    return state;
  }

  // Another member of gzip behind the one that ended; anything else there is ignored, as browsers do.
  bool NextMember() { return stream_.avail_in > 2 && stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b && inflateReset(&stream_) == Z_OK; }

  z_stream stream_{};
  bool ready_ = false;
};

FetchError Gunzip(std::string_view body, Output& out) { return Inflater(15 + 16).Run(body, out); }

bool LooksWrapped(std::string_view body) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(body[i]); };
  return body.size() >= 2 && (byte(0) & 0x0f) == Z_DEFLATED && (byte(0) * 256 + byte(1)) % 31 == 0;
}

FetchError UnBrotli(std::string_view body, Output& out) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
                                                                                           BrotliDecoderDestroyInstance);
  if (!state) return FetchError::kInternal;
  const auto* in = reinterpret_cast<const uint8_t*>(body.data());
  size_t left = body.size();
  while (true) {
    out.Grow();
    auto* at = reinterpret_cast<uint8_t*>(out.at());
    const size_t room = out.room();
    size_t unused = room;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state.get(), &left, &in, &unused, &at, nullptr);
    out.Used(room - unused);
    if (out.OverLimit()) return FetchError::kBomb;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return FetchError::kNone;
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return FetchError::kTruncated;
    if (result == BROTLI_DECODER_RESULT_ERROR) return FetchError::kBadEncoding;
  }
}

FetchError UnZstd(std::string_view body, Output& out) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  if (!stream || ZSTD_isError(ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kZstdWindowLog)) != 0) return FetchError::kInternal;
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  while (true) {
    out.Grow();
    ZSTD_outBuffer piece{out.at(), out.room(), 0};
    const size_t wanted = ZSTD_decompressStream(stream.get(), &piece, &in);
    if (ZSTD_isError(wanted) != 0) return FetchError::kBadEncoding;
    out.Used(piece.pos);
    if (out.OverLimit()) return FetchError::kBomb;
    if (wanted == 0 && in.pos == in.size) return FetchError::kNone;
    if (in.pos == in.size && piece.pos < piece.size) return FetchError::kTruncated;
  }
}

FetchError DecodeLayer(Coding coding, std::string_view body, size_t limit, std::string& text) {
  Output out(text, limit);
  FetchError error = FetchError::kBadEncoding;
  if (coding == Coding::kGzip) error = Gunzip(body, out);
  if (coding == Coding::kBrotli) error = UnBrotli(body, out);
  if (coding == Coding::kZstd) error = UnZstd(body, out);
  if (coding == Coding::kDeflate && LooksWrapped(body)) error = Inflater(15).Run(body, out);
  out.Finish();
  if (coding != Coding::kDeflate || error != FetchError::kBadEncoding) return error;
  Output raw(text, limit);
  error = Inflater(-15).Run(body, raw);
  raw.Finish();
  return error;
}

}  // namespace

bool IsPlain(std::string_view codings) { return CodingsOf(codings).empty(); }

FetchError DecodeContent(std::string_view codings, std::string_view body, size_t limit, std::string& out) {
  const std::vector<Coding> layers = CodingsOf(codings);
  if (body.empty() || layers.empty()) {
    out.assign(body.substr(0, limit));
    return body.size() > limit ? FetchError::kBomb : FetchError::kNone;
  }
  out.clear();
  if (layers.size() > kMostLayers) return FetchError::kBadEncoding;
  std::string layer;
  for (auto coding = layers.rbegin(); coding != layers.rend(); ++coding) {
    const FetchError error = DecodeLayer(*coding, coding == layers.rbegin() ? body : std::string_view(layer), limit, out);
    if (error != FetchError::kNone) return error;
    layer.swap(out);
  }
  out.swap(layer);
  return FetchError::kNone;
}

}  // namespace sakuin::crawler
