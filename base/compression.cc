#include "base/compression.h"

#include <zstd.h>

#include <memory>

namespace sakuin {
namespace {

constexpr int kLevel = 1;  // 3 is 4 % smaller on articles and half as fast

struct FreeContexts {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

void Compress(std::string_view bytes, std::string& out) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContexts> context(ZSTD_createCCtx());
  const size_t before = out.size();
  out.resize(before + ZSTD_compressBound(bytes.size()));
  const size_t size = ZSTD_compressCCtx(context.get(), out.data() + before, out.size() - before, bytes.data(), bytes.size(), kLevel);
  out.resize(before + size);  // the bound is large enough: cannot fail
}

Status Decompress(std::string_view bytes, size_t size, std::string& out) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContexts> context(ZSTD_createDCtx());
  if (ZSTD_getFrameContentSize(bytes.data(), bytes.size()) != size) return DataLossError("a compressed block does not say the expected size");
  out.resize(size);
  const size_t got = ZSTD_decompressDCtx(context.get(), out.data(), size, bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0) return DataLossError(std::string("cannot decompress a block: ") + ZSTD_getErrorName(got));
  if (got != size) return DataLossError("a compressed block is shorter than it says");
  return OkStatus();
}

}  // namespace sakuin
