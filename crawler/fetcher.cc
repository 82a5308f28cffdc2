#include "crawler/fetcher.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "crawler/transfer.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;

// How often the limits of time are looked at: a quarter of the shortest one, within these.
constexpr milliseconds kShortestSweep{5};
constexpr milliseconds kLongestSweep{250};

milliseconds SweepOf(const FetchLimits& limits) {
  const milliseconds shortest = std::min({limits.connect, limits.tls, limits.first_byte, limits.total, limits.slow_window});
  return std::clamp(shortest / 4, kShortestSweep, kLongestSweep);
}

bool InitCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

}  // namespace

class Fetcher::Loop {
 public:
  explicit Loop(FetcherOptions options) : options_(std::move(options)), room_(options_.body_bytes) {}
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Status Init();
  void Start(FetchRequest request);
  size_t active() const { return running_.size() + ended_.size(); }
  void Wait(milliseconds longest, std::vector<FetchResult>& done);
  void Wake() { watch_.Wake(); }
  const BodyRoom& room() const { return room_; }

 private:
  std::unique_ptr<Transfer> TakeTransfer();
  std::unique_ptr<Transfer> TakeRunning(Transfer& transfer);
  milliseconds TimeToWait(FetchClock::time_point now, FetchClock::time_point end) const;
  template <typename How>
  void End(Transfer& transfer, How how);
  void Act(milliseconds longest);
  void GoOn();
  void Collect();
  // Whether no more results are to be made before those are gone that are there.
  bool IsFull() const { return !ended_.empty() && !room_.HasRoom(); }
  void Sweep(FetchClock::time_point now);

  static int OnSocket(CURL* easy, curl_socket_t socket, int what, void* self, void* of_socket);
  static int OnTimer(CURLM* multi, long milliseconds_from_now, void* self);

  const FetcherOptions options_;
  SocketWatch watch_;
  BodyRoom room_;
  size_t handed_out_ = 0;  // bytes of bodies, by the last Wait
  CURLM* multi_ = nullptr;
  FetchClock::time_point curl_timer_ = FetchClock::time_point::max();  // when libcurl wants to be called
  FetchClock::time_point next_sweep_ = FetchClock::time_point::max();
  milliseconds sweep_ = kLongestSweep;
  std::vector<std::unique_ptr<Transfer>> running_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::vector<FetchResult> ended_;
};

Fetcher::Loop::~Loop() {
  for (const std::unique_ptr<Transfer>& transfer : running_) curl_multi_remove_handle(multi_, transfer->easy());
  curl_multi_cleanup(multi_);
}

Status Fetcher::Loop::Init() {
  if (!InitCurl()) return InternalError("libcurl cannot be used: its initialisation failed");
  multi_ = curl_multi_init();
  if (multi_ == nullptr) return ResourceExhaustedError("libcurl has no memory for transfers");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.kept_connections));
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  return watch_.Init();
}

