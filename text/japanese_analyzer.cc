#include "text/japanese_analyzer.h"

#include <algorithm>
#include <array>

#include "text/bigram_analyzer.h"
#include "text/fingerprint.h"
#include "text/piece_analysis.h"
#include "text/utf8.h"
#include "text/weak_words.h"

namespace sakuin::text {
namespace {

constexpr char kDictionary[] = "/var/lib/mecab/dic/ipadic-utf8";
constexpr uint32_t kShortestCompound = 3;  // characters
constexpr size_t kShortestWithSuffix = 5;  // characters of a compound whose last part may be one character
constexpr uint32_t kShortestStripped = 4;  // characters of a katakana word that loses its long-vowel mark

// Places in IPADIC's features.
constexpr size_t kPartOfSpeech = 0;
constexpr size_t kDetail = 1;
constexpr size_t kBaseForm = 6;

bool IsDropped(const Morpheme& morpheme) {
  const std::string_view part = morpheme.Feature(kPartOfSpeech);
  return part == "助詞" || part == "助動詞" || part == "記号" || part == "フィラー" || part == "接続詞" ||
         (part == "動詞" && morpheme.Feature(kDetail) == "接尾");
}

bool IsKatakana(std::string_view word) {
  for (size_t at = 0; at < word.size();) {
    const DecodedCodePoint c = DecodeUtf8(word, at);
    if (c.value < 0x30A0 || c.value > 0x30FF) return false;
    at += c.bytes;
  }
  return true;
}

bool IsHiragana(std::string_view word) {
  for (size_t at = 0; at < word.size();) {
    const DecodedCodePoint c = DecodeUtf8(word, at);
    if (c.value < 0x3041 || c.value > 0x309F) return false;
    at += c.bytes;
  }
  return true;
}

// Pronouns (何, それ), and what grammar makes of a noun or a verb in hiragana: する, いる, こと, ため, その.
bool IsLight(std::string_view surface, const Morpheme& morpheme) {
  constexpr std::array<std::string_view, 7> kVerbs = {"する", "いる", "ある", "なる", "できる", "おる", "いう"};
  const std::string_view part = morpheme.Feature(kPartOfSpeech);
  const std::string_view detail = morpheme.Feature(kDetail);
  if (part == "名詞" && detail == "代名詞") return true;
  if (!IsHiragana(surface)) return false;
  if (detail == "非自立" || part == "連体詞") return true;
  return part == "動詞" && std::find(kVerbs.begin(), kVerbs.end(), morpheme.Feature(kBaseForm)) != kVerbs.end();
}

size_t Characters(const Morpheme& part, std::string_view word) { return CountCodePoints(word.substr(part.begin, part.end - part.begin)); }

// A part is a known word, shorter than the whole, of two characters at least; in
// katakana a noun of three, because サーバー is not サー and バー.
bool IsPart(std::string_view word, const Morpheme& part) {
  if (!part.known || part.end - part.begin == word.size()) return false;
  if (IsKatakana(word)) return Characters(part, word) >= 3 && part.Feature(kPartOfSpeech) == "名詞";
  return Characters(part, word) >= 2;
}

// 日本経済新聞社 has no such parts, but 日本経済新聞 with 社 behind it.
bool IsPartOrSuffix(std::string_view word, const Morpheme& part) {
  if (IsPart(word, part)) return true;
  const bool last_character = part.end == word.size() && Characters(part, word) == 1;
  return last_character && part.known && CountCodePoints(word) >= kShortestWithSuffix && part.Feature(kDetail) == "接尾";
}

bool IsHan(char32_t c) {
  constexpr char32_t kIterationMark = U'々';
  return c == kIterationMark || CodePointTable::For(FoldKind::kPlain).Get(c).word_class == WordClass::kHan;
}

size_t EndOfHan(std::string_view text, size_t at) {
  while (at < text.size()) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    if (!IsHan(c.value)) break;
    at += c.bytes;
  }
  return at;
}

// Known words of two characters or more, each with the suffixes behind it.
bool IsMadeOfWords(std::string_view run, const std::vector<Morpheme>& morphemes) {
  bool behind_word = false;
  for (const Morpheme& morpheme : morphemes) {
    const bool word = Characters(morpheme, run) >= 2;
    if (!morpheme.known || (!word && !(behind_word && morpheme.Feature(kDetail) == "接尾"))) return false;
    behind_word = true;
  }
  return behind_word;
}

class JapaneseRuns : public RunWriter {
 public:
  explicit JapaneseRuns(const MecabSegmenter& mecab) : mecab_(mecab) {}

