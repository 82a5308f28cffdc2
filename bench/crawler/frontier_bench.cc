// frontier_bench: what a URL costs a frontier: microseconds, bytes on disk, bytes of memory.
//
//   frontier_bench FOLDER URLS HOSTS MEMORY-MIB
//
// Puts URLS different URLs of HOSTS hosts, as pages put their links: 40 at a time of 8 hosts, every fourth of them
// new and the others known; then hands out and completes 100,000 of them (or all), each with 40 links that are
// known, and opens the frontier again. One JSON object on standard output. FOLDER must not exist.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "crawler/disk_frontier.h"

namespace sakuin::crawler {
namespace {

constexpr uint64_t kLinks = 40;
constexpr uint64_t kHostsOfAPage = 8;
constexpr uint64_t kNewOf = 4;
constexpr uint64_t kPagesPerSync = 500;
constexpr uint64_t kMostPages = 100'000;

struct Arguments {
  std::string folder;
  uint64_t urls = 0;
  uint64_t hosts = 0;
  size_t memory_bytes = 0;
};

[[noreturn]] void Die(const Status& status) {
  std::fprintf(stderr, "frontier_bench: %s\n", status.ToString().c_str());
  std::exit(1);
}

void Check(const Status& status) {
  if (!status.ok()) Die(status);
}

template <typename T>
T Checked(Result<T> result) {
  if (!result.ok()) Die(result.status());
  return *std::move(result);
}

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

uint64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

uint64_t BytesOnDisk(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) bytes += entry.is_regular_file() ? entry.file_size() : 0;
  return bytes;
}

uint64_t Mixed(uint64_t number) {  // splitmix64
  number += 0x9E3779B97F4A7C15;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
  return number ^ (number >> 31);
}

// Hosts differ in size: half of the URLs are of a hundredth of the hosts.
std::string HostOf(uint64_t number, uint64_t hosts) {
  const uint64_t mixed = Mixed(number / kHostsOfAPage);
  const uint64_t host = mixed % 2 == 0 ? mixed / 2 % (hosts / 100 + 1) : mixed / 2 % hosts;
  return "www.site-" + std::to_string(host) + (host % 3 == 0 ? ".example.org" : ".example");
}

FrontierUrl UrlOf(uint64_t number, uint64_t hosts) {
  const uint64_t mixed = Mixed(number);
  FrontierUrl url;
  url.queue = HostOf(number, hosts);
  url.url = "https://" + url.queue + "/section-" + std::to_string(mixed % 50) + "/article-" + std::to_string(number) + "-" +
            std::to_string(mixed >> 40) + ".html";
  url.depth = static_cast<uint32_t>(mixed % 8);
  return url;
}

class Bench {
 public:
  explicit Bench(const Arguments& arguments) : arguments_(arguments) { Open(); }

  void Run() {
    const uint64_t empty = ResidentBytes();
    const double put = Fill();
    const uint64_t bytes = BytesOnDisk(arguments_.folder);
    std::fprintf(stderr, "%.2f us for each new URL, %.1f bytes on disk\n", put / static_cast<double>(arguments_.urls) * 1e6,
                 static_cast<double>(bytes) / static_cast<double>(arguments_.urls));
    const uint64_t resident = ResidentBytes();
    const double fetch = Fetch();
    const uint64_t pages = std::min(arguments_.urls, kMostPages);
    frontier_.reset();
    const double begin = Seconds();
    Open();
    const double open = Seconds() - begin;
    Checked(frontier_->GetUrls({}, now_));
    const double first = Seconds() - begin;
    std::printf("{\"urls\":%llu,\"hosts\":%llu,\"put_new_us\":%.2f,\"page_us\":%.2f,\"disk_bytes_per_url\":%.1f,", Number(arguments_.urls),
                Number(arguments_.hosts), put / static_cast<double>(arguments_.urls) * 1e6, fetch / static_cast<double>(pages) * 1e6,
                static_cast<double>(bytes) / static_cast<double>(arguments_.urls));
    std::printf("\"resident_bytes\":%llu,\"resident_bytes_empty\":%llu,\"resident_bytes_end\":%llu,\"open_ms\":%.1f,\"open_and_first_ms\":%.1f}\n",
                Number(resident), Number(empty), Number(ResidentBytes()), open * 1e3, first * 1e3);
  }

 private:
  static unsigned long long Number(uint64_t number) { return number; }

  void Open() {
    DiskFrontierOptions options;
    options.memory_bytes = arguments_.memory_bytes;
    options.default_delay = Duration(0);
    frontier_ = Checked(DiskFrontier::Open(arguments_.folder, options));
  }

  // A page's links: `fresh` new ones, then old ones.
  std::vector<FrontierUrl> Links(uint64_t fresh) {
    std::vector<FrontierUrl> links;
    for (uint64_t i = 0; i < fresh; ++i) links.push_back(UrlOf(next_++, arguments_.hosts));
    while (links.size() < kLinks) links.push_back(UrlOf(random_() % next_, arguments_.hosts));
    return links;
  }

  double Fill() {
    const double begin = Seconds();
    for (uint64_t page = 0; next_ < arguments_.urls; ++page) {
      Checked(frontier_->PutDiscovered(Links(kLinks / kNewOf), now_));
      if (page % kPagesPerSync == 0) Check(frontier_->Sync());
    }
    Check(frontier_->Sync());
    return Seconds() - begin;
  }

  double Fetch() {
    const double begin = Seconds();
    for (uint64_t page = 0; page < std::min(arguments_.urls, kMostPages);) {
      for (const LeasedUrl& url : Checked(frontier_->GetUrls({.max_queues = 64}, now_))) {
        Checked(frontier_->PutDiscovered(Links(0), now_));
        const Time again = now_ + std::chrono::hours(24);
        Check(frontier_->PutKnown({.url = url.url, .queue = url.queue, .refetch_at = again, .metadata = "0123456789abcdef"}, now_));
        if (++page % kPagesPerSync == 0) Check(frontier_->Sync());
      }
      now_ += Duration(10);
    }
    return Seconds() - begin;
  }

  const Arguments arguments_;
  std::unique_ptr<DiskFrontier> frontier_;
  std::mt19937_64 random_{1};
  uint64_t next_ = 0;
  Time now_ = CurrentTime();
};

}  // namespace
}  // namespace sakuin::crawler

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: frontier_bench FOLDER URLS HOSTS MEMORY-MIB\n");
    return 2;
  }
  sakuin::crawler::Bench({argv[1], std::stoull(argv[2]), std::stoull(argv[3]), std::stoull(argv[4]) << 20}).Run();
}
