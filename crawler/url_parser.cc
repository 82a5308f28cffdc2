// The standard describes a machine that looks at one character after the other. Here each of its states takes its
// whole stretch of the input at once, which gives the same URLs; the functions carry the names of the states.
// A setter runs the machine on one part: the "state override" of the standard is the function that it calls.

#include "crawler/url_parser.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "crawler/percent_encoding.h"
#include "crawler/url_host.h"
#include "text/utf8_repair.h"

namespace sakuin::crawler {

namespace {

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsC0OrSpace(char c) { return static_cast<unsigned char>(c) <= 0x20; }
bool IsTabOrLineEnd(char c) { return c == '\t' || c == '\n' || c == '\r'; }

std::string_view Trimmed(std::string_view input) {
  while (!input.empty() && IsC0OrSpace(input.front())) input.remove_prefix(1);
  while (!input.empty() && IsC0OrSpace(input.back())) input.remove_suffix(1);
  return input;
}

// Valid UTF-8 without tabs and line ends; in `storage` where the input is not so already.
std::string_view Cleaned(std::string_view input, std::string& storage) {
  if (std::none_of(input.begin(), input.end(), IsTabOrLineEnd) && text::IsUtf8(input)) return input;
  storage = input;
  text::RepairUtf8(storage);
  storage.erase(std::remove_if(storage.begin(), storage.end(), IsTabOrLineEnd), storage.end());
  return storage;
}

// Whether `text` is as long as `dots` says, in which '.' may be written "%2e".
bool IsDots(std::string_view text, size_t dots) {
  for (; dots > 0; --dots) {
    if (text.starts_with('.')) {
      text.remove_prefix(1);
    } else if (TripletAt(text, 0) == '.') {
      text.remove_prefix(3);
    } else {
      return false;
    }
  }
  return text.empty();
}

bool IsDriveLetter(std::string_view text) { return text.size() == 2 && IsAlpha(text[0]) && (text[1] == ':' || text[1] == '|'); }
bool IsNormalizedDriveLetter(std::string_view text) { return IsDriveLetter(text) && text[1] == ':'; }

bool StartsWithDriveLetter(std::string_view text) {
  if (text.size() < 2 || !IsDriveLetter(text.substr(0, 2))) return false;
  return text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos;
}

std::string_view FirstSegment(std::string_view path) { return path.empty() ? path : path.substr(1, path.find('/', 1) - 1); }

class UrlParser {
 public:
  UrlParser(std::string_view input, UrlRecord& url) : rest_(input), url_(url) { is_special_ = IsSpecialScheme(url.scheme); }

  bool Parse(const UrlRecord* base) {
    if (!TakeScheme()) return NoScheme(base);
    if (!Take(':')) return false;
    if (url_.scheme == "file") return File(base != nullptr && base->scheme == "file" ? base : nullptr);
    if (is_special_) {
      if (base != nullptr && base->scheme == url_.scheme && !rest_.starts_with("//")) return Relative(*base);
      return SpecialAuthority();
    }
    if (!Take('/')) return OpaquePath();
    if (Take('/')) return Authority();
    return PathQueryFragment();
  }

  // ---- Setters ----

  void OverrideScheme() {
    UrlRecord changed;
    if (!UrlParser(rest_, changed).TakeScheme()) return;
    if (IsSpecialScheme(changed.scheme) != is_special_) return;
    if (changed.scheme == "file" && (url_.has_credentials() || url_.port)) return;
    if (url_.scheme == "file" && url_.host && url_.host->empty()) return;
    url_.scheme = changed.scheme;
    if (url_.port == DefaultPort(url_.scheme)) url_.port.reset();
  }

  void OverrideHost(bool may_have_port) {
    if (url_.scheme == "file") {
      FileHostTo(rest_.substr(0, rest_.find_first_of("/\\?#")));
      return;
    }
    const std::string_view authority = rest_.substr(0, FindAuthorityEnd());
    const size_t colon = FindPortColon(authority);
    const bool has_port = colon < authority.size();
    const std::string_view host = authority.substr(0, colon);
    if (has_port && (host.empty() || !may_have_port)) return;
    if (host.empty() && (is_special_ || url_.has_credentials() || url_.port)) return;
    if (HostTo(host) && has_port) PortPrefixTo(authority.substr(colon + 1));
  }

