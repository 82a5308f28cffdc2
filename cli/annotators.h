// annotators.h: the dictionaries and models that a schema names, and what they say
// of documents: keywords that are linked in them, labels of their texts.
//
//   ASSIGN_OR_RETURN(auto annotators, FieldAnnotators::Open(schema, AnnotatedFields::kAll));
//   RETURN_IF_ERROR(annotators->Annotate(document));      // by the writer, of documents on their way in
//
// A document that brings values of its own for an annotated field keeps them. A
// field that nothing is found for stays empty. What is stored of a document gets
// members behind its own: the values by field, and under "_links" each link as
// {"facet","field","value","start","end","keyword","target"}: the field the
// keyword is a value of, the field and which of its values it stands in, and its
// bytes there. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/status.h"
#include "classifier/classifier.h"
#include "indexer/annotator.h"
#include "keyword_linker/keyword_linker.h"

namespace sakuin::cli {

// kLinks: of documents that are in the index already, with what is stored of them; labels stay.
enum class AnnotatedFields { kAll, kLinks };

class FieldAnnotators : public indexer::Annotator {
 public:
  // NOT_FOUND, DATA_LOSS and others name the field and the file.
  static Result<std::shared_ptr<FieldAnnotators>> Open(const index::Schema& schema, AnnotatedFields fields);

  // INVALID_ARGUMENT for a document with members that belong to the index.
  Status Annotate(index::Document& document) override;

  // The last document is in the index: counts whether its labels stayed empty.
  void CountLast();
  // By field with a model: documents for which it was unsure.
  const std::map<std::string, uint64_t>& unsure() const { return unsure_; }

 private:
  struct Linker {
    const index::Field field;
    keyword_linker::DictionaryView dictionary;
  };
  struct Labeller {
    const index::Field field;
    std::unique_ptr<classifier::Classifier> classifier;
  };
  using Values = std::vector<std::string>;

  Status OpenField(const index::Field& field, AnnotatedFields fields);
  Values Link(const Linker& linker, const index::Document& document);
  Values Label(const Labeller& labeller, const index::Document& document);
  void Take(const std::string& field, const Values& values, bool list, index::Document& document);
  Status KeepOthers(const std::string& annotations, index::Document& document);

  std::map<std::string, keyword_linker::DictionaryView> dictionaries_;  // by path
  std::vector<Linker> linkers_;
  std::vector<Labeller> labellers_;
  classifier::Classifier::Scratch scratch_;
  JsonWriter members_;  // of the document at hand
  JsonWriter links_;
  uint64_t link_count_ = 0;
  std::vector<std::string> unsure_now_;  // fields of the document at hand
  std::map<std::string, uint64_t> unsure_;
};

}  // namespace sakuin::cli
