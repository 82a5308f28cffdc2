#include "keyword_linker/dictionary_builder.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/dictionary_format.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kFlushBytes = size_t{1} << 20;

Status CheckUnits(size_t units) {
  return units > 0 ? OkStatus() : InvalidArgumentError("the keyword is empty or shows nothing; expected at least one character");
}

Status CheckBytes(const Entry& entry) {
  if (entry.keyword.size() > kMaxKeywordBytes || entry.target.size() > kMaxTargetBytes) {
    return InvalidArgumentError("a keyword of " + std::to_string(entry.keyword.size()) + " bytes with a target of " + std::to_string(entry.target.size()) +
                                ": expected at most " + std::to_string(kMaxKeywordBytes) + " each");
  }
  for (size_t at = 0; at < entry.keyword.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(entry.keyword, at);
    if (!c.valid) return InvalidArgumentError("the keyword is not UTF-8 at byte " + std::to_string(at) + "; convert the file");
    at += c.bytes;
  }
  return OkStatus();
}

// Writes sections in the order of their kinds, then the table of contents.
class SectionWriter {
 public:
  explicit SectionWriter(std::function<Status(std::string_view)> sink) : sink_(std::move(sink)) {}

  Status Begin() {
    std::string header(kDictionaryMagic);
    AppendU32(header, kDictionaryVersion);
    AppendU32(header, kDictionarySections);
    header.resize(kDictionaryHeaderBytes);
    return Put(header);
  }

  Status StartSection(DictionarySection kind) {
    RETURN_IF_ERROR(Put(std::string((kDictionaryAlignment - written_ % kDictionaryAlignment) % kDictionaryAlignment, '\0')));
    kind_ = kind;
    begin_ = written_;
    checksum_.Reset();
    return OkStatus();
  }

  Status Append(std::string_view bytes) {
    checksum_.Update(bytes);
    return Put(bytes);
  }

  void EndSection() {
    AppendU32(toc_, static_cast<uint32_t>(kind_));
    AppendU32(toc_, 0);
    AppendU64(toc_, begin_);
    AppendU64(toc_, written_ - begin_);
    AppendU64(toc_, checksum_.Value());
  }

  template <typename T>
  Status Array(DictionarySection kind, const std::vector<T>& values) {
    RETURN_IF_ERROR(StartSection(kind));
    RETURN_IF_ERROR(Append({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}));
    EndSection();
    return OkStatus();
  }

  Status Finish() {
    std::string footer;
    AppendU64(footer, written_);
    AppendU64(footer, Checksum(toc_));
    AppendU64(footer, 0);
    footer += kDictionaryMagic;
    RETURN_IF_ERROR(Put(toc_));
    return Put(footer);
  }

 private:
  Status Put(std::string_view bytes) {
    written_ += bytes.size();
    return sink_(bytes);
  }

  std::function<Status(std::string_view)> sink_;
  uint64_t written_ = 0;
  DictionarySection kind_ = DictionarySection::kFolding;
  uint64_t begin_ = 0;
  RunningChecksum checksum_;
  std::string toc_;
};

