#include "indexer/inverter.h"

#include <algorithm>

#include "base/checksum.h"
#include "index/segment_writer.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kFirstTableSize = size_t{1} << 12;

__extension__ using Product = unsigned __int128;

// For the table of words only: multiplies and folds eight bytes at a time.
uint64_t HashTerm(index::FieldId field, std::string_view term) {
  uint64_t hash = (field + 1) * UINT64_C(0x9E3779B97F4A7C15);
  const char* at = term.data();
  size_t left = term.size();
  const auto mix = [&hash](uint64_t bits) {
    const Product product = static_cast<Product>(hash ^ bits) * UINT64_C(0xD6E8FEB86659FD93);
    hash = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  for (; left >= 8; at += 8, left -= 8) mix(LoadUnaligned<uint64_t>(at));
  uint64_t tail = term.size() << 56;
  for (size_t i = 0; i < left; ++i) tail |= static_cast<uint64_t>(static_cast<uint8_t>(at[i])) << 8 * i;
  mix(tail);
  return hash;
}

}  // namespace

Status AnalyzerSet::Add(const std::string& name) {
  if (analyzers_.contains(name)) return OkStatus();
  ASSIGN_OR_RETURN(analyzers_[name], text::MakeAnalyzer(name));
  return OkStatus();
}

std::vector<std::string> AnalyzerSet::warnings() const {
  std::vector<std::string> warnings;
  for (const auto& [name, analyzer] : analyzers_) {
    if (analyzer != nullptr && !analyzer->warning().empty()) warnings.emplace_back(analyzer->warning());
  }
  return warnings;
}

Inverter::Inverter() : table_(kFirstTableSize) {}
Inverter::~Inverter() = default;

Result<std::unique_ptr<Inverter>> Inverter::Create(FileSystem& fs, const std::string& folder, uint64_t sequence) {
  std::unique_ptr<Inverter> inverter(new Inverter);
  ASSIGN_OR_RETURN(inverter->writer_, index::SegmentWriter::Create(fs, folder, sequence));
  return inverter;
}

uint32_t Inverter::documents() const { return writer_->documents(); }

size_t Inverter::MemoryUsage() const {
  size_t lengths = 0;
  for (const auto& [field, state] : fields_) lengths += state.lengths.capacity() * 4 + state.exists.capacity() * 8;
  return arena_.MemoryUsage() + terms_.capacity() * sizeof(Term) + table_.capacity() * 4 + term_bytes_.capacity() + lengths + document_bytes_;
}

Inverter::FieldState& Inverter::StateOf(index::FieldId field) { return fields_[field]; }

bool Inverter::Supersede(const MappedDocument& document) {
  const auto [at, added] = newest_.try_emplace(document.key, Newest{documents(), document.version});
  if (added) {
    document_bytes_ += 2 * document.key.size() + 120;
    return true;
  }
  if (document.version != 0 && at->second.version > document.version) return false;
  superseded_.push_back(at->second.doc);
  at->second = {documents(), document.version};
  return true;
}

void Inverter::Delete(const std::string& key) {
  const auto at = newest_.find(key);
  if (at == newest_.end()) return;
  superseded_.push_back(at->second.doc);
  newest_.erase(at);
}

Status Inverter::Add(const MappedDocument& document, const index::Schema& schema, const AnalyzerSet& analyzers) {
  if (!Supersede(document)) return OkStatus();
  for (const MappedValue& value : document.values) {
    const index::Field& field = schema.fields[value.field];
    FieldState& state = StateOf(value.field);
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      if (field.indexed) AddText(value.field, *text, schema, analyzers);
      if (field.column && !text->empty() && text->size() <= index::kMaxColumnStringBytes) {
        state.strings.Add(documents(), *text);
        document_bytes_ += text->size() + 56;
      }
      if (!text->empty()) MarkExists(state);
    } else {
      if (const auto* number = std::get_if<int64_t>(&value.value)) {
        state.numbers.Add(documents(), *number);
      } else {
        state.numbers.Add(documents(), std::get<double>(value.value));
      }
      document_bytes_ += 24;
      MarkExists(state);
    }
  }
  EndDocument();
  return writer_->AddDocument(document.key, document.version, document.stored);
}

