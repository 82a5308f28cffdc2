// training_data.h: lines of {"id","label","text"} as examples.
//
//   ExampleReader reader;
//   Example example;
//   Status status = reader.Read(R"({"id":"k1","label":"spam","text":"Free prize"})", true, example);
//
// "label" is a string or a list of strings, which are put in order, each once, and
// may be none; a
// reader can be told that they stand in another field, for instance in the
// "category" of articles that are indexed too: ExampleReader reader("category"). The
// id is a string or a whole number, and may be missing. "title" and "body" stand
// for a missing "text". Bytes that are not UTF-8 are replaced by U+FFFD. Not
// thread-safe; one reader per thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "classifier/training_set.h"

namespace sakuin::classifier {

class ExampleReader {
 public:
  static constexpr size_t kMaxLabelBytes = 1024;

  explicit ExampleReader(std::string label_field = "label");
  ~ExampleReader();
  ExampleReader(ExampleReader&&) noexcept;

  // INVALID_ARGUMENT says what is wrong with the line. Labels are needed for
  // training and evaluation, not for prediction.
  Status Read(std::string_view line, bool labels_needed, Example& example);

 private:
  struct Parser;
  std::string label_field_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace sakuin::classifier
