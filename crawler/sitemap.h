// sitemap.h: the pages that a site says it has (sitemaps.org).
//
//   Sitemap sitemap = ReadSitemap(bytes, "application/xml");
//   for (const SitemapEntry& entry : sitemap.entries) ...   // url, last_modified
//   sitemap.is_index                                          // entries are sitemaps, not pages
//   sitemap.status                                            // what was wrong; entries hold what was read
//
// Reads <urlset>, <sitemapindex> and texts of one address a line, also gzipped, in
// any encoding. Limits of the protocol: kMaxSitemapEntries, kMaxSitemapBytes after
// decompression; what is beyond is not read, and the status says so. Addresses come
// as they stand. Pure function: thread-safe; linear. kMaxSitemapBytes of 50,000 addresses take 0.05 to 0.2 s, and 0.8 s where
// they are made to be slow (nothing but elements in elements): a crawl reads them in one piece, between two answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::crawler {

inline constexpr size_t kMaxSitemapEntries = 50'000;
inline constexpr size_t kMaxSitemapBytes = 50 << 20;
inline constexpr size_t kMaxSitemapUrlBytes = 8192;  // longer ones are passed over

struct SitemapEntry {
  std::string url;
  std::optional<int64_t> last_modified;  // seconds since 1970
  int importance = 0;  // -5 to 5, of a <priority> from 0.0 to 1.0; 0 where it says nothing
};

struct Sitemap {
  bool is_index = false;
  std::vector<SitemapEntry> entries;
  Status status;
};

// `content_type`: the header, for the name of an encoding; empty: none.
Sitemap ReadSitemap(std::string_view bytes, std::string_view content_type = {});

}  // namespace sakuin::crawler
