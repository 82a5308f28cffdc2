#include "keyword_linker/dictionary.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "keyword_linker/dictionary_format.h"
#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {
namespace {

Status Damaged(const std::string& what) {
  return DataLossError("the dictionary of keywords is damaged: " + what + "; build it again with sakuin keywords build");
}

}  // namespace

// The sections of a file, each checked against its checksum.
class DictionarySections {
 public:
  Status Read(std::string_view file) {
    if (file.size() < kDictionaryHeaderBytes + kDictionaryFooterBytes) return Damaged("it has " + std::to_string(file.size()) + " bytes");
    if (!file.starts_with(kDictionaryMagic) || !file.ends_with(kDictionaryMagic)) return Damaged("it does not begin and end as one");
    const uint32_t version = LoadUnaligned<uint32_t>(file.data() + 8);
    const uint32_t count = LoadUnaligned<uint32_t>(file.data() + 12);
    if (version != kDictionaryVersion) {
      return FailedPreconditionError("the dictionary has version " + std::to_string(version) + "; this program reads version " +
                                     std::to_string(kDictionaryVersion) + ": build it again with sakuin keywords build");
    }
    ByteReader footer(file.substr(file.size() - kDictionaryFooterBytes));
    const uint64_t toc_begin = footer.ReadU64();
    const uint64_t toc_checksum = footer.ReadU64();
    const uint64_t toc_size = uint64_t{count} * kDictionaryTocEntryBytes;
    if (count != kDictionarySections || toc_begin > file.size() || file.size() - toc_begin != toc_size + kDictionaryFooterBytes) {
      return Damaged("its table of contents is not where it should be");
    }
    const std::string_view toc = file.substr(toc_begin, toc_size);
    if (Checksum(toc) != toc_checksum) return Damaged("the checksum of its table of contents does not fit");
    ByteReader in(toc);
    for (uint32_t i = 0; i < count; ++i) RETURN_IF_ERROR(ReadOne(file, in, i + 1));
    return OkStatus();
  }

  std::string_view Bytes(DictionarySection section) const { return sections_[static_cast<uint32_t>(section) - 1]; }

