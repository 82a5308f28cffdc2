// code_point_table.h: what one code point is and becomes: its class for
// cutting words, and its folded form (case, width, compatibility, accents).
//
//   const CodePointTable& table = CodePointTable::For(FoldKind::kAccents);
//   const CodePointInfo& info = table.Get(U'É');   // folds to 'e', a letter
//
// Everything is asked from ICU once per block of 256 code points, when a text
// first touches the block, and answered from memory afterwards. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace sakuin::text {

enum class FoldKind : uint8_t {
  kAccents,     // NFKC case folding, then accents of Latin and Greek, points of Hebrew and Arabic taken off
  kPlain,       // NFKC case folding
  kTurkish,     // the same with I -> ı and İ -> i
  kSimplified,  // the same, traditional Chinese characters as simplified ones
  kLowercase,   // simple lower case only, nothing is joined or removed; classes of UAX #29 (Lucene's tokenizer)
};
inline constexpr size_t kFoldKinds = 5;

enum class WordClass : uint8_t {
  kOther,
  kLetter,
  kDigit,
  kUnderscore,  // ExtendNumLet
  kMidLetter,
  kMidNumber,
  kMidBoth,     // between letters and between digits
  kExtend,      // a mark that belongs to what stands before
  kSign,        // + and #, for C++ and C#
  kHan,
  kHiragana,
  kKatakana,
  kHangul,
  kComplex,     // Thai, Lao, Khmer, Burmese: words need a dictionary
  kEmoji,       // a whole emoji sequence
  // Only in FoldKind::kLowercase:
  kHebrew,
  kSingleQuote,
  kDoubleQuote,
  kZwj,
  kRegional,
  kPictographic,
};

inline constexpr bool IsCjk(WordClass c) { return c >= WordClass::kHan && c <= WordClass::kHangul; }

struct CodePointInfo {
  enum Flag : uint8_t {
    kJoinsBackward = 1,  // normalisation may merge it with what stands before
    kEmojiStart = 2,     // begins an emoji sequence
    kRegionalIndicator = 4,
    kEmojiModifier = 8,
    kPictograph = 16,    // may follow a zero-width joiner in an emoji sequence
    kOtherBlank = 32,    // white space, or folds to the space, and is not the space
  };
  char32_t fold = 0;         // the folded code point, or where in the pool of the block the folded ones start
  WordClass word_class = WordClass::kOther;  // of the folded code point, when it is one
  uint8_t fold_length = 1;   // 0: folds to nothing
  uint8_t flags = 0;
};

class CodePointTable {
 public:
  // One table per kind, alive until the program ends.
  static const CodePointTable& For(FoldKind kind);

  const CodePointInfo& Get(char32_t c) const { return BlockOf(c).info[c & 0xFF]; }

  // The folded code points of `c`, as many as fold_length says.
  std::span<const char32_t> Fold(char32_t c) const {
    const Block& block = BlockOf(c);
    const CodePointInfo& info = block.info[c & 0xFF];
    if (info.fold_length == 1) return {&info.fold, 1};
    return std::span<const char32_t>(block.pool).subspan(info.fold, info.fold_length);
  }

  // Folds a base character together with the marks behind it.
  std::u32string FoldSequence(std::u32string_view sequence) const;

  FoldKind kind() const { return kind_; }

  CodePointTable(const CodePointTable&) = delete;
  CodePointTable& operator=(const CodePointTable&) = delete;

 private:
  struct Block {
    std::array<CodePointInfo, 256> info;
    std::u32string pool;
  };
  static constexpr size_t kBlocks = 0x110000 / 256;

  explicit CodePointTable(FoldKind kind) : kind_(kind) {}

  const Block& BlockOf(char32_t c) const {
    const Block* block = blocks_[c >> 8].load(std::memory_order_acquire);
    return block != nullptr ? *block : MakeBlock(c >> 8);
  }
  const Block& MakeBlock(size_t number) const;

  FoldKind kind_;
  mutable std::array<std::atomic<const Block*>, kBlocks> blocks_{};
};

}  // namespace sakuin::text
