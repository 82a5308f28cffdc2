// compression.h: general-purpose compression of blocks of bytes (zstd inside).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin {

// Appends the compressed bytes to `out`.
void Compress(std::string_view bytes, std::string& out);

// Replaces `out`. DATA_LOSS when `bytes` are not what Compress made of exactly
// `size` bytes; never allocates more than `size`.
Status Decompress(std::string_view bytes, size_t size, std::string& out);

}  // namespace sakuin
