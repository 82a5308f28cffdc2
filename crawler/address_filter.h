// address_filter.h: which addresses a crawler must not ask: everything that is not the public internet.
//
//   const std::optional<IpAddress> address = IpAddress::Parse("169.254.169.254");
//   WhyNotPublic(*address);                  // "a metadata address"; empty for a public one
//   WhyRefused(*address);                    // "refused: 169.254.169.254 is a metadata address (--allow-private permits it)"
//
// Loopback, private, link-local, unique-local, carrier-grade NAT, multicast, metadata of clouds, documentation and
// reserved ranges are refused, as they are and inside IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64,
// 6to4). A link on a hostile page must not make the crawler read what only this machine can reach, so the question is
// asked of the address that a connection is about to go to, not of the name it came from. Addresses are read as those of
// URLs are (ip_address.h). Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace sakuin::crawler {

class IpAddress {
 public:
  // "127.0.0.1", "::1", "fe80::1%eth0" (the zone is dropped); also the older ways to write an IPv4 address that browsers
  // and resolvers take ("2130706433", "0x7f.1", "0177.0.0.1"), with or without a dot at the end. None for a name.
  static std::optional<IpAddress> Parse(std::string_view text);
  // None when it is neither IPv4 nor IPv6. REQUIRES: as many bytes behind `address` as its family has.
  static std::optional<IpAddress> FromSockaddr(const sockaddr& address);

  bool is_v4() const { return is_v4_; }
  // IPv4: the last four; the twelve before them are those of a mapped address.
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  std::string ToString() const;

 private:
  IpAddress(const uint8_t* bytes, bool is_v4);

  std::array<uint8_t, 16> bytes_{};
  bool is_v4_ = false;
};

// "a loopback address", or empty when it is public.
std::string_view WhyNotPublic(const IpAddress& address);

// A sentence for people, or empty when it is public.
std::string WhyRefused(const IpAddress& address);

// The same of a URL whose host is written as an address; empty for a public one and for every name.
std::string WhyUrlRefused(std::string_view url);

}  // namespace sakuin::crawler
