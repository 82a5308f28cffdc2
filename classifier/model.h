// model.h: a model as one file: what it has learned, the weights derived from
// that, and how well they did in cross-validation.
//
//   ASSIGN_OR_RETURN(const std::string bytes, BuildModel(set, &pool));
//   RETURN_IF_ERROR(WriteFileAtomically(fs, path, bytes));
//   ASSIGN_OR_RETURN(const std::unique_ptr<Model> model, Model::Open(fs, path));
//
// The bytes are a function of the training documents alone. Every byte is covered
// by a checksum, and all are checked at opening, at the speed of memory; what does
// not fit is DATA_LOSS. The format is a chapter of docs/classification.md. A model
// is immutable and thread-safe; it maps its file, so that opening copies nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "classifier/calibration.h"
#include "classifier/selection.h"
#include "classifier/training_set.h"
#include "classifier/variant.h"
#include "classifier/weight_table.h"

namespace sakuin::classifier {

struct LabelSettings {
  std::string name;
  uint64_t documents = 0;
  double offset = 0;
  double gain = 1;
  double bias = 0;
};

struct ModelSettings {
  Variant variant;
  Calibration calibration;
  bool multi_label = false;
  uint64_t documents = 0;
  uint64_t features = 0;
  float scale = 0;
  std::vector<LabelSettings> labels;
};

// The whole file. `pool` may be null; the bytes do not depend on it. INVALID_ARGUMENT: more labels than a file can hold.
Result<std::string> BuildModel(const TrainingSet& set, ThreadPool* pool);

// The same where the choice is made already, without cross-validation. With what SelectVariant chose, the bytes are the same.
Result<std::string> BuildModelOf(const Selection& selection, const TrainingSet& set, ThreadPool* pool);

class Model {
 public:
  static Result<std::unique_ptr<Model>> Open(FileSystem& fs, const std::string& path);
  // `path` is for messages.
  static Result<std::unique_ptr<Model>> OfFile(std::unique_ptr<MappedFile> file, const std::string& path);

  const ModelSettings& settings() const { return settings_; }
  const WeightTable& table() const { return table_; }
  std::string_view report() const { return report_; }  // a JSON object
  Result<TrainingSet> DecodeDocuments() const;
  // Tells this file from any other.
  uint64_t checksum() const { return checksum_; }
  // The same of what BuildModel gave.
  static uint64_t ChecksumOf(std::string_view file);

 private:
  Model() = default;
  Status Read(const std::string& path);

  std::unique_ptr<MappedFile> file_;
  ModelSettings settings_;
  WeightTable table_;
  std::string_view report_;
  std::string_view documents_;
  uint64_t checksum_ = 0;
};

}  // namespace sakuin::classifier
