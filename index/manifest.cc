#include "index/manifest.h"

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "base/checksum.h"
#include "index/filename.h"
#include "index/format.h"

namespace sakuin::index {
namespace {

constexpr std::string_view kCurrentPrefix = "sakuin 1 ";

void EncodeSegment(const SegmentEntry& segment, std::string& out) {
  AppendLengthPrefixed(out, segment.name);
  AppendVarint(out, segment.bytes);
  AppendU64(out, segment.checksum);
  AppendVarint(out, segment.shard);
  AppendVarint(out, segment.documents);
  AppendVarint(out, segment.deleted);
  AppendVarint(out, segment.deletes_generation);
  AppendU64(out, segment.deletes_checksum);
  AppendVarint(out, segment.statistics.size());
  for (const FieldStatistics& field : segment.statistics) {
    AppendVarint(out, field.documents);
    AppendVarint(out, field.total_length);
  }
  AppendVarint(out, segment.analyzers.size());
  for (const uint64_t fingerprint : segment.analyzers) AppendVarint(out, fingerprint);
}

SegmentEntry DecodeSegment(ByteReader& in) {
  SegmentEntry segment;
  segment.name = in.ReadLengthPrefixed();
  segment.bytes = in.ReadVarint();
  segment.checksum = in.ReadU64();
  segment.shard = in.ReadVarint32();
  segment.documents = in.ReadVarint32();
  segment.deleted = in.ReadVarint32();
  segment.deletes_generation = in.ReadVarint();
  segment.deletes_checksum = in.ReadU64();
  const uint64_t fields = in.ReadVarint();
  for (uint64_t i = 0; i < fields && in.ok(); ++i) {
    const uint64_t documents = in.ReadVarint();
    segment.statistics.push_back({documents, in.ReadVarint()});
  }
  const uint64_t analyzers = in.ReadVarint();
  for (uint64_t i = 0; i < analyzers && in.ok(); ++i) segment.analyzers.push_back(in.ReadVarint());
  return segment;
}

std::string CurrentLine(const std::string& manifest_name, uint64_t checksum) {
  const std::string line = std::string(kCurrentPrefix) + manifest_name + " " + Hex(checksum) + " ";
  return line + Hex(Checksum(line)) + "\n";
}

Status DamagedCurrent(const std::string& path, const std::string& found) {
  return DataLossError(path + " is damaged: expected one line 'sakuin 1 MANIFEST CHECKSUM CHECKSUM', found " + std::to_string(found.size()) +
                       " bytes that are not; restore the index from a backup");
}

// The manifests of a folder, oldest first. A folder that is not there has none.
Result<std::vector<std::string>> ManifestsIn(FileSystem& fs, const std::string& folder) {
  std::vector<std::string> manifests;
  if (!fs.Exists(folder)) return manifests;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  for (const std::string& name : names) {
    if (KindOfFile(name, nullptr) == FileKind::kManifest) manifests.push_back(name);
  }
  return manifests;
}

// What is to be said of a line of CURRENT that no index has written, or not so.
Status WrongCurrent(FileSystem& fs, const std::string& folder, const std::string& line) {
  ASSIGN_OR_RETURN(const bool is_of_index, HoldsIndex(fs, folder));
  if (is_of_index) return DamagedCurrent(JoinPath(folder, kCurrentFile), line);
  return FailedPreconditionError("there is no index in " + folder + ": its file " + std::string(kCurrentFile) + " is of something else");
}

// The first generation is whole as soon as its manifest is there: a writer ended
// just before it wrote CURRENT. Of a later one nobody can tell.
Result<Manifest> ReadWithoutCurrent(FileSystem& fs, const std::string& folder) {
  const std::string path = JoinPath(folder, kCurrentFile);
  ASSIGN_OR_RETURN(const std::vector<std::string> manifests, ManifestsIn(fs, folder));
  if (fs.Exists(path)) return ReadCurrentManifest(fs, folder);  // it came meanwhile
  if (manifests.empty()) {
    return NotFoundError("there is no index in " + folder + " (no file " + std::string(kCurrentFile) + "); make one with: sakuin index --index " +
                         folder + " FILE...");
  }
  if (manifests.size() == 1 && manifests[0] == ManifestFile(1)) {
    const Result<std::string> bytes = fs.ReadAll(JoinPath(folder, manifests[0]));
    if (!bytes.ok()) return fs.Exists(path) ? ReadCurrentManifest(fs, folder) : bytes.status();
    Result<Manifest> manifest = Manifest::Decode(*bytes);
    if (manifest.ok() && manifest->generation == 1) return manifest;
  }
  return DataLossError(path + " is missing, and " + manifests.back() + " is there: the index is damaged; restore it from a backup");
}

// The manifest that the line of CURRENT names.
Result<Manifest> ReadNamedManifest(FileSystem& fs, const std::string& folder, const std::string& line) {
  const std::string path = JoinPath(folder, kCurrentFile);
  // "sakuin 1 " manifest-<20 digits> " " <16 hex> " " <16 hex> "\n"
  const size_t name_bytes = ManifestFile(0).size();
  if (line.size() != kCurrentPrefix.size() + name_bytes + 2 + 16 + 16 + 1) return WrongCurrent(fs, folder, line);
  const std::string head = line.substr(0, line.size() - 17);
  if (line.substr(line.size() - 17, 16) != Hex(Checksum(head))) return WrongCurrent(fs, folder, line);
  const std::string name = line.substr(kCurrentPrefix.size(), name_bytes);
  ASSIGN_OR_RETURN(const std::string bytes, fs.ReadAll(JoinPath(folder, name)));
  const uint64_t checksum = Checksum(bytes);
  if (line != CurrentLine(name, checksum)) {
    return DataLossError(JoinPath(folder, name) + " is damaged: its checksum does not fit; restore the index from a backup");
  }
  Result<Manifest> manifest = Manifest::Decode(bytes);
  if (!manifest.ok()) return manifest.status().WithContext(JoinPath(folder, name));
  return manifest;
}

}  // namespace

uint64_t Manifest::documents() const {
  uint64_t documents = 0;
  for (const SegmentEntry& segment : segments) documents += segment.documents - segment.deleted;
  return documents;
}

std::string Manifest::WhatIsCutOtherwise(const std::function<uint64_t(const Field&)>& fingerprint_of) const {
  std::map<std::string, uint64_t> now;  // by analyzer: a fingerprint takes some microseconds, and fields are many
  for (FieldId id = 0; id < schema.fields.size(); ++id) {
    const Field& field = schema.fields[id];
    if (field.type != FieldType::kText || field.hidden) continue;
    const auto [known, added] = now.try_emplace(field.analyzer, 0);
    if (added) known->second = fingerprint_of(field);
    const uint64_t fingerprint = known->second;
    const bool otherwise = std::any_of(segments.begin(), segments.end(), [&](const SegmentEntry& segment) {
      const uint64_t recorded = id < segment.analyzers.size() ? segment.analyzers[id] : 0;
      return recorded != 0 && recorded != fingerprint;
    });
    if (!otherwise) continue;
    return "the texts of field '" + field.name + "' were cut by another version of the analyzer '" + field.analyzer +
           "' (its rules, library or dictionary)";
  }
  return {};
}

std::string Manifest::Encode() const {
  std::string bytes(kManifestMagic, kMagicBytes);
  AppendU32(bytes, kManifestVersion);
  AppendU64(bytes, generation);
  AppendU64(bytes, next_sequence);
  AppendU64(bytes, first_journal);
  schema.Encode(bytes);
  AppendVarint(bytes, segments.size());
  for (const SegmentEntry& segment : segments) EncodeSegment(segment, bytes);
  return bytes;
}

Result<Manifest> Manifest::Decode(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.ReadBytes(kMagicBytes) != std::string_view(kManifestMagic, kMagicBytes)) return DataLossError("it does not begin as a manifest does");
  if (const uint32_t version = in.ReadU32(); version == 0 || version > kManifestVersion) {
    return InvalidArgumentError("it has format version " + std::to_string(version) + ", this program reads versions 1 to " +
                                std::to_string(kManifestVersion) + ": search it with the program that wrote it, or index the documents again");
  }
  Manifest manifest;
  manifest.generation = in.ReadU64();
  manifest.next_sequence = in.ReadU64();
  manifest.first_journal = in.ReadU64();
  ASSIGN_OR_RETURN(manifest.schema, Schema::Decode(in));
  const uint64_t count = in.ReadVarint();
  for (uint64_t i = 0; i < count && in.ok(); ++i) manifest.segments.push_back(DecodeSegment(in));
  if (!in.ok() || !in.AtEnd()) return DataLossError("it does not end where it should");
  return manifest;
}

