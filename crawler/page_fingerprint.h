// page_fingerprint.h: what a page is told from others by: its text, and its name.
//
//   FingerprintOf(page, bytes).content == FingerprintOf(other, others).content     // the same words under the same name
//
// Pages of reference works often differ in nothing but what they are about: "class AddRequest extends Request" and a hundred
// inherited methods. So a page is a duplicate only of one with the same name: the headings that stand in its title, in any
// order, where these are most of it, else the title. A print view ("Print: Salt Mines" over "Salt Mines") and a copy on
// another site ("Salt Mines | Mirror") have the name of their original. Without a title its first heading is its name.
//
// Of a page without a word of text its bytes count: pictures, or what a script makes of it, are not the same by that.
//
// Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/simhash.h"
#include "text/page_reader.h"

namespace sakuin::crawler {

// As of text (simhash.h), but that `content` is of the name, too. `bytes`: of the page as it came.
TextFingerprint FingerprintOf(const text::PageFields& page, std::string_view bytes);

// A hash of it; 0: it has none.
uint32_t PageNameOf(std::string_view title, const std::vector<std::string>& headings);

}  // namespace sakuin::crawler
