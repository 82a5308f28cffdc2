// warc_source.h: the pages of a web archive (base/warc_reader.h), plain, .gz or .zst.
//
//   MakeWarcSource(input, {"crawl.warc.gz", ...}, options)
//     -> key "http://a/b", title, body, url "http://a/b", fetched_at "2014-02-16T05:02:21Z"
//
// A document is a response with a status of 200 to 299, or a resource fetched by http
// or https, that is a page. What is one, text/page_reader.h says, as for a crawl:
// HTML, plain text or XML, that came whole. It is read in any encoding, into the same
// fields (page_document.h); what it tells robots is not asked, for whoever has the
// archive has the page. What is no page (images, PDF, what was cut off or cannot be
// decompressed) is counted by its reason (left_out); other records (requests,
// revisits, errors, robots.txt, sitemaps, feeds) are passed over. A page that comes
// twice is indexed twice, so that the later one counts.
//
// Damage is a broken record with its offset (line() is 0), and the next record
// follows. Otherwise line() is the number of the record. Of a compressed archive, a damaged member costs
// only itself, unless the format had to be told by the first bytes: then it is
// the end of the file, as in other formats. Not thread-safe.
#pragma once

#include <memory>

#include "indexer/source_record.h"

namespace sakuin::indexer {

std::unique_ptr<DocumentSource> MakeWarcSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options);

}  // namespace sakuin::indexer
