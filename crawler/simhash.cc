#include "crawler/simhash.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "text/utf8.h"

namespace sakuin::crawler {
namespace {

constexpr uint64_t kFirstKey = 0xA0761D6478BD642F;
constexpr uint64_t kSecondKey = 0xE7037ED1A0B428DB;
constexpr uint64_t kThirdKey = 0x8EBC6AF09C88C6E3;

// Both halves of the product: each bit depends on all of both.
uint64_t Fold(uint64_t a, uint64_t b) {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{a} * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// ---- Characters that are not ASCII

enum class Kind : uint8_t { kLetter, kMark, kAlone, kMixed };

struct Range {
  char32_t first;
  char32_t last;
  Kind kind;
};

// Marks: punctuation and blanks that pages are full of; others count as letters, which does no harm.
// Alone: writing in which blanks do not part words, or part long ones of many parts.
constexpr Range kRanges[] = {
    {0x80, 0xBF, Kind::kMark},       {0xD7, 0xD7, Kind::kMark},       {0xF7, 0xF7, Kind::kMark},       {0x0E00, 0x0EFF, Kind::kAlone},
    {0x1000, 0x109F, Kind::kAlone},  {0x1780, 0x17FF, Kind::kAlone},  {0x2000, 0x206F, Kind::kMark},   {0x2190, 0x2BFF, Kind::kMark},
    {0x3000, 0x303F, Kind::kMark},   {0x3040, 0x30FF, Kind::kAlone},  {0x3400, 0x9FFF, Kind::kAlone},  {0xAC00, 0xD7A3, Kind::kAlone},
    {0xF900, 0xFAFF, Kind::kAlone},  {0xFE30, 0xFE4F, Kind::kMark},   {0xFF00, 0xFF0F, Kind::kMark},   {0xFF1A, 0xFF20, Kind::kMark},
    {0xFFFD, 0xFFFD, Kind::kMark},   {0x20000, 0x3FFFF, Kind::kAlone},
};
static_assert(std::ranges::is_sorted(kRanges, {}, &Range::last));

// Of 64 code points each, up to U+FFFF.
constexpr size_t kBlock = 64;
constexpr std::array<Kind, 0x10000 / kBlock> kKinds = [] {
  std::array<Kind, 0x10000 / kBlock> kinds{};
  for (const Range& range : kRanges) {
    for (size_t block = range.first / kBlock; block <= range.last / kBlock && block < kinds.size(); ++block) {
      const bool is_whole = range.first <= block * kBlock && range.last >= block * kBlock + kBlock - 1;
      kinds[block] = is_whole ? range.kind : Kind::kMixed;
    }
  }
  return kinds;
}();

Kind KindOf(char32_t c) {
  const Kind of_block = c < 0x10000 ? kKinds[c / kBlock] : Kind::kMixed;
  if (of_block != Kind::kMixed) return of_block;
  const Range* const found = std::ranges::lower_bound(kRanges, c, {}, &Range::last);
  return found != std::end(kRanges) && c >= found->first ? found->kind : Kind::kLetter;
}

// ---- Words

bool IsAsciiWord(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

constexpr size_t kPieceBytes = 16;

// Up to sixteen bytes in small letters, zeros behind them.
struct Piece {
  uint64_t low = 0;
  uint64_t high = 0;
};

uint64_t HashOf(const Piece& piece, uint64_t before = 0) { return Fold(piece.low ^ kFirstKey ^ before, piece.high ^ kSecondKey); }

Piece PieceAt(std::string_view text, size_t at, size_t bytes) {
  char copy[kPieceBytes] = {};
  for (size_t i = 0; i < bytes; ++i) copy[i] = static_cast<char>(text[at + i] >= 'A' && text[at + i] <= 'Z' ? text[at + i] + 32 : text[at + i]);
  return {LoadUnaligned<uint64_t>(copy), LoadUnaligned<uint64_t>(copy + 8)};
}

uint64_t HashOfWord(std::string_view text, size_t begin, size_t end) {
  uint64_t hash = 0;
  for (; begin < end; begin += kPieceBytes) hash = HashOf(PieceAt(text, begin, std::min(end - begin, kPieceBytes)), hash);
  return hash;
}

// The letters and digits of ASCII from a place on.
struct AsciiWord {
  size_t bytes = 0;      // kPieceBytes: perhaps more
  bool is_whole = true;  // a mark of ASCII stands behind them
  Piece piece;
};

#if defined(__SSE2__)

// Sixteen at once, as words are short: no branch depends on how long one is. REQUIRES: so many bytes from `from` on.
AsciiWord AsciiWordAt(const char* from) {
  static constexpr char kKept[2 * kPieceBytes] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));  // what is not ASCII stays below zero
  const auto within = [](__m128i of, char low, char high) {
    const __m128i above = _mm_cmpgt_epi8(of, _mm_set1_epi8(static_cast<char>(low - 1)));
    return _mm_and_si128(above, _mm_cmplt_epi8(of, _mm_set1_epi8(static_cast<char>(high + 1))));
  };
  const __m128i of_word = _mm_or_si128(within(small, 'a', 'z'), within(bytes, '0', '9'));
  const auto others = ~static_cast<uint32_t>(_mm_movemask_epi8(of_word)) & 0xFFFF;
  AsciiWord word;
  word.bytes = static_cast<size_t>(std::countr_zero(others | 1U << kPieceBytes));
  word.is_whole = (static_cast<uint32_t>(_mm_movemask_epi8(bytes)) >> word.bytes & 1) == 0 && others != 0;
  const __m128i kept = _mm_and_si128(small, _mm_loadu_si128(reinterpret_cast<const __m128i*>(kKept + kPieceBytes - word.bytes)));
  word.piece.low = static_cast<uint64_t>(_mm_cvtsi128_si64(kept));
  word.piece.high = static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(kept, kept)));
  return word;
}

