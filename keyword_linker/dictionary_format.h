// dictionary_format.h: the bytes of a dictionary file, for its writer and its reader.
//
//   header (32 bytes): magic, version, number of sections, 16 bytes of zeros
//   sections, each from a 64-byte border
//   table of contents: per section its kind (u32), zeros (u32), begin, size, checksum (u64 each)
//   footer (32 bytes): begin of the table (u64), its checksum (u64), zeros, magic
//
// Numbers are little-endian, checksums XXH3-64. Specification with a worked
// example: docs/keyword_dictionary.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sakuin::keyword_linker {

inline constexpr std::string_view kDictionaryMagic = "SAKUINKW";
inline constexpr uint32_t kDictionaryVersion = 2;
inline constexpr size_t kDictionaryHeaderBytes = 32;
inline constexpr size_t kDictionaryFooterBytes = 32;
inline constexpr size_t kDictionaryTocEntryBytes = 32;
inline constexpr size_t kDictionaryAlignment = 64;

enum class DictionarySection : uint32_t {
  kFolding = 1,     // fingerprint of the folding rules (u64)
  kAlphabet = 2,    // u32: the code point of code 1, 2, ...
  kNodes = 3,       // AutomatonNode
  kLinks = 4,       // AutomatonLink
  kOutputs = 5,     // AutomatonOutput
  kTails = 6,       // u16
  kFirsts = 7,      // u32: first entry of each keyword, and the number of entries
  kPriorities = 8,  // i32 of each entry
  kOffsets = 9,     // u64: where each entry's strings begin, and the end
  kStrings = 10,    // per entry: varint length of the keyword, the keyword, the target
};
inline constexpr uint32_t kDictionarySections = 10;

}  // namespace sakuin::keyword_linker
