#include "crawler/address_filter.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace sakuin::crawler {
namespace {

std::string Kind(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  return address ? std::string(WhyNotPublic(*address)) : "no address";
}

TEST(AddressFilterTest, RefusesWhatIsNotThePublicInternet) {
  const std::pair<const char*, const char*> cases[] = {
      {"127.0.0.1", "a loopback address"},
      {"127.255.255.255", "a loopback address"},
      {"0.0.0.0", "an unspecified address"},
      {"0.1.2.3", "an unspecified address"},
      {"10.0.0.1", "a private address"},
      {"172.16.0.1", "a private address"},
      {"172.31.255.255", "a private address"},
      {"192.168.1.1", "a private address"},
      {"100.64.0.1", "a carrier-grade NAT address"},
      {"100.127.255.255", "a carrier-grade NAT address"},
      {"169.254.1.1", "a link-local address"},
      {"169.254.169.254", "a metadata address"},
      {"100.100.100.200", "a metadata address"},
      {"192.0.0.192", "a metadata address"},
      {"168.63.129.16", "a metadata address"},
      {"192.0.0.1", "a reserved address"},
      {"192.0.2.77", "an address for documentation"},
      {"198.51.100.1", "an address for documentation"},
      {"203.0.113.255", "an address for documentation"},
      {"198.18.0.1", "an address for benchmarks"},
      {"198.19.255.255", "an address for benchmarks"},
      {"192.88.99.1", "a reserved address"},
      {"224.0.0.1", "a multicast address"},
      {"239.255.255.255", "a multicast address"},
      {"240.0.0.1", "a reserved address"},
      {"255.255.255.255", "the broadcast address"},
      {"::", "an unspecified address"},
      {"::1", "a loopback address"},
      {"fc00::1", "a unique-local address"},
      {"fdff::1", "a unique-local address"},
      {"fd00:ec2::254", "a metadata address"},
      {"fd20:ce::254", "a metadata address"},
      {"fe80::1", "a link-local address"},
      {"fe80::1%eth0", "a link-local address"},
      {"febf::1", "a link-local address"},
      {"fec0::1", "a private address"},
      {"ff02::1", "a multicast address"},
      {"2001:db8::1", "an address for documentation"},
      {"3fff:fff::1", "an address for documentation"},
      {"2001::1", "a Teredo address"},
      {"2001:2::1", "an address for benchmarks"},
      {"2001:1ff::1", "a reserved address"},
      {"100::1", "a reserved address"},
      {"5f00::1", "a reserved address"},
      {"4000::1", "a reserved address"},
      {"64:ff9b:1::1", "a private address"},
  };
  for (const auto& [text, kind] : cases) EXPECT_EQ(Kind(text), kind) << text;
}

TEST(AddressFilterTest, LooksInsideAddressesThatCarryAnother) {
  for (const char* form : {"::ffff:%s", "::%s", "64:ff9b::%s"}) {
    char text[64];
    std::snprintf(text, sizeof(text), form, "127.0.0.1");
    EXPECT_EQ(Kind(text), "a loopback address") << text;
    std::snprintf(text, sizeof(text), form, "169.254.169.254");
    EXPECT_EQ(Kind(text), "a metadata address") << text;
    std::snprintf(text, sizeof(text), form, "10.1.2.3");
    EXPECT_EQ(Kind(text), "a private address") << text;
  }
  EXPECT_EQ(Kind("2002:7f00:1::1"), "a loopback address");
  EXPECT_EQ(Kind("2002:a9fe:a9fe::"), "a metadata address");
  EXPECT_EQ(Kind("::8.8.8.8"), "a reserved address");
}

TEST(AddressFilterTest, LetsThePublicInternetThrough) {
  for (const char* text :
       {"1.1.1.1",          "8.8.8.8",         "9.255.255.255",   "11.0.0.0",           "100.63.255.255", "100.128.0.0",          "126.255.255.255",
        "128.0.0.0",        "169.253.255.255", "172.15.255.255",  "172.32.0.0",         "192.0.1.0",      "192.167.255.255",      "198.17.255.255",
        "198.20.0.0",       "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::64", "2001:200::1",    "2001:4860:4860::8888", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2002:808:808::1", "3ffe::1"}) {
    EXPECT_EQ(Kind(text), "") << text;
  }
}

TEST(AddressFilterTest, ReadsTheOldWaysToWriteAnAddress) {
  for (const char* text : {"2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "127.0.0.1."}) {
    EXPECT_EQ(Kind(text), "a loopback address") << text;
  }
  for (const char* text : {"", ".", "example.com", "127.0.0.1.example", "1.2.3.4.5", "256.256.256.256", "127.0.0.1%1", "127.0.0.1 x", "::g", "1..1",
                           "face", "127.0.0.1.."}) {
    EXPECT_EQ(Kind(text), "no address") << text;
  }
}

TEST(AddressFilterTest, SaysWhy) {
  EXPECT_EQ(WhyRefused(*IpAddress::Parse("127.0.0.1")), "refused: 127.0.0.1 is a loopback address (--allow-private permits it)");
  EXPECT_EQ(WhyRefused(*IpAddress::Parse("FD00:0EC2::254")), "refused: fd00:ec2::254 is a metadata address (--allow-private permits it)");
  EXPECT_EQ(WhyRefused(*IpAddress::Parse("8.8.8.8")), "");
}

TEST(AddressFilterTest, RefusesUrlsOfSuchAddresses) {
  for (const char* url :
       {"http://127.0.0.1/", "http://127.0.0.1:8080", "https://[::1]/x", "https://[::1]:1/x", "http://user:word@10.0.0.1/", "http://192.168.0.1?q",
        "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://[::1", "http://127.0.0.1\\@example.com/"}) {
    EXPECT_NE(WhyUrlRefused(url), "") << url;
  }
  for (const char* url : {"http://example.com/127.0.0.1", "http://8.8.8.8/", "http://127.0.0.1.example/", "http://127.0.0.1@example.com/",
                          "127.0.0.1", "", "http://", "http://[/"}) {
    EXPECT_EQ(WhyUrlRefused(url), "") << url;
  }
}

TEST(AddressFilterTest, TakesAddressesOfSockets) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(0x7f000002);
  EXPECT_EQ(IpAddress::FromSockaddr(reinterpret_cast<const sockaddr&>(v4))->ToString(), "127.0.0.2");
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr.s6_addr[15] = 1;
  EXPECT_EQ(IpAddress::FromSockaddr(reinterpret_cast<const sockaddr&>(v6))->ToString(), "::1");
  v4.sin_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::FromSockaddr(reinterpret_cast<const sockaddr&>(v4)));
}

}  // namespace
}  // namespace sakuin::crawler
