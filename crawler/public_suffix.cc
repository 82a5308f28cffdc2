#include "crawler/public_suffix.h"

#include <libpsl.h>

#include <algorithm>
#include <string>

#include "crawler/ip_address.h"
#include "text/utf8_repair.h"

namespace sakuin::crawler {

namespace {

constexpr size_t kMaxHostBytes = 255;

// Lives as long as the process.
const psl_ctx_t* Suffixes() {
  static const psl_ctx_t* const suffixes = psl_latest(nullptr);
  return suffixes;
}

// As the list is written: small letters, and not punycode where the host is not.
std::string LowerCased(const std::string& host) {
  char* lowered = nullptr;
  std::string lower = host;
  if (psl_str_to_utf8lower(host.c_str(), "utf-8", nullptr, &lowered) == PSL_SUCCESS && lowered != nullptr) lower = lowered;
  psl_free_string(lowered);
  return lower;
}

bool IsLowerAscii(std::string_view host) {
  for (const char c : host) {
    if (static_cast<signed char>(c) < 0 || (c >= 'A' && c <= 'Z')) return false;
  }
  return true;
}

// The tail of `host` with as many labels as `domain` has.
std::string_view TailLike(std::string_view host, std::string_view domain) {
  auto dots_left = std::count(domain.begin(), domain.end(), '.');
  size_t start = host.size();
  for (; start > 0; --start) {
    if (host[start - 1] == '.' && dots_left-- == 0) break;
  }
  return host.substr(start);
}

}  // namespace

std::string_view RegistrableDomain(std::string_view host) {
  const std::string_view name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  if (name.empty() || name.front() == '.' || name.front() == '[' || name.size() > kMaxHostBytes || EndsInNumber(name)) return {};
  if (Suffixes() == nullptr || !text::IsUtf8(name) || name.find('\0') != std::string_view::npos) return {};
  const std::string copy(name);
  const std::string lower = IsLowerAscii(name) ? copy : LowerCased(copy);
  const char* domain = psl_registrable_domain(Suffixes(), lower.c_str());
  if (domain == nullptr) return {};
  const std::string_view tail = TailLike(name, domain);
  return host.substr(static_cast<size_t>(tail.data() - host.data()));
}

std::string_view SiteOf(std::string_view host) {
  const std::string_view domain = RegistrableDomain(host);
  return domain.empty() ? host : domain;
}

}  // namespace sakuin::crawler
