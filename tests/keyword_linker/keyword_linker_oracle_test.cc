// Every occurrence, and every choice among them, against a search of each keyword
// at each place. A blank is written as any white space, in keywords and texts.
#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <random>
#include <set>

#include "tests/keyword_linker/link_cases.h"
#include "tests/keyword_linker/naive_linker.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

struct Shape {
  const char* name;
  std::u32string letters;  // that keywords and texts are made of
  size_t keywords;
  size_t longest;
  size_t text;
};

// For the names of the tests.
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

std::string Utf8(const std::u32string& text) {
  std::string bytes;
  for (const char32_t c : text) text::AppendUtf8(bytes, c);
  return bytes;
}

class LinkerOracle : public testing::TestWithParam<Shape> {
 protected:
  void Make(uint32_t seed) {
    random_.seed(seed);
    keywords_.clear();
    for (size_t i = 0; i < GetParam().keywords; ++i) {
      std::u32string keyword = Letters(1 + random_() % GetParam().longest);
      if (i % 5 == 4) keyword = *keywords_.begin() + keyword;  // a family with long common beginnings
      keywords_.insert(WithSingleBlanks(keyword));
    }
    // Half of the text is keywords whole or cut.
    text_.clear();
    while (text_.size() < GetParam().text) {
      if (random_() % 2 == 0) {
        text_ += Letters(1 + random_() % 6);
        continue;
      }
      auto keyword = keywords_.begin();
      std::advance(keyword, random_() % keywords_.size());
      text_ += keyword->substr(0, 1 + random_() % keyword->size());
    }
    text_ = WithSingleBlanks(text_);
    std::vector<std::string> written;
    for (const std::u32string& keyword : keywords_) written.push_back(Written(keyword, nullptr));
    std::shuffle(written.begin(), written.end(), random_);
    dictionary_ = DictionaryOf(written);
    source_ = Written(text_, &begins_);
  }

  static std::u32string WithSingleBlanks(const std::u32string& text) {
    std::u32string single;
    for (const char32_t c : text) {
      if (c != ' ' || single.empty() || single.back() != ' ') single += c;
    }
    return single;
  }

  // Any white space for each blank; where each character begins, and the end.
  std::string Written(const std::u32string& text, std::vector<uint64_t>* begins) {
    constexpr std::array<std::string_view, 8> kBlanks = {" ", " ", " ", "\n", "  ", "\t\r\n", "\xC2\xA0 ", "\xE3\x80\x80"};
    std::string bytes;
    if (begins != nullptr) *begins = {0};
    for (const char32_t c : text) {
      bytes += c == ' ' ? std::string(kBlanks[random_() % kBlanks.size()]) : Utf8({c});
      if (begins != nullptr) begins->push_back(bytes.size());
    }
    return bytes;
  }

  std::u32string Letters(size_t count) {
    std::u32string text;
    for (size_t i = 0; i < count; ++i) text += GetParam().letters[random_() % GetParam().letters.size()];
    return text;
  }

  // In the order of their places.
  std::vector<NaiveLink> Links(MatchKind kind, size_t piece) const {
    LinkOptions options;
    options.kind = kind;
    options.boundaries = Boundaries::kNone;
    std::vector<NaiveLink> links;
    for (const Link& link : LinksIn({dictionary_.get()}, source_, options, piece)) links.push_back({UnitAt(link.start), UnitAt(link.end)});
    if (kind != MatchKind::kAll) return links;
    const bool in_order = std::is_sorted(links.begin(), links.end(), InTextOrder);
    EXPECT_TRUE(in_order || GetParam().longest > kWalkUnits / 2) << "a family is twice as long as the longest";
    std::sort(links.begin(), links.end());
    return links;
  }

  static bool InTextOrder(const NaiveLink& a, const NaiveLink& b) { return a.first != b.first ? a.first < b.first : a.end > b.end; }

  size_t UnitAt(uint64_t byte) const {
    const auto at = std::lower_bound(begins_.begin(), begins_.end(), byte);
    EXPECT_EQ(*at, byte);
    return static_cast<size_t>(at - begins_.begin());
  }

  std::mt19937 random_;
  std::set<std::u32string> keywords_;
  std::u32string text_;
  std::string source_;  // text_ with any white space
  std::vector<uint64_t> begins_;
  std::unique_ptr<Dictionary> dictionary_;
};

TEST_P(LinkerOracle, AgreesWithBruteForce) {
  for (uint32_t seed = 0; seed < 12; ++seed) {
    Make(seed);
    const std::vector<NaiveLink> all = NaiveAll(text_, keywords_);
    for (const size_t piece : {std::string_view::npos, size_t{1}, size_t{7}, size_t{1000}}) {
      ASSERT_EQ(Links(MatchKind::kAll, piece), all) << "seed " << seed << ", pieces of " << piece;
      ASSERT_EQ(Links(MatchKind::kLongest, piece), NaiveLongest(all)) << "seed " << seed << ", pieces of " << piece;
    }
  }
}

TEST_P(LinkerOracle, AKeywordGivesItsOwnEntry) {
  Make(99);
  LinkOptions options;
  options.kind = MatchKind::kAll;
  options.boundaries = Boundaries::kNone;
  for (const Link& link : LinksIn({dictionary_.get()}, source_, options)) {
    const std::u32string linked = text_.substr(UnitAt(link.start), UnitAt(link.end) - UnitAt(link.start));
    ASSERT_EQ(link.from->Find(Utf8(linked)), link.keyword);
    ASSERT_EQ(link.from->Find(link.entry().keyword), link.keyword);
  }
  for (const std::u32string& keyword : keywords_) {
    ASSERT_TRUE(dictionary_->Find(Utf8(keyword)).has_value()) << Utf8(keyword);
    for (size_t size = 1; size < keyword.size(); ++size) {
      const std::u32string begin = keyword.substr(0, size);
      ASSERT_EQ(dictionary_->Find(Utf8(begin)).has_value(), keywords_.contains(begin)) << Utf8(begin);
    }
  }
  EXPECT_FALSE(dictionary_->Find(Utf8(*keywords_.begin() + U"~")).has_value());
}

INSTANTIATE_TEST_SUITE_P(Shapes, LinkerOracle,
                         testing::Values(Shape{"two_letters", U"ab", 60, 9, 2000}, Shape{"one_letter", U"a", 40, 60, 300},
                                         Shape{"long_keywords", U"abc", 80, 70, 3000}, Shape{"blanks", U"ab  c", 200, 8, 3000}, Shape{"many_letters", U"abcdefghijklmnopqrstuvwxyz -", 300, 12, 3000},
                                         Shape{"chinese", U"東京都大阪府一二三日本語", 120, 6, 2000},
                                         Shape{"beyond_16_bits", U"𠮷𠀋𡈽a", 60, 30, 1500}, Shape{"a_few", U"ab", 2, 3, 100000}, Shape{"over_stretches", U"abc", 30, 90, 100000},
                                         Shape{"deeper_than_a_walk", U"ab", 30, 400, 4000}, Shape{"deep_of_one_letter", U"a", 12, 300, 1500}),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace sakuin::keyword_linker
