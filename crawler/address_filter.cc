// Ranges: the special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890 and what came after it), and the addresses
// at which clouds serve the credentials of a machine. In a table the first range that holds the address decides.
#include "crawler/address_filter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "crawler/ip_address.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kV4Offset = 12;  // of the four bytes in a mapped address

struct V4Range {
  uint32_t prefix;
  int bits;
  std::string_view kind;
};

constexpr uint32_t V4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return a << 24 | b << 16 | c << 8 | d; }

constexpr std::string_view kMetadata = "a metadata address";
constexpr std::string_view kPrivate = "a private address";
constexpr std::string_view kLoopback = "a loopback address";
constexpr std::string_view kLinkLocal = "a link-local address";
constexpr std::string_view kMulticast = "a multicast address";
constexpr std::string_view kUnspecified = "an unspecified address";
constexpr std::string_view kDocumentation = "an address for documentation";
constexpr std::string_view kBenchmarking = "an address for benchmarks";
constexpr std::string_view kReserved = "a reserved address";

constexpr V4Range kV4Ranges[] = {
    {V4(169, 254, 169, 254), 32, kMetadata},
    {V4(168, 63, 129, 16), 32, kMetadata},
    {V4(100, 100, 100, 200), 32, kMetadata},
    {V4(192, 0, 0, 192), 32, kMetadata},
    {V4(0, 0, 0, 0), 8, kUnspecified},
    {V4(10, 0, 0, 0), 8, kPrivate},
    {V4(100, 64, 0, 0), 10, "a carrier-grade NAT address"},
    {V4(127, 0, 0, 0), 8, kLoopback},
    {V4(169, 254, 0, 0), 16, kLinkLocal},
    {V4(172, 16, 0, 0), 12, kPrivate},
    {V4(192, 0, 0, 0), 24, kReserved},
    {V4(192, 0, 2, 0), 24, kDocumentation},
    {V4(192, 88, 99, 0), 24, kReserved},
    {V4(192, 168, 0, 0), 16, kPrivate},
    {V4(198, 18, 0, 0), 15, kBenchmarking},
    {V4(198, 51, 100, 0), 24, kDocumentation},
    {V4(203, 0, 113, 0), 24, kDocumentation},
    {V4(224, 0, 0, 0), 4, kMulticast},
    {V4(255, 255, 255, 255), 32, "the broadcast address"},
    {V4(240, 0, 0, 0), 4, kReserved},
};

struct V6Range {
  std::array<uint16_t, 8> prefix;
  int bits;
  std::string_view kind;
  int v4_at = -1;  // the byte at which an IPv4 address stands that decides instead
};

constexpr V6Range kV6Ranges[] = {
    {{0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254}, 128, kMetadata},
    {{0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254}, 128, kMetadata},
    {{0, 0, 0, 0, 0, 0, 0, 0}, 128, kUnspecified},
    {{0, 0, 0, 0, 0, 0, 0, 1}, 128, kLoopback},
    {{0, 0, 0, 0, 0, 0xffff, 0, 0}, 96, {}, 12},
    {{0, 0, 0, 0, 0, 0, 0, 0}, 96, kReserved, 12},
    {{0x64, 0xff9b, 0, 0, 0, 0, 0, 0}, 96, {}, 12},
    {{0x64, 0xff9b, 1, 0, 0, 0, 0, 0}, 48, kPrivate},
    {{0x2001, 0xdb8, 0, 0, 0, 0, 0, 0}, 32, kDocumentation},
    {{0x2001, 0, 0, 0, 0, 0, 0, 0}, 32, "a Teredo address"},
    {{0x2001, 2, 0, 0, 0, 0, 0, 0}, 48, kBenchmarking},
    {{0x2001, 0, 0, 0, 0, 0, 0, 0}, 23, kReserved},
    {{0x2002, 0, 0, 0, 0, 0, 0, 0}, 16, {}, 2},
    {{0x3fff, 0, 0, 0, 0, 0, 0, 0}, 20, kDocumentation},
    {{0x2000, 0, 0, 0, 0, 0, 0, 0}, 3, {}},  // what is public
    {{0xfc00, 0, 0, 0, 0, 0, 0, 0}, 7, "a unique-local address"},
    {{0xfe80, 0, 0, 0, 0, 0, 0, 0}, 10, kLinkLocal},
    {{0xfec0, 0, 0, 0, 0, 0, 0, 0}, 10, kPrivate},
    {{0xff00, 0, 0, 0, 0, 0, 0, 0}, 8, kMulticast},
};

