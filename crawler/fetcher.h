// fetcher.h: many pages at once from many servers, over HTTP/1.1 and HTTP/2, in one thread.
//
//   ASSIGN_OR_RETURN(const auto fetcher, Fetcher::Create({}));
//   fetcher->Start({.url = "https://example.com/", .tag = 1, .user_agent = "sakuin"});
//   std::vector<FetchResult> done;
//   fetcher->Wait(std::chrono::milliseconds(100), done);    // what has ended; Start more, Wait again
//
// What a server may do to the crawler ends in the Fetcher: every phase has a limit of time, everything that is read a
// limit of size, and an address that is not public is never connected to (address_filter.h), whatever name, redirect or
// resolver led to it: it is looked at when the connection is made. Connections, their TLS and resolved names are used
// again. Not in here: redirects are handed back and not followed, robots.txt and politeness are the caller's, so is how
// many requests go to one host at once. No cookies, no passwords, no proxy, nothing from the environment.
//
// Not thread-safe, but for Wake: one Fetcher belongs to one thread. Memory: all bodies that are under way or handed out last
// together within a limit; transfers that there is no room for pause, and lose no time by that. libcurl resolves a name in a
// thread of its own, once for as long as it remembers it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"

namespace sakuin::crawler {

struct FetcherOptions {
  bool allow_private = false;       // connect to addresses that are not public, too
  bool verify_certificates = true;  //
  std::string ca_file{};            // trusted certificates instead of those of the system (PEM)
  size_t kept_connections = 1024;   // open, without a question on them
  size_t body_bytes = size_t{256} << 20;  // of all bodies at once, and one body more
  // Answers of names that are never asked for, each as "host:port:address[,address]".
  std::vector<std::string> known_hosts{};
};

class Fetcher {
 public:
  // INVALID_ARGUMENT, or why it cannot be read: what is called ca_file holds no certificate.
  static Result<std::unique_ptr<Fetcher>> Create(FetcherOptions options);
  // Whether Create would take this for FetcherOptions::ca_file; INVALID_ARGUMENT where no certificate is in it.
  static Status CheckCertificates(const std::string& file);
  ~Fetcher();  // What is under way is dropped.
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  // Every request that is started ends in exactly one result. Returns at once.
  void Start(FetchRequest request);

  // Started and not yet handed out.
  size_t active() const;

  // What is started without room for its body will pause.
  bool HasRoom() const;
  size_t body_bytes() const;  // there now

  // Appends the results of what has ended; when there is none yet, waits for one, for Wake, or for `longest`. The results of the
  // Wait before do not count any more.
  void Wait(std::chrono::milliseconds longest, std::vector<FetchResult>& done);

  // Ends the wait that is going on, or the next one. From any thread.
  void Wake();

  // Start, and Wait for it. REQUIRES: active() == 0.
  FetchResult Fetch(FetchRequest request);

 private:
  class Loop;
  explicit Fetcher(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

}  // namespace sakuin::crawler
