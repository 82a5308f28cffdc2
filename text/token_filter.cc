#include "text/token_filter.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "text/apostrophes.h"
#include "text/code_point_table.h"
#include "text/folded_text.h"
#include "text/porter_stemmer.h"
#include "text/snowball_stemmer.h"
#include "text/stop_words.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

// Replaces each term by what `change` makes of it: a part of the term, or bytes
// kept in the list. A term of which nothing is left is dropped.
class ChangeFilter final : public TokenFilter {
 public:
  using Change = std::function<std::string_view(std::string_view term, TokenList& keeper)>;
  explicit ChangeFilter(Change change) : change_(std::move(change)) {}

  void Apply(AnalysisMode, size_t first, TokenList& tokens) const override {
    std::vector<Token>& all = tokens.mutable_tokens();
    for (size_t i = first; i < all.size(); ++i) all[i].term = CutAtCharacter(change_(all[i].term, tokens), kMaxTermBytes);
    const auto gone = [](const Token& token) { return token.term.empty(); };
    all.erase(std::remove_if(all.begin() + static_cast<ptrdiff_t>(first), all.end(), gone), all.end());
  }

 private:
  Change change_;
};

class DropFilter final : public TokenFilter {
 public:
  using Test = std::function<bool(std::string_view term)>;
  explicit DropFilter(Test is_dropped) : is_dropped_(std::move(is_dropped)) {}

  void Apply(AnalysisMode, size_t first, TokenList& tokens) const override {
    std::vector<Token>& all = tokens.mutable_tokens();
    const auto dropped = [this](const Token& token) { return is_dropped_(token.term); };
    all.erase(std::remove_if(all.begin() + static_cast<ptrdiff_t>(first), all.end(), dropped), all.end());
  }

 private:
  Test is_dropped_;
};

// Of equal terms on one position the first is kept.
class UniqueFilter final : public TokenFilter {
 public:
  void Apply(AnalysisMode, size_t first, TokenList& tokens) const override {
    std::vector<Token>& all = tokens.mutable_tokens();
    size_t kept = first;
    for (size_t i = first; i < all.size(); ++i) {
      const Token token = all[i];
      bool known = false;
      for (size_t before = kept; before > first && all[before - 1].position == token.position && !known; --before)
        known = all[before - 1].term == token.term;
      if (!known) all[kept++] = token;
    }
    all.resize(kept);
  }
};

struct Range {
  size_t min = 0;
  size_t max = 0;
};

// Documents hold the beginnings of each word beside it; a query asks for its words as they are.
class EdgeFilter final : public TokenFilter {
 public:
  explicit EdgeFilter(Range range) : range_(range) {}

  void Apply(AnalysisMode mode, size_t first, TokenList& tokens) const override {
    if (mode == AnalysisMode::kQuery) return;
    std::vector<Token>& all = tokens.mutable_tokens();
    const std::vector<Token> words(all.begin() + static_cast<ptrdiff_t>(first), all.end());
    all.resize(first);
    for (const Token& word : words) {
      all.push_back(word);
      size_t end = 0;
      for (size_t characters = 1; characters <= range_.max; ++characters) {
        end += DecodeUtf8(word.term, end).bytes;
        if (end >= word.term.size()) break;
        if (characters < range_.min) continue;
        all.push_back(word);
        all.back().term = word.term.substr(0, end);
      }
    }
  }

 private:
  Range range_;
};

std::string_view Folded(FoldKind kind, std::string_view term, TokenList& keeper) {
  std::vector<Unit> units;
  FoldStretch(CodePointTable::For(kind), term, 0, term.size(), units);
  std::string folded;
  AppendUnits(units, folded);
  return folded == term ? term : keeper.Keep(folded);
}