std::string_view KindOfV4(const uint8_t* bytes) {
  const uint32_t address = V4(bytes[0], bytes[1], bytes[2], bytes[3]);
  for (const V4Range& range : kV4Ranges) {
    if ((address ^ range.prefix) >> (32 - range.bits) == 0) return range.kind;
  }
  return {};
}

bool Holds(const V6Range& range, const uint8_t* bytes) {
  for (int bit = 0; bit < range.bits; bit += 16) {
    const uint32_t differs = static_cast<uint32_t>(bytes[bit / 8] << 8 | bytes[bit / 8 + 1]) ^ range.prefix[bit / 16];
    if (differs >> (16 - std::min(16, range.bits - bit)) != 0) return false;
  }
  return true;
}

std::string_view KindOfV6(const uint8_t* bytes) {
  for (const V6Range& range : kV6Ranges) {
    if (!Holds(range, bytes)) continue;
    const std::string_view inner = range.v4_at < 0 ? std::string_view() : KindOfV4(bytes + range.v4_at);
    return inner.empty() ? range.kind : inner;
  }
  return kReserved;
}

// The host of "scheme://user@host:port/path" without brackets.
std::string_view HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url = url.substr(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#\\"));
  if (const size_t at = url.rfind('@'); at != std::string_view::npos) url = url.substr(at + 1);
  if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find(':'));
}

}  // namespace

IpAddress::IpAddress(const uint8_t* bytes, bool is_v4) : is_v4_(is_v4) {
  if (is_v4) bytes_[10] = bytes_[11] = 0xff;
  std::memcpy(bytes_.data() + (is_v4 ? kV4Offset : 0), bytes, is_v4 ? 4 : 16);
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  std::array<uint8_t, 16> bytes{};
  if (const std::optional<uint32_t> v4 = ParseIpv4(text)) {
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(*v4 >> (24 - 8 * i));
    return IpAddress(bytes.data(), true);
  }
  const std::optional<Ipv6Pieces> v6 = ParseIpv6(text.substr(0, text.find('%')));
  if (!v6) return std::nullopt;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>((*v6)[i / 2] >> (i % 2 == 0 ? 8 : 0));
  return IpAddress(bytes.data(), false);
}

std::optional<IpAddress> IpAddress::FromSockaddr(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    return IpAddress(reinterpret_cast<const uint8_t*>(&v4.sin_addr), true);
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof(v6));
  return IpAddress(v6.sin6_addr.s6_addr, false);
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data() + (is_v4_ ? kV4Offset : 0), text, sizeof(text));
  return text;
}

std::string_view WhyNotPublic(const IpAddress& address) {
  return address.is_v4() ? KindOfV4(address.bytes().data() + kV4Offset) : KindOfV6(address.bytes().data());
}

std::string WhyRefused(const IpAddress& address) {
  const std::string_view kind = WhyNotPublic(address);
  if (kind.empty()) return {};
  return "refused: " + address.ToString() + " is " + std::string(kind) + " (--allow-private permits it)";
}

std::string WhyUrlRefused(std::string_view url) {
  const std::optional<IpAddress> address = IpAddress::Parse(HostOf(url));
  return address ? WhyRefused(*address) : std::string();
}

}  // namespace sakuin::crawler
