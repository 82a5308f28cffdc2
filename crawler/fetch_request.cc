#include "crawler/fetch_request.h"

#include <algorithm>
#include <string_view>

#include "base/content_coding.h"

namespace sakuin::crawler {
namespace {

bool CanBeSent(std::string_view value) {
  return !value.empty() && std::none_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

void AddLine(std::string_view name, std::string_view value, std::vector<std::string>& lines) {
  if (CanBeSent(value)) lines.push_back(std::string(name).append(": ").append(value));
}

// "example.com:8080", without the port that the scheme has anyway.
std::string_view HostOf(std::string_view url, std::string_view scheme) {
  const std::string_view host = url.substr(0, url.find_first_of("/?#"));
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  return host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
}

// "/path?query": a URL without a path asks for "/".
std::string TargetOf(std::string_view url) {
  const std::string_view from_path = url.substr(std::min(url.find_first_of("/?#"), url.size()));
  const std::string_view target = from_path.substr(0, from_path.find('#'));
  return target.starts_with('/') ? std::string(target) : "/" + std::string(target);
}

}  // namespace

FetchLimits LimitsWithin(std::chrono::milliseconds total) {
  FetchLimits limits;
  const double part = static_cast<double>(total.count()) / static_cast<double>(limits.total.count());
  for (std::chrono::milliseconds* phase : {&limits.connect, &limits.tls, &limits.first_byte, &limits.slow_window}) {
    *phase = std::chrono::milliseconds(static_cast<int64_t>(static_cast<double>(phase->count()) * part));
  }
  limits.slow_bytes = static_cast<size_t>(static_cast<double>(limits.slow_bytes) * part);
  limits.total = total;
  return limits;
}

std::vector<std::string> HeaderLines(const FetchRequest& request) {
  std::vector<std::string> lines;
  lines.reserve(6);
  AddLine("User-Agent", request.user_agent, lines);
  AddLine("Accept", request.accept, lines);
  AddLine("Accept-Language", request.accept_language, lines);
  AddLine("Accept-Encoding", kAcceptedCodings, lines);
  AddLine("If-None-Match", request.etag, lines);
  AddLine("If-Modified-Since", request.last_modified, lines);
  return lines;
}

std::string RequestBlock(const FetchRequest& request) {
  std::string_view url = request.url;
  const std::string_view scheme = url.substr(0, url.find("://"));
  url.remove_prefix(std::min(scheme.size() + 3, url.size()));
  std::string block = "GET " + TargetOf(url) + " HTTP/1.1\r\nHost: " + std::string(HostOf(url, scheme)) + "\r\n";
  for (const std::string& line : HeaderLines(request)) block.append(line).append("\r\n");
  return block + "\r\n";
}

}  // namespace sakuin::crawler
