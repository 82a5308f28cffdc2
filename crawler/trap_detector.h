// trap_detector.h: URLs that would never end.
//
//   TrapDetector traps;
//   UrlRefusal refusal = traps.Check(url, &page, depth);   // `page` links to `url`, `depth` links away from a seed
//
// Recognized by their looks alone:
//   kRepeatingPath        /a/b/a/b/a/b        a relative link that climbs into itself
//   kTooManyPathParts     /a/b/c/d/...        the same, less regular
//   kTooManyParameters    ?a=1&b=2&...        filters that can all be combined
//   kPermutedParameters   ?b=2&a=1            where ?a=1&b=2 was taken: the same page
//
// Recognized by what was taken before, far from the seeds (deeper than `free_depth` links), among URLs of one shape
// (url_shape.h: /calendar/2020/1 and /calendar/2020/2) on one host:
//   kEndlessChain         each leads to hardly more than the next: an endless calendar. `chain_length` are taken.
//                         Whatever leads to new shapes may go on: a list of articles, ten titles on each page. So may what
//                         leads to new text: each page that says something new, in words and not only in numbers, lets its
//                         shape and that of the page that linked to it have one more.
//   kTooManyOfShape       a bound for endless ones that branch; likewise, up to `most_of_shape`.
// Near the seeds nothing is counted: /n/1 to /n/1499 are no trap when pages link to many of them, as then none of
// them is far away.
//
// Memory is bounded (4 to 9 MiB, whatever is crawled), and what has been forgotten is taken again at worst. It
// starts afresh with the process. About a microsecond for a URL. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crawler/url.h"
#include "crawler/url_refusal.h"
#include "crawler/url_shape.h"

namespace sakuin::crawler {

struct TrapLimits {
  size_t max_path_repetitions = 2;
  size_t max_path_parts = 32;
  size_t max_parameters = 24;
  uint32_t free_depth = 20;
  uint32_t chain_length = 80;
  uint32_t max_of_shape = 2000;
  uint32_t most_of_shape = 100'000;
};

class TrapDetector {
 public:
  explicit TrapDetector(const TrapLimits& limits = {});

  // Whether to take a URL that is not known yet; kNone counts it as taken. REQUIRES: http or https, normalized
  // (url_normalizer.h). `page`: where it was found; nullptr: not on a page (a sitemap, a seed).
  UrlRefusal Check(const Url& url, const Url* page, uint32_t depth);

  // Likewise for what a server calls `asked` itself, by a redirect or as its canonical address: when these are the parameters
  // of `asked` in another order, that one counts from now on.
  UrlRefusal CheckProperName(const Url& url, const Url& asked, uint32_t depth);

  // Whether Check may answer otherwise for a URL that is known: for those it need not be called.
  bool Counts(uint32_t depth) const { return depth > limits_.free_depth; }

  // A page came that is to be kept. `found_on`: the page that linked to it; nullptr: none.
  void TakePage(const Url& url, const Url* found_on, uint32_t depth, std::string_view text);

 private:
  struct Shape {
    uint32_t taken = 0;  // deeper than free_depth
    uint32_t deepest = 0;
    uint32_t news = 0;  // new shapes and pages with new text that its pages led to
  };
  struct Parameters {
    uint64_t set = 0;
    uint64_t order = 0;
  };

  UrlRefusal CheckLooks(const Url& url, const ParameterSet& parameters) const;
  UrlRefusal CheckShape(uint64_t shape, uint32_t depth) const;
  // Remembers the order of the parameters; false: they are known in another.
  bool TakeOrder(const Url& url, const ParameterSet& parameters);
  void CountTaken(uint64_t shape, uint32_t depth);
  void CountNews(const Url& page);
  // Makes a shape or a text known; false: it was (or seems so, in the one of many cases that a bounded memory confuses).
  static bool Learn(uint64_t hash, std::vector<uint64_t>& known);
  void ForgetSmallShapes();

  TrapLimits limits_;
  std::vector<Parameters> orders_;              // by set: the last that came there
  std::vector<uint64_t> known_shapes_;          // one bit for each
  std::vector<uint64_t> known_texts_;           // likewise
  std::unordered_map<uint64_t, Shape> shapes_;  // those that URLs share, by their hash and the host's
};

}  // namespace sakuin::crawler
