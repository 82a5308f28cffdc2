// fetcher_testing.h: fetchers for tests against servers on loopback.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "crawler/fetcher.h"

namespace sakuin::crawler {

inline std::unique_ptr<Fetcher> MustCreate(FetcherOptions options) {
  Result<std::unique_ptr<Fetcher>> fetcher = Fetcher::Create(std::move(options));
  if (!fetcher.ok()) {
    std::fputs(fetcher.status().ToString().c_str(), stderr);
    std::abort();
  }
  return *std::move(fetcher);
}

inline std::unique_ptr<Fetcher> LocalFetcher() { return MustCreate({.allow_private = true}); }

}  // namespace sakuin::crawler