void Inverter::MarkExists(FieldState& state) {
  const uint32_t doc = documents();
  state.exists.resize(std::max<size_t>(state.exists.size(), doc / 64 + 1));
  state.exists[doc / 64] |= uint64_t{1} << doc % 64;
}

void Inverter::AddText(index::FieldId id, const std::string& value, const index::Schema& schema, const AnalyzerSet& analyzers) {
  const index::Field& field = schema.fields[id];
  tokens_.Clear();
  if (field.type == index::FieldType::kKeyword) {
    FieldState& state = StateOf(id);
    state.indexed = true;
    state.positions = false;
    if (value.size() <= text::kMaxTermBytes) {
      AddOccurrence(id, value, 0);
      ++state.length;
    }
    return;
  }
  const text::Analyzer& analyzer = analyzers.Get(field.analyzer);
  analyzer.Analyze(value, text::AnalysisMode::kIndex, tokens_);
  invalid_bytes_ += tokens_.invalid_bytes;
  FieldState& state = StateOf(id);
  state.positions = field.positions;
  if (state.analyzer == 0) state.analyzer = analyzer.fingerprint();
  if (only_text_ == index::kNoField) only_text_ = id;
  if (id != only_text_ && !all_in_use_) CopyIntoAll(only_text_);
  AddTokens(id, tokens_);
  if (all_in_use_) AddTokens(index::kAllField, tokens_);
  if (analyzer.second_view() != nullptr) AddSecondView(*analyzer.second_view(), value);
}

// Tokens on one position count once for the length.
void Inverter::AddTokens(index::FieldId id, const text::TokenList& tokens) {
  FieldState& state = StateOf(id);
  state.indexed = true;
  uint32_t last = UINT32_MAX;
  for (const text::Token& token : tokens.tokens()) {
    AddOccurrence(id, token.term, state.next_position + token.position);
    state.length += token.position != last ? 1 : 0;
    last = token.position;
  }
  state.next_position += tokens.next_position() + index::kPositionGap;
}

void Inverter::AddSecondView(const text::Analyzer& view, const std::string& value) {
  tokens_.Clear();
  view.Analyze(value, text::AnalysisMode::kIndex, tokens_);
  FieldState& state = StateOf(index::kSecondViewField);
  state.positions = false;
  AddTokens(index::kSecondViewField, tokens_);
}

Inverter::Term& Inverter::FindOrAddTerm(index::FieldId field, std::string_view bytes) {
  const size_t mask = table_.size() - 1;
  size_t at = HashTerm(field, bytes) & mask;
  for (; table_[at] != 0; at = (at + 1) & mask) {
    Term& term = terms_[table_[at] - 1];
    if (term.field == field && TermBytes(term) == bytes) return term;
  }
  terms_.push_back({static_cast<uint32_t>(term_bytes_.size()), static_cast<uint16_t>(bytes.size()), field, UINT32_MAX, 0, arena_.NewStream()});
  term_bytes_.append(bytes);
  table_[at] = static_cast<uint32_t>(terms_.size());
  if (terms_.size() * 2 > table_.size()) GrowTable();
  return terms_.back();
}

void Inverter::GrowTable() {
  table_.assign(table_.size() * 2, 0);
  const size_t mask = table_.size() - 1;
  for (uint32_t i = 0; i < terms_.size(); ++i) {
    size_t at = HashTerm(terms_[i].field, TermBytes(terms_[i])) & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = i + 1;
  }
}

void Inverter::AddOccurrence(index::FieldId field, std::string_view bytes, uint32_t position) {
  Term& term = FindOrAddTerm(field, bytes);
  const uint32_t doc = documents();
  if (term.last_doc == doc) {
    // Positions of one value ascend, but a token graph may give one position twice.
    if (position <= term.last_position) return;
    arena_.AppendVarint(term.stream, uint64_t{position - term.last_position} << 1);
  } else {
    arena_.AppendVarint(term.stream, uint64_t{position} << 1 | 1);
    arena_.AppendVarint(term.stream, doc - term.last_doc);  // from UINT32_MAX: doc + 1, modulo 2^32
    term.last_doc = doc;
  }
  term.last_position = position;
}

