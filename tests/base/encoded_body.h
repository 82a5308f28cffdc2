// encoded_body.h: bodies as servers compress them, for tests.
#pragma once

#include <string>
#include <string_view>

namespace sakuin {

// `coding`: gzip, deflate (wrapped by zlib), raw-deflate, br, zstd.
std::string Encoded(std::string_view coding, std::string_view text);

// So many MiB of zeros under gzip, a member for each.
std::string GzipBomb(size_t mebibytes);

}  // namespace sakuin
