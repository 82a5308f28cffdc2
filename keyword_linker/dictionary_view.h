// dictionary_view.h: what a scan sees as one dictionary: a dictionary alone, or
// layers of which the later hide keywords of the earlier.
//
//   DictionaryView view(dictionary.get());           // it alone
//   DictionaryView live({{base, hidden}, {delta, nullptr}});
//   live.ForEach([](const Entry& entry) { ... });
//
// A folded keyword is shown by one layer at most, with all its entries; whoever
// makes layers sees to it. So layers never compete for a place in a text, and a
// view links as one dictionary of what it shows does. Cheap to copy; keeps its
// layers alive. Immutable and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "keyword_linker/dictionary.h"

namespace sakuin::keyword_linker {

// Numbers of keywords of one dictionary, a bit for each. Not thread-safe while it changes.
class KeywordSet {
 public:
  explicit KeywordSet(uint32_t keywords) : bits_((uint64_t{keywords} + 63) / 64) {}
  void Insert(uint32_t keyword) {
    if (!Contains(keyword)) ++size_;
    bits_[keyword / 64] |= uint64_t{1} << keyword % 64;
  }
  bool Contains(uint32_t keyword) const { return (bits_[keyword / 64] >> keyword % 64 & 1) != 0; }

  uint32_t size() const { return size_; }

 private:
  std::vector<uint64_t> bits_;
  uint32_t size_ = 0;
};

struct DictionaryLayer {
  std::shared_ptr<const Dictionary> dictionary;
  std::shared_ptr<const KeywordSet> hidden;  // null: nothing is

  bool Shows(uint32_t keyword) const { return hidden == nullptr || !hidden->Contains(keyword); }
};

class DictionaryView {
 public:
  // `dictionary` must outlive the view and its copies.
  DictionaryView(const Dictionary* dictionary) : layers_{{{std::shared_ptr<void>(), dictionary}, nullptr}} {}  // NOLINT(google-explicit-constructor)
  explicit DictionaryView(std::shared_ptr<const Dictionary> dictionary) : layers_{{std::move(dictionary), nullptr}} {}
  explicit DictionaryView(std::vector<DictionaryLayer> layers) : layers_(std::move(layers)) {}

  std::span<const DictionaryLayer> layers() const { return layers_; }

  // Distinct when folded.
  uint64_t keywords() const {
    uint64_t count = 0;
    for (const DictionaryLayer& layer : layers_) count += layer.dictionary->keywords() - (layer.hidden == nullptr ? 0 : layer.hidden->size());
    return count;
  }
  // What a scan touches.
  size_t automaton_bytes() const {
    size_t bytes = 0;
    for (const DictionaryLayer& layer : layers_) bytes += layer.dictionary->automaton_bytes();
    return bytes;
  }

  // Gives every entry that is shown, the layers one after another.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const DictionaryLayer& layer : layers_) {
      for (uint32_t keyword = 0; keyword < layer.dictionary->keywords(); ++keyword) {
        if (!layer.Shows(keyword)) continue;
        const uint32_t end = layer.dictionary->EndEntry(keyword);
        for (uint32_t at = layer.dictionary->FirstEntry(keyword); at < end; ++at) visit(layer.dictionary->entry(at));
      }
    }
  }

 private:
  std::vector<DictionaryLayer> layers_;
};

}  // namespace sakuin::keyword_linker
