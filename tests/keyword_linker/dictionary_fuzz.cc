// Any bytes as a dictionary, its checksums made right: refused, or used without harm.

#include <cstddef>
#include <cstdint>
#include <string>

#include "keyword_linker/keyword_linker.h"
#include "tests/keyword_linker/dictionary_checksums.h"

namespace linker = sakuin::keyword_linker;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  if (size > 0 && data[0] == 'S') linker::MakeChecksumsRight(file);
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
