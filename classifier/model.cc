#include "classifier/model.h"

#include <cmath>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "classifier/derived_weights.h"
#include "classifier/model_file.h"

namespace sakuin::classifier {
namespace {

std::string EncodeSettings(const ModelSettings& settings) {
  std::string out;
  AppendU8(out, static_cast<uint8_t>(settings.variant.model));
  AppendU8(out, static_cast<uint8_t>(settings.variant.transform));
  AppendU8(out, static_cast<uint8_t>(settings.variant.order));
  AppendU8(out, static_cast<uint8_t>(settings.calibration.scaling));
  AppendU8(out, settings.multi_label ? 1 : 0);
  AppendFixed(out, settings.variant.alpha);
  AppendFixed(out, settings.calibration.slope);
  AppendFixed(out, settings.calibration.shift);
  AppendFixed(out, settings.scale);
  AppendVarint(out, settings.documents);
  AppendVarint(out, settings.features);
  AppendVarint(out, settings.labels.size());
  for (const LabelSettings& label : settings.labels) {
    AppendLengthPrefixed(out, label.name);
    AppendVarint(out, label.documents);
    AppendFixed(out, label.offset);
    AppendFixed(out, label.gain);
    AppendFixed(out, label.bias);
  }
  return out;
}

// What is no number would make answers that cannot be put in order.
bool AreNumbers(const ModelSettings& settings) {
  const Calibration& calibration = settings.calibration;
  bool numbers = std::isfinite(settings.variant.alpha) && std::isfinite(calibration.slope) && std::isfinite(calibration.shift);
  numbers = numbers && std::isfinite(settings.scale);
  for (const LabelSettings& label : settings.labels) {
    numbers = numbers && std::isfinite(label.offset) && std::isfinite(label.gain) && std::isfinite(label.bias);
  }
  return numbers;
}

bool DecodeSettings(std::string_view bytes, ModelSettings& settings) {
  ByteReader in(bytes);
  const uint8_t model = in.ReadU8(), transform = in.ReadU8(), order = in.ReadU8(), scaling = in.ReadU8();
  if (model >= kModels || transform >= kTransforms || order < 1 || order > kOrders || scaling > 2) return false;
  settings.multi_label = in.ReadU8() != 0;
  settings.variant = {static_cast<ModelKind>(model), static_cast<Transform>(transform), static_cast<FeatureOrder>(order), in.ReadFixed<double>()};
  settings.calibration.scaling = static_cast<MassScaling>(scaling);
  settings.calibration.slope = in.ReadFixed<double>();
  settings.calibration.shift = in.ReadFixed<double>();
  settings.scale = in.ReadFixed<float>();
  settings.documents = in.ReadVarint();
  settings.features = in.ReadVarint();
  const uint64_t labels = in.ReadVarint();
  for (uint64_t l = 0; l < labels && in.ok(); ++l) {
    LabelSettings label;
    label.name = in.ReadLengthPrefixed();
    label.documents = in.ReadVarint();
    label.offset = in.ReadFixed<double>();
    label.gain = in.ReadFixed<double>();
    label.bias = in.ReadFixed<double>();
    settings.labels.push_back(std::move(label));
  }
  return in.ok() && in.AtEnd() && labels <= TrainingSet::kMaxLabels && AreNumbers(settings);
}

std::string MakeReport(const ModelSettings& settings, const Selection& selection) {
  JsonWriter json;
  json.BeginObject().Key("documents").Number(settings.documents).Key("features").Number(settings.features);
  json.Key("variant").String(settings.variant.Name()).Key("multi_label").Boolean(settings.multi_label);
  json.Key("cross_validation").BeginObject().Key("judged").Number(selection.judged).Key("accuracy").Number(selection.accuracy);
  json.Key("macro_f1").Number(selection.macro_f1).Key("log_loss").Number(selection.log_loss).EndObject();
  json.Key("labels").BeginArray();
  for (const LabelSettings& label : settings.labels) {
    json.BeginObject().Key("label").String(label.name).Key("documents").Number(label.documents).EndObject();
  }
  json.EndArray().Key("trials").BeginArray();
  for (const Trial& trial : selection.trials) {
    json.BeginObject().Key("variant").String(trial.variant.Name()).Key("documents").Number(trial.documents).Key("accuracy").Number(trial.accuracy);
    json.Key("macro_f1").Number(trial.macro_f1).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

Status CheckLabels(const TrainingSet& ordered) {
  const size_t labels = ordered.label_names().size();
  if (labels <= TrainingSet::kMaxLabels) return OkStatus();
  return InvalidArgumentError(std::to_string(labels) + " labels; a model has at most " + std::to_string(TrainingSet::kMaxLabels));
}

std::string Assemble(const TrainingSet& ordered, const FeatureIndex& index, const Selection& selection) {
  const LabelledDocuments documents(ordered);
  DerivedWeights derived = DeriveWeights(index, documents, selection.variant);
  ModelSettings settings;
  settings.variant = selection.variant;
  settings.calibration = selection.calibration;
  settings.multi_label = ordered.multi_label();
  settings.documents = ordered.size();
  settings.features = derived.features;
  settings.scale = derived.table.scale;
  for (size_t l = 0; l < ordered.label_names().size(); ++l) {
    settings.labels.push_back(
        {ordered.label_names()[l], documents.outside_by_label[kNoFold][l], derived.labels.offsets[l], derived.gains[l], derived.labels.biases[l]});
  }
  const std::string encoded_settings = EncodeSettings(settings);
  const std::string report = MakeReport(settings, selection);
  const std::string encoded_documents = ordered.EncodeOrdered();
  return JoinModelFile({encoded_settings, report, derived.table.buckets, derived.table.rows, encoded_documents});
}

}  // namespace

Result<std::string> BuildModel(const TrainingSet& set, ThreadPool* pool) {
  const TrainingSet ordered = set.Ordered();
  RETURN_IF_ERROR(CheckLabels(ordered));
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kTriples, pool);
  return Assemble(ordered, index, SelectVariant(ordered, index, set.multi_label(), pool));
}

Result<std::string> BuildModelOf(const Selection& selection, const TrainingSet& set, ThreadPool* pool) {
  const TrainingSet ordered = set.Ordered();
  RETURN_IF_ERROR(CheckLabels(ordered));
  return Assemble(ordered, FeatureIndex::Build(ordered, selection.variant.order, pool), selection);
}

Status Model::Read(const std::string& path) {
  ModelSections sections;
  const std::string_view bytes = file_->bytes();
  ASSIGN_OR_RETURN(const uint32_t version, SplitModelFile(bytes, path, sections));
  if (!DecodeSettings(sections[kSettings], settings_)) return DamagedModel(path, "the settings are damaged");
  if (sections[kBuckets].size() % WeightTable::kBucketBytes != 0) return DamagedModel(path, "the weights are damaged");
  const size_t labels = settings_.labels.size();
  table_ = WeightTable(sections[kBuckets], sections[kRows], settings_.scale, labels, version == 1 ? RowLayout::kLists : RowLayoutOf(labels));
  report_ = sections[kReport];
  documents_ = sections[kDocuments];
  checksum_ = ChecksumOf(bytes);
  return OkStatus();
}

uint64_t Model::ChecksumOf(std::string_view file) { return LoadUnaligned<uint64_t>(file.data() + kModelHeadBytes - 8); }

Result<std::unique_ptr<Model>> Model::OfFile(std::unique_ptr<MappedFile> file, const std::string& path) {
  std::unique_ptr<Model> model(new Model());
  model->file_ = std::move(file);
  RETURN_IF_ERROR(model->Read(path));
  return model;
}

Result<std::unique_ptr<Model>> Model::Open(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<MappedFile> file, fs.Map(path));
  return OfFile(std::move(file), path);
}

Result<TrainingSet> Model::DecodeDocuments() const { return TrainingSet::Decode(documents_); }

}  // namespace sakuin::classifier
