// mecab_segmenter.h: morphemes of a run of Japanese or Korean, by MeCab.
//
//   const MecabSegmenter* mecab = MecabSegmenter::Open("/var/lib/mecab/dic/ipadic-utf8");   // null: no dictionary
//   std::vector<Morpheme> morphemes = mecab->Segment("東京都に");
//
// One model per dictionary, a tagger per thread. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin::text {

struct Morpheme {
  uint32_t begin = 0;  // bytes of the run
  uint32_t end = 0;
  bool known = false;                  // in the dictionary
  std::vector<std::string> features;  // as the dictionary lists them
};

class MecabSegmenter {
 public:
  // Shared and never destroyed; null when the folder holds no dictionary.
  static const MecabSegmenter* Open(const std::string& folder);

  std::vector<Morpheme> Segment(std::string_view text) const;

  // The cheapest way to write a word as two or more shorter known ones; their
  // ends in bytes. Empty when there is none. Kept per thread once found.
  const std::vector<uint32_t>& Parts(const std::string& word) const;

  // Changes when the dictionary does.
  const std::string& version() const { return version_; }

 private:
  struct Model;
  explicit MecabSegmenter(std::unique_ptr<Model> model);
  std::vector<uint32_t> FindParts(const std::string& word) const;

  std::unique_ptr<Model> model_;
  std::string version_;
};

}  // namespace sakuin::text
