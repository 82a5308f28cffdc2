// html_source.h: the title and the readable text of an HTML page.
//
//   ReadHtml("<title>A &amp; B</title><p>one<br>two <b>th</b>ree")
//     -> title "A & B", body "one\ntwo three"
//
// As text/html_page.h reads pages: without menus, headers and footers where the main
// text is recognised. Pure; thread-safe.
#pragma once

#include <string_view>

#include "indexer/text_source.h"

namespace sakuin::indexer {

PageText ReadHtml(std::string_view html);

}  // namespace sakuin::indexer
