// Any bytes as a dictionary, its checksums made right: refused, or used without harm.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/dictionary_format.h"
#include "keyword_linker/keyword_linker.h"

namespace {

using sakuin::LoadUnaligned;
using sakuin::StoreUnaligned;
namespace linker = sakuin::keyword_linker;

// The checksums of a file whose table of contents can be found.
void MakeChecksumsRight(std::string& file) {
  if (file.size() < linker::kDictionaryHeaderBytes + linker::kDictionaryFooterBytes) return;
  char* footer = file.data() + file.size() - linker::kDictionaryFooterBytes;
  const size_t toc_size = linker::kDictionarySections * linker::kDictionaryTocEntryBytes;
  const uint64_t toc = LoadUnaligned<uint64_t>(footer);
  if (toc > file.size() || file.size() - toc < toc_size) return;
  for (uint32_t i = 0; i < linker::kDictionarySections; ++i) {
    char* entry = file.data() + toc + i * linker::kDictionaryTocEntryBytes;
    const uint64_t begin = LoadUnaligned<uint64_t>(entry + 8);
    const uint64_t size = LoadUnaligned<uint64_t>(entry + 16);
    if (begin > file.size() || size > file.size() - begin) continue;
    StoreUnaligned(entry + 24, sakuin::Checksum(std::string_view(file).substr(begin, size)));
  }
  StoreUnaligned(footer + 8, sakuin::Checksum(std::string_view(file).substr(toc, toc_size)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  if (size > 0 && data[0] == 'S') MakeChecksumsRight(file);
  const auto dictionary = linker::Dictionary::FromBytes(std::move(file));
  if (!dictionary.ok()) return 0;
  // The second is deep enough for the automaton to take over.
  for (const std::string& text : {std::string("ab abc Tokyo 東京 한국을 aaaa"), std::string(150, 'a') + "b" + std::string(150, 'a')}) {
    for (const linker::MatchKind kind : {linker::MatchKind::kAll, linker::MatchKind::kLongest, linker::MatchKind::kFirst}) {
      linker::LinkOptions options;
      options.kind = kind;
      options.boundaries = linker::Boundaries::kNone;
      linker::LinkStream stream({dictionary->get()}, options, [&text](const linker::Link& link) {
        if (link.end > text.size() || link.entry().keyword.size() > UINT32_MAX) __builtin_trap();
      });
      stream.Feed(text);
      stream.Finish();
    }
    static_cast<void>((*dictionary)->Find(text));
  }
  static_cast<void>((*dictionary)->Find("abc"));
  return 0;
}
