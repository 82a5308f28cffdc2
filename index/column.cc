#include "index/column.h"

#include <algorithm>

namespace sakuin::index {

void ColumnBuilder::Add(DocId doc, double value) {
  if (!floats_) {
    for (auto& [owner, number] : values_) number = OrderedFromDouble(static_cast<double>(number));
    floats_ = true;
  }
  values_.emplace_back(doc, OrderedFromDouble(value));
}

Status ColumnBuilder::AddSections(SegmentFileWriter& file, FieldId field, uint32_t documents) {
  std::sort(values_.begin(), values_.end());
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  std::vector<uint64_t> starts(size_t{documents} + 1);
  std::vector<uint64_t> numbers;
  numbers.reserve(values_.size());
  for (const auto& [doc, value] : values_) {
    ++starts[doc + 1];
    numbers.push_back(static_cast<uint64_t>(value) ^ Column::kSignBit);
  }
  for (size_t doc = 0; doc < documents; ++doc) starts[doc + 1] += starts[doc];
  std::string bytes;
  AppendU8(bytes, floats_ ? 1 : 0);
  AppendPacked(starts, bytes);
  AppendPacked(numbers, bytes);
  return file.Add(SectionKind::kColumn, field, bytes);
}

Status StringColumnBuilder::AddSections(SegmentFileWriter& file, FieldId field, uint32_t documents) {
  std::vector<std::string_view> distinct;
  distinct.reserve(values_.size());
  for (const auto& [doc, value] : values_) distinct.push_back(value);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());

  ColumnBuilder ordinals;
  for (const auto& [doc, value] : values_) {
    ordinals.Add(doc, int64_t{std::lower_bound(distinct.begin(), distinct.end(), value) - distinct.begin()});
  }
  std::vector<uint64_t> ends;
  std::string strings;
  for (const std::string_view value : distinct) {
    strings.append(value);
    ends.push_back(strings.size());
  }
  std::string bytes;
  AppendPacked(ends, bytes);
  bytes += strings;
  RETURN_IF_ERROR(file.Add(SectionKind::kColumnStrings, field, bytes));
  return ordinals.AddSections(file, field, documents);
}

Result<Column> Column::Open(const SegmentFileView& file, FieldId field) {
  Column column;
  ASSIGN_OR_RETURN(const std::string_view bytes, file.CheckedSection(SectionKind::kColumn, field));
  if (bytes.empty()) return column;
  ByteReader in(bytes);
  column.floats_ = in.ReadU8() != 0;
  if (!PackedNumbers::Read(in, column.starts_) || !PackedNumbers::Read(in, column.values_) || column.starts_.size() == 0) {
    return DataLossError(file.path() + ": a column cannot be decoded; the segment is damaged");
  }
  ASSIGN_OR_RETURN(const std::string_view strings, file.CheckedSection(SectionKind::kColumnStrings, field));
  if (!strings.empty()) RETURN_IF_ERROR(column.OpenStrings(strings).WithContext(file.path()));
  return column;
}

Status Column::OpenStrings(std::string_view bytes) {
  ByteReader in(bytes);
  if (!PackedNumbers::Read(in, string_ends_)) return DataLossError("the strings of a column cannot be decoded; the segment is damaged");
  string_bytes_ = in.ReadBytes(in.remaining());
  return OkStatus();
}

bool Column::Fits(uint32_t documents) const {
  if (starts_.size() == 0) return true;
  if (starts_.size() != uint64_t{documents} + 1 || starts_[0] != 0 || starts_[documents] != values_.size()) return false;
  uint64_t last = 0;
  bool ascending = true;
  for (uint32_t doc = 0; doc < documents; ++doc) {
    const uint64_t next = starts_[doc + 1];
    ascending &= next >= last;
    last = next;
  }
  return ascending;
}

std::string_view Column::String(uint64_t ordinal) const {
  if (ordinal >= strings()) return {};
  const uint64_t begin = ordinal == 0 ? 0 : string_ends_[ordinal - 1];
  const uint64_t end = string_ends_[ordinal];
  return begin <= end && end <= string_bytes_.size() ? string_bytes_.substr(begin, end - begin) : std::string_view();
}

uint64_t Column::LowerBound(std::string_view value) const {
  uint64_t low = 0;
  uint64_t high = strings();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (String(middle) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace sakuin::index