  void OverridePort() { PortPrefixTo(rest_); }

  void OverridePath() {
    url_.path.clear();
    if (!is_special_ && rest_.empty()) {
      if (!url_.host) url_.path = "/";
      return;
    }
    if (rest_.starts_with('/') || (is_special_ && rest_.starts_with('\\'))) rest_.remove_prefix(1);
    PathTo(rest_);
  }

  void OverrideQuery() { QueryTo(rest_); }
  void OverrideFragment() { FragmentTo(rest_); }

 private:
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool IsSlash(char c) const { return c == '/' || (is_special_ && c == '\\'); }
  bool StartsWithSlash() const { return !rest_.empty() && IsSlash(rest_.front()); }
  size_t FindAuthorityEnd() const { return std::min(rest_.find_first_of(is_special_ ? "/\\?#" : "/?#"), rest_.size()); }

  // Leaves `rest_` at the ':'; false, and nothing taken: there is none.
  bool TakeScheme() {
    if (rest_.empty() || !IsAlpha(rest_.front())) return false;
    size_t end = 1;
    while (end < rest_.size() && (IsAlpha(rest_[end]) || IsDigit(rest_[end]) || rest_[end] == '+' || rest_[end] == '-' || rest_[end] == '.')) ++end;
    if (end == rest_.size() || rest_[end] != ':') return false;
    url_.scheme = LowerAscii(rest_.substr(0, end));
    is_special_ = IsSpecialScheme(url_.scheme);
    rest_.remove_prefix(end);
    return true;
  }

  bool NoScheme(const UrlRecord* base) {
    if (base == nullptr || (base->has_opaque_path && !rest_.starts_with('#'))) return false;
    url_.scheme = base->scheme;
    is_special_ = IsSpecialScheme(url_.scheme);
    if (base->has_opaque_path) {
      url_ = *base;
      return Fragment();
    }
    return base->scheme == "file" ? File(base) : Relative(*base);
  }

  bool Relative(const UrlRecord& base) {
    if (StartsWithSlash()) {
      rest_.remove_prefix(1);
      if (is_special_ && StartsWithSlash()) return SpecialAuthority();
      if (Take('/')) return Authority();
      TakeAuthorityOf(base);
      return PathQueryFragment();
    }
    TakeAuthorityOf(base);
    return RelativePath(base, true);
  }

  void TakeAuthorityOf(const UrlRecord& base) {
    url_.username = base.username;
    url_.password = base.password;
    url_.host = base.host;
    url_.port = base.port;
  }

  // Behind the base's folder, or the base itself with another query or fragment.
  bool RelativePath(const UrlRecord& base, bool keeps_folder) {
    url_.path = base.path;
    if (rest_.empty() || rest_.front() == '#') url_.query = base.query;
    if (rest_.empty()) return true;
    if (rest_.front() == '?' || rest_.front() == '#') return QueryFragment();
    if (keeps_folder) {
      ShortenPath();
    } else {
      url_.path.clear();
    }
    return PathQueryFragment();
  }

  bool SpecialAuthority() {
    while (StartsWithSlash()) rest_.remove_prefix(1);
    return Authority();
  }

  bool Authority() {
    const size_t end = FindAuthorityEnd();
    std::string_view authority = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const size_t at_sign = authority.rfind('@');
    if (at_sign != std::string_view::npos) {
      if (at_sign + 1 == authority.size()) return false;
      CredentialsTo(authority.substr(0, at_sign));
      authority.remove_prefix(at_sign + 1);
    }
    const size_t colon = FindPortColon(authority);
    const std::string_view host = authority.substr(0, colon);
    const bool has_port = colon < authority.size();
    if (host.empty() && (is_special_ || has_port)) return false;
    if (!HostTo(host) || (has_port && !PortTo(authority.substr(colon + 1)))) return false;
    return PathStart();
  }

