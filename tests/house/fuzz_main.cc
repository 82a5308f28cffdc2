// Runs a fuzz target without libFuzzer: over every file of the folders (or
// files) on the command line, and over damaged copies of each, the same ones in
// every run. A crash is reported with the input that caused it.

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace {

constexpr int kDamagedCopies = 64;
constexpr size_t kLargestToDamage = 1 << 16;

char current[512] = "nothing";  // which input runs now, for ReportCrash

void SayInput() { std::fprintf(stderr, "crashed on %s\n", current); }

void ReportCrash(int signal) {
  SayInput();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// AddressSanitizer has handlers of its own, with better reports; it says when it gives up.
void WatchForCrashes() {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(SayInput);
  std::signal(SIGABRT, ReportCrash);
#else
  for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP}) std::signal(signal, ReportCrash);
#endif
}

// A copy of exactly its size on the heap, so that reading past its end is noticed by sanitizers.
void RunOne(const std::string& bytes) {
  const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

std::string Damage(std::string bytes, std::mt19937& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  if (below(4) == 0) bytes.resize(below(bytes.size() + 1));
  for (size_t flips = below(4); flips > 0 && !bytes.empty(); --flips) bytes[below(bytes.size())] = static_cast<char>(below(256));
  if (below(4) == 0) bytes.insert(below(bytes.size() + 1), 1 + below(8), static_cast<char>(below(256)));
  return bytes;
}

void RunFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::snprintf(current, sizeof(current), "%s", path.c_str());
  RunOne(bytes);
  if (bytes.size() > kLargestToDamage) return;
  std::mt19937 random(static_cast<uint32_t>(bytes.size()));
  for (int i = 0; i < kDamagedCopies; ++i) {
    std::snprintf(current, sizeof(current), "damaged copy %d of %s", i, path.c_str());
    RunOne(Damage(bytes, random));
  }
}

}  // namespace

int main(int argc, char** argv) {
  WatchForCrashes();
  size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      RunFile(argv[i]);
      ++files;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      RunFile(entry.path());
      ++files;
    }
  }
  RunOne("");
  std::printf("%zu inputs, each with %d damaged copies\n", files, kDamagedCopies);
  return files > 0 ? 0 : 1;
}
