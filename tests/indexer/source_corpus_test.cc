// Runs source_fuzz.cc over its corpus, whole and cut at every place.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

TEST(SourceCorpus, EveryFileWholeAndCut) {
  size_t files = 0;
  const std::filesystem::path folder = SAKUIN_SOURCE_DIR "/tests/indexer/corpus/source";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (size_t size = 0; size <= bytes.size(); ++size) {
      const std::string copy = bytes.substr(0, size);
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(copy.data()), size);
    }
    ++files;
  }
  EXPECT_GE(files, 7U);
}

}  // namespace
