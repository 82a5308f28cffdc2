#include "crawler/url_shape.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/checksum.h"
#include "crawler/percent_encoding.h"

namespace sakuin::crawler {

namespace {

constexpr size_t kMinHexBytes = 16;
constexpr size_t kMaxPartsLookedAt = 256;  // of a path, for repetitions: their cost is quadratic

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexOrHyphen(char c) { return HexValue(c) >= 0 || c == '-'; }

// The end of the number that begins at `at`: a long hexadecimal one where no word goes on, or a run of digits.
// `at`: there is none.
size_t NumberEnd(std::string_view text, size_t at) {
  size_t end = at;
  if (at == 0 || !IsHexOrHyphen(text[at - 1])) {
    bool has_digit = false;
    for (; end < text.size() && IsHexOrHyphen(text[end]); ++end) has_digit |= IsDigit(text[end]);
    if (has_digit && end - at >= kMinHexBytes) return end;
  }
  end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end;
}

// Each part's hash; that of a number is 0. Returns how many there are.
size_t HashParts(std::string_view path, std::array<uint64_t, kMaxPartsLookedAt>& hashes) {
  size_t count = 0;
  while (!path.empty() && count < hashes.size()) {
    path.remove_prefix(path.front() == '/' ? 1 : 0);
    const std::string_view part = path.substr(0, path.find('/'));
    const bool is_number = !part.empty() && std::all_of(part.begin(), part.end(), IsDigit);
    hashes[count++] = is_number ? 0 : HashBytes(part);
    path.remove_prefix(part.size());
  }
  return count;
}

uint64_t Mix(uint64_t a, uint64_t b) { return (a ^ b) * 0x9E3779B97F4A7C15u + (a >> 29); }

}  // namespace

std::string ShapeOf(std::string_view path_and_query) {
  std::string shape;
  shape.reserve(path_and_query.size());
  for (size_t at = 0; at < path_and_query.size();) {
    const size_t end = NumberEnd(path_and_query, at);
    shape += end > at ? '#' : path_and_query[at];
    at = std::max(end, at + 1);
  }
  return shape;
}

size_t PathRepetitions(std::string_view path) {
  std::array<uint64_t, kMaxPartsLookedAt> hashes;  // most of it stays as it is
  const std::span<const uint64_t> parts(hashes.data(), HashParts(path, hashes));
  size_t most = 1;
  for (size_t block = 1; block * 2 <= parts.size(); ++block) {
    // How many parts in a row are as those a block before, and whether one of them is a word.
    size_t same = 0;
    bool has_word = false;
    for (size_t i = block; i < parts.size(); ++i) {
      const bool is_same = parts[i] == parts[i - block];
      same = is_same ? same + 1 : 0;
      has_word = is_same && (has_word || parts[i] != 0);
      if (has_word) most = std::max(most, same / block + 1);
    }
  }
  return most;
}

ParameterSet ParametersOf(std::string_view query) {
  ParameterSet set;
  while (!query.empty()) {
    const std::string_view piece = query.substr(0, query.find('&'));
    const uint64_t hash = HashBytes(piece);
    ++set.count;
    set.set_hash += Mix(hash, 0);  // a sum knows no order
    set.order_hash = Mix(set.order_hash, hash);
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
  }
  return set;
}

}  // namespace sakuin::crawler
