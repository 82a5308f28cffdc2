#include "searcher/plan_binding.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/column.h"
#include "searcher/profile.h"
#include "searcher/term_pattern.h"

namespace sakuin::searcher {
namespace {

using Kind = PlanNode::Kind;

std::vector<uint64_t> DocumentsInRange(const PlanNode& node, const index::Column& column, uint32_t documents) {
  std::vector<uint64_t> words((size_t{documents} + 63) / 64);
  int64_t lower = node.lower;
  int64_t upper = node.upper;
  if (node.strings) {
    lower = node.lower_text.has_value() ? static_cast<int64_t>(column.LowerBound(*node.lower_text)) : 0;
    const auto is = [&](int64_t ordinal, const std::string& text) {
      return static_cast<uint64_t>(ordinal) < column.strings() && column.String(static_cast<uint64_t>(ordinal)) == text;
    };
    if (node.lower_text.has_value() && !node.include_lower && is(lower, *node.lower_text)) ++lower;
    upper = static_cast<int64_t>(column.strings()) - 1;
    if (node.upper_text.has_value()) {
      const int64_t at = static_cast<int64_t>(column.LowerBound(*node.upper_text));
      upper = node.include_upper && is(at, *node.upper_text) ? at : at - 1;
    }
  }
  for (index::DocId doc = 0; doc < documents; ++doc) {
    for (uint64_t i = column.Begin(doc); i < column.End(doc); ++i) {
      const int64_t value = node.as_float ? column.AsFloat(i) : column.Value(i);
      if (value >= lower && value <= upper) words[doc / 64] |= uint64_t{1} << doc % 64;
    }
  }
  return words;
}

std::vector<uint64_t> DocumentsWithKeys(const PlanNode& node, const index::SegmentReader& segment) {
  std::vector<uint64_t> words((size_t{segment.documents()} + 63) / 64);
  for (uint32_t rank = node.lower_text.has_value() ? segment.LowerBoundOfKey(*node.lower_text) : 0; rank < segment.documents(); ++rank) {
    const index::DocId doc = segment.doc_of_rank(rank);
    const std::string_view key = segment.key(doc);
    if (node.upper_text.has_value() && (node.include_upper ? key > *node.upper_text : key >= *node.upper_text)) break;
    if (node.include_lower || key != node.lower_text) words[doc / 64] |= uint64_t{1} << doc % 64;
  }
  return words;
}

// Null when the segment does not have the word.
Result<std::unique_ptr<BlockCursor>> OpenCursor(const index::FieldReader& field, const std::string& term, uint32_t documents) {
  ASSIGN_OR_RETURN(const std::optional<index::TermEntry> entry, field.terms.Find(term));
  if (!entry.has_value()) return std::unique_ptr<BlockCursor>();
  ASSIGN_OR_RETURN(auto list, index::OpenPostings(field.postings, *entry));
  return std::make_unique<BlockCursor>(std::move(list), field, documents);
}

Result<std::unique_ptr<Matcher>> BindTerm(const PlanNode& node, const index::FieldReader& field, uint32_t documents) {
  ASSIGN_OR_RETURN(auto cursor, OpenCursor(field, node.term, documents));
  if (cursor == nullptr) return std::unique_ptr<Matcher>();
  return MakeTermMatcher(std::move(cursor), node.weight);
}

Result<std::unique_ptr<Matcher>> BindPhrase(const PlanNode& node, const index::FieldReader& field, uint32_t documents) {
  if (!field.positions && node.if_positions) return std::unique_ptr<Matcher>();
  std::vector<PhraseTerm> terms;
  for (const PlanNode::PhraseWord& word : node.words) {
    ASSIGN_OR_RETURN(auto cursor, OpenCursor(field, word.term, documents));
    if (cursor == nullptr) return std::unique_ptr<Matcher>();
    terms.push_back({std::move(cursor), word.position});
  }
  if (!field.positions) {
    return FailedPreconditionError("phrases need positions, which the field does not have; set positions = true in the schema and index again");
  }
  return MakePhraseMatcher(std::move(terms), node.slop, node.weight);
}

Result<std::unique_ptr<Matcher>> BindExists(const PlanNode& node, const index::Snapshot::Part& part) {
  ASSIGN_OR_RETURN(const index::FieldReader* field, part.segment->OpenField(node.field));
  ASSIGN_OR_RETURN(const index::Column* column, part.segment->OpenColumn(node.field));
  std::vector<uint64_t> words((size_t{part.segment->documents()} + 63) / 64);
  for (index::DocId doc = 0; doc < part.segment->documents(); ++doc) {
    if ((field != nullptr && field->Exists(doc)) || column->Has(doc)) words[doc / 64] |= uint64_t{1} << doc % 64;
  }
  return MakeSetMatcher(std::move(words), node.boost);
}

Result<std::unique_ptr<Matcher>> BindBoolean(const PlanNode& node, const index::Snapshot::Part& part, const Accounts& accounts) {
  BooleanParts parts;
  for (const PlanNode::Child& child : node.children) {
    ASSIGN_OR_RETURN(auto matcher, Bind(*child.node, part, accounts));
    if (matcher == nullptr) {
      if (child.occur == Occur::kMust) return std::unique_ptr<Matcher>();
      continue;
    }
    if (child.occur == Occur::kMustNot) {
      parts.must_not.push_back(std::move(matcher));
      continue;
    }
    const bool must = child.occur == Occur::kMust;
    parts.order.push_back(must);
    (must ? parts.must : parts.should).push_back(std::move(matcher));
  }
  if (parts.order.empty()) return std::unique_ptr<Matcher>();
  return MakeBooleanMatcher(std::move(parts));
}

Result<std::unique_ptr<Matcher>> BindKind(const PlanNode& node, const index::Snapshot::Part& part, const Accounts& accounts) {
  const uint32_t documents = part.segment->documents();
  switch (node.kind) {
    case Kind::kNone:
    case Kind::kNoWord: return std::unique_ptr<Matcher>();
    case Kind::kKeys: return MakeSetMatcher(DocumentsWithKeys(node, *part.segment), node.boost);
    case Kind::kAll: return MakeAllMatcher(documents, node.boost);
    case Kind::kBoolean: return BindBoolean(node, part, accounts);
    case Kind::kExists: return BindExists(node, part);
    case Kind::kRange: {
      ASSIGN_OR_RETURN(const index::Column* column, part.segment->OpenColumn(node.field));
      return MakeSetMatcher(DocumentsInRange(node, *column, documents), node.boost);
    }
    default: break;
  }
  ASSIGN_OR_RETURN(const index::FieldReader* field, part.segment->OpenField(node.field));
  if (field == nullptr) return std::unique_ptr<Matcher>();
  if (node.kind == Kind::kTerm) return BindTerm(node, *field, documents);
  if (node.kind == Kind::kPhrase) return BindPhrase(node, *field, documents);
  ASSIGN_OR_RETURN(std::vector<uint64_t> words, DocumentsOfPattern(*node.pattern, *field, documents, accounts.budget));
  return MakeSetMatcher(std::move(words), node.boost);
}

}  // namespace

Result<std::unique_ptr<Matcher>> Bind(const PlanNode& node, const index::Snapshot::Part& part, const Accounts& accounts) {
  ASSIGN_OR_RETURN(auto matcher, BindKind(node, part, accounts));
  if (matcher == nullptr || accounts.profile == nullptr) return matcher;
  return MakeProfiledMatcher(std::move(matcher), accounts.profile->Of(node));
}

}  // namespace sakuin::searcher
