#include "crawler/url.h"

#include "crawler/ordinary_url.h"
#include "crawler/url_parser.h"
#include "crawler/url_record.h"
#include "text/utf8_repair.h"

namespace sakuin::crawler {

namespace {

Status NotAUrl(std::string_view input, const Url* base) {
  std::string message = "expected a URL, found \"" + text::Excerpt(input) + "\"";
  if (base != nullptr) message += " on the page " + text::Excerpt(base->href(), 200);
  return InvalidArgumentError(message);
}

}  // namespace

Result<Url> Url::Parse(std::string_view input, const Url* base) {
  if (input.size() > kMaxInputBytes) return NotAUrl(input, base);
  Url url;
  if (ParseOrdinaryUrl(input, url.href_, url.layout_)) return url;
  if (base != nullptr && ResolveOrdinaryUrl(input, base->href_, base->layout_, url.href_, url.layout_)) return url;
  std::optional<UrlRecord> base_record;
  if (base != nullptr) base_record = base->ToRecord();
  UrlRecord record;
  if (!ParseUrl(input, base_record ? &*base_record : nullptr, record)) return NotAUrl(input, base);
  return Url(record);
}

// The URL serializer of the standard (4.5).
Url::Url(const UrlRecord& record) {
  const auto here = [this] { return static_cast<uint32_t>(href_.size()); };
  href_ = record.scheme;
  layout_.scheme_end = here();
  href_ += record.host ? "://" : ":";
  href_ += record.username;
  layout_.username_end = here();
  if (!record.password.empty()) href_ += ":" + record.password;
  if (record.has_credentials()) href_ += '@';
  layout_.host_start = here();
  if (record.host) href_ += *record.host;
  layout_.host_end = here();
  layout_.port = record.port.value_or(0);
  if (record.port) href_ += ":" + std::to_string(*record.port);
  if (!record.host && !record.has_opaque_path && record.path.starts_with("//")) href_ += "/.";
  layout_.path_start = here();
  href_ += record.path;
  layout_.query_start = here();
  if (record.query) href_ += "?" + *record.query;
  layout_.fragment_start = here();
  if (record.fragment) href_ += "#" + *record.fragment;
}

UrlRecord Url::ToRecord() const {
  UrlRecord record;
  record.scheme = scheme();
  record.username = username();
  record.password = password();
  if (has_host()) record.host = hostname();
  if (!port().empty()) record.port = layout_.port;
  record.path = pathname();
  record.has_opaque_path = has_opaque_path();
  if (has_query()) record.query = Between(layout_.query_start + 1, layout_.fragment_start);
  if (has_fragment()) record.fragment = Between(layout_.fragment_start + 1, href_.size());
  return record;
}

std::string_view Url::username() const { return has_host() ? Between(layout_.scheme_end + 3, layout_.username_end) : std::string_view(); }

std::string_view Url::password() const {
  const bool has_password = has_credentials() && href_[layout_.username_end] == ':';
  return has_password ? Between(layout_.username_end + 1, layout_.host_start - 1) : std::string_view();
}

std::string_view Url::host() const { return has_host() ? Between(layout_.host_start, layout_.path_start) : std::string_view(); }

std::string_view Url::port() const {
  const bool has_port = has_host() && layout_.host_end < layout_.path_start;
  return has_port ? Between(layout_.host_end + 1, layout_.path_start) : std::string_view();
}

std::string_view Url::search() const {
  const std::string_view search = Between(layout_.query_start, layout_.fragment_start);
  return search.size() == 1 ? std::string_view() : search;
}

std::string_view Url::hash() const {
  const std::string_view hash = Between(layout_.fragment_start, href_.size());
  return hash.size() == 1 ? std::string_view() : hash;
}

bool Url::has_opaque_path() const { return !has_host() && !pathname().starts_with('/'); }

bool Url::is_special() const { return IsSpecialScheme(scheme()); }

std::string Url::Origin() const {
  if (scheme() == "blob") {
    const Result<Url> inner = Parse(pathname());
    return inner.ok() && inner->is_http() ? inner->Origin() : "null";
  }
  if (!is_special() || scheme() == "file") return "null";
  std::string origin(protocol());
  origin += "//";
  origin += host();
  return origin;
}

Status Url::SetHref(std::string_view value) {
  ASSIGN_OR_RETURN(*this, Parse(value));
  return OkStatus();
}

void Url::Set(UrlPart part, std::string_view value) {
  if (value.size() > kMaxInputBytes) return;
  UrlRecord record = ToRecord();
  SetUrlPart(part, value, record);
  *this = Url(record);
}

void Url::SetProtocol(std::string_view value) { Set(UrlPart::kProtocol, value); }
void Url::SetUsername(std::string_view value) { Set(UrlPart::kUsername, value); }
void Url::SetPassword(std::string_view value) { Set(UrlPart::kPassword, value); }
void Url::SetHost(std::string_view value) { Set(UrlPart::kHost, value); }
void Url::SetHostname(std::string_view value) { Set(UrlPart::kHostname, value); }
void Url::SetPort(std::string_view value) { Set(UrlPart::kPort, value); }
void Url::SetPathname(std::string_view value) { Set(UrlPart::kPathname, value); }
void Url::SetSearch(std::string_view value) { Set(UrlPart::kSearch, value); }
void Url::SetHash(std::string_view value) { Set(UrlPart::kHash, value); }

}  // namespace sakuin::crawler
