#include "crawler/ordinary_url.h"

#include <array>

#include "crawler/percent_encoding.h"

namespace sakuin::crawler {

namespace {

enum ByteClass : uint8_t { kDomain = 1, kPath = 2, kQuery = 4, kFragment = 8 };

// Which bytes stand in which part just as they are, and do not end it.
constexpr size_t kBytes = 256;
constexpr std::array<uint8_t, kBytes> MakeClasses() {
  std::array<uint8_t, kBytes> classes{};
  for (size_t i = 0; i < kBytes; ++i) {
    const char c = static_cast<char>(i);
    const bool is_label = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    classes[i] |= is_label || c == '.' ? kDomain : 0;
    classes[i] |= !IsPercentEncoded(c, PercentEncodeSet::kPath) && c != '/' && c != '\\' ? kPath : 0;
    classes[i] |= !IsPercentEncoded(c, PercentEncodeSet::kSpecialQuery) ? kQuery : 0;
    classes[i] |= !IsPercentEncoded(c, PercentEncodeSet::kFragment) ? kFragment : 0;
  }
  return classes;
}
constexpr std::array<uint8_t, kBytes> kClasses = MakeClasses();

size_t SkipClass(std::string_view text, size_t at, ByteClass which) {
  while (at < text.size() && (kClasses[static_cast<uint8_t>(text[at])] & which) != 0) ++at;
  return at;
}

// Whether the segment that begins here could be "." or "..", also if written with triplets.
bool MayBeDots(std::string_view text, size_t at) {
  return at < text.size() && (text[at] == '.' || (text[at] == '%' && at + 1 < text.size() && text[at + 1] == '2'));
}

// Finds path, query and fragment of `text`, whose path begins at `at` with a '/'. false: something is not ordinary.
bool FindPathQueryFragment(std::string_view text, size_t at, UrlLayout& layout) {
  layout.path_start = static_cast<uint32_t>(at);
  while (at < text.size() && text[at] == '/') {
    if (MayBeDots(text, at + 1)) return false;
    at = SkipClass(text, at + 1, kPath);
  }
  layout.query_start = static_cast<uint32_t>(at);
  if (at < text.size() && text[at] == '?') at = SkipClass(text, at + 1, kQuery);
  layout.fragment_start = static_cast<uint32_t>(at);
  if (at < text.size() && text[at] == '#') at = SkipClass(text, at + 1, kFragment);
  return at == text.size();
}

// A domain that cannot be a number: its last label begins with a letter.
bool IsOrdinaryDomain(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  const size_t last = domain.rfind('.') + 1;
  return last < domain.size() && domain[last] >= 'a' && domain[last] <= 'z';
}

// The port that begins at `at`, behind the ':'; moves `at` behind it. 0: not an ordinary one.
uint16_t TakePort(std::string_view text, size_t& at, uint16_t default_port) {
  uint32_t port = 0;
  const size_t start = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at < start + 5; ++at) port = port * 10 + static_cast<uint32_t>(text[at] - '0');
  const bool is_ordinary = at > start && text[start] != '0' && port <= 0xFFFF && port != default_port;
  return is_ordinary ? static_cast<uint16_t>(port) : uint16_t{0};
}

// The end of `folder`, a path's bytes up to a '/', without as many segments as "../" are at the beginning of `input`,
// which are taken away.
size_t TakeDotSegments(std::string_view& input, std::string_view base, size_t folder_end, size_t path_start) {
  for (;;) {
    if (input.starts_with("./")) {
      input.remove_prefix(2);
    } else if (input.starts_with("../")) {
      input.remove_prefix(3);
      if (folder_end > path_start + 1) folder_end = base.rfind('/', folder_end - 2) + 1;
    } else {
      return folder_end;
    }
  }
}

// How much of the base stays before `input`; 0: the reference is not ordinary.
size_t KeptOfBase(std::string_view& input, std::string_view base, const UrlLayout& base_layout) {
  if (input.empty() || input.front() == '#') return base_layout.fragment_start;
  if (input.front() == '?') return base_layout.query_start;
  if (input.front() == '/') return input.starts_with("//") ? 0 : base_layout.path_start;
  const size_t end = SkipClass(input, 0, kPath);
  if (input.substr(0, end).find(':') != std::string_view::npos) return 0;  // perhaps a scheme
  const size_t folder_end = base.substr(0, base_layout.query_start).rfind('/') + 1;
  return TakeDotSegments(input, base, folder_end, base_layout.path_start);
}

}  // namespace

bool ParseOrdinaryUrl(std::string_view input, std::string& href, UrlLayout& layout) {
  if (!input.starts_with("http")) return false;
  const bool is_https = input.size() > 4 && input[4] == 's';
  layout.scheme_end = is_https ? 5 : 4;
  if (input.substr(layout.scheme_end, 3) != "://") return false;
  layout.username_end = layout.host_start = layout.scheme_end + 3;
  size_t at = SkipClass(input, layout.host_start, kDomain);
  layout.host_end = static_cast<uint32_t>(at);
  layout.port = 0;
  if (!IsOrdinaryDomain(input.substr(layout.host_start, at - layout.host_start))) return false;
  if (at < input.size() && input[at] == ':') {
    layout.port = TakePort(input, ++at, is_https ? 443 : 80);
    if (layout.port == 0) return false;
  }
  if (at < input.size() && input[at] == '/') {
    if (!FindPathQueryFragment(input, at, layout)) return false;
    href = input;
    return true;
  }
  if (at < input.size() && input[at] != '?' && input[at] != '#') return false;
  href.reserve(input.size() + 1);
  href = input.substr(0, at);
  href += '/';
  href += input.substr(at);
  return FindPathQueryFragment(href, at, layout);
}

bool ResolveOrdinaryUrl(std::string_view input, std::string_view base, const UrlLayout& base_layout, std::string& href, UrlLayout& layout) {
  const std::string_view scheme = base.substr(0, base_layout.scheme_end);
  if (scheme != "http" && scheme != "https") return false;
  const size_t kept = KeptOfBase(input, base, base_layout);
  if (kept == 0) return false;
  href.reserve(kept + input.size());
  href = base.substr(0, kept);
  href += input;
  layout = base_layout;
  return FindPathQueryFragment(href, base_layout.path_start, layout);
}

}  // namespace sakuin::crawler
