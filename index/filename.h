// filename.h: every name of a file in an index folder is made here.
//
//   CURRENT                      one line: which manifest is current
//   manifest-00000000000000000007
//   schema.toml                  a copy of the schema to read and edit
//   segment-<16 hex digits>.seg  immutable
//   segment-<16 hex digits>.<generation>.del
//   journal-00000000000000000003
//   <one of these>*.tmp          unfinished; removed by the next writer
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::index {

inline constexpr std::string_view kCurrentFile = "CURRENT";
inline constexpr std::string_view kSchemaFile = "schema.toml";

std::string ManifestFile(uint64_t generation);
std::string SegmentFile(std::string_view segment);  // "segment-<id>.seg"
std::string DeletesFile(std::string_view segment, uint64_t generation);
std::string JournalFile(uint64_t number);

enum class FileKind { kCurrent, kManifest, kSchema, kSegment, kDeletes, kJournal, kTemporary, kOther };

// What a name in an index folder is; `number` is a manifest's generation or a journal's number.
FileKind KindOfFile(std::string_view name, uint64_t* number);

// Of what is in folders that are empty to their owners: ".DS_Store", ".gitkeep", the "lost+found" of a volume.
bool IsIncidental(std::string_view name);

// 16 lower-case hexadecimal digits.
std::string Hex(uint64_t value);

}  // namespace sakuin::index
