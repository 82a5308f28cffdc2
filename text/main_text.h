// main_text.h: which blocks of a page are its text, and which stand around it?
//
//   ChooseMainText(text, blocks)   // the chosen blocks, a line break between them
//
// Lengths are bytes of UTF-8: a Han character or a Hangul syllable says about as
// much as three letters. A block is text when it is long and mostly not links; a
// short one is what the blocks before and behind it are. Elements and roles that
// stand around a text (html_regions.h) are believed, and so are main and article
// when a good part of the text is in them.
//
// Of a page with a sentence or two all counts that is not called a menu, a header or
// a footer, but for lists of links. Nothing is lost where nothing is recognised: a
// page of a menu or of links only gives all it shows. Thread-safe; linear.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "text/html_blocks.h"

namespace sakuin::text {

std::string ChooseMainText(std::string_view text, std::span<const HtmlBlock> blocks);

}  // namespace sakuin::text
