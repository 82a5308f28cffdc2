// Any text as a date: what is read is of the years that there are. And as an address, a URL.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crawler/address_filter.h"
#include "crawler/http_date.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::crawler;
  constexpr int64_t kNow = 1'700'000'000;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<int64_t> date = ParseHttpDate(text, kNow);
  if (date && (*date < -62'135'596'800 || *date > 253'402'300'799)) __builtin_trap();  // years 0001 to 9999
  ParseRetryAfter(text, kNow);

  const std::optional<IpAddress> address = IpAddress::Parse(text);
  if (address && IpAddress::Parse(address->ToString())->bytes() != address->bytes()) __builtin_trap();
  WhyUrlRefused(text);
  return 0;
}