#else

AsciiWord AsciiWordAt(const char* from) {
  AsciiWord word;
  while (word.bytes < kPieceBytes && IsAsciiWord(from[word.bytes])) ++word.bytes;
  word.is_whole = word.bytes < kPieceBytes && static_cast<uint8_t>(from[word.bytes]) < 0x80;
  word.piece = PieceAt({from, kPieceBytes}, 0, word.bytes);
  return word;
}

#endif

// ---- Shingles

// The different ones among some hashes, found by open addressing: they are mixed well, so the first bits are places.
class Distinct {
 public:
  // REQUIRES: at most `most` calls of IsNew.
  explicit Distinct(size_t most) : shift_(63 - static_cast<int>(std::bit_width(most))), places_(size_t{1} << (64 - shift_)) {}

  bool IsNew(uint64_t hash) {
    if (hash == 0) return !std::exchange(has_zero_, true);
    size_t place = hash >> shift_;
    while (places_[place] != 0 && places_[place] != hash) place = (place + 1) & (places_.size() - 1);
    return std::exchange(places_[place], hash) == 0;
  }

 private:
  const int shift_;
  std::vector<uint64_t> places_;
  bool has_zero_ = false;
};

// Leaves each of the hashes once at the begin, in another order; how many these are. Most come alone to one of 4 to 8
// places for each: no branch depends on that, and those that do not are looked at again.
size_t KeepDifferent(std::span<uint64_t> hashes) {
  const int shift = 62 - static_cast<int>(std::bit_width(hashes.size()));
  const auto comers = std::make_unique<uint8_t[]>(size_t{1} << (64 - shift));  // 1: one; 3: more
  const auto doubtful = std::make_unique_for_overwrite<uint64_t[]>(hashes.size());
  uint8_t* const at = comers.get();
  uint64_t* const from = hashes.data();
  uint64_t* to = from;
  uint64_t* doubts = doubtful.get();
  const uint64_t* const end = from + hashes.size();
  for (const uint64_t* hash = from; hash < end; ++hash) at[*hash >> shift] = static_cast<uint8_t>((at[*hash >> shift] << 1 | 1) & 3);
  for (const uint64_t* hash = from; hash < end; ++hash) {
    const uint64_t each = *hash;
    const size_t doubt = at[each >> shift] >> 1;
    *to = each;
    *doubts = each;
    to += 1 - doubt;
    doubts += doubt;
  }
  Distinct seen(static_cast<size_t>(doubts - doubtful.get()));
  for (const uint64_t* hash = doubtful.get(); hash < doubts; ++hash) {
    *to = *hash;
    to += seen.IsNew(*hash) ? 1 : 0;
  }
  return static_cast<size_t>(to - from);
}

// Counts how often each of 64 bits is set in many numbers. The counters stand upright: bit b of planes_[i] is bit i of the counter of
// bit b, so that one operation works on all; eight numbers are made one for a higher plane before a carry has to run.
class BitCounter {
 public:
  explicit BitCounter(std::span<const uint64_t> numbers) : count_(numbers.size()) {
    for (; numbers.size() >= 8; numbers = numbers.subspan(8)) AddEight(numbers.first<8>());
    for (const uint64_t number : numbers) Carry(number, 0);
  }

