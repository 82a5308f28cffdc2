// completer.h: how the last word of what somebody is typing may go on.
//
//   Completer completer(searcher);
//   ASSIGN_OR_RETURN(auto completions, completer.Complete("black cof", 5));
//   // black coffee (12 documents), black cofactor (1)
//
// Completions are words of the index, most documents first, written as documents
// write them. Letters count as they are typed: 하 and 한ㄱ begin 한국. Where nothing
// shows the borders of words (検索エン), the longest end of the text that begins a
// word is completed. "title:cof" completes with words of the title. The words
// before the last, quotes and operators stay as they are.
//
// Thread-safe under const; the searcher must outlive it. Cost: at most
// kMaxCompletionTerms words of dictionaries; when more begin so, the first of
// them in the order of bytes are looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "searcher/searcher.h"

namespace sakuin::searcher {

inline constexpr uint64_t kMaxCompletionTerms = 200'000;
inline constexpr size_t kMaxCompletions = 100;

struct Completion {
  std::string text;        // the whole, with the last word completed
  std::string word;        // the completed word
  uint64_t documents = 0;  // that have it; never 0

  bool operator==(const Completion&) const = default;
};

class Completer {
 public:
  explicit Completer(const Searcher& searcher) : searcher_(searcher) {}

  // At most `top` and at most kMaxCompletions; by documents, then by bytes. Empty
  // when `prefix` ends with no word.
  Result<std::vector<Completion>> Complete(std::string_view prefix, size_t top) const;

 private:
  const Searcher& searcher_;
};

}  // namespace sakuin::searcher
