#include "text/apostrophes.h"

#include <algorithm>
#include <array>

namespace sakuin::text {
namespace {

constexpr std::array<std::string_view, 3> kApostrophes = {"'", "’", "＇"};

struct Mark {
  size_t begin = std::string_view::npos;
  size_t end = 0;
};

Mark FirstApostrophe(std::string_view word) {
  Mark first;
  for (const std::string_view apostrophe : kApostrophes) {
    const size_t at = word.find(apostrophe);
    if (at < first.begin) first = {at, at + apostrophe.size()};
  }
  return first;
}

// French, then Italian and Catalan, then Irish.
constexpr std::array<std::string_view, 37> kElided = {
    "l",      "d",      "j",    "m",     "t",     "s",    "n",    "c",    "qu",   "jusqu", "lorsqu", "puisqu", "quoiqu",
    "quelqu", "presqu", "un",   "all",   "dall",  "dell", "nell", "sull", "coll", "pell",  "gl",     "agl",    "dagl",
    "degl",   "negl",   "sugl", "quest", "quell", "bell", "sant", "dov",  "com",  "b",     "v",
};

}  // namespace

std::string_view WithoutPossessive(std::string_view word) {
  for (const std::string_view apostrophe : kApostrophes) {
    if (word.size() > apostrophe.size() + 1 && word.ends_with('s') && word.substr(0, word.size() - 1).ends_with(apostrophe)) {
      return word.substr(0, word.size() - 1 - apostrophe.size());
    }
  }
  return word;
}

std::string_view WithoutElision(std::string_view word) {
  const Mark mark = FirstApostrophe(word);
  if (mark.begin == std::string_view::npos || mark.end == word.size()) return word;
  const bool elided = std::find(kElided.begin(), kElided.end(), word.substr(0, mark.begin)) != kElided.end();
  return elided ? word.substr(mark.end) : word;
}

std::string_view BeforeApostrophe(std::string_view word) {
  const Mark mark = FirstApostrophe(word);
  return mark.begin == std::string_view::npos || mark.begin == 0 ? word : word.substr(0, mark.begin);
}

}  // namespace sakuin::text
