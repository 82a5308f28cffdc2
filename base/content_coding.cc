#include "base/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace sakuin {
namespace {

constexpr size_t kFirstRoom = 32 << 10;
constexpr size_t kMostAtOnce = 1 << 30;  // zlib counts in 32 bits
constexpr int kZstdWindowLog = 23;       // RFC 9659
constexpr size_t kZstdStep = 16 << 10;   // of a step that finds damage, nothing is to be had
constexpr std::string_view kGzipMark = "\x1F\x8B";
constexpr std::string_view kZstdMark = "\x28\xB5\x2F\xFD";

enum class Coding { kPlain, kGzip, kDeflate, kBrotli, kZstd, kUnsupported };

struct NamedCoding {
  Coding coding = Coding::kPlain;
  std::string name;
};

Coding CodingOf(std::string_view name) {
  if (name == "gzip" || name == "x-gzip") return Coding::kGzip;
  if (name == "deflate") return Coding::kDeflate;
  if (name == "br") return Coding::kBrotli;
  if (name == "zstd") return Coding::kZstd;
  constexpr std::array<std::string_view, 8> kOthers = {"aes128gcm", "compress", "dcb", "dcz", "exi", "pack200-gzip", "sdch", "x-compress"};
  return std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end() ? Coding::kUnsupported : Coding::kPlain;
}

// In the order in which they were applied, without those that change nothing.
std::vector<NamedCoding> CodingsOf(std::string_view header) {
  std::vector<NamedCoding> codings;
  while (!header.empty()) {
    const size_t comma = std::min(header.find(','), header.size());
    std::string_view word = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (!word.empty() && word.front() <= ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() <= ' ') word.remove_suffix(1);
    std::string name(word);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (const Coding coding = CodingOf(name); coding != Coding::kPlain) codings.push_back({coding, std::move(name)});
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
  size_t room() const { return std::min(out_.size() - used_, kMostAtOnce); }
  void Used(size_t bytes) { used_ += bytes; }
  bool OverLimit() const { return used_ > limit_; }
  void Finish() { out_.resize(std::min(used_, limit_)); }

 private:
  std::string& out_;
  size_t limit_;
  size_t used_ = 0;
};

// One z_stream; `bits` as inflateInit2 takes them.
class Inflater {
 public:
  explicit Inflater(int bits) { ready_ = inflateInit2(&stream_, bits) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  CodingProblem Run(std::string_view body, Output& out) {
    if (!ready_) return CodingProblem::kNoMemory;
    body_ = body;
    while (true) {
      const int state = Step(out);
      if (out.OverLimit()) return CodingProblem::kOverLimit;
      if (state == Z_STREAM_END) {
        if (!NextMember()) return CodingProblem::kNone;
      } else if (state == Z_BUF_ERROR || (state == Z_OK && body_.empty() && out.room() > 0)) {
        return CodingProblem::kCutShort;
      } else if (state != Z_OK) {
        return state == Z_MEM_ERROR ? CodingProblem::kNoMemory : CodingProblem::kDamaged;
      }
    }
  }

 private:
  int Step(Output& out) {
    out.Grow();
    const std::string_view in = body_.substr(0, kMostAtOnce);
    const size_t room = out.room();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.at());
    stream_.avail_out = static_cast<uInt>(room);
    const int state = inflate(&stream_, Z_NO_FLUSH);
    body_.remove_prefix(in.size() - stream_.avail_in);
    out.Used(room - stream_.avail_out);
    return state;
  }

  // Another member of gzip behind the one that ended; anything else there is ignored, as browsers do.
  bool NextMember() { return body_.size() > kGzipMark.size() && body_.starts_with(kGzipMark) && inflateReset(&stream_) == Z_OK; }

  z_stream stream_{};
  std::string_view body_;  // what is yet to be read
  bool ready_ = false;
};

// The first byte of zlib's wrapping has 8 in its low half, and the first two are a multiple of 31.
bool LooksWrapped(std::string_view body) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(body[i]); };
  return body.size() >= 2 && (byte(0) & 0x0f) == Z_DEFLATED && (byte(0) * 256 + byte(1)) % 31 == 0;
}

CodingProblem Inflate(std::string_view body, int bits, size_t limit, std::string& text) {
  Output out(text, limit);
  const CodingProblem problem = Inflater(bits).Run(body, out);
  out.Finish();
  return problem;
}

