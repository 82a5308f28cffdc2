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
  uint64_t length = 0;
  linker::LinkOptions options;
  options.kind = linker::MatchKind::kAll;
  linker::LinkStream stream({dictionary->get()}, options, [&length](const linker::Link& link) { length += link.end - link.start + link.entry().target.size(); });
  stream.Feed("ab abc Tokyo 東京 한국을 aaaa");
  stream.Finish();
  static_cast<void>((*dictionary)->Find("abc"));
  return 0;
}
