// Phases and their limits. libcurl has one limit for everything up to the question and one for everything, so the
// limits are kept here: the Fetcher asks Overdue of all transfers several times within the shortest limit. A phase is
// known from what libcurl has called: OnConnected (TCP and TLS are done), OnHeader. It does not tell the border between
// TCP and TLS before both are done, so the sockets of a transfer that is not connected yet are asked whether they are.
#include "crawler/transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/content_coding.h"
#include "crawler/address_filter.h"
#include "crawler/curl_errors.h"

namespace sakuin::crawler {
namespace {

constexpr long kReceiveBuffer = 64 << 10;
constexpr long kRememberNames = 300;  // seconds
constexpr long kKeepConnection = 118;
constexpr size_t kMostReserved = 1 << 20;

std::chrono::microseconds TimeOf(CURL* easy, CURLINFO info) {
  curl_off_t micros = 0;
  curl_easy_getinfo(easy, info, &micros);
  return std::chrono::microseconds(micros);
}

std::string_view VersionName(long version) {
  if (version == CURL_HTTP_VERSION_1_0) return "1.0";
  if (version == CURL_HTTP_VERSION_1_1) return "1.1";
  if (version == CURL_HTTP_VERSION_2_0) return "2";
  return {};
}

// False when there are several that differ. 0 when there is none; what is no number, libcurl has refused.
bool ReadLength(const ResponseHeaders& headers, uint64_t& length) {
  length = 0;
  const std::vector<std::string_view> lines = headers.FindAll("content-length");
  if (lines.empty()) return true;
  const std::string_view text = lines.front();
  std::from_chars(text.data(), text.data() + text.size(), length);
  return std::all_of(lines.begin(), lines.end(), [text](std::string_view line) { return line == text; });
}

curl_slist* MakeList(const std::vector<std::string>& texts) {
  curl_slist* list = nullptr;
  for (const std::string& text : texts) {
    curl_slist* longer = curl_slist_append(list, text.c_str());
    if (longer == nullptr) break;
    list = longer;
  }
  return list;
}

bool IsHttp(std::string_view url) {
  const auto begins = [url](std::string_view scheme) {
    return url.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(), [](char a, char b) { return a == (b | 0x20) || a == b; });
  };
  return begins("http://") || begins("https://");
}

FetchError ErrorOf(CodingProblem problem) {
  switch (problem) {
    case CodingProblem::kNone: return FetchError::kNone;
    case CodingProblem::kCutShort: return FetchError::kTruncated;
    case CodingProblem::kOverLimit: return FetchError::kBomb;
    case CodingProblem::kNoMemory: return FetchError::kInternal;
    case CodingProblem::kDamaged:
    case CodingProblem::kUnsupported: break;
  }
  return FetchError::kBadEncoding;
}

}  // namespace

Transfer::Transfer(const FetcherOptions& options, SocketWatch& watch, BodyRoom& room)
    : options_(options), watch_(watch), room_(room), easy_(curl_easy_init()) {
  if (easy_ == nullptr) return;
  SetOptions();
  SetCallbacks();
}

Transfer::~Transfer() { curl_easy_cleanup(easy_); }

void Transfer::SetOptions() {
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  // Without it, ending a transfer waits for the name it is resolving.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");  // not even from the environment
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  curl_easy_setopt(easy_, CURLOPT_DNS_CACHE_TIMEOUT, kRememberNames);
  curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, kKeepConnection);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, options_.verify_certificates ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, options_.verify_certificates ? 2L : 0L);
  // Read once for all connections, which libcurl does only without a folder of certificates beside the file.
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  if (!options_.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
  known_hosts_.reset(MakeList(options_.known_hosts));
  if (known_hosts_) curl_easy_setopt(easy_, CURLOPT_RESOLVE, known_hosts_.get());
}

void Transfer::SetCallbacks() {
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &OnConnected);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &OnOpen);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &OnClose);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, &watch_);  // a connection outlives the transfer that made it
}

