// source_entities.h: character references of HTML and its relatives: &amp; &#12354; &#x3042;
//
//   AppendDecoded(out, "a &lt; b &eacute;&#33;");      // a < b é!
//
// Knows the 252 names of HTML 4. Names of Latin-1 and amp, lt, gt, quot also
// work without their semicolon, as browsers do it. Numbers of windows-1252 controls mean what their authors
// meant; impossible numbers become U+FFFD. What is no reference stays as it is. Linear; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace sakuin::indexer {

void AppendDecoded(std::string& out, std::string_view text);

}  // namespace sakuin::indexer
