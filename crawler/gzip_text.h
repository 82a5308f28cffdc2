// gzip_text.h: a file that may be gzipped, within a limit.
//
//   std::string unpacked;
//   Status status = UnpackText(bytes, 50 << 20, unpacked);   // `bytes` is what is to be read now
//
// Files such as sitemap.xml.gz are compressed by themselves, not by HTTP: gzip, all
// its members. Damage and a size over the limit are errors, and what came before is there to be read.
// Thread-safe; takes memory for what is unpacked, no more than the limit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::crawler {

// Where `bytes` are gzip they become a view of `unpacked`; they are cut at the limit.
Status UnpackText(std::string_view& bytes, size_t limit, std::string& unpacked);

}  // namespace sakuin::crawler