// A manifest that is gone was removed by a writer which has committed meanwhile: then CURRENT names another.
Result<Manifest> ReadCurrentManifest(FileSystem& fs, const std::string& folder) {
  const std::string path = JoinPath(folder, kCurrentFile);
  std::string tried;
  for (;;) {
    if (!fs.Exists(path)) return ReadWithoutCurrent(fs, folder);
    ASSIGN_OR_RETURN(std::string line, fs.ReadAll(path));
    Result<Manifest> manifest = ReadNamedManifest(fs, folder, line);
    if (manifest.ok() || manifest.status().code() != StatusCode::kNotFound) return manifest;
    if (line == tried) {
      return DataLossError(std::string(manifest.status().message()) + "; " + path + " names it: the index is damaged; restore it from a backup");
    }
    tried = std::move(line);
  }
}

Result<bool> HoldsIndex(FileSystem& fs, const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> manifests, ManifestsIn(fs, folder));
  if (!manifests.empty()) return true;
  const std::string path = JoinPath(folder, kCurrentFile);
  if (!fs.Exists(path)) return false;
  ASSIGN_OR_RETURN(const std::string begin, fs.ReadSome(path, 0, kCurrentPrefix.size()));
  return begin == kCurrentPrefix;
}

Status CheckFolderForIndex(FileSystem& fs, const std::string& folder) {
  if (!fs.Exists(folder)) return OkStatus();
  ASSIGN_OR_RETURN(const bool holds_index, HoldsIndex(fs, folder));
  if (holds_index) return OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(folder));
  const auto is_foreign = [](const std::string& name) {
    const FileKind kind = KindOfFile(name, nullptr);
    return (kind == FileKind::kOther && !IsIncidental(name)) || kind == FileKind::kCurrent;
  };
  const auto foreign = std::find_if(names.begin(), names.end(), is_foreign);
  if (foreign == names.end()) return OkStatus();
  return FailedPreconditionError(folder + " holds '" + *foreign + "' and no index; expected an index, an empty folder or a new one");
}

Status CommitManifest(FileSystem& fs, const std::string& folder, const Manifest& manifest) {
  const std::string bytes = manifest.Encode();
  const std::string name = ManifestFile(manifest.generation);
  RETURN_IF_ERROR(WriteFileAtomically(fs, JoinPath(folder, name), bytes));
  return WriteFileAtomically(fs, JoinPath(folder, kCurrentFile), CurrentLine(name, Checksum(bytes)));
}

}  // namespace sakuin::index
