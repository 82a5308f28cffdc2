// training_set.h: what a model has learned from: every document as its units and
// labels, in no order that anybody chose.
//
//   TrainingSet set;
//   set.Learn({.id = "k1", .labels = {"spam"}, .units = units});   // true: it is new
//   set.Unlearn(...the same...);                                    // true: it was there
//   const std::string bytes = set.Encode();
//
// A document with an id is learned once, however often it is given: learning it
// again changes nothing, so a run that was cut short may be repeated. The same id
// with another label or text is another document. One without an id counts as
// often as it is given. Encode() is a function of what is in the set: the order
// of learning, its parts, and what was unlearned leave no trace. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "classifier/units.h"

namespace sakuin::classifier {

// A line of training data.
struct Example {
  std::string id;  // empty: none
  std::vector<std::string> labels;
  std::string text;
};

struct LearnedExample {
  std::string_view id;
  std::span<const std::string> labels;  // at least one; sorted, each once
  std::span<const Unit> units;
};

// Where a document stands among all: by the hash of its id, then by that of its content.
struct DocumentKey {
  uint64_t id = 0;
  uint64_t content = 0;
  auto operator<=>(const DocumentKey&) const = default;
};

struct KeyHash {
  size_t operator()(const DocumentKey& key) const { return static_cast<size_t>(MixHash(key.id, key.content)); }
};

// Documents in the order of this are a random sample as far as one goes, the same each time.
inline uint64_t SampleHash(const DocumentKey& key) { return MixHash(key.content, key.id); }

// Numbers for units, in the order in which they come.
class UnitNumbers {
 public:
  UnitNumbers();
  uint32_t Add(Unit unit);
  const std::vector<Unit>& units() const { return units_; }

 private:
  void Grow();
  std::vector<uint32_t> slots_;  // number + 1
  std::vector<Unit> units_;
};

class TrainingSet {
 public:
  static constexpr size_t kMaxLabels = 65535;

  struct Document {
    DocumentKey key;
    uint64_t units_begin = 0;
    uint32_t units = 0;
    uint32_t labels = 0;
    uint64_t labels_begin = 0;
  };

  // In a set of several labels for each document a list of labels is learned; else one label it is.
  explicit TrainingSet(bool multi_label = false) : multi_label_(multi_label) {}
  bool multi_label() const { return multi_label_; }

  // False when a document with this id is there already, the same in everything.
  bool Learn(const LearnedExample& example);
  // False when there is none.
  bool Unlearn(const LearnedExample& example);
  // Learns all that `other` has; returns how many were new. INVALID_ARGUMENT, and nothing is changed: together they
  // have too many labels.
  Result<uint64_t> Merge(const TrainingSet& other);

  size_t size() const { return documents_.size(); }

  // The same set in the one order that Encode writes: labels by name, documents by key, units by frequency.
  TrainingSet Ordered() const;

  // Of this ordered set the `most` documents with the smallest hashes, in the same order and with the same labels
  // (of which some may have no document) and units.
  TrainingSet Sample(size_t most) const;

  const std::vector<std::string>& label_names() const { return label_names_; }
  const std::vector<Document>& documents() const { return documents_; }
  Unit unit_of(uint32_t number) const { return numbers_.units()[number]; }
  std::span<const uint32_t> units_of(const Document& document) const { return {units_.data() + document.units_begin, document.units}; }
  std::span<const uint32_t> labels_of(const Document& document) const { return {labels_.data() + document.labels_begin, document.labels}; }

  std::string Encode() const;
  // The same. REQUIRES: made by Ordered, and not changed since.
  std::string EncodeOrdered() const;
  static Result<TrainingSet> Decode(std::string_view bytes);

 private:
  struct Counted {
    uint32_t copies = 0;
    uint32_t document = 0;  // one of them
  };

  uint32_t LabelNumber(std::string_view name);
  void Add(const DocumentKey& key, std::span<const uint32_t> labels, std::span<const Unit> units);
  void RemoveAt(size_t place);
  Status DecodeDocuments(std::string_view bytes, uint64_t count);

  bool multi_label_;
  std::vector<std::string> label_names_;
  std::unordered_map<std::string, uint32_t> label_numbers_;
  UnitNumbers numbers_;
  std::vector<uint32_t> units_;   // of all documents
  std::vector<uint32_t> labels_;  // of all documents
  std::vector<Document> documents_;
  std::unordered_map<DocumentKey, Counted, KeyHash> places_;
};

}  // namespace sakuin::classifier
