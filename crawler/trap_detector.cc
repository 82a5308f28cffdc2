#include "crawler/trap_detector.h"

#include <algorithm>
#include <string>

#include "base/checksum.h"

namespace sakuin::crawler {

namespace {

constexpr size_t kOrders = size_t{1} << 16;  // 16 bytes each
constexpr size_t kKnownBits = size_t{1} << 23;
constexpr size_t kMaxShapes = size_t{1} << 16;  // about 40 bytes each

// A chain has fewer URLs on each level than this. Lists of threads have more, and calendars whose months link
// to the next year too: for these there is max_of_shape.
constexpr uint64_t kChainWidth = 4;

// Of host, path and query.
struct HashedShape {
  uint64_t hash = 0;
  bool is_shared = false;  // other URLs can have it
};

HashedShape HashOfShape(const Url& url) {
  std::string text = ShapeOf(std::string(url.pathname()) + std::string(url.search()));
  const bool is_shared = IsSharedShape(text);
  text += '\n';
  text += url.host();
  return {HashBytes(text), is_shared};
}

// All but its query.
uint64_t PageHash(const Url& url) {
  return HashBytes(std::string_view(url.href()).substr(0, url.href().size() - url.search().size() - url.hash().size()));
}

// The same for all orders of its parameters.
uint64_t OrderOf(const Url& url, const ParameterSet& parameters) { return parameters.set_hash ^ PageHash(url); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsInWord(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

// Of the words that are no numbers: a calendar says the same in each of its years.
uint64_t HashOfWords(std::string_view text, uint64_t seed) {
  uint64_t hash = seed;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    bool is_number = true;
    for (; end < text.size() && IsInWord(text[end]); ++end) is_number = is_number && IsDigit(text[end]);
    if (!is_number) hash = (hash ^ HashBytes(text.substr(at, end - at))) * 0x9E3779B97F4A7C15u;
    at = std::max(end, at + 1);
  }
  return hash ^ (hash >> 29);
}

}  // namespace

TrapDetector::TrapDetector(const TrapLimits& limits)
    : limits_(limits), orders_(kOrders), known_shapes_(kKnownBits / 64), known_texts_(kKnownBits / 64) {}

UrlRefusal TrapDetector::Check(const Url& url, const Url* page, uint32_t depth) {
  const ParameterSet parameters = ParametersOf(url.query());
  UrlRefusal refusal = CheckLooks(url, parameters);
  if (refusal != UrlRefusal::kNone) return refusal;
  HashedShape shape;
  const bool is_deep = depth > limits_.free_depth;
  if (is_deep) {
    shape = HashOfShape(url);
    refusal = shape.is_shared ? CheckShape(shape.hash, depth) : UrlRefusal::kNone;
    if (refusal != UrlRefusal::kNone) return refusal;
  }
  if (!TakeOrder(url, parameters)) return UrlRefusal::kPermutedParameters;
  if (!is_deep) return UrlRefusal::kNone;
  if (Learn(shape.hash, known_shapes_) && page != nullptr) CountNews(*page);
  if (shape.is_shared) CountTaken(shape.hash, depth);
  return UrlRefusal::kNone;
}

UrlRefusal TrapDetector::CheckLooks(const Url& url, const ParameterSet& parameters) const {
  const std::string_view path = url.pathname();
  const auto parts = static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
  if (parts > limits_.max_path_parts) return UrlRefusal::kTooManyPathParts;
  if (parameters.count > limits_.max_parameters) return UrlRefusal::kTooManyParameters;
  const bool may_repeat = parts > limits_.max_path_repetitions;
  if (may_repeat && PathRepetitions(path) > limits_.max_path_repetitions) return UrlRefusal::kRepeatingPath;
  return UrlRefusal::kNone;
}

UrlRefusal TrapDetector::CheckShape(uint64_t shape, uint32_t depth) const {
  const auto found = shapes_.find(shape);
  if (found == shapes_.end()) return UrlRefusal::kNone;
  const Shape& known = found->second;
  const uint64_t levels = std::max(known.deepest, depth) - limits_.free_depth;
  const bool is_chain = known.taken < levels * kChainWidth;
  if (is_chain && known.taken >= limits_.chain_length + known.news) return UrlRefusal::kEndlessChain;
  const uint32_t most = std::min(limits_.max_of_shape + known.news, limits_.most_of_shape);
  return known.taken >= most ? UrlRefusal::kTooManyOfShape : UrlRefusal::kNone;
}

UrlRefusal TrapDetector::CheckProperName(const Url& url, const Url& asked, uint32_t depth) {
  const ParameterSet parameters = ParametersOf(url.query());
  const ParameterSet before = ParametersOf(asked.query());
  const bool is_reordered = parameters.count == before.count && parameters.set_hash == before.set_hash && parameters.order_hash != before.order_hash;
  if (!is_reordered || PageHash(url) != PageHash(asked)) return Check(url, nullptr, depth);
  orders_[OrderOf(url, parameters) % kOrders] = {OrderOf(url, parameters), parameters.order_hash};
  return CheckLooks(url, parameters);
}

bool TrapDetector::TakeOrder(const Url& url, const ParameterSet& parameters) {
  if (parameters.count < 2) return true;
  const uint64_t set = OrderOf(url, parameters);
  Parameters& known = orders_[set % kOrders];
  if (known.set == set && known.order != parameters.order_hash) return false;
  known = {set, parameters.order_hash};
  return true;
}

void TrapDetector::CountTaken(uint64_t shape, uint32_t depth) {
  if (shapes_.size() >= kMaxShapes) ForgetSmallShapes();
  Shape& known = shapes_[shape];
  ++known.taken;
  known.deepest = std::max(known.deepest, depth);
}

void TrapDetector::CountNews(const Url& page) {
  const HashedShape shape = HashOfShape(page);
  const auto found = shapes_.find(shape.hash);
  if (found != shapes_.end()) ++found->second.news;
}

void TrapDetector::TakePage(const Url& url, const Url* found_on, uint32_t depth, std::string_view text) {
  if (!Counts(depth) || !Learn(HashOfWords(text, HashBytes(url.host())), known_texts_)) return;
  CountNews(url);
  if (found_on != nullptr && HashOfShape(*found_on).hash != HashOfShape(url).hash) CountNews(*found_on);
}

bool TrapDetector::Learn(uint64_t hash, std::vector<uint64_t>& known) {
  uint64_t& word = known[hash / 64 % known.size()];
  const uint64_t bit = uint64_t{1} << (hash % 64);
  const bool is_new = (word & bit) == 0;
  word |= bit;
  return is_new;
}

void TrapDetector::ForgetSmallShapes() {
  for (uint32_t small = 1; shapes_.size() > kMaxShapes / 2; small *= 2) {
    std::erase_if(shapes_, [&](const auto& shape) { return shape.second.taken <= small; });
  }
}

}  // namespace sakuin::crawler
