// dictionary.h: keywords made ready for linking: one immutable file, mapped.
//
//   ASSIGN_OR_RETURN(auto dictionary, Dictionary::Open(fs, "site.dict"));
//   uint32_t code = dictionary->CodeOf(U'京');
//   dictionary->entry(dictionary->FirstEntry(number)).target
//
// The automaton knows folded keywords by number; the entries of a number are the
// keywords that fold to it, the one that wins first: higher priority, then key
// order. Opening checks the checksums of all bytes (some 10 GB/s) and that no
// number leads outside; nothing is decoded. Immutable and thread-safe.
// The bytes: docs/keyword_dictionary.md.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/automaton.h"

namespace sakuin::keyword_linker {

struct Entry {
  std::string_view keyword;  // as it was given
  std::string_view target;   // what it links to; the keyword itself where none was given
  int32_t priority = 0;
};

class DictionarySections;

class Dictionary {
 public:
  // NOT_FOUND; DATA_LOSS when the file is damaged; FAILED_PRECONDITION when it is of
  // another version, or was built with other rules of folding.
  static Result<std::unique_ptr<Dictionary>> Open(FileSystem& fs, const std::string& path);
  // The same of bytes in memory.
  static Result<std::unique_ptr<Dictionary>> FromBytes(std::string_view bytes);

  // The entries of a file, also where Open refuses it for its rules of folding.
  static Status ReadEntries(FileSystem& fs, const std::string& path, const std::function<Status(const Entry&)>& reader);

  // Whether a file begins as dictionaries do.
  static bool IsOne(std::string_view first_bytes);

  uint32_t CodeOf(char32_t c) const {
    const uint32_t page = c < kCodePoints ? pages_[c / kPageSize] : 0;
    return codes_[page * kPageSize + c % kPageSize];
  }
  const Automaton& automaton() const { return automaton_; }

  uint32_t keywords() const { return static_cast<uint32_t>(firsts_.size() - 1); }  // distinct when folded
  uint32_t entries() const { return static_cast<uint32_t>(offsets_.size() - 1); }
  uint32_t FirstEntry(uint32_t keyword) const { return firsts_[keyword]; }
  uint32_t EndEntry(uint32_t keyword) const { return firsts_[keyword + 1]; }
  Entry entry(uint32_t number) const;
  int32_t priority(uint32_t number) const { return priorities_[number]; }
  // The number of a keyword, whatever its case and width.
  std::optional<uint32_t> Find(std::string_view keyword) const;

  // What a scan touches; and the whole file.
  size_t automaton_bytes() const { return automaton_.bytes(); }
  size_t bytes() const { return bytes_.size(); }

 private:
  static constexpr char32_t kCodePoints = 0x110000;
  static constexpr uint32_t kPageSize = 256;

  Dictionary() = default;
  Status Parse();
  void SetEntries(const DictionarySections& sections);
  Status CheckEntries() const;
  void MakeCodes(std::span<const uint32_t> alphabet);

  std::unique_ptr<MappedFile> file_;
  std::string owned_;
  std::string_view bytes_;
  Automaton automaton_;
  std::array<uint16_t, kCodePoints / kPageSize> pages_{};
  std::vector<uint32_t> codes_;       // page 0: unknown code points
  std::span<const uint32_t> firsts_;  // entry of each keyword, and the end
  std::span<const uint64_t> offsets_; // of each entry's strings, and the end
  std::span<const int32_t> priorities_;
  std::string_view strings_;
};

}  // namespace sakuin::keyword_linker
