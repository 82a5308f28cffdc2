// annotated_stored.h: a stored document with what was found in it, and without.
//
//   {"id":"a","body":"To Tokyo"}   +   "links":["Tokyo"]
//   {"id":"a","body":"To Tokyo","links":["Tokyo"],"_annotated":18}
//
// Annotations are members behind those of the document, whose bytes stay as they
// came; the last member says how many bytes are not the document's. Names that
// begin with '_' belong to the index. Pure functions: thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace sakuin::index {

inline constexpr std::string_view kAnnotatedMember = "_annotated";
inline constexpr std::string_view kLinksMember = "_links";  // where in the texts the keywords are

// `members`: of a JSON object, without its braces; empty: `document` as it is.
// REQUIRES: `document` is a JSON object of one member at least, without annotations.
std::string AddAnnotations(std::string_view document, std::string_view members);

struct SplitStored {
  std::string document;     // byte for byte as it came
  std::string annotations;  // a JSON object; empty when there are none
};

SplitStored SplitAnnotations(std::string_view stored);

}  // namespace sakuin::index
