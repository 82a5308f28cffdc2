#include "classifier/model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/json_writer.h"
#include "classifier/derived_weights.h"
#include "classifier/selection.h"

// File: head, then sections, each from a multiple of 64 bytes on with zeros before it. Head: magic (8 bytes),
// version (u32), number of sections (u32), for each its offset, size and checksum (u64), checksum of all that (u64).

namespace sakuin::classifier {
namespace {

constexpr std::string_view kMagic = "SAKUINNB";
enum Section : size_t { kSettings, kReport, kBuckets, kRows, kDocuments, kSections };
constexpr size_t kAlignment = 64;
constexpr size_t kHeadBytes = 16 + kSections * 24 + 8;

using Sections = std::array<std::string_view, kSections>;

std::string JoinSections(const Sections& sections) {
  std::string head(kMagic);
  AppendU32(head, kModelVersion);
  AppendU32(head, kSections);
  size_t at = kHeadBytes;
  for (const std::string_view section : sections) {
    at = (at + kAlignment - 1) / kAlignment * kAlignment;
    AppendU64(head, at);
    AppendU64(head, section.size());
    AppendU64(head, Checksum(section));
    at += section.size();
  }
  AppendU64(head, Checksum(head));
  head.reserve(at);
  for (const std::string_view section : sections) {
    head.resize((head.size() + kAlignment - 1) / kAlignment * kAlignment);
    head.append(section);
  }
  return head;
}

Status Damaged(const std::string& path, const std::string& what) {
  return DataLossError(path + ": " + what + "; restore the file, or train the model again");
}

Status SplitSections(std::string_view bytes, const std::string& path, Sections& sections) {
  if (bytes.size() < kHeadBytes || bytes.substr(0, kMagic.size()) != kMagic) return Damaged(path, "this is no model of sakuin classify");
  ByteReader in(bytes.substr(kMagic.size()));
  const uint32_t version = in.ReadU32();
  if (version != kModelVersion) {
    return FailedPreconditionError(path + " has version " + std::to_string(version) + " of the format; this program reads version " +
                                   std::to_string(kModelVersion) + ": train the model again");
  }
  const uint32_t count = in.ReadU32();
  const std::string_view head = bytes.substr(0, kHeadBytes - 8);
  if (count != kSections || LoadUnaligned<uint64_t>(bytes.data() + head.size()) != Checksum(head)) {
    return Damaged(path, "the head does not fit its checksum");
  }
  size_t end = kHeadBytes;
  for (size_t s = 0; s < kSections; ++s) {
    const uint64_t offset = in.ReadU64();
    const uint64_t size = in.ReadU64();
    const uint64_t checksum = in.ReadU64();
    if (offset < end || offset > bytes.size() || size > bytes.size() - offset) return Damaged(path, "the file is cut short or has grown");
    if (bytes.substr(end, offset - end).find_first_not_of('\0') != std::string_view::npos) return Damaged(path, "bytes between sections are not 0");
    sections[s] = bytes.substr(offset, size);
    if (Checksum(sections[s]) != checksum) return Damaged(path, "section " + std::to_string(s) + " does not fit its checksum");
    end = offset + size;
  }
  return end == bytes.size() ? OkStatus() : Damaged(path, "the file goes on behind its last section");
}

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
  return in.ok() && in.AtEnd() && labels <= TrainingSet::kMaxLabels;
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
    json.BeginObject().Key("variant").String(trial.variant.Name()).Key("accuracy").Number(trial.accuracy);
    json.Key("macro_f1").Number(trial.macro_f1).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace

std::string BuildModel(const TrainingSet& set, ThreadPool* pool) {
  const TrainingSet ordered = set.Ordered();
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kTriples, pool);
  const Selection selection = SelectVariant(ordered, index, set.multi_label(), pool);
  const LabelledDocuments documents(ordered);
  DerivedWeights derived = DeriveWeights(index, documents, selection.variant);
  ModelSettings settings;
  settings.variant = selection.variant;
  settings.calibration = selection.calibration;
  settings.multi_label = set.multi_label();
  settings.documents = ordered.size();
  settings.features = derived.features;
  settings.scale = derived.table.scale;
  for (size_t l = 0; l < ordered.label_names().size(); ++l) {
    settings.labels.push_back({ordered.label_names()[l], documents.outside_by_label[kNoFold][l], derived.labels.offsets[l], derived.gains[l],
                               derived.labels.biases[l]});
  }
  const std::string encoded_settings = EncodeSettings(settings);
  const std::string report = MakeReport(settings, selection);
  const std::string encoded_documents = ordered.Encode();
  return JoinSections({encoded_settings, report, derived.table.buckets, derived.table.rows, encoded_documents});
}

Status Model::Read(const std::string& path) {
  Sections sections;
  const std::string_view bytes = file_->bytes();
  RETURN_IF_ERROR(SplitSections(bytes, path, sections));
  if (!DecodeSettings(sections[kSettings], settings_)) return Damaged(path, "the settings are damaged");
  if (sections[kBuckets].size() % WeightTable::kBucketBytes != 0) return Damaged(path, "the weights are damaged");
  table_ = WeightTable(sections[kBuckets], sections[kRows], settings_.scale, settings_.labels.size());
  report_ = sections[kReport];
  documents_ = sections[kDocuments];
  checksum_ = LoadUnaligned<uint64_t>(bytes.data() + kHeadBytes - 8);
  return OkStatus();
}

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
