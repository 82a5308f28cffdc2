// domain_to_ascii.h: a domain in any script as the ASCII that the domain name system knows.
//
//   DomainToAscii("B\u00FCcher.DE");   // "xn--bcher-kva.de"
//   DomainToAscii("a b");              // nullopt: a space may not stand in a domain
//
// UTS #46 with the parameters of the URL standard (non-transitional; joiners and bidi checked; hyphens, lengths
// and STD3 rules not), then the forbidden domain code points. An ASCII domain is only lower-cased, whatever its
// labels that start with "xn--" say, as the standard has it for addresses that already work somewhere.
//
// ICU does the work; where its data are older than those of Unicode 17, domain_to_ascii.cc says which characters
// are mended. Thread-safe. An ASCII domain costs one pass and no ICU.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sakuin::crawler {

// REQUIRES: valid UTF-8. nullopt: it is no domain, or an empty one.
std::optional<std::string> DomainToAscii(std::string_view domain);

}  // namespace sakuin::crawler
