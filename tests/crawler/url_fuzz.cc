// Any bytes as an address: what is serialized is parsed again to the same, whatever setters did, and the form under
// which the crawler knows a page is its own.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/public_suffix.h"
#include "crawler/trap_detector.h"
#include "crawler/url.h"
#include "crawler/url_normalizer.h"

namespace {

using sakuin::Result;
using sakuin::crawler::Url;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// The parts of a URL, none of which may lie outside of it.
std::string Joined(const Url& url) {
  std::string joined;
  for (const std::string_view part :
       {url.protocol(), url.username(), url.password(), url.host(), url.hostname(), url.port(), url.pathname(), url.search(), url.hash()}) {
    (joined += part) += '\n';
  }
  return joined + url.Origin();
}

void RequireRoundTrip(const Url& url) {
  const Result<Url> again = Url::Parse(url.href());
  Require(again.ok() && again->href() == url.href() && Joined(*again) == Joined(url));
  // A tab sends it through the whole parser.
  const Result<Url> slow = Url::Parse("\t" + url.href());
  Require(slow.ok() && slow->href() == url.href() && Joined(*slow) == Joined(url));
}

void TrySetters(const Url& url, std::string_view value) {
  using Setter = void (Url::*)(std::string_view);
  constexpr std::array<Setter, 9> kSetters = {&Url::SetProtocol, &Url::SetUsername, &Url::SetPassword, &Url::SetHost, &Url::SetHostname,
                                              &Url::SetPort,     &Url::SetPathname, &Url::SetSearch,   &Url::SetHash};
  for (const Setter setter : kSetters) {
    Url changed = url;
    (changed.*setter)(value);
    RequireRoundTrip(changed);
  }
}

void Try(const Url& url, std::string_view value) {
  RequireRoundTrip(url);
  TrySetters(url, value);
  const Url normal = sakuin::crawler::NormalizeUrl(url);
  RequireRoundTrip(normal);
  Require(sakuin::crawler::NormalizeUrl(normal) == normal);
  Require(url.hostname().ends_with(sakuin::crawler::RegistrableDomain(url.hostname())));
  static sakuin::crawler::TrapDetector traps;
  if (normal.is_http()) static_cast<void>(traps.Check(normal, &url, 30));
}

}  // namespace

// The first line is a base, the second an address, the third the value of a setter.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  const Result<Url> base = Url::Parse(lines[0]);
  if (base.ok()) Try(*base, lines[2]);
  const Result<Url> url = Url::Parse(lines[1], base.ok() ? &*base : nullptr);
  if (url.ok()) Try(*url, lines[2]);
  return 0;
}
