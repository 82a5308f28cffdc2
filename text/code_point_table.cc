// The folding rules, in this order:
//
//   1. ’ ‘ ʼ become ', ゛ ゜ become the combining marks they stand for;
//   2. NFKC case folding (UAX #31's NFKC_Casefold): case, width, ligatures,
//      and characters that show nothing (soft hyphen, joiners) disappear;
//   3. kAccents: decompose, take off the marks of Latin and Greek letters, the
//      points of Hebrew and Arabic and the stress marks of Cyrillic, compose
//      again; letters with a bar or slash (ø đ ł ı) and æ œ þ by a small list;
//      digits of any script become 0-9;
//   4. kSimplified: a traditional character becomes its simplified one.
#include "text/code_point_table.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <mutex>

namespace sakuin::text {
namespace {

using icu::Normalizer2;
using icu::UnicodeString;

const Normalizer2& CaseFolding() {
  UErrorCode error = U_ZERO_ERROR;
  static const Normalizer2* const instance = Normalizer2::getNFKCCasefoldInstance(error);
  return *instance;
}
const Normalizer2& Composition() {
  UErrorCode error = U_ZERO_ERROR;
  static const Normalizer2* const instance = Normalizer2::getNFCInstance(error);
  return *instance;
}
const Normalizer2& Decomposition() {
  UErrorCode error = U_ZERO_ERROR;
  static const Normalizer2* const instance = Normalizer2::getNFDInstance(error);
  return *instance;
}

UScriptCode ScriptOf(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error);
}

bool IsNonspacing(UChar32 c) { return u_charType(c) == U_NON_SPACING_MARK; }

// Letters whose bar, stroke or joining no decomposition takes apart.
const char16_t* PlainLatin(UChar32 c) {
  switch (c) {
    case 0xE6: return u"ae";
    case 0xF0: return u"d";
    case 0xF8: return u"o";
    case 0xFE: return u"th";
    case 0x111: return u"d";
    case 0x127: return u"h";
    case 0x131: return u"i";
    case 0x142: return u"l";
    case 0x14B: return u"n";
    case 0x153: return u"oe";
    case 0x167: return u"t";
    case 0x180: return u"b";
    case 0x1B6: return u"z";
    case 0x268: return u"i";
    default: return nullptr;
  }
}

bool IsPoint(UChar32 c) {
  return (c >= 0x0591 && c <= 0x05BD) || c == 0x05BF || c == 0x05C1 || c == 0x05C2 || c == 0x05C4 || c == 0x05C5 || c == 0x05C7 ||  // Hebrew
         (c >= 0x064B && c <= 0x0652) || c == 0x0670 || c == 0x0640;                                                               // Arabic
}

// Step 3, first half: decomposed, without the marks that are not wanted.
UnicodeString WithoutMarks(const UnicodeString& text) {
  UnicodeString kept;
  UScriptCode base = USCRIPT_COMMON;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (IsPoint(c)) continue;
    if (IsNonspacing(c) && u_getCombiningClass(c) != 0) {
      if (base == USCRIPT_LATIN || base == USCRIPT_GREEK) continue;
    } else if (u_isalpha(c)) {
      base = ScriptOf(c);
    } else {
      base = USCRIPT_COMMON;
    }
    kept.append(c);
  }
  return kept;
}

UnicodeString FoldAccents(const UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  const UnicodeString composed = Composition().normalize(WithoutMarks(Decomposition().normalize(text, error)), error);
  UnicodeString result;
  bool after_cyrillic = false;
  for (int32_t i = 0; i < composed.length(); i = composed.moveIndex32(i, 1)) {
    const UChar32 c = composed.char32At(i);
    const int32_t digit = u_charDigitValue(c);
    if ((c == 0x300 || c == 0x301) && after_cyrillic) continue;  // a stress mark
    after_cyrillic = u_isalpha(c) && ScriptOf(c) == USCRIPT_CYRILLIC;
    if (const char16_t* plain = PlainLatin(c)) {
      result.append(plain, -1);
    } else if (digit >= 0 && u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
      result.append(static_cast<char16_t>(u'0' + digit));
    } else {
      result.append(c);
    }
  }
  return result;
}

