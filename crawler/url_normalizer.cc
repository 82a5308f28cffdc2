#include "crawler/url_normalizer.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/ascii.h"
#include "crawler/percent_encoding.h"

namespace sakuin::crawler {

namespace {

// Parameters without which a page is the same, by their names in small letters. A '*' at the end stands for anything.
constexpr std::string_view kTrackingNames[] = {
    // Campaigns and clicks, appended to links by advertisers and newsletters.
    "utm_*",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "_ga",
    "_gl",  // Google
    "fbclid",
    "igshid",
    "igsh",  // Meta
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "rdt_cid",
    "epik",
    "irclickid",  // other advertisers
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "__hs*",
    "hsctatracking",
    "vero_id",
    "vero_conv",
    "oly_anon_id",
    "oly_enc_id",  // newsletters
    "mtm_*",
    "pk_campaign",
    "pk_kwd",
    "piwik_*",
    "matomo_*",  // Matomo
    // Session ids of application servers and shops.
    "jsessionid",
    "phpsessid",
    "aspsessionid*",
    "asp.net_sessionid",
    "cfid",
    "cftoken",
    "oscsid",
    "zenid",
};

// These also mean other things ("sid=4" is a story): only with a value that nobody types.
constexpr std::string_view kSessionNames[] = {"sid", "sess", "sessid", "session", "sessionid", "session_id", "phpsid", "s"};
constexpr size_t kMinSessionBytes = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'); }
bool IsUnreserved(int byte) {
  const char c = static_cast<char>(byte);
  return byte >= 0 && (IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~');
}

bool MatchesName(std::string_view name, std::string_view pattern) {
  const bool is_prefix = pattern.back() == '*';
  if (is_prefix) pattern.remove_suffix(1);
  if (name.empty() || LowerAscii(name.front()) != pattern.front()) return false;
  if (name.size() < pattern.size() || (!is_prefix && name.size() > pattern.size())) return false;
  return std::equal(pattern.begin(), pattern.end(), name.begin(), [](char p, char n) { return p == LowerAscii(n); });
}

template <size_t kSize>
bool IsIn(std::string_view name, const std::string_view (&patterns)[kSize]) {
  return std::any_of(std::begin(patterns), std::end(patterns), [&](std::string_view pattern) { return MatchesName(name, pattern); });
}

// Long, and of letters and digits mixed: "4f1d0c66a2b39e58".
bool LooksLikeSession(std::string_view value) {
  constexpr std::string_view kBetween = "-_,.";
  const auto may_stand = [&](char c) { return IsAlphanumeric(c) || kBetween.find(c) != std::string_view::npos; };
  const bool is_token = std::all_of(value.begin(), value.end(), may_stand);
  return value.size() >= kMinSessionBytes && is_token && std::any_of(value.begin(), value.end(), IsDigit);
}

// "a=b" of the query, or what stands behind a ';' in the path.
bool IsTrackingPiece(std::string_view piece) {
  const size_t equals = std::min(piece.find('='), piece.size());
  return IsTrackingParameter(piece.substr(0, equals), piece.substr(std::min(equals + 1, piece.size())));
}

// Whether another hexadecimal digit or two would make a triplet with a '%' that is none.
bool EndsInsideTriplet(std::string_view out) {
  if (out.ends_with('%')) return true;
  return out.size() >= 2 && out[out.size() - 2] == '%' && HexValue(out.back()) >= 0;
}

std::string NormalizeTriplets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const int byte = TripletAt(text, at);
    if (byte < 0) {
      out += text[at];
      continue;
    }
    if (IsUnreserved(byte) && !EndsInsideTriplet(out)) {
      out += static_cast<char>(byte);
    } else {
      AppendTriplet(static_cast<uint8_t>(byte), out);
    }
    at += 2;
  }
  return out;
}

// Calls `see` with the pieces between the separators.
template <typename See>
void ForEachPiece(std::string_view text, char separator, See see) {
  for (;;) {
    const size_t end = text.find(separator);
    see(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// "/a;jsessionid=1/b" -> "/a/b".
std::string WithoutPathSessions(const std::string& path) {
  if (path.find(';') == std::string::npos) return path;
  std::string out;
  ForEachPiece(std::string_view(path).substr(1), '/', [&](std::string_view segment) {
    const size_t semicolon = std::min(segment.find(';'), segment.size());
    std::string kept(segment.substr(0, semicolon));
    if (semicolon < segment.size()) {
      ForEachPiece(segment.substr(semicolon + 1), ';', [&](std::string_view piece) {
        if (!IsTrackingPiece(piece)) (kept += ';') += piece;
      });
    }
    // A '.' alone would mean another page.
    (out += '/') += kept == "." || kept == ".." ? segment : kept;
  });
  return out;
}

std::string WithoutTracking(const std::string& query) {
  std::string out;
  ForEachPiece(query, '&', [&](std::string_view piece) {
    if (piece.empty() || IsTrackingPiece(piece)) return;
    if (!out.empty()) out += '&';
    out += piece;
  });
  return out;
}

// Whether there is nothing to leave out and nothing to write in another way, but for a fragment.
bool IsNormalButForFragment(const Url& url) {
  const std::string_view path = url.pathname();  // each byte is searched by itself: that is much faster than find_first_of
  if (url.has_credentials() || path.find('%') != std::string_view::npos || path.find(';') != std::string_view::npos) return false;
  if (!url.has_query()) return true;
  bool is_normal = url.query().find('%') == std::string_view::npos;
  ForEachPiece(url.query(), '&', [&](std::string_view piece) { is_normal = is_normal && !piece.empty() && !IsTrackingPiece(piece); });
  return is_normal;
}

Url WithoutFragment(const Url& url) {
  if (!url.has_fragment()) return url;
  Url out = url;
  out.SetHash("");
  return out;
}

// `href` has lost its fragment, and more; it stays a URL.
Url ParsedOr(const std::string& href, const Url& url) {
  Result<Url> parsed = Url::Parse(href);
  return parsed.ok() ? *std::move(parsed) : WithoutFragment(url);
}

}  // namespace

bool IsTrackingParameter(std::string_view name, std::string_view value) {
  return !name.empty() && (IsIn(name, kTrackingNames) || (IsIn(name, kSessionNames) && LooksLikeSession(value)));
}

Url NormalizeUrl(Url url) {
  if (!url.is_http()) return WithoutFragment(url);
  if (IsNormalButForFragment(url)) {
    if (url.has_fragment()) return ParsedOr(url.href().substr(0, url.href().find('#')), url);
    return url;
  }
  std::string href(url.protocol());
  href += "//";
  href += url.host();
  href += WithoutPathSessions(NormalizeTriplets(url.pathname()));
  const std::string query = WithoutTracking(NormalizeTriplets(url.query()));
  if (!query.empty()) (href += '?') += query;
  return ParsedOr(href, url);
}

}  // namespace sakuin::crawler
