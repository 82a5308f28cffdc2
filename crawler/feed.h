// feed.h: what is new on a site, as it says itself: RSS and Atom.
//
//   Feed feed = ReadFeed(bytes, "application/rss+xml");
//   for (const FeedEntry& entry : feed.entries) ...   // url, title, date
//   feed.status                                        // what was wrong; entries hold what was read
//
// Reads RSS 0.9x, 1.0 and 2.0 and Atom, in any encoding. At most kMaxFeedEntries and
// kMaxFeedBytes. Addresses come as they stand; an entry without one is passed over,
// but for a guid that is a permanent link. Pure function: thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::crawler {

inline constexpr size_t kMaxFeedEntries = 10'000;
inline constexpr size_t kMaxFeedBytes = 50 << 20;
inline constexpr size_t kMaxFeedFactBytes = 8192;  // of an address, a title; a longer address is none

struct FeedEntry {
  std::string url;
  std::string title;            // without markup
  std::optional<int64_t> date;       // seconds since 1970, when it was changed last
  std::optional<int64_t> published;  // likewise, when it first came
};

struct Feed {
  std::string title;
  std::vector<FeedEntry> entries;
  Status status;
};

// `content_type`: the header, for the name of an encoding; empty: none.
Feed ReadFeed(std::string_view bytes, std::string_view content_type = {});

}  // namespace sakuin::crawler
