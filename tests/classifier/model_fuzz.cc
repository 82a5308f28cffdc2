// Any bytes as a model file (first byte 'r'), or as the sections of one whose
// checksums fit: five lengths (u16), then the bytes.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "classifier/classifier.h"
#include "classifier/model_file.h"
#include "tests/base/memory_file_system.h"

namespace sakuin::classifier {
namespace {

std::string WithChecksums(std::string_view bytes) {
  ByteReader in(bytes);
  std::array<size_t, kModelSections> sizes{};
  for (size_t& size : sizes) size = in.ReadU16();
  ModelSections sections;
  for (size_t s = 0; s < kModelSections; ++s) sections[s] = in.ReadBytes(std::min(sizes[s], in.remaining()));
  return JoinModelFile(sections);
}

void Fuzz(const std::string& bytes) {
  MemoryFileSystem fs;
  fs.Put("m", bytes);
  const auto classifier = Classifier::Open(fs, "m");
  if (!classifier.ok()) return;
  Classifier::Scratch scratch;
  (*classifier)->Predict("w1 free w2 prize w3!! 가나다 w4", {.top = 5, .abstain = 0.1, .explain = true}, scratch);
  const auto documents = (*classifier)->model().DecodeDocuments();
  if (documents.ok() && !TrainingSet::Decode(documents->Encode()).ok()) __builtin_trap();
}

}  // namespace
}  // namespace sakuin::classifier

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  sakuin::classifier::Fuzz(data[0] == 'r' ? bytes : sakuin::classifier::WithChecksums(bytes));
  return 0;
}
