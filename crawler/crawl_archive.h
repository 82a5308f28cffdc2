// crawl_archive.h: what of a crawl goes into a web archive.
//
//   ASSIGN_OR_RETURN(ArchivedAnswer now_there, WriteToArchive(writer, request, result, before, date));
//
// An answer is written with its request, whole, but for what is in the archive already: that is referred to. What gave
// no answer is not written.
#pragma once

#include "base/status.h"
#include "crawler/crawl_time.h"
#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"
#include "crawler/page_record.h"
#include "crawler/warc_writer.h"

namespace sakuin::crawler {

// `last`: what the archive has of this URL. Answers what it has then. `writer` may be null: nothing is written.
Result<ArchivedAnswer> WriteToArchive(WarcWriter* writer, const FetchRequest& request, const FetchResult& result, ArchivedAnswer last, Time date);

}  // namespace sakuin::crawler