  // A number with the bits that are set in more than half.
  uint64_t Majority() const {
    uint64_t out = 0;
    for (size_t bit = 0; bit < 64; ++bit) out |= uint64_t{2 * CountOf(bit) > count_ ? 1u : 0u} << bit;
    return out;
  }

 private:
  // Leaves in `sum` the lowest bits of the sum of three, and returns the bits above.
  static uint64_t AddThree(uint64_t& sum, uint64_t a, uint64_t b) {
    const uint64_t different = sum ^ a;
    const uint64_t above = (sum & a) | (different & b);
    sum = different ^ b;
    return above;
  }

  void AddEight(std::span<const uint64_t, 8> numbers) {
    uint64_t twos[4];
    for (size_t i = 0; i < 4; ++i) twos[i] = AddThree(planes_[0], numbers[2 * i], numbers[2 * i + 1]);
    const uint64_t fours = AddThree(planes_[1], twos[0], twos[1]);
    const uint64_t more_fours = AddThree(planes_[1], twos[2], twos[3]);
    Carry(AddThree(planes_[2], fours, more_fours), 3);
  }

  void Carry(uint64_t bits, size_t plane) {
    for (; bits != 0; ++plane) bits &= ~(planes_[plane] ^= bits);
  }

  uint64_t CountOf(size_t bit) const {
    uint64_t count = 0;
    const auto used = static_cast<size_t>(std::bit_width(count_));
    for (size_t plane = 0; plane < used; ++plane) count |= (planes_[plane] >> bit & 1) << plane;
    return count;
  }

  std::array<uint64_t, 64> planes_ = {};
  uint64_t count_ = 0;
};

// ---- Words in a row

constexpr uint64_t kAlone = 1;  // in the hash of a character that is a word by itself; others are even

// Of its bytes as a number.
uint64_t HashOfAlone(uint64_t character) { return Fold(character ^ kThirdKey, kSecondKey) | kAlone; }

// Finds the words of a text: their hashes.
class WordFinder {
 public:
  // As there is a mark behind each word, or it has several bytes, there are no more than half as many and one.
  explicit WordFinder(std::string_view text) : text_(text), words_(std::make_unique_for_overwrite<uint64_t[]>(text.size() / 2 + 2)) {}

  // Of this, until it ends or finds them anew.
  std::span<uint64_t> Find() {
    word_ = 0;
    count_ = 0;
    for (size_t at = 0; at < text_.size();) at = static_cast<uint8_t>(text_[at]) < 0x80 ? ReadAscii(at) : ReadHigh(at);
    EndWord(text_.size());
    return {words_.get(), count_};
  }

 private:
  // Goes over letters and digits, and the mark behind them. Returns what is behind.
  size_t ReadAscii(size_t at) {
    if (word_ == at && at + kPieceBytes <= text_.size()) {
      const AsciiWord word = AsciiWordAt(text_.data() + at);
      if (word.is_whole) {
        words_[count_] = HashOf(word.piece) & ~kAlone;
        count_ += word.bytes > 0 ? 1 : 0;
        return word_ = at + word.bytes + 1;
      }
    }
    while (at < text_.size() && IsAsciiWord(text_[at])) ++at;
    if (at == text_.size() || static_cast<uint8_t>(text_[at]) >= 0x80) return at;
    EndWord(at);
    return word_ = at + 1;
  }

  // Goes over one character, or over some that are words by themselves.
  size_t ReadHigh(size_t at) {
    if (const size_t behind = SkipCommonAlone(at); behind > at) return word_ = behind;
    const text::DecodedCodePoint c = text::DecodeUtf8(text_, at);
    const size_t end = at + c.bytes;
    const Kind kind = KindOf(c.value);
    if (kind == Kind::kLetter) return end;
    EndWord(at);
    words_[count_] = HashOfAlone(PieceAt(text_, at, c.bytes).low);
    count_ += kind == Kind::kAlone ? 1 : 0;
    return word_ = end;
  }

  // Whether a character of three bytes stands there whose neighbours are of the same kind, as nearly all of Chinese, Japanese and
  // Korean. Other bytes that look like such are in blocks of another kind.
  bool IsCommonAlone(size_t at) const {
    if (at + sizeof(uint32_t) > text_.size()) return false;
    const auto bytes = LoadUnaligned<uint32_t>(text_.data() + at);
    return (bytes & 0xC0C0F0) == 0x8080E0 && kKinds[(bytes & 0xF) << 6 | (bytes >> 8 & 0x3F)] == Kind::kAlone;
  }