bool Less(std::span<const uint32_t> a, std::span<const uint32_t> b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }
bool Equal(std::span<const uint32_t> a, std::span<const uint32_t> b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

Status CheckEntry(const Entry& entry) {
  RETURN_IF_ERROR(CheckBytes(entry));
  FoldedUnits units;
  units.Append(entry.keyword);
  return CheckUnits(units.size());
}

Status DictionaryBuilder::Add(const Entry& entry) {
  RETURN_IF_ERROR(CheckBytes(entry));
  scratch_.Clear();
  scratch_.Append(entry.keyword);
  RETURN_IF_ERROR(CheckUnits(scratch_.size()));
  const std::string_view target = entry.target == entry.keyword ? std::string_view() : entry.target;  // as it is read
  if (units_.size() + scratch_.size() > UINT32_MAX) return ResourceExhaustedError("more than 4 billion characters of keywords; make several dictionaries");
  Held held{strings_.size(), static_cast<uint32_t>(units_.size()), static_cast<uint32_t>(scratch_.size()), static_cast<uint32_t>(entry.keyword.size()),
            static_cast<uint32_t>(target.size()), entry.priority};
  strings_.append(entry.keyword).append(target);
  for (size_t i = 0; i < scratch_.size(); ++i) units_.push_back(scratch_[i].code_point);
  entries_.push_back(held);
  return OkStatus();
}

// The code points by falling frequency; units_ become codes.
std::vector<uint32_t> DictionaryBuilder::MakeAlphabet() {
  const uint32_t code_points = units_.empty() ? 0 : *std::max_element(units_.begin(), units_.end()) + 1;
  std::vector<uint32_t> counts(code_points);
  for (const uint32_t unit : units_) ++counts[unit];
  std::vector<uint32_t> alphabet;
  for (uint32_t c = 0; c < code_points; ++c) {
    if (counts[c] > 0) alphabet.push_back(c);
  }
  std::stable_sort(alphabet.begin(), alphabet.end(), [&](uint32_t a, uint32_t b) { return counts[a] > counts[b]; });
  for (size_t i = 0; i < alphabet.size(); ++i) counts[alphabet[i]] = static_cast<uint32_t>(i + 1);
  for (uint32_t& unit : units_) unit = counts[unit];
  return alphabet;
}

// By folded keyword, then the one that wins first; of one keyword given twice that of higher priority stays, then the later.
void DictionaryBuilder::SortEntries() {
  std::stable_sort(entries_.begin(), entries_.end(), [this](const Held& a, const Held& b) {
    const std::span<const uint32_t> of_a = UnitsOf(a);
    const std::span<const uint32_t> of_b = UnitsOf(b);
    if (!Equal(of_a, of_b)) return Less(of_a, of_b);
    const int order = KeywordOf(a).compare(KeywordOf(b));
    return order != 0 ? order < 0 : a.priority < b.priority;
  });
  size_t kept = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (i + 1 < entries_.size() && KeywordOf(entries_[i]) == KeywordOf(entries_[i + 1])) continue;
    entries_[kept++] = entries_[i];
  }
  replaced_ = entries_.size() - kept;
  entries_.resize(kept);
  for (size_t begin = 0; begin < kept;) {
    size_t end = begin + 1;
    while (end < kept && Equal(UnitsOf(entries_[begin]), UnitsOf(entries_[end]))) ++end;
    const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::stable_sort(first, first + static_cast<std::ptrdiff_t>(end - begin), [](const Held& a, const Held& b) { return a.priority > b.priority; });
    begin = end;
  }
}

Status DictionaryBuilder::WriteTo(const Sink& sink) {
  const std::vector<uint32_t> alphabet = MakeAlphabet();
  SortEntries();
  AutomatonBuilder builder;
  std::vector<uint32_t> firsts;
  std::vector<int32_t> priorities;
  std::vector<uint64_t> offsets = {0};
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const Held& held = entries_[i];
    if (i == 0 || !Equal(UnitsOf(entries_[i - 1]), UnitsOf(held))) {
      builder.Add(UnitsOf(held));
      firsts.push_back(i);
    }
    priorities.push_back(held.priority);
    std::string length;
    AppendVarint(length, held.keyword_bytes);
    offsets.push_back(offsets.back() + length.size() + held.keyword_bytes + held.target_bytes);
  }
  firsts.push_back(static_cast<uint32_t>(entries_.size()));
  units_ = {};
  const BuiltAutomaton automaton = builder.Build();

  SectionWriter writer(sink);
  RETURN_IF_ERROR(writer.Begin());
  RETURN_IF_ERROR(writer.Array(DictionarySection::kFolding, std::vector<uint64_t>{FoldingFingerprint()}));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kAlphabet, alphabet));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kNodes, automaton.nodes));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kLinks, automaton.links));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kOutputs, automaton.outputs));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kTails, automaton.tails));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kFirsts, firsts));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kPriorities, priorities));
  RETURN_IF_ERROR(writer.Array(DictionarySection::kOffsets, offsets));
  RETURN_IF_ERROR(writer.StartSection(DictionarySection::kStrings));
  std::string buffer;
  for (const Held& held : entries_) {
    AppendLengthPrefixed(buffer, KeywordOf(held));
    buffer.append(strings_, held.strings + held.keyword_bytes, held.target_bytes);
    if (buffer.size() < kFlushBytes) continue;
    RETURN_IF_ERROR(writer.Append(buffer));
    buffer.clear();
  }
  RETURN_IF_ERROR(writer.Append(buffer));
  writer.EndSection();
  return writer.Finish();
}

void DictionaryBuilder::Clear() {
  const size_t replaced = replaced_;
  *this = {};
  replaced_ = replaced;
}

Status DictionaryBuilder::Write(FileSystem& fs, const std::string& path) {
  Status status = WriteFileAtomically(fs, path, [this](WritableFile& file) {
    return WriteTo([&file](std::string_view bytes) { return file.Append(bytes); });
  });
  Clear();
  return status;
}

std::string DictionaryBuilder::ToBytes() {
  std::string bytes;
  const Status status = WriteTo([&bytes](std::string_view more) {
    bytes.append(more);
    return OkStatus();
  });
  Clear();
  return bytes;
}

}  // namespace sakuin::keyword_linker