// Step 1.
UnicodeString Prepared(FoldKind kind, std::u32string_view sequence) {
  UnicodeString text;
  for (const char32_t c : sequence) {
    if (c == 0x2019 || c == 0x2018 || c == 0x02BC) {
      text.append(u'\'');
    } else if (c == 0x309B || c == 0x309C) {
      text.append(static_cast<UChar32>(c - 2));
    } else if (kind == FoldKind::kTurkish && (c == 'I' || c == 0x130)) {
      text.append(static_cast<UChar32>(c == 'I' ? 0x131 : 'i'));
    } else {
      text.append(static_cast<UChar32>(c));
    }
  }
  return text;
}

// Step 4, character by character: what depends on neighbours is left alone.
void Simplify(UnicodeString& text) {
  static std::mutex mutex;
  static const icu::Transliterator* const simplifier = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error);
  }();
  if (simplifier == nullptr) return;
  const std::lock_guard<std::mutex> lock(mutex);
  simplifier->transliterate(text);
}

std::u32string ToUtf32(const UnicodeString& text) {
  std::u32string result;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) result.push_back(static_cast<char32_t>(text.char32At(i)));
  return result;
}

std::u32string FoldText(FoldKind kind, std::u32string_view sequence) {
  if (kind == FoldKind::kLowercase) {
    std::u32string result(sequence);
    for (char32_t& c : result) c = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    return result;
  }
  if (sequence.size() == 1 && sequence[0] == 0x200B) return U" ";  // zero-width space: a border between words
  UErrorCode error = U_ZERO_ERROR;
  UnicodeString folded = CaseFolding().normalize(Prepared(kind, sequence), error);
  if (kind == FoldKind::kAccents) folded = FoldAccents(folded);
  if (kind == FoldKind::kSimplified && sequence.size() == 1 && ScriptOf(static_cast<UChar32>(sequence[0])) == USCRIPT_HAN) Simplify(folded);
  return ToUtf32(folded);
}

// Classes of UAX #29 for FoldKind::kLowercase.
WordClass Uax29ClassOf(UChar32 c) {
  const UScriptCode script = ScriptOf(c);
  if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return WordClass::kComplex;
  switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER: return script == USCRIPT_HANGUL ? WordClass::kHangul : WordClass::kLetter;
    case U_WB_HEBREW_LETTER: return WordClass::kHebrew;
    case U_WB_NUMERIC: return WordClass::kDigit;
    case U_WB_KATAKANA: return WordClass::kKatakana;
    case U_WB_EXTENDNUMLET: return WordClass::kUnderscore;
    case U_WB_MIDLETTER: return WordClass::kMidLetter;
    case U_WB_MIDNUM: return WordClass::kMidNumber;
    case U_WB_MIDNUMLET: return WordClass::kMidBoth;
    case U_WB_SINGLE_QUOTE: return WordClass::kSingleQuote;
    case U_WB_DOUBLE_QUOTE: return WordClass::kDoubleQuote;
    case U_WB_ZWJ: return WordClass::kZwj;
    case U_WB_EXTEND:
    case U_WB_FORMAT: return WordClass::kExtend;
    case U_WB_REGIONAL_INDICATOR: return WordClass::kRegional;
    default: break;
  }
  if (c == ':') return WordClass::kMidLetter;
  if (c >= 0xFF10 && c <= 0xFF19) return WordClass::kDigit;
  if (script == USCRIPT_HAN) return WordClass::kHan;
  if (script == USCRIPT_HIRAGANA) return WordClass::kHiragana;
  if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) return WordClass::kPictographic;
  return WordClass::kOther;
}

WordClass PunctuationClassOf(UChar32 c) {
  switch (c) {
    case '_':
    case 0x203F: return WordClass::kUnderscore;
    case '+':
    case '#': return WordClass::kSign;
    case '.':
    case '\'': return WordClass::kMidBoth;
    case ',':
    case 0x066C: return WordClass::kMidNumber;
    case 0xB7:
    case 0x5F4:
    case '"': return c == '"' ? WordClass::kOther : WordClass::kMidLetter;
    default: return WordClass::kOther;
  }
}

