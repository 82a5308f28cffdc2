// page_sink.h: where the pages of a crawl go: an index, or what a test looks at.
//
//   RETURN_IF_ERROR(sink.Put(page));
//   RETURN_IF_ERROR(sink.Sync());              // now the crawl may forget that it has yet to fetch them
//
// Calls come from one thread.
#pragma once

#include <string>

#include "base/status.h"
#include "text/page_reader.h"

namespace sakuin::crawler {

// A page as people read it. All text is UTF-8.
struct CrawledPage : text::PageFields {
  std::string url;         // the key; as the crawler knows the page (url_normalizer.h)
  std::string site;        // "example.com"
  std::string fetched_at;  // ISO 8601
};

class PageSink {
 public:
  virtual ~PageSink() = default;
  // Takes a page in the place of one with the same URL. INVALID_ARGUMENT: this page cannot be kept; the crawl goes on.
  virtual Status Put(const CrawledPage& page) = 0;
  // The page is gone; one that is not there is no error.
  virtual Status Remove(const std::string& url) = 0;
  // What came so far is durable when OK.
  virtual Status Sync() = 0;

  // What tells this sink from others: the path of an index.
  virtual std::string name() const { return "sink"; }
  // Whether it held nothing when it was opened: pages that a sink of this name had are gone.
  virtual bool is_new() const { return false; }
};

}  // namespace sakuin::crawler
