#include "text/korean_analyzer.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "text/bigram_analyzer.h"
#include "text/fingerprint.h"
#include "text/piece_analysis.h"
#include "text/sentence_morphemes.h"
#include "text/utf8.h"
#include "text/weak_words.h"

namespace sakuin::text {
namespace {

// Places in mecab-ko-dic's features.
constexpr size_t kTag = 0;
constexpr size_t kType = 4;
constexpr size_t kExpression = 7;
constexpr std::string_view kCounterTag = "NNBC";

// Particles, endings, interjections, affixes, copulas, signs and dependent nouns (것, 수).
bool IsDroppedTag(std::string_view tag) {
  constexpr std::array<std::string_view, 12> kDropped = {"IC", "MAG", "MAJ", "MM", "NNB", "XPN", "XSA", "XSN", "XSV", "VCP", "VX", "UNA"};
  if (tag.empty() || tag[0] == 'J' || tag[0] == 'E') return true;
  if (tag[0] == 'S') return tag != "SL" && tag != "SH" && tag != "SN";
  return std::find(kDropped.begin(), kDropped.end(), tag) != kDropped.end();
}

// Pronouns (무엇, 누구) say little of what a question asks for.
bool IsWeakTag(std::string_view tag) { return tag == "NP"; }

struct Part {
  std::string_view text;
  std::string_view tag;
};

// "한국/NNG/*+전력/NNG/*" -> (한국, NNG), (전력, NNG)
std::vector<Part> PartsOfExpression(std::string_view expression) {
  std::vector<Part> parts;
  for (size_t at = 0; at < expression.size();) {
    const size_t end = std::min(expression.find('+', at), expression.size());
    const std::string_view piece = expression.substr(at, end - at);
    const size_t slash = piece.find('/');
    if (slash == std::string_view::npos) return {};
    const size_t second = std::min(piece.find('/', slash + 1), piece.size());
    parts.push_back({piece.substr(0, slash), piece.substr(slash + 1, second - slash - 1)});
    at = end + 1;
  }
  return parts;
}

// A stem of one syllable has the form that a dictionary lists it by, so that 오
// of 와요 (오다, to come) is not the numeral 오 (five).
bool IsListedWithEnding(std::string_view stem, std::string_view tag) { return (tag == "VV" || tag == "VA") && CountCodePoints(stem) == 1; }

class KoreanRuns : public RunWriter {
 public:
  explicit KoreanRuns(const MecabSegmenter& mecab) : morphemes_(mecab) {}

  void BeginStretch(std::span<const Unit> units, std::span<const Piece> pieces) override { morphemes_.Read(units, pieces); }

  uint32_t CounterLength(std::span<const Unit>, uint32_t begin, uint32_t end) const override {
    const std::span<const UnitMorpheme> found = morphemes_.In(begin, end);
    return !found.empty() && found[0].morpheme.Feature(kTag) == kCounterTag ? found[0].end - found[0].begin : 0;
  }

  void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode mode, PieceWriter& writer, TokenList& out) override {
    const std::span<const UnitMorpheme> morphemes = morphemes_.In(begin, end);
    for (size_t i = 0; i < morphemes.size(); ++i) {
      const UnitMorpheme& found = morphemes[i];
      const std::string_view tag = found.morpheme.Feature(kTag);
      const std::string_view type = found.morpheme.Feature(kType);
      if (type == "Inflect" || type == "Preanalysis") {
        WriteStems(units, found, out);
      } else if (IsDroppedTag(tag)) {
        out.set_next_position(out.next_position() + 1);
      } else if (type == "Compound") {
        WriteCompound(units, found, mode, writer, out);
      } else {
        const bool in_name = i + 1 < morphemes.size() && morphemes[i + 1].morpheme.Feature(kTag).starts_with("NN");  // 우리은행
        if (IsWeakTag(tag) && !in_name) weak_.Mark(out.size());
        WriteWord(units, found, tag, writer, out);
      }
    }
  }

  void DropWeak(size_t first, TokenList& out) const { weak_.DropFrom(first, out); }

 private:
  static void WriteWord(std::span<const Unit> units, const UnitMorpheme& found, std::string_view tag, PieceWriter& writer, TokenList& out) {
    std::string surface;
    AppendUnits(units.subspan(found.begin, found.end - found.begin), surface);
    if (!IsListedWithEnding(surface, tag)) return writer.WriteTerm(found.begin, found.end, out.next_position());
    out.Add(surface + "다", units[found.begin].start, units[found.end - 1].end, out.next_position());
  }

  // 판다 = 팔/VV + ㄴ다/EF: the stems that carry meaning, at the place of the whole.
  void WriteStems(std::span<const Unit> units, const UnitMorpheme& found, TokenList& out) {
    const uint32_t position = out.next_position();
    for (const Part& part : PartsOfExpression(found.morpheme.Feature(kExpression))) {
      if (IsDroppedTag(part.tag)) continue;
      if (IsWeakTag(part.tag)) weak_.Mark(out.size());
      const std::string ending = IsListedWithEnding(part.text, part.tag) ? "다" : "";
      out.Add(std::string(part.text) + ending, units[found.begin].start, units[found.end - 1].end, position);
    }
    out.set_next_position(position + 1);
  }

