// frontier_writer FOLDER FIRST: works on a frontier until it is killed, and says what was acknowledged, one line for each
// Sync: how many URLs were discovered in all, then those completed since the last line.
#include <cstdio>
#include <set>
#include <string>

#include "crawler/disk_frontier.h"
#include "tests/crawler/frontier_ledger.h"

int main(int argc, char** argv) {
  using namespace sakuin::crawler;
  if (argc != 3) return 2;
  DiskFrontierOptions options;
  options.memory_bytes = size_t{4} << 20;
  options.default_delay = Duration(0);
  auto frontier = DiskFrontier::Open(argv[1], options);
  if (!frontier.ok()) {
    std::fprintf(stderr, "%s\n", frontier.status().ToString().c_str());
    return 1;
  }
  FrontierLedger ledger(std::stoull(argv[2]));
  std::set<uint64_t> said;
  for (Time now = CurrentTime();; now += Duration(1)) {
    if (!ledger.Work(**frontier, now).ok()) return 1;
    std::string line = std::to_string(ledger.discovered());
    for (const uint64_t number : ledger.completed()) {
      if (said.insert(number).second) line += " " + std::to_string(number);
    }
    std::puts(line.c_str());
    std::fflush(stdout);
  }
}
