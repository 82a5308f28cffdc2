#include "crawler/fetch_record.h"

#include <simdjson.h>

#include <array>
#include <cmath>

#include "base/json_writer.h"

namespace sakuin::crawler {

namespace dom = simdjson::dom;

namespace {

constexpr std::array<std::string_view, kOutcomes> kNames = {
    "stored",       "duplicate",       "not_modified",  "noindex",   "redirect", "listing",    "blocked_by_robots", "over_budget",
    "out_of_scope", "private_address", "robots_failed", "postponed", "gone",     "http_error", "unreadable",        "failed",
    "trap"};

void PutText(JsonWriter& json, std::string_view name, std::string_view value) {
  if (!value.empty()) json.Key(name).String(value);
}

void PutNumber(JsonWriter& json, std::string_view name, uint64_t value) {
  if (value != 0) json.Key(name).Number(value);
}

void PutMilliseconds(JsonWriter& json, std::string_view name, double value) {
  if (value > 0) json.Key(name).Number(static_cast<uint64_t>(std::llround(value)));
}

std::string TextOf(const dom::object& object, std::string_view name) {
  std::string_view value;
  return object[name].get_string().get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

uint64_t NumberOf(const dom::object& object, std::string_view name) {
  uint64_t value = 0;
  return object[name].get_uint64().get(value) == simdjson::SUCCESS ? value : 0;
}

}  // namespace

std::string_view NameOf(Outcome outcome) { return kNames[static_cast<size_t>(outcome)]; }

bool IsAskedFor(Outcome outcome) {
  switch (outcome) {
    case Outcome::kBlockedByRobots:
    case Outcome::kOverBudget:
    case Outcome::kOutOfScope:
    case Outcome::kPrivate:
    case Outcome::kRobotsFailed:
    case Outcome::kTrap: return false;
    default: return true;
  }
}

bool IsError(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPrivate:
    case Outcome::kRobotsFailed:
    case Outcome::kGone:
    case Outcome::kHttpError:
    case Outcome::kUnreadable:
    case Outcome::kFailed: return true;
    default: return false;
  }
}

std::string ToJson(const FetchRecord& record) {
  JsonWriter json;
  json.BeginObject().Key("time").Number(record.time_ms).Key("url").String(record.url).Key("host").String(record.host);
  json.Key("outcome").String(NameOf(record.outcome));
  PutNumber(json, "run", record.run);
  PutNumber(json, "depth", record.depth);
  PutNumber(json, "status", record.status);
  PutText(json, "why", record.why);
  PutText(json, "target", record.target);
  PutText(json, "type", record.type);
  PutText(json, "charset", record.charset);
  PutText(json, "language", record.language);
  PutNumber(json, "bytes", record.bytes);
  PutMilliseconds(json, "first_byte_ms", record.first_byte_ms);
  PutMilliseconds(json, "total_ms", record.total_ms);
  PutNumber(json, "links", record.links);
  return json.EndObject().Take();
}

Result<FetchRecord> ParseFetchRecord(std::string_view line) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(line.data(), line.size()).get_object().get(object) != simdjson::SUCCESS) {
    return InvalidArgumentError("a line of the log of a crawl is no JSON object");
  }
  FetchRecord record;
  const std::string outcome = TextOf(object, "outcome");
  size_t i = 0;
  while (i < kOutcomes && kNames[i] != outcome) ++i;
  if (i == kOutcomes) return InvalidArgumentError("a line of the log of a crawl has the outcome '" + outcome + "', which is none");
  record.outcome = static_cast<Outcome>(i);
  record.time_ms = NumberOf(object, "time");
  record.run = NumberOf(object, "run");
  record.url = TextOf(object, "url");
  record.host = TextOf(object, "host");
  record.depth = static_cast<uint32_t>(NumberOf(object, "depth"));
  record.status = static_cast<uint32_t>(NumberOf(object, "status"));
  record.why = TextOf(object, "why");
  record.target = TextOf(object, "target");
  record.type = TextOf(object, "type");
  record.charset = TextOf(object, "charset");
  record.language = TextOf(object, "language");
  record.bytes = NumberOf(object, "bytes");
  record.first_byte_ms = static_cast<double>(NumberOf(object, "first_byte_ms"));
  record.total_ms = static_cast<double>(NumberOf(object, "total_ms"));
  record.links = static_cast<uint32_t>(NumberOf(object, "links"));
  return record;
}

}  // namespace sakuin::crawler
