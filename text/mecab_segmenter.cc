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

// No word is longer, so MeCab need not look further ahead (it looks to the end
// of a run of one script from each character of it). An unknown one has 24
// characters at most.
constexpr size_t kLongestWord = 128;  // bytes

// The end of the word that may start at `at` at the latest, between two characters.
size_t Reach(std::string_view sentence, size_t at, size_t limit) {
  if (limit - at <= kLongestWord) return limit;
  size_t end = at + kLongestWord;
  while ((static_cast<uint8_t>(sentence[end]) & 0xC0) == 0x80) --end;
  return end;
}

Morpheme MorphemeOf(const MeCab::Node& node, std::string_view sentence) {
  const auto begin = static_cast<uint32_t>(node.surface - sentence.data());
  return {begin, begin + node.length, node.stat == MECAB_NOR_NODE, node.feature};
}

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

  // No word that the rule refuses is on the path.
  void Obey(PartRule rule) { rule_ = rule; }

  // Empty when nothing leads from the start to the end.
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
    const char* const reach = sentence_.data() + Reach(sentence_, at, limit);
    for (MeCab::Node* node = model_.lookup(sentence_.data() + at, reach, &lattice_); node != nullptr; node = node->bnext) {
      const size_t end = static_cast<size_t>(node->surface - sentence_.data()) + node->length;
      if (end <= at) continue;
      if (rule_ != nullptr && !rule_(sentence_, MorphemeOf(*node, sentence_))) continue;
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
      morphemes.push_back(MorphemeOf(*node, sentence_));
    }
    std::reverse(morphemes.begin(), morphemes.end());
    return morphemes;
  }

  const MeCab::Model& model_;
  MeCab::Lattice& lattice_;
  const std::vector<int>& blank_costs_;
  std::string_view sentence_;
  PartRule rule_ = nullptr;
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
    std::unique_ptr<MeCab::Lattice> lattice;
    std::unordered_map<std::string, std::vector<uint32_t>> parts;
  };
  Worker& OfThread() const {
    thread_local std::map<const Model*, Worker> workers;
    Worker& worker = workers[this];
    if (worker.lattice == nullptr) worker.lattice.reset(mecab->createLattice());
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

std::vector<Morpheme> MecabSegmenter::Segment(std::string_view sentence, const std::vector<uint32_t>& borders) const {
  return SentenceSearch(*model_->mecab, *model_->OfThread().lattice, model_->blank_costs, sentence).Run(borders);
}

const std::vector<uint32_t>& MecabSegmenter::Parts(const std::string& word, std::initializer_list<PartRule> rules) const {
  Model::Worker& worker = model_->OfThread();
  if (const auto known = worker.parts.find(word); known != worker.parts.end()) return known->second;
  if (worker.parts.size() >= kKeptParts) worker.parts.clear();
  std::vector<uint32_t>& ends = worker.parts[word];
  for (const PartRule rule : rules) {
    SentenceSearch search(*model_->mecab, *worker.lattice, model_->blank_costs, word);
    search.Obey(rule);
    for (const Morpheme& part : search.Run({})) ends.push_back(part.end);
    if (!ends.empty()) break;
  }
  return ends;
}

}  // namespace sakuin::text
