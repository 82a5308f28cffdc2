// ip_address.h: addresses of the Internet as the hosts of URLs have them.
//
//   EndsInNumber("0x7f.1");           // true: it is an IPv4 address or nothing
//   ParseIpv4("0x7f.1");              // 127.0.0.1, as 0x7F000001
//   SerializeIpv6(*ParseIpv6("1:0:0:0:0:0:0:8"));   // "1::8"
//
// As the URL standard has it (sections 3.4 to 3.6): parts of an IPv4 address may be decimal, octal (0...) or
// hexadecimal (0x...), and the last may stand for several. Pure functions: thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sakuin::crawler {

using Ipv6Pieces = std::array<uint16_t, 8>;

// Whether a domain must be read as an IPv4 address: its last label (before a final dot) is a number.
bool EndsInNumber(std::string_view domain);

std::optional<uint32_t> ParseIpv4(std::string_view domain);
std::string SerializeIpv4(uint32_t address);

// Without the brackets.
std::optional<Ipv6Pieces> ParseIpv6(std::string_view text);
std::string SerializeIpv6(const Ipv6Pieces& pieces);

}  // namespace sakuin::crawler
