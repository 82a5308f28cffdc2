// mecab_segmenter.h: morphemes of Japanese or Korean, by MeCab.
//
//   const MecabSegmenter* mecab = MecabSegmenter::Open("/var/lib/mecab/dic/ipadic-utf8");   // null: no dictionary
//   std::vector<Morpheme> morphemes = mecab->Segment("東京都に");      // morphemes[0].Feature(0) is 名詞
//   morphemes = korean->Segment("LG전자의 주가", {0, 2, 11, 12, 18});
//
// One model per dictionary, a tagger per thread. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin::text {

struct Morpheme {
  uint32_t begin = 0;  // bytes of the text
  uint32_t end = 0;
  bool known = false;         // in the dictionary
  std::string_view features;  // as the dictionary lists them, with commas between; lives as long as the program

  // The feature with this number, counted from 0; empty when there are fewer.
  std::string_view Feature(size_t number) const;
};

// Whether a morpheme may be a part of a compound word.
using PartRule = bool (*)(std::string_view word, const Morpheme& part);

class MecabSegmenter {
 public:
  // Shared and never destroyed; null when the folder holds no dictionary.
  static const MecabSegmenter* Open(const std::string& folder);

  // Of a sentence with its blanks. What a dictionary says to cost more behind a
  // blank (a Korean particle, an ending) does, and no morpheme crosses one of
  // the ascending `borders` (in bytes). Cost: linear in the sentence.
  std::vector<Morpheme> Segment(std::string_view sentence, const std::vector<uint32_t>& borders = {}) const;

  // The cheapest way to write a word as words that the first rule accepts, or
  // the second where there is none; their ends in bytes. Empty when no rule has
  // one. Kept per thread once found. REQUIRES: the same rules each time.
  const std::vector<uint32_t>& Parts(const std::string& word, std::initializer_list<PartRule> rules) const;

  // Changes when the dictionary does.
  const std::string& version() const { return version_; }

 private:
  struct Model;
  explicit MecabSegmenter(std::unique_ptr<Model> model);

  std::unique_ptr<Model> model_;
  std::string version_;
};

}  // namespace sakuin::text
