// html_source.h: the title and the readable text of an HTML page.
//
//   ReadHtml("<title>A &amp; B</title><p>one<br>two <b>th</b>ree")
//     -> title "A & B", body "one\ntwo three"
//
// Tags separate words only where a browser breaks the line; blanks are collapsed
// except in pre and textarea; comments, script, style and the like are left out.
// Without <title>, the first <h1> is the title. This is not yet the tokenizer of
// the HTML standard, but takes any bytes in linear time. Pure; thread-safe.
#pragma once

#include <string_view>

#include "indexer/text_source.h"

namespace sakuin::indexer {

PageText ReadHtml(std::string_view html);

}  // namespace sakuin::indexer