std::string_view PorterStemmed(std::string_view term, TokenList& keeper) {
  const bool ascii = std::all_of(term.begin(), term.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  if (!ascii) return SnowballStemmer("porter").Stem(term, keeper);
  std::string stem(term);
  stem.append(2, '\0');
  stem.resize(PorterStem(stem.data(), term.size()));
  return keeper.Keep(stem);
}

std::shared_ptr<const TokenFilter> Changing(ChangeFilter::Change change) { return std::make_shared<ChangeFilter>(std::move(change)); }
std::shared_ptr<const TokenFilter> Dropping(DropFilter::Test test) { return std::make_shared<DropFilter>(std::move(test)); }

std::shared_ptr<const TokenFilter> MakePlain(std::string_view name) {
  if (name == "possessive") return Changing([](std::string_view term, TokenList&) { return WithoutPossessive(term); });
  if (name == "elision") return Changing([](std::string_view term, TokenList&) { return WithoutElision(term); });
  if (name == "apostrophe") return Changing([](std::string_view term, TokenList&) { return BeforeApostrophe(term); });
  if (name == "lowercase") return Changing([](std::string_view term, TokenList& keeper) { return Folded(FoldKind::kLowercase, term, keeper); });
  if (name == "fold") return Changing([](std::string_view term, TokenList& keeper) { return Folded(FoldKind::kAccents, term, keeper); });
  if (name == "porter") return Changing(PorterStemmed);
  if (name == "stop_english") return Dropping(IsEnglishStopWord);
  if (name == "stop_lucene") return Dropping(IsLuceneStopWord);
  if (name == "unique") return std::make_shared<UniqueFilter>();
  const std::string language(name == "porter2" ? "english" : name);
  if (!HasSnowballStemmer(language)) return nullptr;
  return Changing([language](std::string_view term, TokenList& keeper) { return SnowballStemmer(language).Stem(term, keeper); });
}

// "2-20"
Result<Range> ParseRange(std::string_view filter, std::string_view text) {
  Range range;
  const char* const end = text.data() + text.size();
  const auto low = std::from_chars(text.data(), end, range.min);
  const bool dash = low.ec == std::errc() && low.ptr != end && *low.ptr == '-';
  const auto high = dash ? std::from_chars(low.ptr + 1, end, range.max) : low;
  if (!dash || high.ec != std::errc() || high.ptr != end || range.min == 0 || range.max < range.min || range.max > kMaxTermBytes) {
    return InvalidArgumentError("filter '" + std::string(filter) + ":" + std::string(text) + "': expected " + std::string(filter) +
                                ":MIN-MAX with numbers of characters, 1 <= MIN <= MAX <= " + std::to_string(kMaxTermBytes));
  }
  return range;
}

}  // namespace

std::vector<std::string> TokenFilterNames() {
  std::vector<std::string> names = SnowballLanguages();
  for (const char* name : {"apostrophe", "edge:MIN-MAX", "elision", "fold", "length:MIN-MAX", "lowercase", "porter2", "possessive", "stop_english",
                           "stop_lucene", "unique"}) {
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::shared_ptr<const TokenFilter>> MakeTokenFilter(std::string_view name) {
  const size_t colon = name.find(':');
  const std::string_view word = name.substr(0, colon);
  if (colon != std::string_view::npos && (word == "length" || word == "edge")) {
    ASSIGN_OR_RETURN(const Range range, ParseRange(word, name.substr(colon + 1)));
    if (word == "edge") return std::shared_ptr<const TokenFilter>(std::make_shared<EdgeFilter>(range));
    return Dropping([range](std::string_view term) {
      const size_t characters = CountCodePoints(term);
      return characters < range.min || characters > range.max;
    });
  }
  if (std::shared_ptr<const TokenFilter> plain = MakePlain(name); plain != nullptr) return plain;
  std::string list;
  for (const std::string& known : TokenFilterNames()) list += (list.empty() ? "" : ", ") + known;
  return InvalidArgumentError("unknown filter '" + std::string(name) + "'; expected one of: " + list);
}

}  // namespace sakuin::text
