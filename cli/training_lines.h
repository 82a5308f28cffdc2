// training_lines.h: lines of examples whose label may stand in any field, for instance
// in the "category" of articles that are indexed too.
//
//   TrainingLines lines("category");
//   Status status = lines.Read(R"({"id":"a","title":"Cold brew","body":"...","category":"food"})", example);
//
// All else is as ExampleReader (classifier/training_data.h) has it. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "classifier/training_data.h"

namespace sakuin::cli {

class TrainingLines {
 public:
  explicit TrainingLines(std::string label_field) : label_field_(std::move(label_field)) {}

  // INVALID_ARGUMENT says what is wrong with the line.
  Status Read(std::string_view line, classifier::Example& example);

 private:
  std::string label_field_;
  classifier::ExampleReader reader_;
};

}  // namespace sakuin::cli
