// How the fast path and the careful path share a text.
//
// The fast path walks over bytes. As soon as a byte above 0x7F touches a word
// or stands between words, the careful path takes over from the beginning of
// that word up to the next ASCII blank, which no rule joins across. So both
// give the same tokens for ASCII, and a test holds them to that.
#include "text/standard_analyzer.h"

#include <algorithm>
#include <vector>

#include "text/ascii.h"
#include "text/fingerprint.h"

namespace sakuin::text {
namespace {

struct Scratch {
  std::vector<Unit> units;
  std::vector<Piece> pieces;
};

Scratch& ThreadScratch() {
  thread_local Scratch scratch;
  return scratch;
}

class StandardRun {
 public:
  StandardRun(std::string_view text, AnalysisMode mode, const StandardOptions& options, TokenList& out)
      : text_(text), bytes_(text.data()), size_(text.size()), mode_(mode), options_(options), table_(CodePointTable::For(options.fold)), out_(out) {}

  void Run() {
    const bool careful_only = options_.fold == FoldKind::kTurkish;  // I is not i there
    size_t at = 0;
    while (at < size_) {
      const uint8_t c = ascii::ClassOf(bytes_[at]);
      if (c & ascii::kHigh) {
        const bool keycap = at > 0 && (bytes_[at - 1] == '#' || bytes_[at - 1] == '*');
        at = Careful(keycap ? at - 1 : at);
      } else if (c & ascii::kWord) {
        at = careful_only ? Careful(at) : Word(at);
      } else {
        ++at;
      }
    }
  }

 private:
  uint8_t ClassAt(size_t at) const { return at < size_ ? ascii::ClassOf(bytes_[at]) : uint8_t{ascii::kOther}; }

  // Does the punctuation at `at` join the word before it with what follows?
  bool Joins(size_t at) const {
    const char c = bytes_[at];
    const uint8_t before = ClassAt(at - 1);
    const uint8_t both = before & ClassAt(at + 1);
    if (c == '.' || c == '\'') return (both & (ascii::kLetter | ascii::kDigit)) != 0;
    return c == ',' && (both & ascii::kDigit) != 0;
  }

  // A word that starts at `begin`; returns where to go on.
  size_t Word(size_t begin) {
    size_t end = begin;
    bool apostrophe = false;
    for (;;) {
      while (end < size_ && (ascii::ClassOf(bytes_[end]) & ascii::kWord)) ++end;
      const uint8_t c = ClassAt(end);
      if (c & ascii::kHigh) return Careful(begin);
      if (!(c & ascii::kJoiner)) break;
      if (ClassAt(end + 1) & ascii::kHigh) return Careful(begin);
      if (!Joins(end)) {
        if (bytes_[end] == '+' || bytes_[end] == '#') return SignedWord(begin, end, apostrophe);
        break;
      }
      apostrophe = apostrophe || bytes_[end] == '\'';
      ++end;
    }
    Emit(begin, end, apostrophe);
    return end;
  }

  // A word with + or # behind it.
  size_t SignedWord(size_t begin, size_t end, bool apostrophe) {
    const char sign = bytes_[end];
    size_t after = end;
    while (after < size_ && bytes_[after] == sign) ++after;
    if (ClassAt(after) & ascii::kHigh) return Careful(begin);
    const bool letters = std::all_of(bytes_ + begin, bytes_ + end, [](char c) { return ascii::ClassOf(c) == ascii::kLetter; });
    const bool next_is_word = (ClassAt(after) & (ascii::kLetter | ascii::kDigit)) != 0;
    const uint32_t signs = letters ? SignsOfWord(end - begin, sign, after - end, next_is_word) : 0;
    const uint32_t position = out_.next_position();
    if (signs == 0 || end - begin > kMaxTermBytes / 4) {
      Emit(begin, end, apostrophe);
    } else {
      Add(begin, end + signs, position);
      if (end - begin >= 2) Add(begin, end, position);
    }
    return end + signs;
  }

  void Emit(size_t begin, size_t end, bool apostrophe) {
    while (begin < end && bytes_[begin] == '_') ++begin;
    while (begin < end && bytes_[end - 1] == '_') --end;
    const uint32_t position = out_.next_position();
    if (end - begin <= kMaxTermBytes) {
      if (begin < end) Add(begin, end, position);
      if (apostrophe) AddParts(begin, end, position);
      return;
    }
    for (uint32_t next = position; begin < end; ++next) {
      const size_t piece = std::min(end - begin, kMaxTermBytes);
      Add(begin, begin + piece, next);
      begin += piece;
    }
  }

  void AddParts(size_t begin, size_t end, uint32_t position) {
    if (options_.apostrophe_parts == ApostropheParts::kNo || end - begin > kMaxTermBytes / 4) return;
    ForEachApostrophePart(
        end - begin, [&](size_t i) { return static_cast<char>(bytes_[begin + i] | (ascii::ClassOf(bytes_[begin + i]) & ascii::kLetter ? 0x20 : 0)); },
        [&](size_t b, size_t e) { Add(begin + b, begin + e, position); });
  }

  void Add(size_t begin, size_t end, uint32_t position) {
    char* to = out_.Reserve(end - begin);
    if (end + 8 <= size_) {
      ascii::CopyLowerOverreading(bytes_ + begin, end - begin, to);
    } else {
      ascii::CopyLower(bytes_ + begin, end - begin, to);
    }
    out_.AddReserved(end - begin, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), position);
  }

  // From `begin` to the next blank, code point by code point.
  size_t Careful(size_t begin) {
    const size_t furthest = std::min(size_, begin + kStretchBytes);
    size_t end = begin;
    while (end < furthest && !(ascii::ClassOf(bytes_[end]) & ascii::kBlank)) ++end;
    if (end == furthest) end = StretchEnd(table_, text_, begin, kStretchBytes);
    Scratch& scratch = ThreadScratch();
    scratch.units.clear();
    scratch.pieces.clear();
    out_.invalid_bytes += FoldStretch(table_, text_, begin, end, scratch.units);
    SegmentUnits(scratch.units, options_.run_split, scratch.pieces);
    PieceWriter writer(text_, scratch.units, mode_, out_, options_.apostrophe_parts);
    for (const Piece& piece : scratch.pieces) writer.Write(piece);
    return end;
  }

  std::string_view text_;
  const char* bytes_;
  size_t size_;
  AnalysisMode mode_;
  const StandardOptions& options_;
  const CodePointTable& table_;
  TokenList& out_;
};

}  // namespace

StandardAnalyzer::StandardAnalyzer(std::string name, StandardOptions options)
    : name_(std::move(name)),
      options_(options),
      fingerprint_(FingerprintOf("standard", {std::to_string(static_cast<int>(options.fold)), std::to_string(static_cast<int>(options.run_split)),
                                              std::to_string(static_cast<int>(options.apostrophe_parts))})) {}

void StandardAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const { StandardRun(text, mode, options_, out).Run(); }

}  // namespace sakuin::text
