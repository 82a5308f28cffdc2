#include "tests/indexer/source_testing.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <utility>

namespace sakuin::indexer {

Reading ReadAll(DocumentSource& source) {
  Reading reading;
  index::Document document;
  for (;;) {
    const Result<ReadOutcome> outcome = source.Next(document);
    if (!outcome.ok()) reading.status = outcome.status();
    if (!outcome.ok() || *outcome == ReadOutcome::kEnd) break;
    if (*outcome == ReadOutcome::kWouldBlock) source.WaitReadable(std::chrono::milliseconds(1000));
    if (*outcome == ReadOutcome::kBrokenRecord) reading.errors.push_back(source.error());
    if (*outcome != ReadOutcome::kDocument) continue;
    reading.documents.push_back(document);
    reading.lines.push_back(source.line());
  }
  reading.progress = source.progress();
  reading.left_out = source.left_out();
  return reading;
}

Reading ReadBytes(SourceFormat format, std::string bytes, SourceOptions options) {
  options.format = format;
  std::unique_ptr<ByteInput> input = ByteInput::FromMemory(std::move(bytes), "file", options.chunk_bytes);
  return ReadAll(*MakeSource(std::move(input), {"file", "file"}, options));
}

Reading ReadPaths(std::vector<std::string> paths, SourceOptions options) {
  const Result<std::unique_ptr<SourceSequence>> source = OpenSources(std::move(paths), std::move(options));
  if (source.ok()) return ReadAll(**source);
  Reading reading;
  reading.status = source.status();
  return reading;
}

std::string Fields(const index::Document& document) {
  std::string out;
  for (const index::FieldValue& field : document.fields) {
    out += (out.empty() ? "" : " ") + field.path + "=";
    if (const auto* text = std::get_if<std::string>(&field.value)) out += '"' + *text + '"';
    if (const auto* integer = std::get_if<int64_t>(&field.value)) out += std::to_string(*integer);
    if (const auto* number = std::get_if<double>(&field.value)) out += "double:" + std::to_string(*number);
    if (const auto* boolean = std::get_if<bool>(&field.value)) out += *boolean ? "true" : "false";
  }
  return out;
}

std::string Describe(const Reading& reading) {
  std::string out;
  for (size_t i = 0; i < reading.documents.size(); ++i) {
    const index::Document& document = reading.documents[i];
    out += std::to_string(reading.lines[i]) + " " + document.key + " v" + std::to_string(document.version) + " " + Fields(document) + " " +
           document.stored + "\n";
  }
  for (const RecordError& error : reading.errors) out += error.ToString() + "\n";
  return out + reading.status.ToString();
}

std::string Gzip(std::string_view bytes) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "sakuin-source-XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::path(std::string_view name) const { return name.empty() ? folder_.string() : (folder_ / name).string(); }

std::string TemporaryFolder::Write(std::string_view name, std::string_view bytes) const {
  const std::filesystem::path path = folder_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path.string();
}

}  // namespace sakuin::indexer
