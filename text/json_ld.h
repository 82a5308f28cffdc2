// json_ld.h: what a page says of itself in <script type="application/ld+json">.
//
//   JsonLd facts;
//   ReadJsonLd(R"({"@graph":[{"headline":"A","author":{"name":"B"},"datePublished":"2024-02-29"}]})", facts);
//   facts.headline == "A"; facts.author == "B"; facts.published == "2024-02-29"
//
// The first of each that is found wins, here and over several calls. Damaged JSON
// says nothing. Looks no deeper than kMaxJsonLdDepth. Thread-safe; linear.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sakuin::text {

inline constexpr size_t kMaxJsonLdBytes = 256 << 10;  // more is not read
inline constexpr int kMaxJsonLdDepth = 8;

struct JsonLd {
  std::string headline;
  std::string author;  // the names of several with ", " between them
  std::string published;
};

void ReadJsonLd(std::string_view text, JsonLd& facts);

}  // namespace sakuin::text
