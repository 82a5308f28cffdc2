// containing_text.h: the documents in whose field a text may stand, in whatever
// case, width and inflection, and whatever stands right before and behind it.
//
//   ASSIGN_OR_RETURN(const ContainingText tokyo, ContainingText::Make("Tokyo", schema, schema.IdOf("body")));
//   ASSIGN_OR_RETURN(std::vector<uint64_t> documents, tokyo.DocumentsIn(segment));     // "Tokyo's", "tokyo_bay", ...
//
// No document with the text is missing; some may be there that do not have it
// (its words apart, or inside other words), and all are where the index knows
// nothing of the text: a field that is not searched, a text of stop words or of
// signs alone. A phrase query finds less: words that an analyzer cuts elsewhere
// in another surrounding (京都 in 東京都庁). What an analyzer throws away inside words
// is not found (the Turkish one: what follows an apostrophe). Cost: a pass through the field's words
// and the postings of those that fit. Immutable and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/schema.h"
#include "index/segment_reader.h"

namespace sakuin::searcher {

class ContainingText {
 public:
  // `field` may be kNoField: of a field that the index does not know.
  static Result<ContainingText> Make(std::string_view text, const index::Schema& schema, index::FieldId field);

  // A bit for each document, deleted ones too.
  Result<std::vector<uint64_t>> DocumentsIn(const index::SegmentReader& segment) const;

  // Each of them is part of a word of every document that has the text; folded.
  const std::vector<std::string>& pieces() const { return pieces_; }

 private:
  index::FieldId field_ = index::kNoField;  // where the pieces are looked for
  std::vector<std::string> pieces_;
};

}  // namespace sakuin::searcher
