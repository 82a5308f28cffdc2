#include "text/mecab_segmenter.h"

#include <mecab.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <unordered_map>

namespace sakuin::text {
namespace {

constexpr size_t kKeptParts = 20'000;
constexpr size_t kMostParts = 65'536;  // of speech; MeCab numbers them in 16 bits

// What a word costs more behind a blank, by the number of its part of speech:
// the line "left-space-penalty-factor = 100,3000,120,6000" of a dictionary's dicrc.
std::vector<int> ReadBlankCosts(const std::string& folder) {
  std::vector<int> costs;
  std::ifstream file(folder + "/dicrc");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("left-space-penalty-factor")) continue;
    std::istringstream numbers(line.substr(std::min(line.find('=') + 1, line.size())));
    size_t part = 0;
    int cost = 0;
    char comma = 0;
    while (numbers >> part >> comma >> cost && part < kMostParts) {
      if (part >= costs.size()) costs.resize(part + 1);
      costs[part] = cost;
      numbers >> comma;
    }
  }
  return costs;
}

// The cheapest path through a sentence. MeCab looks words up and knows what
// their meeting costs; the search is done here because MeCab's own knows
// neither borders nor blanks.
class SentenceSearch {
 public:
  SentenceSearch(const MeCab::Model& model, MeCab::Lattice& lattice, const std::vector<int>& blank_costs, std::string_view sentence)
      : model_(model), lattice_(lattice), blank_costs_(blank_costs), sentence_(sentence), ending_(sentence.size() + 1, nullptr) {
    lattice_.clear();
  }

  std::vector<Morpheme> Run(const std::vector<uint32_t>& borders) {
    MeCab::Node start = {};
    ending_[0] = &start;
    auto border = borders.begin();
    for (size_t at = 0; at < sentence_.size(); ++at) {
      if (ending_[at] == nullptr) continue;
      if (sentence_[at] == ' ') {
        PassBlanks(at);
        continue;
      }
      while (border != borders.end() && *border <= at) ++border;
      ExtendAt(at, border == borders.end() ? sentence_.size() : std::min<size_t>(*border, sentence_.size()));
    }
    return Path(&start);
  }

 private:
  // Paths that end before a blank go on behind it.
  void PassBlanks(size_t at) {
    const size_t next = std::min(sentence_.find_first_not_of(' ', at), sentence_.size());
    ending_[next] = ending_[at];
  }

  void ExtendAt(size_t at, size_t limit) {
    const bool behind_blank = at > 0 && sentence_[at - 1] == ' ';
    for (MeCab::Node* node = model_.lookup(sentence_.data() + at, sentence_.data() + limit, &lattice_); node != nullptr; node = node->bnext) {
      const size_t end = static_cast<size_t>(node->surface - sentence_.data()) + node->length;
      if (end <= at) continue;
      Attach(node, ending_[at]);
      if (behind_blank && node->posid < blank_costs_.size()) node->cost += blank_costs_[node->posid];
      node->enext = ending_[end];
      ending_[end] = node;
    }
  }

  void Attach(MeCab::Node* node, MeCab::Node* before) const {
    node->prev = nullptr;
    for (; before != nullptr; before = before->enext) {
      const long cost = before->cost + model_.transition_cost(before->rcAttr, node->lcAttr) + node->wcost;
      if (node->prev != nullptr && cost >= node->cost) continue;
      node->cost = cost;
      node->prev = before;
    }
  }

  std::vector<Morpheme> Path(const MeCab::Node* start) const {
    MeCab::Node end = {};
    Attach(&end, ending_.back());
    std::vector<Morpheme> morphemes;
    for (const MeCab::Node* node = end.prev; node != nullptr && node != start; node = node->prev) {
      const auto begin = static_cast<uint32_t>(node->surface - sentence_.data());
      morphemes.push_back({begin, begin + node->length, node->stat == MECAB_NOR_NODE, node->feature});
    }
    std::reverse(morphemes.begin(), morphemes.end());
    return morphemes;
  }

  const MeCab::Model& model_;
  MeCab::Lattice& lattice_;
  const std::vector<int>& blank_costs_;
  std::string_view sentence_;
  std::vector<MeCab::Node*> ending_;  // by byte: the words that end there, linked by enext
};

}  // namespace

std::string_view Morpheme::Feature(size_t number) const {
  size_t from = 0;
  for (; number > 0; --number) {
    from = features.find(',', from);
    if (from++ == std::string_view::npos) return {};
  }
  return features.substr(from, std::min(features.find(',', from), features.size()) - from);
}

struct MecabSegmenter::Model {
  std::unique_ptr<MeCab::Model> mecab;
  std::vector<int> blank_costs;  // by part of speech

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
  model->blank_costs = ReadBlankCosts(folder);
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
    morphemes.push_back({begin, begin + node->length, node->stat == MECAB_NOR_NODE, node->feature});
  }
  return morphemes;
}

std::vector<Morpheme> MecabSegmenter::SegmentSentence(std::string_view sentence, const std::vector<uint32_t>& borders) const {
  Model::Worker& worker = model_->OfThread();
  return SentenceSearch(*model_->mecab, *worker.lattice, model_->blank_costs, sentence).Run(borders);
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
