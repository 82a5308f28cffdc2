// annotator.h: who gives values to the fields that a schema says are annotated
// (index::Annotation): keywords that occur in a document, labels for its texts.
//
//   IndexWriterOptions options;
//   options.annotators = [](const index::Schema& schema) { return MyAnnotators::Open(schema); };
//
// The indexer knows no dictionary and no model: it asks for an annotator when it
// opens an index whose schema wants one, and shows it every document on its way
// in, before the journal, so that a replay needs none.
#pragma once

#include <functional>
#include <memory>

#include "base/status.h"
#include "index/document.h"
#include "index/schema.h"

namespace sakuin::indexer {

class Annotator {
 public:
  virtual ~Annotator() = default;

  // Adds values to document.fields, and members to document.stored behind those
  // it has (index/annotated_stored.h). INVALID_ARGUMENT: the document is not
  // taken; other errors end the run. Calls come from the writer's caller.
  virtual Status Annotate(index::Document& document) = 0;
};

// Opens what the schema names. An error says which field names what.
using AnnotatorFactory = std::function<Result<std::shared_ptr<Annotator>>(const index::Schema&)>;

}  // namespace sakuin::indexer
