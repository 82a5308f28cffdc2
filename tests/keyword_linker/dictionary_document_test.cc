// The example of docs/keyword_dictionary.md is what the builder writes, and is read
// as a dictionary from the document.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/dictionary_format.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kBlockSlots = 64;

std::map<uint32_t, std::string> ReadSections() {
  std::ifstream document(SAKUIN_SOURCE_DIR "/docs/keyword_dictionary.md");
  std::map<uint32_t, std::string> sections;
  std::string* open = nullptr;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      open = line.starts_with("```hex ") ? &sections[static_cast<uint32_t>(std::stoul(line.substr(7)))] : nullptr;
    } else if (open != nullptr) {
      std::istringstream hex(line.substr(0, line.find('#')));
      for (int byte = 0; hex >> std::hex >> byte;) open->push_back(static_cast<char>(byte));
    }
  }
  while (sections[3].size() < kBlockSlots * sizeof(AutomatonNode)) sections[3] += std::string("\0\0\0\0\0\xF8\xFF\xFF", 8);
  sections[4].resize(kBlockSlots * sizeof(AutomatonLink));
  std::string& folding = sections[1];  // differs between versions of ICU, so it is not in the document
  AppendU64(folding, FoldingFingerprint());
  return sections;
}

// As chapter 2 has it.
std::string FileOf(const std::map<uint32_t, std::string>& sections) {
  std::string file = "SAKUINKW";
  AppendU32(file, 2);
  AppendU32(file, static_cast<uint32_t>(sections.size()));
  file.resize(32);
  std::string toc;
  for (const auto& [number, bytes] : sections) {
    file.resize((file.size() + 63) / 64 * 64);
    AppendU32(toc, number);
    AppendU32(toc, 0);
    AppendU64(toc, file.size());
    AppendU64(toc, bytes.size());
    AppendU64(toc, Checksum(bytes));
    file += bytes;
  }
  const uint64_t begin = file.size();
  file += toc;
  AppendU64(file, begin);
  AppendU64(file, Checksum(toc));
  AppendU64(file, 0);
  return file + "SAKUINKW";
}

TEST(DictionaryDocument, TheExampleIsADictionary) {
  const auto dictionary = Dictionary::FromBytes(FileOf(ReadSections()));
  ASSERT_TRUE(dictionary.ok()) << dictionary.status().ToString();
  LinkOptions options;
  options.boundaries = Boundaries::kNone;
  const std::string text = "xab ABC b, bd東京 bd東";
  std::vector<std::string> targets;
  for (const Link& link : LinksIn({dictionary->get()}, text, options)) targets.emplace_back(link.entry().target);
  EXPECT_EQ(targets, (std::vector<std::string>{"/ab", "abc", "/b", "bd東京", "/b"}));
}

TEST(DictionaryDocument, TheExampleIsWhatIsWritten) {
  DictionaryBuilder builder;
  for (const Entry& entry : {Entry{"ab", "/ab", 2}, Entry{"abc", "", 0}, Entry{"b", "/b", 0}, Entry{"bd東京", "", 0}}) ASSERT_TRUE(builder.Add(entry).ok());
  EXPECT_EQ(builder.ToBytes(), FileOf(ReadSections()));
}

}  // namespace
}  // namespace sakuin::keyword_linker
