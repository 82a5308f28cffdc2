// dictionary_checksums.h: a dictionary whose bytes a test has changed, made whole again.
//
//   file[at] ^= 1;
//   MakeChecksumsRight(file);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/dictionary_format.h"

namespace sakuin::keyword_linker {

// The checksums of a file whose table of contents can be found.
inline void MakeChecksumsRight(std::string& file) {
  if (file.size() < kDictionaryHeaderBytes + kDictionaryFooterBytes) return;
  char* footer = file.data() + file.size() - kDictionaryFooterBytes;
  const size_t toc_size = kDictionarySections * kDictionaryTocEntryBytes;
  const uint64_t toc = LoadUnaligned<uint64_t>(footer);
  if (toc > file.size() || file.size() - toc < toc_size) return;
  for (uint32_t i = 0; i < kDictionarySections; ++i) {
    char* entry = file.data() + toc + i * kDictionaryTocEntryBytes;
    const uint64_t begin = LoadUnaligned<uint64_t>(entry + 8);
    const uint64_t size = LoadUnaligned<uint64_t>(entry + 16);
    if (begin > file.size() || size > file.size() - begin) continue;
    StoreUnaligned(entry + 24, Checksum(std::string_view(file).substr(begin, size)));
  }
  StoreUnaligned(footer + 8, Checksum(std::string_view(file).substr(toc, toc_size)));
}

}  // namespace sakuin::keyword_linker
