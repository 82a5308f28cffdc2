// Any bytes as records and keys of a frontier, as what is kept of a page, and as headers: what can be read can be written
// and read again.
#include <cstdlib>

#include "crawler/frontier_records.h"
#include "crawler/page_record.h"

namespace sakuin::crawler {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(std::string_view bytes) {
  if (const auto url = DecodeUrlRecord(bytes); url.ok()) Require(*DecodeUrlRecord(EncodeUrlRecord(*url)) == *url);
  if (const auto queue = DecodeQueueRecord(bytes); queue.ok()) Require(*DecodeQueueRecord(EncodeQueueRecord(*queue)) == *queue);
  if (const auto head = DecodeFrontierRecord(bytes); head.ok()) Require(*DecodeFrontierRecord(EncodeFrontierRecord(*head)) == *head);
  const auto fits = [](const std::string& validator) { return validator.size() <= kMaxValidatorBytes; };
  if (const auto page = DecodePageRecord(bytes); page.ok() && fits(page->etag) && fits(page->last_modified)) {
    Require(*DecodePageRecord(EncodePageRecord(*page)) == *page);
  }
  if (const auto entry = ParseScheduleKey(bytes); entry.ok() && entry->time >= Time()) {
    Require(ScheduleKey(entry->time, entry->queue, entry->url) == bytes);
  }
  if (const auto place = ParseWaitingKey(bytes); place.ok()) Require(WaitingKey(*ParseQueueKey(bytes.substr(0, 4)), *place) == bytes);
}

}  // namespace
}  // namespace sakuin::crawler

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sakuin::crawler::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
