// model_file.h: a file of sections, each with a checksum.
//
//   const std::string bytes = JoinModelFile({settings, report, buckets, rows, documents});
//   ModelSections sections;
//   ASSIGN_OR_RETURN(const uint32_t version, SplitModelFile(bytes, path, sections));
//
// Head: magic (8 bytes), version (u32), number of sections (u32), for each its
// offset, size and checksum (u64 each), checksum of all that (u64). Then the
// sections, each from a multiple of 64 bytes on with zeros before it. There is no
// byte that may be anything: a file that opens is the file that was written.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::classifier {

// History: 1: the first; all rows of weights are lists. 2: rows are sets where there are few labels.
inline constexpr uint32_t kModelVersion = 2;
inline constexpr uint32_t kOldestModelVersion = 1;

enum ModelSection : size_t { kSettings, kReport, kBuckets, kRows, kDocuments, kModelSections };
inline constexpr size_t kModelHeadBytes = 16 + kModelSections * 24 + 8;

using ModelSections = std::array<std::string_view, kModelSections>;

std::string JoinModelFile(const ModelSections& sections);

// DATA_LOSS says what is damaged, FAILED_PRECONDITION that the version cannot be read; otherwise the version.
Result<uint32_t> SplitModelFile(std::string_view bytes, const std::string& path, ModelSections& sections);

// The error of a damaged file: what, and what to do.
Status DamagedModel(const std::string& path, const std::string& what);

}  // namespace sakuin::classifier