bool Transfer::Begin(FetchRequest request, FetchClock::time_point now) {
  request_ = std::move(request);
  begin_ = asked_ = window_begin_ = now;
  received_ = window_received_ = header_bytes_ = 0;
  connected_ = headers_complete_ = body_begun_ = false;
  abort_ = FetchError::kNone;
  secure_begin_ = FetchClock::time_point::max();
  paused_at_.reset();
  paused_ = {};
  sockets_.clear();
  detail_[0] = '\0';
  refused_.clear();
  block_.clear();
  body_.clear();
  if (!IsHttp(request_.url)) {
    abort_ = FetchError::kBadUrl;
    return false;
  }
  if (!options_.allow_private) refused_ = WhyUrlRefused(request_.url);
  if (!refused_.empty()) {
    abort_ = FetchError::kRefusedAddress;
    return false;
  }
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>((request_.limits.connect + request_.limits.tls).count()));
  SetHeaderLines();
  return true;
}

void Transfer::SetHeaderLines() {
  std::vector<std::string> texts = HeaderLines(request_);
  if (texts == header_texts_) return;
  curl_slist* lines = MakeList(texts);
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, lines);
  header_lines_.reset(lines);
  header_texts_ = std::move(texts);
}

size_t Transfer::Abort(FetchError error) {
  abort_ = error;
  return 0;  // fewer bytes than were given: libcurl ends the transfer
}

FetchError Transfer::Overdue(FetchClock::time_point now) {
  if (is_paused()) return FetchError::kNone;
  const FetchLimits& limits = request_.limits;
  if (now - begin_ > limits.total) return FetchError::kTotalTimeout;
  if (connected_) {
    if (received_ == 0) return now - asked_ > limits.first_byte ? FetchError::kFirstByteTimeout : FetchError::kNone;
    return TooSlow(now);
  }
  if (secure_begin_ == FetchClock::time_point::max() && HasTcp()) secure_begin_ = now;
  if (secure_begin_ != FetchClock::time_point::max()) return now - secure_begin_ > limits.tls ? FetchError::kTlsTimeout : FetchError::kNone;
  return now - begin_ > limits.connect ? FetchError::kConnectTimeout : FetchError::kNone;
}

CURLcode Transfer::GoOn(FetchClock::time_point now) {
  const FetchClock::duration pause = now - *std::exchange(paused_at_, std::nullopt);
  paused_ += pause;
  begin_ += pause;
  window_begin_ += pause;
  return curl_easy_pause(easy_, CURLPAUSE_CONT);
}

bool Transfer::HasTcp() const {
  return std::any_of(sockets_.begin(), sockets_.end(), [](curl_socket_t socket) {
    sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
  });
}

FetchError Transfer::TooSlow(FetchClock::time_point now) {
  if (now - window_begin_ <= request_.limits.slow_window) return FetchError::kNone;
  if (received_ - window_received_ < request_.limits.slow_bytes) return FetchError::kTooSlow;
  window_begin_ = now;
  window_received_ = received_;
  return FetchError::kNone;
}

size_t Transfer::TakeHeader(std::string_view line) {
  if (received_ == 0) window_begin_ = FetchClock::now();
  received_ += line.size();
  header_bytes_ += line.size();
  if (header_bytes_ > request_.limits.header_bytes) return Abort(FetchError::kHeadersTooLarge);
  if (body_begun_) return line.size();  // a trailer
  if (headers_complete_ && line.starts_with("HTTP/")) {
    block_.clear();
    headers_complete_ = false;
  }
  if (headers_complete_) return line.size();  // a trailer of an empty body
  block_ += line;
  if (line != "\r\n" && line != "\n") return line.size();
  headers_complete_ = true;
  return GoOnAfterHeaders() ? line.size() : 0;
}

bool Transfer::GoOnAfterHeaders() {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return true;  // the answer is yet to come
  const ResponseHeaders headers(block_);
  uint64_t length = 0;
  if (!ReadLength(headers, length)) return Abort(FetchError::kBadHeaders) != 0;
  if (length > request_.limits.body_bytes && !request_.limits.keep_beginning && status != 304) return Abort(FetchError::kBodyTooLarge) != 0;
  body_.reserve(std::min<uint64_t>(length, std::min(kMostReserved, request_.limits.body_bytes)));
  return true;
}

