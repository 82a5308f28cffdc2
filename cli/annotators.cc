#include "cli/annotators.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "cli/classify.h"
#include "cli/keyword_files.h"
#include "index/annotated_stored.h"

namespace sakuin::cli {
namespace {

using classifier::Classifier;
using index::AnnotationKind;
using index::Document;
using index::Field;
using index::FieldValue;
using nlohmann::ordered_json;

bool Reads(const Field& field, const std::string& name) {
  return std::find(field.annotation.from.begin(), field.annotation.from.end(), name) != field.annotation.from.end();
}

bool Brings(const Document& document, const std::string& name) {
  return std::any_of(document.fields.begin(), document.fields.end(), [&](const FieldValue& value) { return value.path == name; });
}

// Calls visit(name of the field, which of its values, text) for every text that the field reads.
template <typename Visit>
void ForEachText(const Field& field, const Document& document, Visit visit) {
  std::map<std::string_view, uint64_t> values;
  for (const FieldValue& value : document.fields) {
    if (!Reads(field, value.path)) continue;
    const uint64_t number = values[value.path]++;
    if (const auto* text = std::get_if<std::string>(&value.value)) visit(value.path, number, *text);
  }
}

// Members of the index may not come from outside.
Status CheckNames(const Document& document) {
  for (const FieldValue& value : document.fields) {
    const std::string_view top = std::string_view(value.path).substr(0, value.path.find('.'));
    if (top != index::kAnnotatedMember && top != index::kLinksMember) continue;
    return InvalidArgumentError("field '" + value.path + "': names that begin with '_' belong to the index; rename the field");
  }
  return OkStatus();
}

std::string_view WithoutBraces(std::string_view object) { return object.substr(1, object.size() - 2); }

}  // namespace

Result<std::shared_ptr<FieldAnnotators>> FieldAnnotators::Open(const index::Schema& schema, AnnotatedFields fields) {
  auto annotators = std::make_shared<FieldAnnotators>();
  for (const Field& field : schema.fields) {
    if (!field.annotated()) continue;
    const Status status = annotators->OpenField(field, fields);
    if (status.ok()) continue;
    const bool model = field.annotation.kind == AnnotationKind::kClassifier;
    return status.WithContext("field '" + field.name + "' of the schema, " + (model ? "classifier " : "dictionary ") + field.annotation.file);
  }
  return annotators;
}

Status FieldAnnotators::OpenField(const Field& field, AnnotatedFields fields) {
  const std::string& path = field.annotation.file;
  if (field.annotation.kind == AnnotationKind::kClassifier) {
    if (fields == AnnotatedFields::kLinks) return OkStatus();
    ASSIGN_OR_RETURN(std::unique_ptr<Classifier> classifier, OpenToAsk(path));
    labellers_.push_back({field, std::move(classifier)});
    unsure_[field.name] = 0;
    return OkStatus();
  }
  auto known = dictionaries_.find(path);
  if (known == dictionaries_.end()) {
    ASSIGN_OR_RETURN(keyword_linker::DictionaryView dictionary, LoadDictionary(path, "field '" + field.name + "' of the schema: "));
    known = dictionaries_.emplace(path, std::move(dictionary)).first;
  }
  linkers_.push_back({field, known->second});
  return OkStatus();
}

Status FieldAnnotators::Annotate(Document& document) {
  RETURN_IF_ERROR(CheckNames(document));
  members_.Clear();
  links_.Clear();
  link_count_ = 0;
  unsure_now_.clear();
  const index::SplitStored split = index::SplitAnnotations(document.stored);
  members_.BeginObject();
  links_.BeginArray();
  for (const Linker& linker : linkers_) {
    if (!Brings(document, linker.field.name)) Take(linker.field.name, Link(linker, document), true, document);
  }
  for (const Labeller& labeller : labellers_) {
    if (Brings(document, labeller.field.name)) continue;
    const Values labels = Label(labeller, document);
    if (labels.empty()) unsure_now_.push_back(labeller.field.name);
    Take(labeller.field.name, labels, labeller.classifier->model().settings().multi_label, document);
  }
  RETURN_IF_ERROR(KeepOthers(split.annotations, document));
  links_.EndArray();
  if (link_count_ > 0) members_.Key(index::kLinksMember).Raw(links_.text());
  members_.EndObject();
  document.stored = index::AddAnnotations(split.document, WithoutBraces(members_.text()));
  return OkStatus();
}

// Distinct keywords in the order of their first links.
FieldAnnotators::Values FieldAnnotators::Link(const Linker& linker, const Document& document) {
  Values keywords;
  std::unordered_set<std::string_view> seen;
  ForEachText(linker.field, document, [&](const std::string& name, uint64_t number, const std::string& text) {
    const auto take = [&](const keyword_linker::Link& link) {
      const keyword_linker::Entry entry = link.EntryFor(std::string_view(text).substr(link.start, link.end - link.start));
      if (seen.insert(entry.keyword).second) keywords.emplace_back(entry.keyword);
      links_.BeginObject().Key("facet").String(linker.field.name).Key("field").String(name).Key("value").Number(number);
      links_.Key("start").Number(link.start).Key("end").Number(link.end);
      links_.Key("keyword").String(entry.keyword).Key("target").String(entry.target).EndObject();
      ++link_count_;
    };
    keyword_linker::LinkStream stream({linker.dictionary}, {}, take);
    stream.Feed(text);
    stream.Finish();
  });
  return keywords;
}

FieldAnnotators::Values FieldAnnotators::Label(const Labeller& labeller, const Document& document) {
  std::string all;
  ForEachText(labeller.field, document, [&all](const std::string&, uint64_t, const std::string& text) {
    if (!all.empty()) all += '\n';
    all += text;
  });
  const classifier::ModelSettings& settings = labeller.classifier->model().settings();
  classifier::PredictOptions options;
  options.top = settings.multi_label ? static_cast<uint32_t>(settings.labels.size()) : 1;
  const classifier::Prediction prediction = labeller.classifier->Predict(all, options, scratch_);
  Values labels;
  if (prediction.known_features == 0) return labels;  // it can only say how frequent each label is
  for (const classifier::LabelProbability& label : prediction.labels) {
    if (label.probability >= labeller.field.annotation.threshold) labels.emplace_back(labeller.classifier->label_name(label.label));
  }
  return labels;
}

void FieldAnnotators::Take(const std::string& field, const Values& values, bool list, Document& document) {
  if (values.empty()) return;
  members_.Key(field);
  if (list) members_.BeginArray();
  for (const std::string& value : values) {
    members_.String(value);
    document.fields.push_back({field, value});
  }
  if (list) members_.EndArray();
}

// Of a document that is in the index already: what it has but for links.
Status FieldAnnotators::KeepOthers(const std::string& annotations, Document& document) {
  if (annotations.empty()) return OkStatus();
  const ordered_json known = ordered_json::parse(annotations, nullptr, false);
  if (!known.is_object()) return DataLossError("what is stored of the document '" + document.key + "' has annotations that are no JSON object");
  for (const auto& [name, found] : known.items()) {
    const auto is_linked = [&name = name](const Linker& linker) { return linker.field.name == name; };
    if (name == index::kLinksMember || std::any_of(linkers_.begin(), linkers_.end(), is_linked)) continue;
    Values values;
    for (const ordered_json& value : found.is_array() ? found : ordered_json::array({found})) {
      if (value.is_string()) values.push_back(value.get<std::string>());
    }
    Take(name, values, found.is_array(), document);
  }
  return OkStatus();
}

void FieldAnnotators::CountLast() {
  for (const std::string& field : unsure_now_) ++unsure_[field];
}

}  // namespace sakuin::cli
