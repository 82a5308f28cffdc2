#include "cli/crawl_seed.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "text/html_bytes.h"

namespace sakuin::cli {
namespace {

// "http:/host", "http//host" and "file:/a" would be addresses of the hosts http and file; a port is a number.
bool HasBrokenScheme(std::string_view seed) {
  const size_t end = seed.find_first_of(":/?#");
  if (end == std::string_view::npos) return false;
  const std::string_view name = seed.substr(0, end);
  if (seed[end] == ':') {
    const std::string_view port = seed.substr(end + 1, seed.find_first_of("/?#", end) - (end + 1));
    return port.empty() || !std::all_of(port.begin(), port.end(), text::IsAsciiDigit);
  }
  return (name == "http" || name == "https") && seed[end] == '/';
}

bool IsPath(const std::string& seed) {
  constexpr std::string_view kFirst = "/.~\\";
  return kFirst.find(seed.front()) != std::string_view::npos || PosixFileSystem().Exists(seed);
}

}  // namespace

bool HasScheme(const std::string& seed) { return seed.find("://") != std::string::npos; }

Result<crawler::Url> ParseSeed(const std::string& seed) {
  const std::string example = "; expected something like https://example.com/";
  if (seed.empty()) return InvalidArgumentError("'' is no address to begin with" + example);
  if (!HasScheme(seed)) {
    if (IsPath(seed)) {
      const std::string path = "' is a file or a folder of this machine, which sakuin index reads, and no address of the web";
      return InvalidArgumentError("'" + seed + path + example);
    }
    if (!seed.starts_with('[') && HasBrokenScheme(seed)) return InvalidArgumentError("'" + seed + "' begins with no http:// or https://" + example);
  }
  Result<crawler::Url> url = crawler::Url::Parse(HasScheme(seed) ? seed : "https://" + seed);
  if (!url.ok() || !url->is_http()) return InvalidArgumentError("'" + seed + "' is no address to begin with" + example);
  return url;
}

}  // namespace sakuin::cli
