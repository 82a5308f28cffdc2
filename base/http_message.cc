#include "base/http_message.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace sakuin {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr size_t kStep = 64 << 10;  // what a decoder is given room for at once

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// The next line without its end, which is taken from `text` too.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// 200 of "HTTP/1.1 200 OK"; 0: that is none.
int StatusOf(std::string_view line) {
  if (!line.starts_with("HTTP/")) return 0;
  const size_t blank = std::min(line.find(' '), line.size());
  const std::string_view word = Trim(line.substr(blank)).substr(0, 3);
  int status = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), status);
  return error == std::errc() && end == word.data() + 3 && status >= 100 ? status : 0;
}

void AddField(std::string_view line, HttpHead& head) {
  if ((line[0] == ' ' || line[0] == '\t') && !head.fields.empty()) {
    head.fields.back().value.append(" ").append(Trim(line));
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  head.fields.push_back({std::string(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
}

std::vector<std::string> CodingsOf(const std::string& list) {
  std::vector<std::string> out;
  std::string_view rest = list;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string word(Trim(rest.substr(0, comma)));
    std::transform(word.begin(), word.end(), word.begin(), Lower);
    if (!word.empty() && word != "identity") out.push_back(std::move(word));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

// What a decoder did with the room it was given.
enum class Progress { kMore, kEnd, kStuck };

// Gives `step(to, room, made)` room until it is at its end, stuck, or over the limit.
template <typename StepFunction>
HttpBody RunDecoder(size_t max_bytes, StepFunction step) {
  HttpBody out;
  std::vector<char> room(kStep);
  for (;;) {
    size_t made = 0;
    const Progress progress = step(room.data(), room.size(), made);
    const size_t kept = std::min(made, max_bytes - out.bytes.size());
    out.bytes.append(room.data(), kept);
    out.is_cut = kept < made;
    out.is_damaged = progress == Progress::kStuck;
    if (out.is_cut || progress != Progress::kMore) return out;
  }
}

HttpBody Inflate(std::string_view bytes, int window_bits, size_t max_bytes) {
  z_stream stream = {};
  if (inflateInit2(&stream, window_bits) != Z_OK) return {"", true, false, ""};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  return RunDecoder(max_bytes, [&](char* to, size_t size, size_t& made) {
    if (stream.avail_in == 0) {
      const std::string_view next = bytes.substr(0, 1U << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next.data()));
      stream.avail_in = static_cast<uInt>(next.size());
      bytes.remove_prefix(next.size());
    }
    stream.next_out = reinterpret_cast<Bytef*>(to);
    stream.avail_out = static_cast<uInt>(size);
    const int code = inflate(&stream, Z_NO_FLUSH);
    made = size - stream.avail_out;
    if (code == Z_STREAM_END) return Progress::kEnd;
    return code == Z_OK && (made > 0 || stream.avail_in > 0 || !bytes.empty()) ? Progress::kMore : Progress::kStuck;
  });
}

// The first byte of zlib's frame has 8 in its low half, and the first two are a multiple of 31.
bool HasZlibFrame(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned first = static_cast<unsigned char>(bytes[0]);
  return (first & 0xF) == 8 && (first * 256 + static_cast<unsigned char>(bytes[1])) % 31 == 0;
}

HttpBody Unbrotli(std::string_view bytes, size_t max_bytes) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
                                                                                 BrotliDecoderDestroyInstance);
  const uint8_t* in = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t in_left = bytes.size();
  return RunDecoder(max_bytes, [&](char* to, size_t size, size_t& made) {
    uint8_t* out = reinterpret_cast<uint8_t*>(to);
    size_t room = size;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state.get(), &in_left, &in, &room, &out, nullptr);
    made = size - room;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return Progress::kEnd;
    return result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT ? Progress::kMore : Progress::kStuck;
  });
}

HttpBody Unzstd(std::string_view bytes, size_t max_bytes) {
  const std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  return RunDecoder(max_bytes, [&](char* to, size_t size, size_t& made) {
    ZSTD_outBuffer out = {to, size, 0};
    const size_t code = ZSTD_decompressStream(stream.get(), &out, &in);
    made = out.pos;
    if (ZSTD_isError(code) != 0) return Progress::kStuck;
    if (code == 0 && in.pos == in.size) return Progress::kEnd;
    return out.pos > 0 || in.pos < in.size ? Progress::kMore : Progress::kStuck;
  });
}

HttpBody AsItIs(std::string_view bytes, size_t max_bytes) { return {std::string(bytes.substr(0, max_bytes)), false, bytes.size() > max_bytes, ""}; }

// Behind ';' are extensions. False when there is no size.
bool ChunkSize(std::string_view line, size_t& size) {
  line = Trim(line.substr(0, line.find(';')));
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  return error == std::errc() && end == line.data() + line.size();
}

}  // namespace

