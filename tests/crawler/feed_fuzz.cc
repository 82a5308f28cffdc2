// Any bytes as a feed: entries have addresses and titles in UTF-8, and there are no more than allowed.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crawler/feed.h"
#include "text/utf8_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin;
  const crawler::Feed feed = crawler::ReadFeed(std::string_view(reinterpret_cast<const char*>(data), size));
  if (feed.entries.size() > crawler::kMaxFeedEntries || !text::IsUtf8(feed.title)) __builtin_trap();
  for (const crawler::FeedEntry& entry : feed.entries) {
    if (entry.url.empty() || entry.url.size() > crawler::kMaxFeedFactBytes || !text::IsUtf8(entry.title)) __builtin_trap();
  }
  return 0;
}
