#include "classifier/training_set.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/bytes.h"
#include "base/checksum.h"

// Layout: whether documents have several labels (u8), labels by name, units by falling frequency and then by hash,
// documents by key. A document is its key (two u64), its number of labels and their numbers, its number of units and
// their ranks, as varints: frequent units have short ranks.

namespace sakuin::classifier {
namespace {

constexpr size_t kSmallestTable = 1 << 12;
constexpr uint64_t kNoId = 0;
constexpr size_t kLeastGone = 1 << 16;  // numbers of unlearned documents that are worth sorting out

DocumentKey KeyOf(const LearnedExample& example) {
  uint64_t content = example.units.size();
  for (const std::string& label : example.labels) content = MixHash(content, HashBytes(label));
  content = MixHash(content, HashBytes({reinterpret_cast<const char*>(example.units.data()), example.units.size_bytes()}));
  return {example.id.empty() ? kNoId : HashBytes(example.id) | 1, content};
}

}  // namespace

size_t KeyHash::operator()(const DocumentKey& key) const { return static_cast<size_t>(MixHash(key.id ^ ProcessSeed(), key.content)); }

UnitNumbers::UnitNumbers() : slots_(kSmallestTable) {}

size_t UnitNumbers::PlaceOf(Unit unit) const { return static_cast<size_t>((unit * ProcessSeed()) >> (64 - std::countr_zero(slots_.size()))); }

uint32_t UnitNumbers::Add(Unit unit) {
  const size_t mask = slots_.size() - 1;
  size_t i = PlaceOf(unit);
  for (; slots_[i] != 0; i = (i + 1) & mask) {
    if (units_[slots_[i] - 1] == unit) return slots_[i] - 1;
  }
  const uint32_t number = static_cast<uint32_t>(units_.size());
  units_.push_back(unit);
  slots_[i] = number + 1;
  if (units_.size() * 2 > slots_.size()) Grow();
  return number;
}

void UnitNumbers::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t number = 0; number < units_.size(); ++number) {
    size_t i = PlaceOf(units_[number]);
    while (slots_[i] != 0) i = (i + 1) & mask;
    slots_[i] = number + 1;
  }
}

uint32_t TrainingSet::LabelNumber(std::string_view name) {
  const uint32_t next = free_labels_.empty() ? static_cast<uint32_t>(label_names_.size()) : free_labels_.back();
  const auto [place, is_new] = label_numbers_.try_emplace(std::string(name), next);
  if (!is_new) return place->second;
  if (next == label_names_.size()) {
    label_names_.emplace_back(name);
    label_uses_.push_back(0);
  } else {
    label_names_[next] = name;
    free_labels_.pop_back();
  }
  return next;
}

// Its units and labels are the last that were added.
void TrainingSet::Append(const Document& document) {
  const auto place = static_cast<uint32_t>(documents_.size());
  for (const uint32_t label : labels_of(document)) ++label_uses_[label];
  const auto [last, is_new] = places_.try_emplace(document.key, place);
  copies_.push_back({is_new ? kNone : last->second, kNone});
  if (!is_new) copies_[last->second].after = place;
  last->second = place;
  documents_.push_back(document);
}

void TrainingSet::Add(const DocumentKey& key, std::span<const uint32_t> labels, std::span<const Unit> units) {
  const Document document{key, units_.size(), static_cast<uint32_t>(units.size()), static_cast<uint32_t>(labels.size()), labels_.size()};
  labels_.insert(labels_.end(), labels.begin(), labels.end());
  for (const Unit unit : units) units_.push_back(numbers_.Add(unit));
  Append(document);
}

bool TrainingSet::Learn(const LearnedExample& example) {
  const DocumentKey key = KeyOf(example);
  if (key.id != kNoId && places_.contains(key)) return false;
  std::vector<uint32_t> labels;
  for (const std::string& label : example.labels) labels.push_back(LabelNumber(label));
  Add(key, labels, example.units);
  return true;
}

// A label goes with its last document.
void TrainingSet::ReleaseLabels(const Document& document) {
  for (const uint32_t label : labels_of(document)) {
    if (--label_uses_[label] != 0) continue;
    label_numbers_.erase(label_names_[label]);
    label_names_[label].clear();
    free_labels_.push_back(label);
  }
}

