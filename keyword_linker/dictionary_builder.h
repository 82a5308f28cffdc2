// dictionary_builder.h: compiles keywords into the bytes of a dictionary.
//
//   DictionaryBuilder builder;
//   RETURN_IF_ERROR(builder.Add({"東京都", "/wiki/東京都", 0}));
//   RETURN_IF_ERROR(builder.Write(fs, "site.dict"));          // or builder.ToBytes()
//
// Of the same keyword given again the one of higher priority stays, then the later one. Keywords that fold alike
// (Tokyo, TOKYO) are all kept; a link goes to the one of higher priority, then
// first in the order of bytes. The bytes depend on the keywords alone, not on
// their order. Memory: the keywords' bytes, 4 bytes per character and some 40 per
// keyword; 1.5 million keywords take about 300 MB. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/automaton_builder.h"
#include "keyword_linker/dictionary.h"
#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {

inline constexpr size_t kMaxKeywordBytes = size_t{1} << 16;
inline constexpr size_t kMaxTargetBytes = size_t{1} << 16;

// INVALID_ARGUMENT for what no dictionary takes: a keyword that is empty or shows
// nothing, is too long or is not UTF-8, a target that is too long.
Status CheckEntry(const Entry& entry);

class DictionaryBuilder {
 public:
  // As CheckEntry; RESOURCE_EXHAUSTED past 4 billion characters.
  Status Add(const Entry& entry);

  size_t entries() const { return entries_.size(); }
  // How many of what was last written were left out, because the same keyword stayed in place of them.
  size_t replaced() const { return replaced_; }

  // Both leave the builder empty.
  Status Write(FileSystem& fs, const std::string& path);
  std::string ToBytes();

 private:
  struct Held {
    uint64_t strings = 0;   // where keyword and target begin
    uint32_t units = 0;     // where the folded keyword begins
    uint32_t unit_count = 0;
    uint32_t keyword_bytes = 0;
    uint32_t target_bytes = 0;
    int32_t priority = 0;
  };
  using Sink = std::function<Status(std::string_view)>;

  std::string_view KeywordOf(const Held& held) const { return std::string_view(strings_).substr(held.strings, held.keyword_bytes); }
  std::span<const uint32_t> UnitsOf(const Held& held) const { return std::span(units_).subspan(held.units, held.unit_count); }
  std::vector<uint32_t> MakeAlphabet();
  void SortEntries();
  Status WriteTo(const Sink& sink);
  void Clear();

  std::string strings_;
  std::vector<uint32_t> units_;  // folded code points, then codes
  std::vector<Held> entries_;
  size_t replaced_ = 0;
  FoldedUnits scratch_;
};

}  // namespace sakuin::keyword_linker
