#include "searcher/surface_forms.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "index/postings_reader.h"
#include "searcher/stored_texts.h"
#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

constexpr size_t kPlacesPerPart = 128;
constexpr size_t kStretchBytes = size_t{1} << 13;
constexpr uint32_t kMaxBlocks = 64;  // looked at for documents that are not deleted

// Counts the words of one text that give `term`, a stretch at a time until some were found.
class FormCounter {
 public:
  FormCounter(const std::string& term, std::map<std::string, uint32_t>& counts) : term_(term), counts_(counts) {}

  void Count(const std::string& text, const text::Analyzer& analyzer) {
    for (size_t at = 0; at < text.size() && left_ > 0 && !(found_ && at > 0);) {
      const std::string_view stretch = text::CutAtCharacter(std::string_view(text).substr(at), std::min(left_, kStretchBytes));
      if (stretch.empty()) return;
      CountStretch(stretch, at > 0, at + stretch.size() < text.size(), analyzer);
      at += stretch.size();
      left_ -= stretch.size();
    }
  }

 private:
  // A word at a cut edge may be part of one only.
  void CountStretch(std::string_view stretch, bool cut_before, bool cut_behind, const text::Analyzer& analyzer) {
    text::TokenList tokens;
    analyzer.Analyze(stretch, text::AnalysisMode::kIndex, tokens);
    for (const text::Token& token : tokens.tokens()) {
      if (token.term != term_ || token.end <= token.start || token.end > stretch.size()) continue;
      if ((cut_before && token.start == 0) || (cut_behind && token.end == stretch.size())) continue;
      ++counts_[std::string(stretch.substr(token.start, token.end - token.start))];
      found_ = true;
    }
  }

  const std::string& term_;
  std::map<std::string, uint32_t>& counts_;
  size_t left_ = SurfaceForms::kBytesPerDocument;
  bool found_ = false;
};

// Counts the forms of `term` in one document.
void CountForms(const std::string& stored, const std::string& term, const index::Field& wanted, const index::Schema& schema,
                const QueryAnalyzers& analyzers, std::map<std::string, uint32_t>& counts) {
  const nlohmann::json document = nlohmann::json::parse(stored, nullptr, false);
  if (!document.is_object()) return;
  FormCounter counter(term, counts);
  ForEachText(document, "", [&](const std::string& path, const std::string& text) {
    const index::Field* field = schema.Find(path);
    if (field == nullptr || field->type != index::FieldType::kText || field->hidden || !field->indexed || !field->stored) return;
    if (wanted.hidden || field == &wanted) counter.Count(text, analyzers.Get(field->analyzer));
  });
}

}  // namespace

Status SurfaceForms::AddPlaces(index::FieldId field, const std::string& term, const index::Snapshot::Part& part, std::vector<Place>& places) const {
  ASSIGN_OR_RETURN(const index::FieldReader* reader, part.segment->OpenField(field));
  if (reader == nullptr) return OkStatus();
  ASSIGN_OR_RETURN(const std::optional<index::TermEntry> entry, reader->terms.Find(term));
  if (!entry.has_value()) return OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(reader->postings, *entry));
  uint32_t docs[index::kDecodeRoom];
  size_t found = 0;
  for (uint32_t block = 0; block < std::min(list->blocks(), kMaxBlocks) && found < kPlacesPerPart; ++block) {
    list->DecodeDocs(block, docs);
    RETURN_IF_ERROR(list->status());
    for (uint32_t i = 0; i < list->SizeOfBlock(block); ++i) {
      if (docs[i] >= part.segment->documents() || part.IsDeleted(docs[i])) continue;
      places.push_back({reader->lengths[docs[i]], &part, docs[i]});
      ++found;
    }
  }
  return OkStatus();
}

Result<std::vector<SurfaceForm>> SurfaceForms::Find(index::FieldId field, const std::string& term) const {
  std::vector<Place> places;
  for (const index::Snapshot::Part& part : snapshot_.parts()) RETURN_IF_ERROR(AddPlaces(field, term, part, places));
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.length < b.length; });
  if (places.size() > kDocumentsPerTerm) places.resize(kDocumentsPerTerm);
  std::map<std::string, uint32_t> counts;
  std::string stored;
  for (const Place& place : places) {
    RETURN_IF_ERROR(place.part->segment->stored().Read(place.doc, stored));
    CountForms(stored, term, snapshot_.schema().fields[field], snapshot_.schema(), analyzers_, counts);
  }
  std::vector<SurfaceForm> forms;
  forms.reserve(counts.size());
  for (const auto& [text, count] : counts) forms.push_back({text, count});
  std::stable_sort(forms.begin(), forms.end(), [](const SurfaceForm& a, const SurfaceForm& b) { return a.count > b.count; });
  return forms;
}

}  // namespace sakuin::searcher