// The last document takes its place. REQUIRES: no copy comes after it.
void TrainingSet::RemoveAt(uint32_t place) {
  ReleaseLabels(documents_[place]);
  gone_numbers_ += documents_[place].units + documents_[place].labels;
  const uint32_t before = copies_[place].before;
  if (before == kNone) {
    places_.erase(documents_[place].key);
  } else {
    copies_[before].after = kNone;
    places_[documents_[place].key] = before;
  }
  const auto last = static_cast<uint32_t>(documents_.size() - 1);
  if (place != last) {
    const Copies moved = copies_[last];
    if (moved.before != kNone) copies_[moved.before].after = place;
    (moved.after == kNone ? places_[documents_[last].key] : copies_[moved.after].before) = place;
    documents_[place] = documents_[last];
    copies_[place] = moved;
  }
  documents_.pop_back();
  copies_.pop_back();
}

bool TrainingSet::Unlearn(const LearnedExample& example) {
  const auto found = places_.find(KeyOf(example));
  if (found == places_.end()) return false;
  RemoveAt(found->second);
  if (gone_numbers_ >= kLeastGone && gone_numbers_ * 2 > kept_numbers()) *this = Ordered();
  return true;
}

Result<uint64_t> TrainingSet::Merge(const TrainingSet& other) {
  const auto is_new = [this](const std::string& label) { return !label_numbers_.contains(label); };
  const auto new_labels = std::count_if(other.label_names_.begin(), other.label_names_.end(), is_new);
  const size_t of_both = label_names_.size() + static_cast<size_t>(new_labels);
  if (of_both > kMaxLabels) {
    return InvalidArgumentError("together they have " + std::to_string(of_both) + " labels; a model has at most " + std::to_string(kMaxLabels));
  }
  uint64_t added = 0;
  std::vector<uint32_t> labels;
  std::vector<Unit> units;
  for (const Document& document : other.documents_) {
    if (document.key.id != kNoId && places_.contains(document.key)) continue;
    labels.clear();
    units.clear();
    for (const uint32_t label : other.labels_of(document)) labels.push_back(LabelNumber(other.label_names_[label]));
    for (const uint32_t unit : other.units_of(document)) units.push_back(other.unit_of(unit));
    Add(document.key, labels, units);
    ++added;
  }
  return added;
}

TrainingSet TrainingSet::Ordered() const {
  std::vector<uint64_t> unit_uses(numbers_.units().size());
  for (const Document& document : documents_) {
    for (const uint32_t unit : units_of(document)) ++unit_uses[unit];
  }
  TrainingSet ordered(multi_label_);
  std::vector<uint32_t> order(label_names_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return label_names_[a] < label_names_[b]; });
  std::vector<uint32_t> new_label(label_names_.size());
  for (const uint32_t label : order) {
    if (label_uses_[label] != 0) new_label[label] = ordered.LabelNumber(label_names_[label]);
  }
  const std::vector<Unit>& hashes = numbers_.units();
  order.clear();
  for (uint32_t unit = 0; unit < hashes.size(); ++unit) {
    if (unit_uses[unit] != 0) order.push_back(unit);
  }
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return unit_uses[a] != unit_uses[b] ? unit_uses[a] > unit_uses[b] : hashes[a] < hashes[b]; });
  std::vector<uint32_t> rank(hashes.size());
  for (const uint32_t unit : order) rank[unit] = ordered.numbers_.Add(hashes[unit]);
  std::vector<uint32_t> by_key(documents_.size());
  std::iota(by_key.begin(), by_key.end(), 0);
  std::sort(by_key.begin(), by_key.end(), [&](uint32_t a, uint32_t b) { return documents_[a].key < documents_[b].key; });
  ordered.units_.reserve(units_.size());
  for (const uint32_t i : by_key) {
    Document document = documents_[i];
    const auto labels = labels_of(document);
    const auto units = units_of(document);
    document.labels_begin = ordered.labels_.size();
    document.units_begin = ordered.units_.size();
    for (const uint32_t label : labels) ordered.labels_.push_back(new_label[label]);
    for (const uint32_t unit : units) ordered.units_.push_back(rank[unit]);
    ordered.Append(document);
  }
  return ordered;
}