// Classes of a folded code point, for all other kinds.
WordClass ClassOf(UChar32 c) {
  if (c == 0x30FC) return WordClass::kKatakana;
  if (const WordClass punctuation = PunctuationClassOf(c); punctuation != WordClass::kOther) return punctuation;
  const int8_t type = u_charType(c);
  const UScriptCode script = ScriptOf(c);
  const bool alphabetic = u_isalpha(c) || u_hasBinaryProperty(c, UCHAR_ALPHABETIC);
  if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return WordClass::kComplex;
  if (script == USCRIPT_HAN && (alphabetic || c == 0x3007)) return WordClass::kHan;
  if (script == USCRIPT_HIRAGANA && alphabetic) return WordClass::kHiragana;
  if (script == USCRIPT_KATAKANA && alphabetic) return WordClass::kKatakana;
  if (script == USCRIPT_HANGUL && alphabetic) return WordClass::kHangul;
  if (type == U_DECIMAL_DIGIT_NUMBER) return WordClass::kDigit;
  if (type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK) return WordClass::kExtend;
  return alphabetic || type == U_OTHER_NUMBER ? WordClass::kLetter : WordClass::kOther;
}

uint8_t FlagsOf(FoldKind kind, UChar32 c, bool folds_to_itself) {
  if (kind == FoldKind::kLowercase) return 0;
  uint8_t flags = 0;
  if (c == 0x309B || c == 0x309C || !CaseFolding().hasBoundaryBefore(c)) flags |= CodePointInfo::kJoinsBackward;
  if (u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR)) flags |= CodePointInfo::kRegionalIndicator;
  if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER)) flags |= CodePointInfo::kEmojiModifier;
  if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) flags |= CodePointInfo::kPictograph;
  if (c >= 0x2190 && folds_to_itself && u_hasBinaryProperty(c, UCHAR_EMOJI) && (flags & CodePointInfo::kRegionalIndicator) == 0) {
    flags |= CodePointInfo::kEmojiStart;
  }
  return flags;
}

}  // namespace

const CodePointTable& CodePointTable::For(FoldKind kind) {
  static const std::array<const CodePointTable*, kFoldKinds> tables = [] {
    std::array<const CodePointTable*, kFoldKinds> made{};
    for (size_t i = 0; i < kFoldKinds; ++i) made[i] = new CodePointTable(static_cast<FoldKind>(i));  // never destroyed
    return made;
  }();
  return *tables[static_cast<size_t>(kind)];
}

std::u32string CodePointTable::FoldSequence(std::u32string_view sequence) const { return FoldText(kind_, sequence); }

const CodePointTable::Block& CodePointTable::MakeBlock(size_t number) const {
  auto block = std::make_unique<Block>();
  for (size_t i = 0; i < 256; ++i) {
    const char32_t c = static_cast<char32_t>(number * 256 + i);
    CodePointInfo& info = block->info[i];
    info.fold = c;
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::u32string folded = FoldText(kind_, std::u32string_view(&c, 1));
    info.flags = FlagsOf(kind_, static_cast<UChar32>(c), folded.size() == 1 && folded[0] == c);
    if (folded.size() == 1 && c != ' ' && u_isUWhiteSpace(static_cast<UChar32>(folded[0]))) info.flags |= CodePointInfo::kOtherBlank;
    if (folded.empty()) info.flags = 0;  // shows nothing: belongs to no character
    info.fold_length = static_cast<uint8_t>(folded.size());
    if (folded.size() == 1) {
      info.fold = folded[0];
      info.word_class = kind_ == FoldKind::kLowercase ? Uax29ClassOf(static_cast<UChar32>(c)) : ClassOf(static_cast<UChar32>(info.fold));
    } else {
      info.fold = static_cast<char32_t>(block->pool.size());
      block->pool += folded;
    }
  }
  const Block* expected = nullptr;
  if (blocks_[number].compare_exchange_strong(expected, block.get(), std::memory_order_acq_rel)) return *block.release();
  return *expected;
}

}  // namespace sakuin::text
