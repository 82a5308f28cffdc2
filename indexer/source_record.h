// source_record.h: what all readers share: filling a Document within the limits,
// and the state of a source over one input.
//
//   RecordBuilder record(document);
//   record.SetKey("k1");
//   record.AddString("title", "A title");
//   if (!record.Finish()) ... record.reason();      // why it cannot be used
//   WriteStored(document, "id", json);              // document.stored = {"id":"k1","title":"A title"}
//
// Add functions answer false as soon as a limit is passed; the record is lost
// then and the reader may stop. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "indexer/source.h"
#include "indexer/source_text.h"

namespace sakuin::indexer {

class RecordBuilder {
 public:
  // Uses the memory of `out`; what it held is gone.
  explicit RecordBuilder(index::Document& out);

  bool SetKey(std::string_view key);
  void SetVersion(uint64_t version) { out_.version = version; }

  bool AddString(std::string_view path, std::string_view value);
  bool AddInteger(std::string_view path, int64_t value);
  bool AddDouble(std::string_view path, double value);
  bool AddBoolean(std::string_view path, bool value);
  bool AddCell(std::string_view path, std::string_view text);  // as RecognizeScalar says

  // Complete: true when the record can be used. `id_field` is for the message when there is no key.
  bool Finish(std::string_view id_field);

  // Records why the record cannot be used; answers false.
  bool Fail(std::string reason);
  bool failed() const { return !reason_.empty(); }
  const std::string& reason() const { return reason_; }

 private:
  index::FieldValue* NextField(std::string_view path);
  bool HasTooManyPaths() const;

  index::Document& out_;
  size_t used_ = 0;  // of out_.fields
  bool has_key_ = false;
  std::string reason_;
};

// document.stored becomes an object of the key under `id_field`, then the fields; a path with
// several values becomes an array, and a field that is named like the id gives way to it. `json` is
// scratch memory.
void WriteStored(index::Document& document, std::string_view id_field, JsonWriter& json);

// The part of a source over one input that does not depend on the format.
class SingleSource : public DocumentSource {
 public:
  SingleSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options);

  bool WaitReadable(std::chrono::milliseconds timeout) override { return input_->WaitReadable(timeout); }
  std::string_view file() const override { return file_.path; }
  uint64_t line() const override { return line_; }
  const RecordError& error() const override { return error_; }
  SourceProgress progress() const override;

 protected:
  ByteInput& input() { return *input_; }
  const SourceOptions& options() const { return options_; }
  const SourceFile& source_file() const { return file_; }
  JsonWriter& json() { return json_; }

  void set_line(uint64_t line) { line_ = line; }
  void CountRepaired(size_t characters) { repaired_ += characters; }

  ReadOutcome Broken(std::string reason);
  ReadOutcome TooLong(std::string_view what, uint64_t bytes);  // over max_record_bytes

 private:
  std::unique_ptr<ByteInput> input_;
  const SourceFile file_;
  const SourceOptions options_;
  uint64_t line_ = 0;
  uint64_t repaired_ = 0;
  RecordError error_;
  JsonWriter json_;
};

}  // namespace sakuin::indexer