TrainingSet TrainingSet::Sample(size_t most) const {
  std::vector<std::pair<uint64_t, uint32_t>> by_hash;
  by_hash.reserve(documents_.size());
  for (const Document& document : documents_) by_hash.emplace_back(SampleHash(document.key), static_cast<uint32_t>(by_hash.size()));
  const auto end = by_hash.begin() + static_cast<ptrdiff_t>(std::min(most, by_hash.size()));
  std::nth_element(by_hash.begin(), end, by_hash.end());
  std::vector<uint32_t> places;
  for (auto taken = by_hash.begin(); taken != end; ++taken) places.push_back(taken->second);
  std::sort(places.begin(), places.end());
  TrainingSet sample(multi_label_);
  sample.label_names_ = label_names_;
  sample.numbers_ = numbers_;
  for (const uint32_t place : places) {
    const Document& document = documents_[place];
    Document copy = document;
    copy.units_begin = sample.units_.size();
    copy.labels_begin = sample.labels_.size();
    const auto units = units_of(document);
    const auto labels = labels_of(document);
    sample.units_.insert(sample.units_.end(), units.begin(), units.end());
    sample.labels_.insert(sample.labels_.end(), labels.begin(), labels.end());
    sample.documents_.push_back(copy);
  }
  return sample;
}

std::string TrainingSet::Encode() const { return Ordered().EncodeOrdered(); }

std::string TrainingSet::EncodeOrdered() const {
  std::string out;
  AppendU8(out, multi_label_ ? 1 : 0);
  AppendVarint(out, label_names_.size());
  for (const std::string& name : label_names_) AppendLengthPrefixed(out, name);
  AppendVarint(out, numbers_.units().size());
  for (const Unit unit : numbers_.units()) AppendU64(out, unit);
  AppendVarint(out, documents_.size());
  for (const Document& document : documents_) {
    AppendU64(out, document.key.id);
    AppendU64(out, document.key.content);
    AppendVarint(out, document.labels);
    for (const uint32_t label : labels_of(document)) AppendVarint(out, label);
    AppendVarint(out, document.units);
    for (const uint32_t unit : units_of(document)) AppendVarint(out, unit);
  }
  return out;
}

Result<TrainingSet> TrainingSet::Decode(std::string_view bytes) {
  ByteReader in(bytes);
  TrainingSet set(in.ReadU8() != 0);
  const uint64_t labels = in.ReadVarint();
  for (uint64_t i = 0; i < labels && in.ok(); ++i) set.LabelNumber(in.ReadLengthPrefixed());
  const uint64_t units = in.ReadVarint();
  for (uint64_t i = 0; i < units && in.ok(); ++i) set.numbers_.Add(in.ReadU64());
  const uint64_t documents = in.ReadVarint();
  if (!in.ok() || set.label_names_.size() != labels || set.numbers_.units().size() != units || labels > kMaxLabels) {
    return DataLossError("the labels or units of the training documents are damaged");
  }
  RETURN_IF_ERROR(set.DecodeDocuments(in.ReadBytes(in.remaining()), documents));
  return set;
}

Status TrainingSet::DecodeDocuments(std::string_view bytes, uint64_t count) {
  ByteReader in(bytes);
  bool sound = true;
  const auto read_numbers = [&](size_t limit, std::vector<uint32_t>& out) {
    const uint64_t n = in.ReadVarint();
    sound = sound && n <= in.remaining();  // each takes a byte at least
    for (uint64_t i = 0; i < n && sound && in.ok(); ++i) {
      out.push_back(in.ReadVarint32());
      sound = out.back() < limit;
    }
    return static_cast<uint32_t>(n);
  };
  for (uint64_t i = 0; i < count && in.ok() && sound; ++i) {
    Document document;
    document.key.id = in.ReadU64();
    document.key.content = in.ReadU64();
    document.labels_begin = labels_.size();
    document.labels = read_numbers(label_names_.size(), labels_);
    document.units_begin = units_.size();
    document.units = read_numbers(numbers_.units().size(), units_);
    sound = sound && (document.labels != 0 || multi_label_);
    if (sound && in.ok()) Append(document);
  }
  if (!in.ok() || !sound || !in.AtEnd()) return DataLossError("the training documents are damaged");
  return OkStatus();
}

}  // namespace sakuin::classifier
