#include "crawler/url_host.h"

#include <algorithm>

#include "crawler/domain_to_ascii.h"
#include "crawler/ip_address.h"
#include "crawler/percent_encoding.h"
#include "text/utf8_repair.h"

namespace sakuin::crawler {

namespace {

std::optional<std::string> ParseOpaqueHost(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), IsForbiddenInHost)) return std::nullopt;
  std::string host;
  AppendPercentEncoded(text, PercentEncodeSet::kC0Control, host);
  return host;
}

std::optional<std::string> ParseDomain(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return DomainToAscii(text);
  std::string decoded = PercentDecode(text);
  text::RepairUtf8(decoded);
  return DomainToAscii(decoded);
}

}  // namespace

bool IsForbiddenInHost(char c) {
  constexpr std::string_view kForbidden("\0\t\n\r #/:<>?@[\\]^|", 17);
  return kForbidden.find(c) != std::string_view::npos;
}

bool IsForbiddenInDomain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '%' || IsForbiddenInHost(c);
}

std::optional<std::string> ParseUrlHost(std::string_view text, bool is_opaque) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return std::nullopt;
    const std::optional<Ipv6Pieces> pieces = ParseIpv6(text.substr(1, text.size() - 2));
    return pieces ? std::optional("[" + SerializeIpv6(*pieces) + "]") : std::nullopt;
  }
  if (is_opaque) return ParseOpaqueHost(text);
  std::optional<std::string> domain = ParseDomain(text);
  if (!domain || !EndsInNumber(*domain)) return domain;
  const std::optional<uint32_t> address = ParseIpv4(*domain);
  return address ? std::optional(SerializeIpv4(*address)) : std::nullopt;
}

}  // namespace sakuin::crawler
