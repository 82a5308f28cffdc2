// html_source.h: what an HTML page says.
//
//   ReadHtml("<title>A &amp; B</title><p>one<br>two <b>th</b>ree")
//     -> title "A & B", body "one\ntwo three"
//
// As a crawl reads pages (text/page_reader.h): without menus, headers and footers
// where the main text is recognised, with headings, description, language and date
// where they are known. Pure; thread-safe.
#pragma once

#include <string_view>

#include "indexer/text_source.h"

namespace sakuin::indexer {

PageText ReadHtml(std::string_view html);

}  // namespace sakuin::indexer