// The segment's second text field has come: until now the words of the first
// were all words; from now on they are kept twice.
void Inverter::CopyIntoAll(index::FieldId only) {
  all_in_use_ = true;
  const size_t count = terms_.size();
  for (size_t i = 0; i < count; ++i) {
    const Term term = terms_[i];
    if (term.field != only) continue;
    const std::string bytes(TermBytes(term));
    const SliceArena::Stream from = term.stream;
    Term& copy = FindOrAddTerm(index::kAllField, bytes);
    for (SliceReader reader(arena_, from); !reader.AtEnd();) arena_.AppendByte(copy.stream, reader.ReadByte());
    copy.last_doc = term.last_doc;
    copy.last_position = term.last_position;
  }
  const FieldState first = std::move(fields_[only]);
  FieldState& all = fields_[index::kAllField];
  all.indexed = true;
  all.lengths = first.lengths;
  all.next_position = first.next_position;
  all.length = first.length;
  fields_[only] = first;
}

void Inverter::EndDocument() {
  for (auto& [field, state] : fields_) {
    if (state.length > 0) {
      state.lengths.resize(documents());
      state.lengths.push_back(state.length);
    }
    state.length = 0;
    state.next_position = 0;
  }
}

std::vector<uint32_t> Inverter::SortedTermsOf(index::FieldId field) const {
  struct Sortable {
    uint64_t prefix;
    uint32_t term;
  };
  std::vector<Sortable> sortable;
  for (uint32_t i = 0; i < terms_.size(); ++i) {
    if (terms_[i].field == field) sortable.push_back({index::TermPrefix(TermBytes(terms_[i])), i});
  }
  std::sort(sortable.begin(), sortable.end(), [this](const Sortable& a, const Sortable& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return TermBytes(terms_[a.term]) < TermBytes(terms_[b.term]);
  });
  std::vector<uint32_t> sorted;
  sorted.reserve(sortable.size());
  for (const Sortable& entry : sortable) sorted.push_back(entry.term);
  return sorted;
}

Status Inverter::WriteTerm(const Term& term, bool positions) {
  RETURN_IF_ERROR(writer_->StartTerm(TermBytes(term)));
  uint32_t doc = UINT32_MAX;
  positions_.clear();
  const auto finish_posting = [&] {
    if (positions_.empty()) return;
    if (positions) {
      writer_->AddPosting(doc, positions_);
    } else {
      writer_->AddPosting(doc, static_cast<uint32_t>(positions_.size()));
    }
    positions_.clear();
  };
  for (SliceReader reader(arena_, term.stream); !reader.AtEnd();) {
    const uint64_t code = reader.ReadVarint();
    if ((code & 1) != 0) {
      finish_posting();
      doc += static_cast<uint32_t>(reader.ReadVarint());
      positions_.push_back(static_cast<uint32_t>(code >> 1));
    } else {
      positions_.push_back(positions_.back() + static_cast<uint32_t>(code >> 1));
    }
  }
  finish_posting();
  return writer_->FinishTerm();
}

Status Inverter::WriteField(index::FieldId field) {
  FieldState& state = fields_[field];
  state.lengths.resize(documents());
  if (field != index::kAllField && field != index::kSecondViewField) {
    state.exists.resize((size_t{documents()} + 63) / 64);
  }
  RETURN_IF_ERROR(writer_->StartField(field, state.positions, std::move(state.lengths), state.exists));
  for (const uint32_t term : SortedTermsOf(field)) RETURN_IF_ERROR(WriteTerm(terms_[term], state.positions));
  return writer_->FinishField();
}

Result<FlushedSegment> Inverter::Flush() {
  for (auto& [field, state] : fields_) {
    if (state.indexed) RETURN_IF_ERROR(WriteField(field));
  }
  if (!all_in_use_ && only_text_ != index::kNoField && fields_[only_text_].indexed) writer_->Alias(only_text_, index::kAllField);
  for (auto& [field, state] : fields_) {
    if (!state.numbers.empty()) RETURN_IF_ERROR(writer_->AddColumn(field, state.numbers));
    if (!state.strings.empty()) RETURN_IF_ERROR(writer_->AddColumn(field, state.strings));
  }
  ASSIGN_OR_RETURN(index::SegmentEntry entry, writer_->Finish());
  for (const auto& [field, state] : fields_) {
    if (state.analyzer == 0) continue;
    entry.analyzers.resize(field + 1);
    entry.analyzers[field] = state.analyzer;
  }
  return FlushedSegment{std::move(entry), std::move(superseded_)};
}

}  // namespace sakuin::indexer
