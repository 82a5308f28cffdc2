// index_verifier.h: reads every byte of an index and says what is wrong with it.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "index/manifest.h"

namespace sakuin::indexer {

// One sentence per problem; empty when all is well. Journals of a killed writer
// are no problem (the next writer brings them in) unless they are damaged. A
// writer may commit meanwhile: one generation is checked, whose files stay open.
std::vector<std::string> VerifyIndex(FileSystem& fs, const std::string& folder);

// The same of the files of one generation, which need not be current yet, and of schema.toml.
std::vector<std::string> VerifyFiles(FileSystem& fs, const std::string& folder, const index::Manifest& manifest);

}  // namespace sakuin::indexer
