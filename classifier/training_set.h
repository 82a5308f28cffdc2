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
  std::span<const std::string> labels;  // sorted, each once
  std::span<const Unit> units;
};

// Where a document stands among all: by the hash of its id, then by that of its content.
struct DocumentKey {
  uint64_t id = 0;
  uint64_t content = 0;
  auto operator<=>(const DocumentKey&) const = default;  // NOLINT(modernize-use-nullptr): the tool takes its zero for a pointer
};

struct KeyHash {
  size_t operator()(const DocumentKey& key) const;
};

// Documents in the order of this are a random sample as far as one goes, the same each time.
inline uint64_t SampleHash(const DocumentKey& key) { return MixHash(key.content, key.id); }

// Numbers for units, in the order in which they come. Where a unit is looked up
// depends on the process, so no file can be made whose units all meet in one place.
class UnitNumbers {
 public:
  UnitNumbers();
  uint32_t Add(Unit unit);
  const std::vector<Unit>& units() const { return units_; }

 private:
  size_t PlaceOf(Unit unit) const;  // where the search for it begins
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

  // In a set of several labels for each document a list of labels is learned, which may be empty; else one label it is.
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

  // How many labels the documents have; and whether this is one of them.
  size_t label_count() const { return label_numbers_.size(); }
  bool HasLabel(const std::string& name) const { return label_numbers_.contains(name); }

  // The same set in the one order that Encode writes: labels by name, documents by key, units by frequency.
  TrainingSet Ordered() const;

  // Of this ordered set the `most` documents with the smallest hashes, and the first of equal ones, in the same order and
  // with the same labels (of which some may have no document) and units. To be read only.
  TrainingSet Sample(size_t most) const;

  // Of all numbers of labels: where the documents of one were unlearned, the next new label has its number.
  const std::vector<std::string>& label_names() const { return label_names_; }
  const std::vector<Document>& documents() const { return documents_; }
  Unit unit_of(uint32_t number) const { return numbers_.units()[number]; }
  // Numbers that are kept for documents, at most about twice as many as these have: what was unlearned goes some time.
  size_t kept_numbers() const { return units_.size() + labels_.size(); }
  std::span<const uint32_t> units_of(const Document& document) const { return {units_.data() + document.units_begin, document.units}; }
  std::span<const uint32_t> labels_of(const Document& document) const { return {labels_.data() + document.labels_begin, document.labels}; }

  std::string Encode() const;
  // The same. REQUIRES: made by Ordered, and not changed since.
  std::string EncodeOrdered() const;
  static Result<TrainingSet> Decode(std::string_view bytes);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The documents before and after one among those with the same key.
  struct Copies {
    uint32_t before = kNone;
    uint32_t after = kNone;
  };

  uint32_t LabelNumber(std::string_view name);
  void Add(const DocumentKey& key, std::span<const uint32_t> labels, std::span<const Unit> units);
  void Append(const Document& document);
  void RemoveAt(uint32_t place);
  void ReleaseLabels(const Document& document);
  Status DecodeDocuments(std::string_view bytes, uint64_t count);

  bool multi_label_;
  std::vector<std::string> label_names_;
  std::unordered_map<std::string, uint32_t> label_numbers_;
  std::vector<uint64_t> label_uses_;    // documents of each
  std::vector<uint32_t> free_labels_;   // numbers of labels that no document has any more
  UnitNumbers numbers_;
  std::vector<uint32_t> units_;   // of all documents
  std::vector<uint32_t> labels_;  // of all documents
  std::vector<Document> documents_;
  std::vector<Copies> copies_;                                 // of each document
  std::unordered_map<DocumentKey, uint32_t, KeyHash> places_;  // the last of the copies
  size_t gone_numbers_ = 0;                                    // in units_ and labels_, of documents that were unlearned
};

}  // namespace sakuin::classifier
