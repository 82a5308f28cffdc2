// column.h: the values of one field by document: for sorting, filtering, facets.
// Specification: docs/index_format.md, chapter "Columns".
//
// Every value is a 64-bit number whose order is the order of the values:
// integers and dates (microseconds since 1970) as they are, booleans 0 and 1,
// floats through OrderedFromDouble, strings as the rank among the segment's
// distinct strings. A document has no value, one, or several (ascending).
//
//   ColumnBuilder builder(documents);              ASSIGN_OR_RETURN(Column column, Column::Open(file, field));
//   builder.Add(doc, 2010);                        for (uint64_t i = column.Begin(doc); i < column.End(doc); ++i) {
//   RETURN_IF_ERROR(builder.AddSections(file,        int64_t value = column.Value(i);
//                                       field));   }
//
// A Column is an immutable view of the segment: thread-safe. Builders are not.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "index/packed_numbers.h"
#include "index/segment_file.h"
#include "index/segment_file_writer.h"
#include "index/types.h"

namespace sakuin::index {

// Numbers whose order as integers is the order of the doubles; -0 equals 0.
inline int64_t OrderedFromDouble(double value) {
  const int64_t bits = std::bit_cast<int64_t>(value == 0 ? 0.0 : value);
  return bits >= 0 ? bits : bits ^ INT64_MAX;
}
inline double DoubleFromOrdered(int64_t ordered) { return std::bit_cast<double>(ordered >= 0 ? ordered : ordered ^ INT64_MAX); }

class ColumnBuilder {
 public:
  // Values in any order of documents; several per document allowed, equal ones kept once.
  void Add(DocId doc, int64_t value) { values_.emplace_back(doc, floats_ ? OrderedFromDouble(static_cast<double>(value)) : value); }
  // A first float makes floats of all.
  void Add(DocId doc, double value);
  bool empty() const { return values_.empty(); }
  size_t MemoryUsage() const { return values_.capacity() * sizeof(values_[0]); }

  Status AddSections(SegmentFileWriter& file, FieldId field, uint32_t documents);

 private:
  bool floats_ = false;
  std::vector<std::pair<DocId, int64_t>> values_;
};

// As above for strings; keeps each distinct string once.
class StringColumnBuilder {
 public:
  void Add(DocId doc, std::string_view value) { values_.emplace_back(doc, value); }
  bool empty() const { return values_.empty(); }

  Status AddSections(SegmentFileWriter& file, FieldId field, uint32_t documents);

 private:
  std::vector<std::pair<DocId, std::string>> values_;
};

class Column {
 public:
  Column() = default;  // no document has a value

  // Checks all of the column's bytes.
  static Result<Column> Open(const SegmentFileView& file, FieldId field);

  // Whether the starts of all documents ascend to the number of values. Linear.
  bool Fits(uint32_t documents) const;

  // The values of a document are those from Begin to End, ascending.
  uint64_t Begin(DocId doc) const { return starts_.size() == 0 ? 0 : starts_[doc]; }
  uint64_t End(DocId doc) const { return starts_.size() == 0 ? 0 : starts_[doc + 1]; }
  bool Has(DocId doc) const { return Begin(doc) < End(doc); }
  int64_t Value(uint64_t i) const { return static_cast<int64_t>(values_[i] ^ kSignBit); }
  // Whether the values are floats (OrderedFromDouble). A field that became float
  // later has integers in its older segments: read those through AsFloat.
  bool floats() const { return floats_; }
  int64_t AsFloat(uint64_t i) const { return floats_ ? Value(i) : OrderedFromDouble(static_cast<double>(Value(i))); }
  uint64_t values() const { return values_.size(); }

  // Strings only; empty for an ordinal that there is not.
  uint64_t strings() const { return string_ends_.size(); }
  std::string_view String(uint64_t ordinal) const;
  // The first ordinal whose string is not before `value`; strings() when none is.
  uint64_t LowerBound(std::string_view value) const;

 private:
  friend class ColumnBuilder;
  static constexpr uint64_t kSignBit = uint64_t{1} << 63;  // maps signed order to unsigned

  Status OpenStrings(std::string_view bytes);

  bool floats_ = false;
  PackedNumbers starts_;  // documents + 1 of them; value i belongs to the document whose range holds it
  PackedNumbers values_;
  PackedNumbers string_ends_;
  std::string_view string_bytes_;
};

}  // namespace sakuin::index