  void CredentialsTo(std::string_view text) {
    const size_t colon = text.find(':');
    AppendPercentEncoded(text.substr(0, colon), PercentEncodeSet::kUserinfo, url_.username);
    if (colon != std::string_view::npos) AppendPercentEncoded(text.substr(colon + 1), PercentEncodeSet::kUserinfo, url_.password);
  }

  // The first ':' that is not in brackets; the size of the text when there is none.
  static size_t FindPortColon(std::string_view authority) {
    bool in_brackets = false;
    for (size_t at = 0; at < authority.size(); ++at) {
      if (authority[at] == '[') in_brackets = true;
      if (authority[at] == ']') in_brackets = false;
      if (authority[at] == ':' && !in_brackets) return at;
    }
    return authority.size();
  }

  bool HostTo(std::string_view text) {
    std::optional<std::string> host = ParseUrlHost(text, !is_special_);
    if (!host) return false;
    url_.host = std::move(host);
    return true;
  }

  // Digits only, or nothing.
  bool PortTo(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit) && (text.empty() || PortPrefixTo(text)); }

  // The digits at the beginning; false, and nothing changed: there are none, or too large a number.
  bool PortPrefixTo(std::string_view text) {
    uint32_t port = 0;
    size_t digits = 0;
    for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
      port = port * 10 + static_cast<uint32_t>(text[digits] - '0');
      if (port > 0xFFFF) return false;
    }
    if (digits == 0) return false;
    url_.port = static_cast<uint16_t>(port);
    if (url_.port == DefaultPort(url_.scheme)) url_.port.reset();
    return true;
  }

  bool File(const UrlRecord* base) {
    url_.host = "";
    if (!StartsWithSlash()) {
      if (base == nullptr) return PathStart();
      url_.host = base->host;
      return RelativePath(*base, !StartsWithDriveLetter(rest_));
    }
    rest_.remove_prefix(1);
    if (StartsWithSlash()) {
      rest_.remove_prefix(1);
      return FileHost();
    }
    if (base != nullptr) {
      url_.host = base->host;
      const std::string_view drive = FirstSegment(base->path);
      if (!StartsWithDriveLetter(rest_) && IsNormalizedDriveLetter(drive)) url_.path = "/" + std::string(drive);
    }
    return PathQueryFragment();
  }

  bool FileHost() {
    const size_t end = FindAuthorityEnd();
    const std::string_view host = rest_.substr(0, end);
    if (IsDriveLetter(host)) return PathQueryFragment();
    rest_.remove_prefix(end);
    return FileHostTo(host) && PathStart();
  }

  bool FileHostTo(std::string_view host) {
    if (host.empty()) {
      url_.host = "";
      return true;
    }
    if (!HostTo(host)) return false;
    if (url_.host == "localhost") url_.host = "";
    return true;
  }

  bool PathStart() {
    if (!is_special_ && (rest_.empty() || rest_.front() == '?' || rest_.front() == '#')) return QueryFragment();
    if (StartsWithSlash()) rest_.remove_prefix(1);
    return PathQueryFragment();
  }

