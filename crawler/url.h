// url.h: an address of the web, as browsers understand it. Start here for everything about URLs.
//
//   Result<Url> page = Url::Parse("HTTP://Example.COM:80/a/../b?c#d");    // http://example.com/b?c#d
//   Result<Url> link = Url::Parse("../e f", &*page);                       // http://example.com/e%20f
//   page->SetPort("8080");                                                 // http://example.com:8080/b?c#d
//
// The URL standard (url.spec.whatwg.org): parsing with or without a base, serializing, setters, domains in any
// script by UTS #46. Bytes that are not UTF-8 are read as U+FFFD. A Url is one string and where its parts begin:
// copying is copying the string, comparing is comparing strings. Thread-safe as any value is.
//
// Not here: what the crawler thinks of as the same page (url_normalizer.h), and URLSearchParams.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "crawler/url_layout.h"

namespace sakuin::crawler {

struct UrlRecord;
enum class UrlPart : uint8_t;

class Url {
 public:
  // An address that is longer is none.
  static constexpr size_t kMaxInputBytes = size_t{16} << 20;

  // INVALID_ARGUMENT: no URL, also not behind the base. Ordinary http and https addresses take one pass.
  static Result<Url> Parse(std::string_view input, const Url* base = nullptr);

  // ---- Parts. Views are valid while this Url lives and does not change. ----

  const std::string& href() const { return href_; }                                 // the whole
  std::string_view protocol() const { return Between(0, layout_.scheme_end + 1); }  // "https:"
  std::string_view scheme() const { return Between(0, layout_.scheme_end); }        // "https"
  std::string_view username() const;
  std::string_view password() const;
  std::string_view host() const;                                                                  // "example.com:81"
  std::string_view hostname() const { return Between(layout_.host_start, layout_.host_end); }     // "example.com", "[::1]"
  std::string_view port() const;                                                                  // "81"; empty: the scheme's
  std::string_view pathname() const { return Between(layout_.path_start, layout_.query_start); }  // "/a/b"
  std::string_view search() const;                                                                // "?c"; empty also for a '?' alone
  std::string_view hash() const;                                                                  // "#d"; empty also for a '#' alone
  std::string_view query() const { return search().empty() ? search() : search().substr(1); }     // "c"

  bool has_host() const { return layout_.username_end > layout_.scheme_end + 1; }  // false: "mailto:a"
  bool has_query() const { return layout_.query_start < layout_.fragment_start; }  // true also for a '?' alone
  bool has_fragment() const { return layout_.fragment_start < href_.size(); }
  bool has_credentials() const { return layout_.host_start > layout_.username_end; }
  bool has_opaque_path() const;
  bool is_special() const;  // http, https, ws, wss, ftp, file
  bool is_http() const { return scheme() == "http" || scheme() == "https"; }

  std::string TakeHref() && { return std::move(href_); }

  // "https://example.com:81"; for blob: that of the address inside; "null" where there is none.
  std::string Origin() const;

  // ---- Setters. What does not fit changes nothing, as in browsers. ----

  Status SetHref(std::string_view value);  // an error leaves the URL as it was
  void SetProtocol(std::string_view value);
  void SetUsername(std::string_view value);
  void SetPassword(std::string_view value);
  void SetHost(std::string_view value);
  void SetHostname(std::string_view value);
  void SetPort(std::string_view value);
  void SetPathname(std::string_view value);
  void SetSearch(std::string_view value);
  void SetHash(std::string_view value);

  friend bool operator==(const Url& a, const Url& b) { return a.href_ == b.href_; }
  friend std::strong_ordering operator<=>(const Url& a, const Url& b) { return a.href_ <=> b.href_; }

 private:
  Url() = default;
  explicit Url(const UrlRecord& record);

  std::string_view Between(size_t from, size_t to) const { return std::string_view(href_).substr(from, to - from); }
  UrlRecord ToRecord() const;
  void Set(UrlPart part, std::string_view value);

  std::string href_;
  UrlLayout layout_;
};

}  // namespace sakuin::crawler
