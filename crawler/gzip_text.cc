#include "crawler/gzip_text.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace sakuin::crawler {
namespace {

Status TooLong(size_t limit) { return ResourceExhaustedError("has more than " + std::to_string(limit) + " bytes; what is beyond is not read"); }

class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Status Run(std::string_view bytes, size_t limit, std::string& out) {
    if (!ready_) return ResourceExhaustedError("no memory to unpack gzip");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT(cppcoreguidelines-pro-type-const-cast): zlib only reads it
    stream_.avail_in = static_cast<uInt>(std::min<size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
    std::array<char, 65536> chunk;
    int result = Z_OK;
    while (result == Z_OK || AtNextMember(result)) {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      result = inflate(&stream_, Z_NO_FLUSH);
      out.append(chunk.data(), chunk.size() - stream_.avail_out);
      if (out.size() > limit) {
        out.resize(limit);
        return TooLong(limit);
      }
    }
    return result == Z_STREAM_END ? OkStatus() : DataLossError("has damaged or incomplete gzip data");
  }

 private:
  // A file may have several, one behind the other.
  bool AtNextMember(int result) {
    constexpr unsigned char kMagic[] = {0x1F, 0x8B};
    if (result != Z_STREAM_END || stream_.avail_in <= sizeof(kMagic)) return false;
    return std::equal(std::begin(kMagic), std::end(kMagic), stream_.next_in) && inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_ = {};
  bool ready_ = false;
};

}  // namespace

Status UnpackText(std::string_view& bytes, size_t limit, std::string& unpacked) {
  constexpr std::string_view kMagic = "\x1F\x8B";
  if (bytes.starts_with(kMagic)) {
    Status status = Inflater().Run(bytes, limit, unpacked);
    bytes = unpacked;
    return status;
  }
  if (bytes.size() <= limit) return OkStatus();
  bytes = bytes.substr(0, limit);
  return TooLong(limit);
}

}  // namespace sakuin::crawler