std::unique_ptr<Transfer> Fetcher::Loop::TakeTransfer() {
  if (idle_.empty()) return std::make_unique<Transfer>(options_, watch_, room_);
  std::unique_ptr<Transfer> transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

void Fetcher::Loop::Start(FetchRequest request) {
  std::unique_ptr<Transfer> transfer = TakeTransfer();
  const FetchClock::time_point now = FetchClock::now();
  sweep_ = std::min(sweep_, SweepOf(request.limits));
  next_sweep_ = std::min(next_sweep_, now + sweep_);
  const bool begun = transfer->Begin(std::move(request), now);
  if (!begun || curl_multi_add_handle(multi_, transfer->easy()) != CURLM_OK) {
    ended_.push_back(transfer->Finish(CURLE_FAILED_INIT));
    if (transfer->easy() != nullptr) idle_.push_back(std::move(transfer));
    return;
  }
  transfer->place = running_.size();
  running_.push_back(std::move(transfer));
}

std::unique_ptr<Transfer> Fetcher::Loop::TakeRunning(Transfer& transfer) {
  curl_multi_remove_handle(multi_, transfer.easy());
  const size_t place = transfer.place;
  std::swap(running_[place], running_.back());
  running_[place]->place = place;
  std::unique_ptr<Transfer> taken = std::move(running_.back());
  running_.pop_back();
  return taken;
}

// `how`: a CURLcode or a FetchError.
template <typename How>
void Fetcher::Loop::End(Transfer& transfer, How how) {
  idle_.push_back(TakeRunning(transfer));
  ended_.push_back(transfer.Finish(how));
}

void Fetcher::Loop::Collect() {
  int left = 0;
  while (!IsFull()) {
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    if (message == nullptr) return;
    const CURLcode code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    End(*transfer, code);
  }
}

void Fetcher::Loop::Sweep(FetchClock::time_point now) {
  for (size_t i = running_.size(); i-- > 0 && !IsFull();) {
    Transfer& transfer = *running_[i];
    const FetchError error = transfer.Overdue(now);
    if (error != FetchError::kNone) End(transfer, error);
  }
  next_sweep_ = running_.empty() ? FetchClock::time_point::max() : now + sweep_;
}

milliseconds Fetcher::Loop::TimeToWait(FetchClock::time_point now, FetchClock::time_point end) const {
  const FetchClock::time_point next = std::min({end, curl_timer_, next_sweep_});
  return next <= now ? milliseconds(0) : std::chrono::ceil<milliseconds>(next - now);
}

void Fetcher::Loop::Act(milliseconds longest) {
  int running = 0;
  for (const ReadySocket& ready : watch_.Wait(longest)) curl_multi_socket_action(multi_, ready.socket, ready.events, &running);
  if (curl_timer_ != FetchClock::time_point::max() && curl_timer_ <= FetchClock::now()) {
    curl_timer_ = FetchClock::time_point::max();
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  Collect();
}

// The transfers that there was no room for.
void Fetcher::Loop::GoOn() {
  const FetchClock::time_point now = FetchClock::now();
  for (size_t i = running_.size(); i-- > 0 && room_.MayGoOn();) {
    Transfer& transfer = *running_[i];
    const CURLcode code = transfer.is_paused() ? transfer.GoOn(now) : CURLE_OK;
    if (code != CURLE_OK) End(transfer, code);
  }
}

void Fetcher::Loop::Wait(milliseconds longest, std::vector<FetchResult>& done) {
  room_.Give(std::exchange(handed_out_, 0));
  if (room_.MayGoOn()) GoOn();
  Collect();
  FetchClock::time_point now = FetchClock::now();
  const FetchClock::time_point end = now + longest;
  while (true) {
    Act(ended_.empty() ? TimeToWait(now, end) : milliseconds(0));
    now = FetchClock::now();
    if (now >= next_sweep_) Sweep(now);
    if (watch_.TakeWoken() || !ended_.empty() || now >= end) break;
  }
  for (const FetchResult& result : ended_) handed_out_ += result.body.size() + result.encoded_body.size();
  std::move(ended_.begin(), ended_.end(), std::back_inserter(done));
  ended_.clear();
}

int Fetcher::Loop::OnSocket(CURL* /*easy*/, curl_socket_t socket, int what, void* self, void* /*of_socket*/) {
  static_cast<Loop*>(self)->watch_.Want(socket, what);
  return 0;
}

int Fetcher::Loop::OnTimer(CURLM* /*multi*/, long milliseconds_from_now, void* self) {
  auto* loop = static_cast<Loop*>(self);
  loop->curl_timer_ = milliseconds_from_now < 0 ? FetchClock::time_point::max() : FetchClock::now() + milliseconds(milliseconds_from_now);
  return 0;
}

Fetcher::Fetcher(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Fetcher::~Fetcher() = default;

Status Fetcher::CheckCertificates(const std::string& file) {
  if (file.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const std::string text, PosixFileSystem().ReadAll(file));
  for (const char* begin : {"-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----"}) {
    if (text.find(begin) != std::string::npos) return OkStatus();
  }
  return InvalidArgumentError(file + " holds no certificate; expected PEM, which begins with -----BEGIN CERTIFICATE-----");
}

Result<std::unique_ptr<Fetcher>> Fetcher::Create(FetcherOptions options) {
  RETURN_IF_ERROR(CheckCertificates(options.ca_file));
  auto loop = std::make_unique<Loop>(std::move(options));
  RETURN_IF_ERROR(loop->Init());
  return std::unique_ptr<Fetcher>(new Fetcher(std::move(loop)));
}

void Fetcher::Start(FetchRequest request) { loop_->Start(std::move(request)); }
size_t Fetcher::active() const { return loop_->active(); }
bool Fetcher::HasRoom() const { return loop_->room().HasRoom(); }
size_t Fetcher::body_bytes() const { return loop_->room().taken(); }
void Fetcher::Wait(milliseconds longest, std::vector<FetchResult>& done) { loop_->Wait(longest, done); }
void Fetcher::Wake() { loop_->Wake(); }

FetchResult Fetcher::Fetch(FetchRequest request) {
  std::vector<FetchResult> done;
  Start(std::move(request));
  while (done.empty()) Wait(milliseconds(1000), done);
  return std::move(done.front());
}

}  // namespace sakuin::crawler