  size_t SkipCommonAlone(size_t at) {
    if (!IsCommonAlone(at)) return at;
    EndWord(at);
    const size_t begin = at;
    uint64_t* word = words_.get() + count_;
    for (; IsCommonAlone(at); at += 3) *word++ = HashOfAlone(LoadUnaligned<uint32_t>(text_.data() + at) & 0xFFFFFF);
    count_ += (at - begin) / 3;
    return at;
  }

  void EndWord(size_t at) {
    if (at > word_) words_[count_++] = HashOfWord(text_, word_, at) & ~kAlone;
  }

  const std::string_view text_;
  size_t word_ = 0;  // where the word in the making begins
  const std::unique_ptr<uint64_t[]> words_;
  size_t count_ = 0;
};

// Each word waits for one multiplication of the fourth word before; all else of it is done beside other words.
ContentHash HashOfAll(std::span<const uint64_t> words) {
  constexpr size_t kLanes = 4;
  std::array<uint64_t, kLanes> low = {1, 2, 3, 4};
  uint64_t high = 5;
  const auto add = [&](size_t lane, uint64_t hash) {
    low[lane] = (low[lane] ^ hash) * 0x9E3779B97F4A7C15;
    high = std::rotl(high, 29) + hash * 0xC4CEB9FE1A85EC53;
  };
  const size_t whole = words.size() / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) add(lane, words[i + lane]);
  }
  for (size_t i = whole; i < words.size(); ++i) add(i - whole, words[i]);
  const uint64_t all = Fold(low[0] ^ kFirstKey, low[1]) ^ Fold(low[2] ^ kSecondKey, low[3]);
  return {Fold(all, high ^ kSecondKey), Fold(high ^ kThirdKey, all + words.size())};
}

// Which shingles of a long text are looked at: about kSampled, by a hash of theirs, whatever stands around them. Texts of
// nearly the same length have nearly the same limit, so that what they have in common is in the samples of both.
class Sample {
 public:
  explicit Sample(size_t words) : limit_(words <= kSampled ? UINT64_MAX : UINT64_MAX / words * kSampled) {}

  static Sample OfAll() { return Sample(0); }

  bool IsOfAll() const { return limit_ == UINT64_MAX; }
  bool Has(uint64_t shingle) const { return shingle * 0xD6E8FEB86659FD93 <= limit_; }
  // How many shingles there are when so many are in the sample.
  uint64_t Estimate(size_t sampled) const { return static_cast<uint64_t>(static_cast<double>(sampled) / static_cast<double>(limit_) * 0x1p64); }

 private:
  static constexpr size_t kSampled = 1024;
  uint64_t limit_;
};

constexpr size_t kFewestSampled = 128;

// Takes the place of the words; how many these are.
size_t MakeShingles(std::span<uint64_t> words, const Sample& sample) {
  uint64_t before = 0;  // the word before the last
  uint64_t last = 0;
  uint64_t* to = words.data();
  for (const uint64_t* word = words.data(); word < words.data() + words.size(); ++word) {
    const uint64_t hash = *word;
    const bool is_pair = (last & hash & kAlone) != 0;
    const bool is_third = word > words.data() + 1;
    const uint64_t shingle = Fold((is_pair ? 0 : std::rotl(before, 32)) + last + kThirdKey, hash ^ kFirstKey);
    *to = shingle;
    to += static_cast<size_t>(is_pair | is_third) & static_cast<size_t>(sample.Has(shingle));
    before = last;
    last = hash;
  }
  return static_cast<size_t>(to - words.data());
}

// Take the place of the words.
std::span<uint64_t> DifferentShingles(std::span<uint64_t> words, const Sample& sample) {
  const std::span<uint64_t> shingles = words.first(MakeShingles(words, sample));
  return shingles.first(KeepDifferent(shingles));
}

}  // namespace

std::vector<uint64_t> WordsOf(std::string_view text) {
  WordFinder finder(text);
  const std::span<const uint64_t> words = finder.Find();
  return {words.begin(), words.end()};
}

TextFingerprint FingerprintOf(std::string_view text) {
  WordFinder finder(text);
  const std::span<uint64_t> words = finder.Find();
  TextFingerprint out;
  out.content = HashOfAll(words);
  Sample sample(words.size());
  std::span<const uint64_t> shingles = DifferentShingles(words, sample);
  if (shingles.size() < kFewestSampled && !sample.IsOfAll()) {  // the same is said again and again
    sample = Sample::OfAll();
    shingles = DifferentShingles(finder.Find(), sample);
  }
  out.shingles = static_cast<uint32_t>(std::min<uint64_t>(sample.Estimate(shingles.size()), UINT32_MAX));
  out.simhash = BitCounter(shingles).Majority();
  return out;
}

}  // namespace sakuin::crawler
