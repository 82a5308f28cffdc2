// naive_spelling.h: distances between spellings by the definition, slowly.
//
//   NaiveDistance(U"teh", U"the")   // 1: neighbours exchanged
//
// For tests only. Pure functions.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "text/utf8.h"

namespace sakuin::searcher {

// Optimal string alignment, every cell of the whole table.
inline uint32_t NaiveDistance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<uint32_t>> cell(a.size() + 1, std::vector<uint32_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cell[i][j] = static_cast<uint32_t>(i + j);
        continue;
      }
      cell[i][j] = std::min(cell[i - 1][j], cell[i][j - 1]) + 1;
      cell[i][j] = std::min(cell[i][j], cell[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) cell[i][j] = std::min(cell[i][j], cell[i - 2][j - 2] + 1);
    }
  }
  return cell[a.size()][b.size()];
}

// A word of 1 to `longest` characters of a small alphabet, so that many are near.
inline std::string RandomWord(std::mt19937& random, std::u32string_view alphabet, size_t longest) {
  std::string word;
  for (size_t left = 1 + random() % longest; left > 0; --left) text::AppendUtf8(word, alphabet[random() % alphabet.size()]);
  return word;
}

}  // namespace sakuin::searcher