  void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode, PieceWriter& writer, TokenList& out) override {
    const RunText run(units, begin, end);
    for (const Morpheme& morpheme : mecab_.Segment(run.utf8)) {
      const uint32_t position = out.next_position();
      if (IsDropped(morpheme)) {
        out.set_next_position(position + 1);
      } else {
        const size_t first = out.size();
        WriteMorpheme(units, run, morpheme, position, writer, out);
        const bool light = IsLight(std::string_view(run.utf8).substr(morpheme.begin, morpheme.end - morpheme.begin), morpheme);
        for (size_t i = first; light && i < out.size(); ++i) weak_.Mark(i);
      }
    }
  }

  void DropWeak(size_t first, TokenList& out) const { weak_.DropFrom(first, out); }

 private:
  void WriteMorpheme(std::span<const Unit> units, const RunText& run, const Morpheme& morpheme, uint32_t position, PieceWriter& writer,
                     TokenList& out) const {
    const uint32_t first = run.unit_at[morpheme.begin];
    const uint32_t last = run.unit_at[morpheme.end];
    const std::string surface = run.utf8.substr(morpheme.begin, morpheme.end - morpheme.begin);
    if (morpheme.Feature(kPartOfSpeech) != "名詞") {
      const std::string_view base = morpheme.Feature(kBaseForm);
      out.Add(base.empty() || base == "*" ? surface : base, units[first].start, units[last - 1].end, position);
      return;
    }
    WriteNoun(units, run, morpheme.begin, morpheme.end, morpheme.known, position, writer, out);
  }

  // A noun whole and, on the positions that it spans, its parts and theirs;
  // returns how many positions.
  uint32_t WriteNoun(std::span<const Unit> units, const RunText& run, uint32_t begin, uint32_t end, bool known, uint32_t position,
                     PieceWriter& writer, TokenList& out) const {
    const uint32_t first = run.unit_at[begin];
    const uint32_t last = run.unit_at[end];
    // サーバー and サーバ are one word.
    const bool strip = last - first >= kShortestStripped && units[last - 1].code_point == U'ー';
    const size_t whole = out.size();
    writer.WriteTerm(first, strip ? last - 1 : last, position);
    out.mutable_tokens()[whole].end = units[last - 1].end;
    if (!known || last - first < kShortestCompound) return 1;
    uint32_t positions = 0;
    uint32_t from = begin;
    const std::vector<uint32_t> parts = mecab_.Parts(run.utf8.substr(begin, end - begin), {IsPart, IsPartOrSuffix});
    for (const uint32_t part : parts) {
      positions += WriteNoun(units, run, from, begin + part, true, position + positions, writer, out);
      from = begin + part;
    }
    out.mutable_tokens()[whole].position_length = std::max<uint32_t>(1, positions);
    return std::max<uint32_t>(1, positions);
  }

  const MecabSegmenter& mecab_;
  WeakWords weak_;
};

}  // namespace

JapaneseAnalyzer::JapaneseAnalyzer() : mecab_(MecabSegmenter::Open(kDictionary)) {
  if (mecab_ == nullptr) warning_ = "japanese: the dictionary mecab-ipadic-utf8 is not installed; words are cut into pairs of characters instead";
}

void JapaneseAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  if (mecab_ == nullptr) return SharedBigrams().Analyze(text, mode, out);
  const size_t first = out.size();
  JapaneseRuns runs(*mecab_);
  AnalyzePieces(text, mode, FoldKind::kPlain, runs, out);
  if (mode == AnalysisMode::kQuery) runs.DropWeak(first, out);
}

bool JapaneseAnalyzer::KnowsHanWordsOf(std::string_view text) const {
  if (mecab_ == nullptr) return false;
  bool any = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = EndOfHan(text, at);
    if (end == at) {
      at += DecodeUtf8(text, at).bytes;
      continue;
    }
    const std::string_view run = text.substr(at, end - at);
    if (!IsMadeOfWords(run, mecab_->Segment(run))) return false;
    any = true;
    at = end;
  }
  return any;
}

uint64_t JapaneseAnalyzer::fingerprint() const { return FingerprintOf("japanese", {mecab_ == nullptr ? "none" : mecab_->version()}); }

const Analyzer* JapaneseAnalyzer::second_view() const { return &SharedBigrams(); }

}  // namespace sakuin::text