  // Whole and by parts; a query asks for the parts, which stand side by side wherever the whole does.
  static void WriteCompound(std::span<const Unit> units, const UnitMorpheme& found, AnalysisMode mode, PieceWriter& writer, TokenList& out) {
    const uint32_t position = out.next_position();
    const std::vector<Part> parts = PartsOfExpression(found.morpheme.Feature(kExpression));
    std::string joined;
    for (const Part& part : parts) joined += part.text;
    std::string surface;
    AppendUnits(units.subspan(found.begin, found.end - found.begin), surface);
    if (parts.empty() || joined != surface) return writer.WriteTerm(found.begin, found.end, position);
    if (mode == AnalysisMode::kIndex) writer.WriteTerm(found.begin, found.end, position, static_cast<uint32_t>(parts.size()));
    uint32_t at = found.begin;
    for (size_t i = 0; i < parts.size(); ++i) {
      const uint32_t next = at + static_cast<uint32_t>(CountCodePoints(parts[i].text));
      out.Add(parts[i].text, units[at].start, units[next - 1].end, position + static_cast<uint32_t>(i));
      at = next;
    }
  }

  SentenceMorphemes morphemes_;
  WeakWords weak_;
};

// Without a dictionary: the longest particle is taken off, what is left is whole and in pairs.
class RuleRuns : public RunWriter {
 public:
  void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode, PieceWriter& writer, TokenList& out) override {
    const uint32_t stem_end = end - ParticleLength(units, begin, end);
    const uint32_t position = out.next_position();
    writer.WriteTerm(begin, stem_end, position);
    for (uint32_t i = begin; stem_end - begin > 2 && i + 1 < stem_end; ++i) writer.WriteTerm(i, i + 2, position);
  }

 private:
  static uint32_t ParticleLength(std::span<const Unit> units, uint32_t begin, uint32_t end) {
    constexpr std::array<std::u32string_view, 22> kParticles = {U"에서는", U"으로는", U"에서", U"으로", U"에게", U"까지", U"부터", U"처럼",
                                                                U"이다",   U"하다",   U"한다", U"은",   U"는",   U"이",   U"가",   U"을",
                                                                U"를",     U"의",     U"에",   U"로",   U"와",   U"과"};
    for (const std::u32string_view particle : kParticles) {
      if (end - begin < particle.size() + 2) continue;
      bool same = true;
      for (size_t i = 0; i < particle.size(); ++i) same = same && units[end - particle.size() + i].code_point == particle[i];
      if (same) return static_cast<uint32_t>(particle.size());
    }
    return 0;
  }
};

// The kernel also tells a program its own name as it was called, where /proc is not mounted.
std::string ProgramPath() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof(path));
  if (size > 0) return {path, static_cast<size_t>(size)};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how the kernel hands addresses over.
  const auto* called = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  return called != nullptr && ::realpath(called, path) != nullptr ? path : std::string();
}

std::string BesideProgram() {
  const std::string program = ProgramPath();
  if (program.empty()) return {};
  return program.substr(0, program.rfind('/')) + "/../share/sakuin/mecab-ko-dic";
}

const MecabSegmenter* FindDictionary() {
  const char* asked = std::getenv("SAKUIN_MECAB_KO_DIC");
  if (asked != nullptr) return MecabSegmenter::Open(asked);
  for (const std::string& folder :
       {BesideProgram(), std::string("/usr/local/share/sakuin/mecab-ko-dic"), std::string("/usr/lib/mecab/dic/mecab-ko-dic")}) {
    if (folder.empty() || ::access((folder + "/sys.dic").c_str(), R_OK) != 0) continue;
    if (const MecabSegmenter* found = MecabSegmenter::Open(folder); found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

KoreanAnalyzer::KoreanAnalyzer() : mecab_(FindDictionary()) {
  if (mecab_ == nullptr) {
    warning_ =
        "korean: the dictionary mecab-ko-dic was not found, so particles are taken off by rule and words are cut into pairs; install it with "
        "text/fetch_korean_dictionary /usr/local/share/sakuin/mecab-ko-dic, or name its folder in SAKUIN_MECAB_KO_DIC";
  }
}

void KoreanAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  if (mecab_ == nullptr) {
    RuleRuns rules;
    return AnalyzePieces(text, mode, FoldKind::kPlain, rules, out);
  }
  const size_t first = out.size();
  KoreanRuns runs(*mecab_);
  AnalyzePieces(text, mode, FoldKind::kPlain, runs, out);
  if (mode == AnalysisMode::kQuery) runs.DropWeak(first, out);
}

uint64_t KoreanAnalyzer::fingerprint() const { return FingerprintOf("korean", {mecab_ == nullptr ? "rules" : mecab_->version()}); }

const Analyzer* KoreanAnalyzer::second_view() const { return &SharedBigrams(); }

}  // namespace sakuin::text
