// keyword_linker.h: start here. Which known names occur in this text, and what do
// they link to?
//
//   ASSIGN_OR_RETURN(auto dictionary, Dictionary::Open(fs, "site.dict"));
//   LinkStream stream({dictionary.get()}, {}, [](const Link& link) { ... });
//   stream.Feed("한국전력공사는 크다");      // in pieces of any size
//   stream.Finish();
//
// Links come in the order of the text, those that begin together the longest first (but see
// MatchKind::kAll). Of several dictionaries the first wins where nothing else decides; the layers of one (dictionary_view.h)
// are as one dictionary. Memory: about a megabyte, and
// some 100 bytes per character of the longest keyword.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "keyword_linker/keyword_scanner.h"

namespace sakuin::keyword_linker {

enum class MatchKind {
  kLongest,  // from the left, the longest keyword at each place; links do not overlap
  kFirst,    // from the left, the keyword of highest priority, then the longest
  kAll,      // every occurrence; those of more than kWalkUnits units as they are found
};

struct LinkOptions {
  MatchKind kind = MatchKind::kLongest;
  Boundaries boundaries = Boundaries::kAuto;
  uint64_t most_per_keyword = 0;    // links of one keyword in a document; 0: no limit
  uint64_t most_links = 0;          // in a document; 0: no limit
  std::vector<std::string> stop;    // keywords that are not linked, in whatever case
  Paragraphs paragraphs = Paragraphs::kCount;  // whether no keyword reaches over two line feeds
};

struct Link {
  uint64_t start = 0;       // bytes of the text
  uint64_t end = 0;
  uint32_t dictionary = 0;  // which of those that were given
  uint32_t keyword = 0;     // its number in `from`
  const Dictionary* from = nullptr;  // a layer of the dictionary: must be alive when entry() is called

  Entry entry() const { return from->entry(from->FirstEntry(keyword)); }
  // Of those with the highest priority the one that is written as `text`, which is linked, or else entry().
  Entry EntryFor(std::string_view text) const;
};

class LinkStream {
 public:
  using Sink = std::function<void(const Link&)>;

  LinkStream(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, Sink sink);

  // More of the text, which goes on where it stopped.
  void Feed(std::string_view text) { FeedVerbatim(text, source_end_); }
  // More of the text, which stands in a source: as it is from byte `start` on, or
  // written otherwise in [start, end). REQUIRES: not before what came earlier.
  void FeedVerbatim(std::string_view text, uint64_t start);
  void FeedDecoded(std::string_view text, uint64_t start, uint64_t end);
  // What follows belongs to the same word, if one is open, but no keyword reaches
  // into it; it has no links where it is not `linked`.
  void Seam(bool linked);
  // What is still open is decided. More may be fed, but no keyword reaches over the border.
  void Finish();

  // Every link that begins before this byte of the source has been given.
  uint64_t decided() const { return decided_; }
  uint64_t links() const { return links_; }

 private:
  // What is linked from a place on.
  struct Best {
    uint32_t end = 0;         // units; 0: nothing is
    uint32_t keyword = 0;
    uint32_t source = 0;      // in sources_
  };

  // A layer of a dictionary.
  struct Source {
    DictionaryLayer layer;
    uint32_t dictionary = 0;
  };

  struct SeamPlace {
    uint64_t at = 0;  // in all that was fed
    bool linked = true;
  };

  void Feed(std::string_view text, uint64_t source_end);
  void Fold(std::string_view text);
  void ReadWholeStretches();
  size_t ReadStretch(size_t at, bool last);
  void OfferLong(const Occurrence& found, uint32_t source);
  size_t NextFrom(size_t start) const;
  Best BestAt(uint32_t start) const;
  int32_t PriorityOf(const Best& best) const;
  bool IsBetter(const Best& best, const Best& than) const;
  void Choose(size_t end);
  void GiveAll(uint32_t start);
  void Give(size_t first, const Best& chosen);
  void Drop(size_t count, size_t needed);

  LinkOptions options_;
  Sink sink_;
  std::vector<Source> sources_;
  std::vector<KeywordScanner> scanners_;
  std::string text_;            // not yet folded
  uint64_t text_begins_ = 0;    // where it stands in all that was fed
  SourceMap map_;               // of all that was fed
  uint64_t source_end_ = 0;
  std::deque<SeamPlace> seams_;  // of text_
  bool linked_ = true;          // what is folded next
  FoldedUnits units_;           // that may belong to a link yet, with some before
  std::vector<uint32_t> starts_;  // of those that are read, where links may begin
  std::map<uint32_t, Best> long_;  // the best of the long ones, by where they begin
  std::vector<Best> all_;       // that begin at one place; with kAll only
  size_t scanned_ = 0;          // units
  size_t chosen_ = 0;           // before this unit all is decided
  uint64_t decided_ = 0;
  uint64_t links_ = 0;
  std::unordered_map<uint64_t, uint64_t> links_of_;  // source and keyword; with a limit only
};

}  // namespace sakuin::keyword_linker
