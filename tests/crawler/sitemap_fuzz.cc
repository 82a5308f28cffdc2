// Any bytes as a sitemap: entries have addresses, and there are no more than allowed.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crawler/sitemap.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::crawler;
  const Sitemap sitemap = ReadSitemap(std::string_view(reinterpret_cast<const char*>(data), size));
  if (sitemap.entries.size() > kMaxSitemapEntries) __builtin_trap();
  for (const SitemapEntry& entry : sitemap.entries) {
    if (entry.url.empty() || entry.url.size() > kMaxSitemapUrlBytes) __builtin_trap();
  }
  return 0;
}
