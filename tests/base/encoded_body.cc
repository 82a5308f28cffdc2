#include "tests/base/encoded_body.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <cstdlib>

namespace sakuin {
namespace {

std::string Deflated(std::string_view text, int bits) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string Encoded(std::string_view coding, std::string_view text) {
  if (coding == "gzip") return Deflated(text, 15 + 16);
  if (coding == "deflate") return Deflated(text, 15);
  if (coding == "raw-deflate") return Deflated(text, -15);
  std::string out(coding == "br" ? BrotliEncoderMaxCompressedSize(text.size()) + 1024 : ZSTD_compressBound(text.size()), '\0');
  size_t size = out.size();
  if (coding == "zstd") size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  if (coding == "br" && BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, text.size(), reinterpret_cast<const uint8_t*>(text.data()), &size,
                                              reinterpret_cast<uint8_t*>(out.data())) == BROTLI_FALSE) {
    std::abort();
  }
  out.resize(size);
  return out;
}

std::string GzipBomb(size_t mebibytes) {
  const std::string member = Encoded("gzip", std::string(1 << 20, '0'));
  std::string bomb;
  for (size_t i = 0; i < mebibytes; ++i) bomb += member;
  return bomb;
}

}  // namespace sakuin
