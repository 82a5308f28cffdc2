#include "crawler/crawl_archive.h"

#include <chrono>
#include <string>

namespace sakuin::crawler {
namespace {

// Of what is kept as it came over the wire.
WarcTruncation TruncationOf(const FetchResult& result) {
  if (result.body_complete) return WarcTruncation::kNone;
  switch (result.error) {
    case FetchError::kNone: return WarcTruncation::kNone;
    case FetchError::kBodyTooLarge: return WarcTruncation::kLength;
    case FetchError::kTooSlow:
    case FetchError::kTotalTimeout: return WarcTruncation::kTime;
    case FetchError::kTruncated:
    case FetchError::kConnectionReset: return WarcTruncation::kDisconnect;
    default: return WarcTruncation::kUnspecified;
  }
}

}  // namespace

Result<ArchivedAnswer> WriteToArchive(WarcWriter* writer, const FetchRequest& request, const FetchResult& result, ArchivedAnswer last, Time date) {
  if (writer == nullptr || result.status == 0) return last;
  const std::string question = RequestBlock(request);
  const std::string head = result.headers.ForArchive(result.wire_body().size());
  WarcExchange exchange;
  exchange.url = request.url;
  exchange.ip_address = result.remote_address;
  exchange.time_micros = std::chrono::duration_cast<std::chrono::microseconds>(date.time_since_epoch()).count();
  exchange.request = question;
  exchange.response_head = head;
  exchange.response_body = result.wire_body();
  exchange.truncation = TruncationOf(result);
  const bool is_whole = result.status == 200 && result.body_complete;
  const bool is_same = last.time_micros != 0 && is_whole && WarcDigest(exchange.response_body) == last.payload_digest;
  if (is_same || (last.time_micros != 0 && result.status == 304)) {
    const WarcReference original{.record_id = {}, .url = request.url, .date = WarcDate(last.time_micros), .payload_digest = last.payload_digest};
    RETURN_IF_ERROR(writer->WriteRevisit(exchange, is_same ? WarcRevisit::kSamePayload : WarcRevisit::kNotModified, original).status());
    return last;
  }
  ASSIGN_OR_RETURN(const WarcReference written, writer->Write(exchange));
  return is_whole ? ArchivedAnswer{exchange.time_micros, written.payload_digest} : last;
}

}  // namespace sakuin::crawler
