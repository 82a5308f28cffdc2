// weak_words.h: the words of a query that say little of what it asks for: 的 and
// 什么, する and こと, 누구. They are left out, unless there are no others.
//
//   WeakWords weak;
//   weak.Mark(out.size());          // the token that is added next
//   weak.DropFrom(first, out);      // when the text is at its end
//
// Documents hold them. Belongs to one call.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "text/token.h"

namespace sakuin::text {

class WeakWords {
 public:
  // Marks the token with this number. REQUIRES: numbers ascend.
  void Mark(size_t number) { numbers_.push_back(number); }

  // Takes the marked tokens out of those from number `first` on, unless they are all.
  void DropFrom(size_t first, TokenList& out) const;

 private:
  std::vector<size_t> numbers_;
};

// Whether a Chinese word is a function word (的, 怎么办), or made of them (这是).
bool IsChineseFunctionWord(std::string_view word);

}  // namespace sakuin::text