size_t Transfer::TakeBody(std::string_view piece) {
  body_begun_ = true;
  const size_t room = request_.limits.body_bytes - body_.size();
  if (!room_.Take(this, std::min(piece.size(), room))) {
    paused_at_ = FetchClock::now();
    return CURL_WRITEFUNC_PAUSE;  // the piece comes again
  }
  received_ += piece.size();
  body_.append(piece.substr(0, room));
  return piece.size() > room ? Abort(FetchError::kBodyTooLarge) : piece.size();
}

FetchResult Transfer::Finish(CURLcode code) {
  FailurePoint point{.connected = connected_, .headers_complete = headers_complete_, .detail = detail_.data()};
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &point.system_error);
  if (abort_ != FetchError::kNone) return Finish(abort_);
  if (code != CURLE_OK && !refused_.empty() && !connected_) return Finish(FetchError::kRefusedAddress);
  if (code == CURLE_OK && !headers_complete_) return Finish(FetchError::kTruncated);
  return Finish(FromCurl(code, point));
}

FetchResult Transfer::Finish(FetchError error) {
  room_.Leave(this);
  FetchResult result;
  result.url = std::move(request_.url);
  result.tag = request_.tag;
  result.headers = ResponseHeaders(std::move(block_));
  result.body = std::move(body_);
  ReadInfo(result);
  result.body_complete = error == FetchError::kNone;
  const FetchError decoding = Decode(result);
  if (!result.encoded_body.empty()) room_.Add(result.body.size());
  result.error = error == FetchError::kNone ? decoding : error;
  if (result.error != FetchError::kNone) result.error_text = TextOf(result.error);
  return result;
}

FetchError Transfer::Decode(FetchResult& result) {
  std::string codings;
  for (const std::string_view line : result.headers.FindAll("content-encoding")) codings.append(line).append(",");
  if (codings.empty() || result.body.empty() || IsPlain(codings)) return FetchError::kNone;
  result.encoded_body.swap(result.body);
  return ErrorOf(UndoCodings(codings, result.encoded_body, request_.limits.body_bytes, result.body).problem);
}

void Transfer::ReadInfo(FetchResult& result) {
  if (!connected_) return;
  long number = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &number);
  result.status = static_cast<int>(number);
  number = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_VERSION, &number);
  result.http_version = VersionName(number);
  const char* address = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address);
  if (address != nullptr) result.remote_address = address;
  result.times.resolved = TimeOf(easy_, CURLINFO_NAMELOOKUP_TIME_T);
  result.times.connected = TimeOf(easy_, CURLINFO_CONNECT_TIME_T);
  result.times.secured = TimeOf(easy_, CURLINFO_APPCONNECT_TIME_T);
  result.times.first_byte = TimeOf(easy_, CURLINFO_STARTTRANSFER_TIME_T);
  result.times.total = TimeOf(easy_, CURLINFO_TOTAL_TIME_T) - std::chrono::duration_cast<std::chrono::microseconds>(paused_);
}

std::string Transfer::TextOf(FetchError error) const {
  if (error == FetchError::kRefusedAddress && !refused_.empty()) return refused_;
  std::string text(FetchErrorText(error));
  if (detail_[0] != '\0' && abort_ == FetchError::kNone) text.append(": ").append(detail_.data());
  return text;
}

size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  return static_cast<Transfer*>(self)->TakeHeader({data, size * count});
}

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) { return static_cast<Transfer*>(self)->TakeBody({data, size * count}); }

int Transfer::OnConnected(void* self, char* /*remote*/, char* /*local*/, int /*remote_port*/, int /*local_port*/) {
  auto* transfer = static_cast<Transfer*>(self);
  transfer->connected_ = true;
  transfer->asked_ = FetchClock::now();
  return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::OnOpen(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  if (!transfer->options_.allow_private) {
    const std::optional<IpAddress> ip = IpAddress::FromSockaddr(address->addr);
    std::string refused = ip ? WhyRefused(*ip) : "refused: the address is neither IPv4 nor IPv6";
    if (!refused.empty()) {
      transfer->refused_ = std::move(refused);
      return CURL_SOCKET_BAD;
    }
  }
  transfer->sockets_.push_back(transfer->watch_.Open(*address));
  return transfer->sockets_.back();
}

int Transfer::OnClose(void* watch, curl_socket_t socket) { return static_cast<SocketWatch*>(watch)->Close(socket); }

}  // namespace sakuin::crawler
