// markdown_source.h: the title, the front matter and the readable text of a Markdown page.
//
//   ---
//   title: A page                     -> title "A page", field tags twice,
//   tags: [a, b]                         body "Heading\nSome bold text and a link."
//   ---
//   # Heading
//   Some **bold** text and [a link](http://example.org/).
//
// The title is that of the front matter, else the first heading. Markup of
// headings, quotes, lists, tables, emphasis, links (their text stays), images
// (their description stays) and code (the code stays) is taken away, and HTML tags
// and comments within a line. Front matter is `key: value` lines and simple lists; nested
// maps are not read. Takes any bytes, in linear time. Pure; thread-safe.
#pragma once

#include <string_view>

#include "indexer/text_source.h"

namespace sakuin::indexer {

PageText ReadMarkdown(std::string_view markdown);

}  // namespace sakuin::indexer