std::string_view HttpHead::Find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const HttpField& field) { return EqualsIgnoringCase(field.name, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::string HttpHead::FindAll(std::string_view name) const {
  std::string out;
  for (const HttpField& field : fields) {
    if (!EqualsIgnoringCase(field.name, name)) continue;
    out += out.empty() ? "" : ", ";
    out += field.value;
  }
  return out;
}

Result<HttpHead> ParseHttpHead(std::string_view message, bool is_request) {
  HttpHead head;
  std::string_view rest = message;
  head.first_line = std::string(TakeLine(rest).substr(0, kMaxHttpHeadBytes));
  head.status = StatusOf(head.first_line);
  const bool has_words = std::count(head.first_line.begin(), head.first_line.end(), ' ') >= 2;
  if (is_request ? !has_words : head.status == 0) return InvalidArgumentError("not the head of an HTTP message");
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    head.bytes = message.size() - rest.size();
    if (head.bytes > kMaxHttpHeadBytes) return InvalidArgumentError("the head of an HTTP message is longer than 256 KiB");
    if (line.empty()) return head;
    AddField(line, head);
  }
  head.bytes = message.size();
  return head;
}

HttpBody DecodeChunks(std::string_view bytes, size_t max_bytes) {
  HttpBody out;
  std::string_view rest = bytes;
  for (bool first = true;; first = false) {
    size_t size = 0;
    if (!ChunkSize(TakeLine(rest), size)) {
      if (first) return AsItIs(bytes, max_bytes);
      out.is_damaged = true;
      return out;
    }
    if (size == 0) return out;
    const std::string_view chunk = rest.substr(0, size);
    const size_t kept = std::min(chunk.size(), max_bytes - out.bytes.size());
    out.bytes.append(chunk.substr(0, kept));
    rest.remove_prefix(chunk.size());
    out.is_cut = kept < chunk.size();
    out.is_damaged = chunk.size() < size || !TakeLine(rest).empty();
    if (out.is_cut || out.is_damaged) return out;
  }
}

HttpBody DecodeContent(std::string_view coding, std::string_view bytes, size_t max_bytes) {
  if (coding.empty() || coding == "identity") return AsItIs(bytes, max_bytes);
  if (coding == "gzip" || coding == "x-gzip")
    return bytes.starts_with("\x1F\x8B") ? Inflate(bytes, MAX_WBITS + 16, max_bytes) : AsItIs(bytes, max_bytes);
  if (coding == "deflate") return bytes.empty() ? HttpBody() : Inflate(bytes, HasZlibFrame(bytes) ? MAX_WBITS : -MAX_WBITS, max_bytes);
  if (coding == "br") return bytes.empty() ? HttpBody() : Unbrotli(bytes, max_bytes);
  if (coding == "zstd") return bytes.starts_with("\x28\xB5\x2F\xFD") ? Unzstd(bytes, max_bytes) : AsItIs(bytes, max_bytes);
  HttpBody out = AsItIs(bytes, max_bytes);
  out.unknown_coding = std::string(coding);
  return out;
}

HttpBody DecodeHttpBody(const HttpHead& head, std::string_view body, size_t max_bytes) {
  std::vector<std::string> codings = CodingsOf(head.FindAll("Content-Encoding"));
  for (std::string& coding : CodingsOf(head.FindAll("Transfer-Encoding"))) codings.push_back(std::move(coding));
  HttpBody out;
  if (codings.size() > kMaxHttpCodings) {
    out = AsItIs(body, max_bytes);
    out.unknown_coding = head.FindAll("Content-Encoding");
    return out;
  }
  std::string held;
  for (; !codings.empty(); codings.pop_back()) {
    const std::string& coding = codings.back();
    HttpBody decoded = coding == "chunked" ? DecodeChunks(body, max_bytes) : DecodeContent(coding, body, max_bytes);
    held = std::move(decoded.bytes);
    body = held;
    out.is_damaged |= decoded.is_damaged;
    out.is_cut |= decoded.is_cut;
    if (!decoded.unknown_coding.empty()) {
      out.unknown_coding = decoded.unknown_coding;
      break;
    }
  }
  out.is_cut |= body.size() > max_bytes;
  out.bytes = std::string(body.substr(0, max_bytes));
  return out;
}

}  // namespace sakuin