  template <typename T>
  std::span<const T> Array(DictionarySection section) const {
    const std::string_view bytes = Bytes(section);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

 private:
  Status ReadOne(std::string_view file, ByteReader& toc, uint32_t kind) {
    const uint32_t found = toc.ReadU32();
    toc.ReadU32();
    const uint64_t begin = toc.ReadU64();
    const uint64_t size = toc.ReadU64();
    const uint64_t checksum = toc.ReadU64();
    const std::string name = "section " + std::to_string(kind);
    if (found != kind || begin % kDictionaryAlignment != 0 || begin > file.size() || size > file.size() - begin) return Damaged(name + " lies outside");
    sections_[kind - 1] = file.substr(begin, size);
    return Checksum(sections_[kind - 1]) == checksum ? OkStatus() : Damaged("the checksum of " + name + " does not fit");
  }

  std::array<std::string_view, kDictionarySections> sections_;
};

bool Dictionary::IsOne(std::string_view first_bytes) { return first_bytes.starts_with(kDictionaryMagic); }

Result<std::unique_ptr<Dictionary>> Dictionary::Open(FileSystem& fs, const std::string& path) {
  std::unique_ptr<Dictionary> dictionary(new Dictionary);
  ASSIGN_OR_RETURN(dictionary->file_, fs.Map(path));
  dictionary->bytes_ = dictionary->file_->bytes();
  RETURN_IF_ERROR(dictionary->Parse().WithContext(path));
  return dictionary;
}

Result<std::unique_ptr<Dictionary>> Dictionary::FromBytes(std::string_view bytes) {
  std::unique_ptr<Dictionary> dictionary(new Dictionary);
  // Sections are read as arrays of numbers, from where a file's mapping would have them.
  dictionary->owned_.resize(bytes.size() + kDictionaryAlignment);
  const size_t misplaced = reinterpret_cast<uintptr_t>(dictionary->owned_.data()) % kDictionaryAlignment;
  const size_t shift = misplaced == 0 ? 0 : kDictionaryAlignment - misplaced;
  dictionary->owned_.replace(shift, bytes.size(), bytes);
  dictionary->bytes_ = std::string_view(dictionary->owned_).substr(shift, bytes.size());
  RETURN_IF_ERROR(dictionary->Parse());
  return dictionary;
}

Status Dictionary::ReadEntries(FileSystem& fs, const std::string& path, const std::function<Status(const Entry&)>& reader) {
  Dictionary dictionary;
  ASSIGN_OR_RETURN(dictionary.file_, fs.Map(path));
  DictionarySections sections;
  RETURN_IF_ERROR(sections.Read(dictionary.file_->bytes()).WithContext(path));
  dictionary.SetEntries(sections);
  RETURN_IF_ERROR(dictionary.CheckEntries().WithContext(path));
  for (uint32_t i = 0; i < dictionary.entries(); ++i) RETURN_IF_ERROR(reader(dictionary.entry(i)));
  return OkStatus();
}

void Dictionary::SetEntries(const DictionarySections& sections) {
  firsts_ = sections.Array<uint32_t>(DictionarySection::kFirsts);
  priorities_ = sections.Array<int32_t>(DictionarySection::kPriorities);
  offsets_ = sections.Array<uint64_t>(DictionarySection::kOffsets);
  strings_ = sections.Bytes(DictionarySection::kStrings);
}

Status Dictionary::Parse() {
  DictionarySections sections;
  RETURN_IF_ERROR(sections.Read(bytes_));
  ByteReader folding(sections.Bytes(DictionarySection::kFolding));
  const uint64_t fingerprint = folding.ReadU64();
  if (fingerprint != FoldingFingerprint()) {
    return FailedPreconditionError("the dictionary was built with other rules of folding (by another version of Sakuin or ICU); build it again with sakuin keywords build");
  }
  ASSIGN_OR_RETURN(automaton_, Automaton::Make({sections.Array<AutomatonNode>(DictionarySection::kNodes),
                                                sections.Array<AutomatonLink>(DictionarySection::kLinks),
                                                sections.Array<AutomatonOutput>(DictionarySection::kOutputs),
                                                sections.Array<uint16_t>(DictionarySection::kTails)}));
  SetEntries(sections);
  const std::span<const uint32_t> alphabet = sections.Array<uint32_t>(DictionarySection::kAlphabet);
  RETURN_IF_ERROR(CheckEntries());
  // The array has room for a child by every code.
  if (!automaton_.empty() && automaton_.parts().nodes.size() % std::bit_ceil(alphabet.size() + 1) != 0) return Damaged("its alphabet is larger than its array");
  MakeCodes(alphabet);
  return OkStatus();
}

Status Dictionary::CheckEntries() const {
  if (firsts_.empty() || offsets_.empty() || firsts_.back() != entries() || priorities_.size() != entries() || offsets_.back() != strings_.size()) {
    return Damaged("its entries do not fit each other");
  }
  for (uint32_t i = 0; i < keywords(); ++i) {
    if (firsts_[i] >= firsts_[i + 1]) return Damaged("a keyword has no entry");
  }
  for (uint32_t i = 0; i < entries(); ++i) {
    if (offsets_[i] > offsets_[i + 1]) return Damaged("an entry ends before it begins");
  }
  const size_t outputs = automaton_.parts().outputs.size();
  return outputs == 0 || outputs == keywords() + size_t{1} ? OkStatus() : Damaged("an output belongs to no keyword");
}

void Dictionary::MakeCodes(std::span<const uint32_t> alphabet) {
  codes_.assign(kPageSize, kUnknownCode);
  for (size_t i = 0; i < alphabet.size(); ++i) {
    if (alphabet[i] >= kCodePoints) continue;
    uint16_t& page = pages_[alphabet[i] / kPageSize];
    if (page == 0) {
      page = static_cast<uint16_t>(codes_.size() / kPageSize);
      codes_.resize(codes_.size() + kPageSize, kUnknownCode);
    }
    codes_[page * kPageSize + alphabet[i] % kPageSize] = static_cast<uint32_t>(i + 1);
  }
}

Entry Dictionary::entry(uint32_t number) const {
  ByteReader in(strings_.substr(offsets_[number], offsets_[number + 1] - offsets_[number]));
  Entry entry;
  entry.keyword = in.ReadLengthPrefixed();
  entry.target = in.ReadBytes(in.remaining());
  if (entry.target.empty()) entry.target = entry.keyword;
  entry.priority = priorities_[number];
  return entry;
}

std::optional<uint32_t> Dictionary::Find(std::string_view keyword) const {
  FoldedUnits units;
  units.Append(keyword);
  if (units.empty() || automaton_.empty()) return std::nullopt;
  std::vector<uint32_t> codes;
  for (size_t i = 0; i < units.size(); ++i) codes.push_back(CodeOf(units[i].code_point));
  codes.push_back(kUnknownCode);  // the end
  uint32_t state = kRootState;
  for (uint32_t i = 0; i < units.size(); ++i) {
    state = automaton_.Child(state, codes[i]);
    if (state == kRootState) return std::nullopt;
    const AutomatonNode& node = automaton_.node(state);
    const uint32_t left = static_cast<uint32_t>(units.size()) - i - 1;
    const bool tail = node.Has(AutomatonNode::kTail);
    const bool ends = tail ? left > 0 && automaton_.MatchTail(node.base, &codes[i + size_t{1}]) == left : node.Has(AutomatonNode::kEnds) && left == 0;
    if (ends) return automaton_.KeywordAt(state);
  }
  return std::nullopt;
}

}  // namespace sakuin::keyword_linker
