// source_testing.h: what the tests of sources share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/source.h"

namespace sakuin::indexer {

// All that a source gives.
struct Reading {
  std::vector<index::Document> documents;
  std::vector<RecordError> errors;
  std::vector<uint64_t> lines;  // of the documents
  Status status;
  SourceProgress progress;
  LeftOut left_out;
};
Reading ReadAll(DocumentSource& source);
Reading ReadBytes(SourceFormat format, std::string bytes, SourceOptions options = {});
Reading ReadPaths(std::vector<std::string> paths, SourceOptions options = {});

// "path=value path=value": numbers plain, strings in quotes.
std::string Fields(const index::Document& document);
// key, version, fields and stored of every document and all errors, a line each.
std::string Describe(const Reading& reading);

std::string Gzip(std::string_view bytes);
std::string Zstd(std::string_view bytes);

// A folder that goes when the test does.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(std::string_view name = "") const;
  // Makes the folders on the way; returns the full path.
  std::string Write(std::string_view name, std::string_view bytes) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace sakuin::indexer
