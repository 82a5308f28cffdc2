#include "classifier/model_file.h"

#include "base/bytes.h"
#include "base/checksum.h"

namespace sakuin::classifier {
namespace {

constexpr std::string_view kMagic = "SAKUINNB";
constexpr size_t kAlignment = 64;

}  // namespace

std::string JoinModelFile(const ModelSections& sections) {
  std::string head(kMagic);
  AppendU32(head, kModelVersion);
  AppendU32(head, kModelSections);
  size_t at = kModelHeadBytes;
  for (const std::string_view section : sections) {
    at = (at + kAlignment - 1) / kAlignment * kAlignment;
    AppendU64(head, at);
    AppendU64(head, section.size());
    AppendU64(head, Checksum(section));
    at += section.size();
  }
  AppendU64(head, Checksum(head));
  head.reserve(at);
  for (const std::string_view section : sections) {
    head.resize((head.size() + kAlignment - 1) / kAlignment * kAlignment);
    head.append(section);
  }
  return head;
}

Status DamagedModel(const std::string& path, const std::string& what) {
  return DataLossError(path + ": " + what + "; restore the file, or train the model again");
}

Result<uint32_t> SplitModelFile(std::string_view bytes, const std::string& path, ModelSections& sections) {
  if (bytes.size() < kModelHeadBytes || bytes.substr(0, kMagic.size()) != kMagic) return DamagedModel(path, "this is no model of sakuin classify");
  ByteReader in(bytes.substr(kMagic.size()));
  const uint32_t version = in.ReadU32();
  if (version < kOldestModelVersion || version > kModelVersion) {
    return FailedPreconditionError(path + " has version " + std::to_string(version) + " of the format; this program reads versions " +
                                   std::to_string(kOldestModelVersion) + " to " + std::to_string(kModelVersion) + ": train the model again");
  }
  const uint32_t count = in.ReadU32();
  const std::string_view head = bytes.substr(0, kModelHeadBytes - 8);
  if (count != kModelSections || LoadUnaligned<uint64_t>(bytes.data() + head.size()) != Checksum(head)) {
    return DamagedModel(path, "the head does not fit its checksum");
  }
  size_t end = kModelHeadBytes;
  for (size_t s = 0; s < kModelSections; ++s) {
    const uint64_t offset = in.ReadU64();
    const uint64_t size = in.ReadU64();
    const uint64_t checksum = in.ReadU64();
    if (offset < end || offset > bytes.size() || size > bytes.size() - offset) return DamagedModel(path, "the file is cut short or has grown");
    const std::string_view between = bytes.substr(end, offset - end);
    if (between.find_first_not_of('\0') != std::string_view::npos) return DamagedModel(path, "bytes between sections are not 0");
    sections[s] = bytes.substr(offset, size);
    if (Checksum(sections[s]) != checksum) return DamagedModel(path, "section " + std::to_string(s) + " does not fit its checksum");
    end = offset + size;
  }
  if (end != bytes.size()) return DamagedModel(path, "the file goes on behind its last section");
  return version;
}

}  // namespace sakuin::classifier
