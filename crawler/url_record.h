// url_record.h: a URL taken apart, as the parser makes it and the setters change it.
//
//   UrlRecord record;                        // "http://example.com:81/a?b"
//   record.scheme = "http"; record.host = "example.com"; record.port = 81; record.path = "/a"; record.query = "b";
//
// Everything is in its serialized form (lower-cased, percent-encoded). A plain value, for url.cc and url_parser.cc
// only: the rest of the program has Url.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sakuin::crawler {

struct UrlRecord {
  std::string scheme;  // without ':'
  std::string username;
  std::string password;
  std::optional<std::string> host;  // none: "mailto:a", "data:..."; empty: "file:///a"
  std::optional<uint16_t> port;     // none: the scheme's
  // Either opaque ("a@b" of "mailto:a@b") or a '/' before every segment; empty: no segment.
  std::string path;
  bool has_opaque_path = false;
  std::optional<std::string> query;     // without '?'
  std::optional<std::string> fragment;  // without '#'

  bool has_credentials() const { return !username.empty() || !password.empty(); }
  // Whether it cannot have a user name, a password or a port.
  bool cannot_have_port() const { return !host || host->empty() || scheme == "file"; }
};

// http, https, ws, wss, ftp, file.
bool IsSpecialScheme(std::string_view scheme);

// 80 for http, ...; none for schemes without a port.
std::optional<uint16_t> DefaultPort(std::string_view scheme);

}  // namespace sakuin::crawler