  bool PathQueryFragment() {
    const size_t end = std::min(rest_.find_first_of("?#"), rest_.size());
    PathTo(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return QueryFragment();
  }

  // Appends the segments of the text to the path.
  void PathTo(std::string_view text) {
    for (;;) {
      size_t end = 0;
      while (end < text.size() && !IsSlash(text[end])) ++end;
      const bool is_last = end == text.size();
      SegmentTo(text.substr(0, end), is_last);
      if (is_last) return;
      text.remove_prefix(end + 1);
    }
  }

  void SegmentTo(std::string_view segment, bool is_last) {
    if (IsDots(segment, 2)) {
      ShortenPath();
      if (is_last) url_.path += '/';
      return;
    }
    if (IsDots(segment, 1)) {
      if (is_last) url_.path += '/';
      return;
    }
    const bool is_drive = url_.scheme == "file" && url_.path.empty() && IsDriveLetter(segment);
    url_.path += '/';
    AppendPercentEncoded(segment, PercentEncodeSet::kPath, url_.path);
    if (is_drive) url_.path.back() = ':';
  }

  void ShortenPath() {
    const bool is_drive = url_.scheme == "file" && IsNormalizedDriveLetter(std::string_view(url_.path).substr(url_.path.empty() ? 0 : 1));
    if (url_.path.empty() || is_drive) return;
    url_.path.resize(url_.path.rfind('/'));
  }

  bool OpaquePath() {
    url_.has_opaque_path = true;
    const size_t end = std::min(rest_.find_first_of("?#"), rest_.size());
    AppendPercentEncoded(rest_.substr(0, end), PercentEncodeSet::kC0Control, url_.path);
    // A space at the end would be lost when the URL is parsed again without its query or fragment.
    if (end < rest_.size() && url_.path.ends_with(' ')) url_.path.replace(url_.path.size() - 1, 1, "%20");
    rest_.remove_prefix(end);
    return QueryFragment();
  }

  bool QueryFragment() {
    if (Take('?')) {
      const size_t end = std::min(rest_.find('#'), rest_.size());
      QueryTo(rest_.substr(0, end));
      rest_.remove_prefix(end);
    }
    return Fragment();
  }

  bool Fragment() {
    if (Take('#')) FragmentTo(rest_);
    return true;
  }

  void QueryTo(std::string_view text) {
    url_.query = "";
    AppendPercentEncoded(text, is_special_ ? PercentEncodeSet::kSpecialQuery : PercentEncodeSet::kQuery, *url_.query);
  }

  void FragmentTo(std::string_view text) {
    url_.fragment = "";
    AppendPercentEncoded(text, PercentEncodeSet::kFragment, *url_.fragment);
  }

  std::string_view rest_;  // of the input
  UrlRecord& url_;
  bool is_special_ = false;
};

void SetCredential(std::string_view value, UrlRecord& record, std::string& credential) {
  if (record.cannot_have_port()) return;
  std::string repaired(value);
  text::RepairUtf8(repaired);
  credential.clear();
  AppendPercentEncoded(repaired, PercentEncodeSet::kUserinfo, credential);
}

void SetQuery(std::string_view value, UrlRecord& record) {
  record.query.reset();
  if (value.empty()) return;
  std::string storage;
  UrlParser(Cleaned(value.substr(value.front() == '?' ? 1 : 0), storage), record).OverrideQuery();
}

void SetFragment(std::string_view value, UrlRecord& record) {
  record.fragment.reset();
  if (value.empty()) return;
  std::string storage;
  UrlParser(Cleaned(value.substr(value.front() == '#' ? 1 : 0), storage), record).OverrideFragment();
}

}  // namespace

bool IsSpecialScheme(std::string_view scheme) { return scheme == "file" || DefaultPort(scheme).has_value(); }

std::optional<uint16_t> DefaultPort(std::string_view scheme) {
  if (scheme == "https" || scheme == "wss") return 443;
  if (scheme == "http" || scheme == "ws") return 80;
  if (scheme == "ftp") return 21;
  return std::nullopt;
}

bool ParseUrl(std::string_view input, const UrlRecord* base, UrlRecord& record) {
  std::string storage;
  return UrlParser(Cleaned(Trimmed(input), storage), record).Parse(base);
}

void SetUrlPart(UrlPart part, std::string_view value, UrlRecord& record) {
  std::string storage;
  const auto parser = [&](std::string_view text) { return UrlParser(Cleaned(text, storage), record); };
  switch (part) {
    case UrlPart::kProtocol: return parser(std::string(value) + ":").OverrideScheme();
    case UrlPart::kUsername: return SetCredential(value, record, record.username);
    case UrlPart::kPassword: return SetCredential(value, record, record.password);
    case UrlPart::kHost:
    case UrlPart::kHostname:
      if (!record.has_opaque_path) parser(value).OverrideHost(part == UrlPart::kHost);
      return;
    case UrlPart::kPort:
      if (record.cannot_have_port()) return;
      if (value.empty()) return record.port.reset();
      return parser(value).OverridePort();
    case UrlPart::kPathname:
      if (!record.has_opaque_path) parser(value).OverridePath();
      return;
    case UrlPart::kSearch: return SetQuery(value, record);
    case UrlPart::kHash: return SetFragment(value, record);
  }
}

}  // namespace sakuin::crawler
