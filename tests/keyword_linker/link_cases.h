// link_cases.h: dictionaries and links of a few words, for tests of the linker.
//
//   const auto dictionary = DictionaryOf({"Tokyo", "京都"});
//   LinkedTexts(*dictionary, "TOKYO と京都")            // {"TOKYO", "京都"}
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "keyword_linker/dictionary_builder.h"
#include "keyword_linker/keyword_linker.h"

namespace sakuin::keyword_linker {

inline std::unique_ptr<Dictionary> DictionaryOf(const std::vector<Entry>& entries) {
  DictionaryBuilder builder;
  for (const Entry& entry : entries) {
    const Status status = builder.Add(entry);
    EXPECT_TRUE(status.ok()) << status.ToString();
  }
  Result<std::unique_ptr<Dictionary>> dictionary = Dictionary::FromBytes(builder.ToBytes());
  EXPECT_TRUE(dictionary.ok()) << dictionary.status().ToString();
  return *std::move(dictionary);
}

inline std::unique_ptr<Dictionary> DictionaryOf(const std::vector<std::string>& keywords) {
  std::vector<Entry> entries;
  entries.reserve(keywords.size());
  for (const std::string& keyword : keywords) entries.push_back({keyword, {}, 0});
  return DictionaryOf(entries);
}

// Fed in pieces of `piece` bytes.
inline std::vector<Link> LinksIn(const std::vector<DictionaryView>& dictionaries, std::string_view text, const LinkOptions& options = {},
                                 size_t piece = std::string_view::npos) {
  std::vector<Link> links;
  LinkStream stream(dictionaries, options, [&links](const Link& link) { links.push_back(link); });
  for (size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at)) stream.Feed(text.substr(at, piece));
  stream.Finish();
  return links;
}

inline std::vector<std::string> LinkedTexts(const Dictionary& dictionary, std::string_view text, const LinkOptions& options = {}) {
  std::vector<std::string> texts;
  for (const Link& link : LinksIn({&dictionary}, text, options)) texts.emplace_back(text.substr(link.start, link.end - link.start));
  return texts;
}

}  // namespace sakuin::keyword_linker