// Of both ways to read it, the one that finds no damage; if both do, what there is with the wrapping.
CodingProblem UndoDeflate(std::string_view body, size_t limit, std::string& text) {
  if (!LooksWrapped(body)) return Inflate(body, -MAX_WBITS, limit, text);
  const CodingProblem problem = Inflate(body, MAX_WBITS, limit, text);
  if (problem != CodingProblem::kDamaged) return problem;
  std::string raw_text;
  const CodingProblem raw = Inflate(body, -MAX_WBITS, limit, raw_text);
  if (raw == CodingProblem::kDamaged) return problem;
  text = std::move(raw_text);
  return raw;
}

CodingProblem UndoBrotli(std::string_view body, Output& out) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
                                                                                           BrotliDecoderDestroyInstance);
  if (!state) return CodingProblem::kNoMemory;
  const auto* in = reinterpret_cast<const uint8_t*>(body.data());
  size_t left = body.size();
  while (true) {
    out.Grow();
    auto* at = reinterpret_cast<uint8_t*>(out.at());
    const size_t room = out.room();
    size_t unused = room;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state.get(), &left, &in, &unused, &at, nullptr);
    out.Used(room - unused);
    if (out.OverLimit()) return CodingProblem::kOverLimit;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return CodingProblem::kNone;
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT && unused > 0) return CodingProblem::kCutShort;  // else it may hold more
    if (result == BROTLI_DECODER_RESULT_ERROR) return CodingProblem::kDamaged;
  }
}

CodingProblem UndoZstd(std::string_view body, Output& out) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  if (!stream || ZSTD_isError(ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kZstdWindowLog)) != 0) return CodingProblem::kNoMemory;
  ZSTD_inBuffer in{body.data(), 0, 0};
  while (true) {
    out.Grow();
    in.size = std::min(body.size(), in.pos + kZstdStep);
    ZSTD_outBuffer piece{out.at(), out.room(), 0};
    const size_t wanted = ZSTD_decompressStream(stream.get(), &piece, &in);
    if (ZSTD_isError(wanted) != 0) return CodingProblem::kDamaged;
    out.Used(piece.pos);
    if (out.OverLimit()) return CodingProblem::kOverLimit;
    const bool all_read = in.pos == body.size();
    if (wanted == 0 && all_read) return CodingProblem::kNone;
    if (all_read && piece.pos < piece.size) return CodingProblem::kCutShort;
  }
}

CodingProblem CopyPlain(std::string_view body, size_t limit, std::string& out) {
  out.assign(body.substr(0, limit));
  return body.size() > limit ? CodingProblem::kOverLimit : CodingProblem::kNone;
}

bool IsMislabelled(Coding coding, std::string_view body) {
  const auto begins_as = [body](std::string_view mark) { return body.starts_with(mark) || mark.starts_with(body); };
  return (coding == Coding::kGzip && !begins_as(kGzipMark)) || (coding == Coding::kZstd && !begins_as(kZstdMark));
}

CodingProblem UndoCoding(Coding coding, std::string_view body, size_t limit, std::string& text) {
  if (coding == Coding::kGzip) return Inflate(body, MAX_WBITS + 16, limit, text);
  if (coding == Coding::kDeflate) return UndoDeflate(body, limit, text);
  Output out(text, limit);
  const CodingProblem problem = coding == Coding::kBrotli ? UndoBrotli(body, out) : UndoZstd(body, out);
  out.Finish();
  return problem;
}

void KeepFirst(CodingProblem problem, CodingResult& result) {
  if (result.problem == CodingProblem::kNone) result.problem = problem;
}

}  // namespace

bool IsPlain(std::string_view codings) { return CodingsOf(codings).empty(); }

CodingResult UndoCodings(std::string_view codings, std::string_view body, size_t limit, std::string& out) {
  CodingResult result;
  std::vector<NamedCoding> layers = CodingsOf(codings);
  if (layers.size() > kMaxCodings) {
    CopyPlain(body, limit, out);
    return {CodingProblem::kUnsupported, std::string(codings)};
  }
  if (body.empty()) layers.clear();
  std::string layer;
  for (; !layers.empty() && (result.problem == CodingProblem::kNone || !body.empty()); layers.pop_back()) {
    const Coding coding = layers.back().coding;
    if (coding == Coding::kUnsupported) {
      KeepFirst(CodingProblem::kUnsupported, result);
      result.unsupported = layers.back().name;
      break;
    }
    if (IsMislabelled(coding, body)) continue;
    std::string text;
    KeepFirst(UndoCoding(coding, body, limit, text), result);
    layer.swap(text);
    body = layer;
  }
  if (body.data() == layer.data() && !layer.empty()) {
    out = std::move(layer);
  } else {
    KeepFirst(CopyPlain(body, limit, out), result);
  }
  return result;
}

}  // namespace sakuin
