#include "text/mecab_segmenter.h"

#include <mecab.h>

#include <map>
#include <mutex>
#include <unordered_map>

namespace sakuin::text {
namespace {

constexpr size_t kKeptParts = 20'000;

std::vector<std::string> SplitFeatures(const char* text) {
  std::vector<std::string> features(1);
  for (; *text != '\0'; ++text) {
    if (*text == ',') {
      features.emplace_back();
    } else {
      features.back().push_back(*text);
    }
  }
  return features;
}

}  // namespace

struct MecabSegmenter::Model {
  std::unique_ptr<MeCab::Model> mecab;

  // What MeCab wants per thread.
  struct Worker {
    std::unique_ptr<MeCab::Tagger> tagger;
    std::unique_ptr<MeCab::Lattice> lattice;
    std::unordered_map<std::string, std::vector<uint32_t>> parts;
  };
  Worker& OfThread() const {
    thread_local std::map<const Model*, Worker> workers;
    Worker& worker = workers[this];
    if (worker.tagger == nullptr) {
      worker.tagger.reset(mecab->createTagger());
      worker.lattice.reset(mecab->createLattice());
    }
    return worker;
  }
};

MecabSegmenter::MecabSegmenter(std::unique_ptr<Model> model) : model_(std::move(model)) {
  for (const MeCab::DictionaryInfo* info = model_->mecab->dictionary_info(); info != nullptr; info = info->next) {
    version_ += std::to_string(info->size) + "." + std::to_string(info->lsize) + "." + std::to_string(info->version) + ";";
  }
}

const MecabSegmenter* MecabSegmenter::Open(const std::string& folder) {
  static std::mutex mutex;
  static std::map<std::string, const MecabSegmenter*>& opened = *new std::map<std::string, const MecabSegmenter*>;
  const std::lock_guard lock(mutex);
  const auto known = opened.find(folder);
  if (known != opened.end()) return known->second;
  auto model = std::make_unique<Model>();
  model->mecab.reset(MeCab::createModel(("-r /dev/null -d " + folder).c_str()));
  const MecabSegmenter* made = model->mecab == nullptr ? nullptr : new MecabSegmenter(std::move(model));
  return opened[folder] = made;
}

std::vector<Morpheme> MecabSegmenter::Segment(std::string_view text) const {
  std::vector<Morpheme> morphemes;
  Model::Worker& worker = model_->OfThread();
  worker.lattice->clear();
  worker.lattice->set_sentence(text.data(), text.size());
  if (!worker.tagger->parse(worker.lattice.get())) return morphemes;
  for (const MeCab::Node* node = worker.lattice->bos_node()->next; node->stat != MECAB_EOS_NODE; node = node->next) {
    const auto begin = static_cast<uint32_t>(node->surface - text.data());
    morphemes.push_back({begin, begin + node->length, node->stat == MECAB_NOR_NODE, SplitFeatures(node->feature)});
  }
  return morphemes;
}

// Forces a border at every place in turn and takes the cheapest path of known words of two characters or more.
std::vector<uint32_t> MecabSegmenter::FindParts(const std::string& word) const {
  Model::Worker& worker = model_->OfThread();
  std::vector<uint32_t> best;
  long best_cost = 0;
  constexpr uint32_t kTwoCharacters = 6;  // bytes
  for (uint32_t border = kTwoCharacters; border + kTwoCharacters <= word.size(); ++border) {
    if ((static_cast<uint8_t>(word[border]) & 0xC0) == 0x80) continue;
    worker.lattice->clear();
    worker.lattice->set_sentence(word.data(), word.size());
    worker.lattice->set_boundary_constraint(border, MECAB_TOKEN_BOUNDARY);
    if (!worker.tagger->parse(worker.lattice.get())) continue;
    std::vector<uint32_t> ends;
    bool good = true;
    uint32_t end = 0;
    for (const MeCab::Node* node = worker.lattice->bos_node()->next; node->stat != MECAB_EOS_NODE; node = node->next) {
      good = good && node->stat == MECAB_NOR_NODE && node->length >= kTwoCharacters;
      ends.push_back(end += node->length);
    }
    const long cost = worker.lattice->eos_node()->cost;
    if (!good || (!best.empty() && cost >= best_cost)) continue;
    best = std::move(ends);
    best_cost = cost;
  }
  return best;
}

const std::vector<uint32_t>& MecabSegmenter::Parts(const std::string& word) const {
  Model::Worker& worker = model_->OfThread();
  if (const auto known = worker.parts.find(word); known != worker.parts.end()) return known->second;
  if (worker.parts.size() >= kKeptParts) worker.parts.clear();
  std::vector<uint32_t> parts = FindParts(word);
  return worker.parts[word] = std::move(parts);
}

}  // namespace sakuin::text
