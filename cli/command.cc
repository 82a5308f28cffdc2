#include "cli/command.h"

#include <sys/resource.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/file.h"
#include "base/json_writer.h"
#include "indexer/index_writer.h"

namespace sakuin::cli {

int Fail(const Status& status, bool json) {
  if (json) {
    JsonWriter out;
    out.BeginObject().Key("error").BeginObject();
    out.Key("code").String(StatusCodeName(status.code())).Key("message").String(status.message());
    out.Key("details").BeginObject().EndObject().EndObject().EndObject();
    std::fprintf(stderr, "%s\n", out.text().c_str());
  } else {
    std::fprintf(stderr, "sakuin: %s\n", std::string(status.message()).c_str());
  }
  return kExitFailed;
}

int FailUsage(const Status& status, bool json) {
  const int failed = Fail(status, json);
  return status.code() == StatusCode::kInvalidArgument ? kExitUsage : failed;
}

Result<uint64_t> ParseSize(const std::string& text) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  uint64_t unit = 0;
  if (error == std::errc() && end - stop <= 1) {
    switch (stop == end ? 'B' : *stop) {
      case 'B': unit = 1; break;
      case 'k':
      case 'K': unit = uint64_t{1} << 10; break;
      case 'M': unit = uint64_t{1} << 20; break;
      case 'G': unit = uint64_t{1} << 30; break;
      case 'T': unit = uint64_t{1} << 40; break;
      default: break;
    }
  }
  if (unit == 0 || number > UINT64_MAX / unit) {
    return InvalidArgumentError("'" + text + "' is no size; expected a number with K, M or G, for instance 256M");
  }
  return number * unit;
}

Result<uint64_t> ParseMemory(const std::string& text) {
  Result<uint64_t> memory = ParseSize(text);
  if (!memory.ok()) return memory.status().WithContext("--memory");
  if (*memory < uint64_t{8} << 20) return InvalidArgumentError("--memory " + text + " is too little; expected at least 8M");
  return memory;
}

// "nan" is below and above no limit.
CLI::Validator IsFinite() {
  const auto check = [](const std::string& text) {
    return std::isfinite(std::strtod(text.c_str(), nullptr)) ? std::string() : "expected a number, found " + text;
  };
  return CLI::Validator(check, "");
}

CLI::Validator IsCount() {
  const auto check = [](const std::string& text) {
    uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && stop == text.data() + text.size() && number > 0;
    return whole ? std::string() : "expected 1 or more, found " + text;
  };
  return CLI::Validator(check, "");
}

CLI::Validator IsNumber(double least, double most) {
  const auto check = [least, most](const std::string& text) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end != text.c_str() && *end == '\0' && std::isfinite(number) && number >= least && number <= most) return std::string();
    char range[64];
    std::snprintf(range, sizeof(range), std::isfinite(most) ? "from %.10g to %.10g" : "%.10g or more", least, most);
    return std::string("expected a number ") + range + ", found '" + text + "'";
  };
  return CLI::Validator(check, "");
}

void RankingOptions::Add(CLI::App& app) {
  app.add_option("--ranking", ranking, "default, or bm25: plain BM25 over all words")
      ->check(CLI::IsMember({"bm25", "default"}))
      ->capture_default_str();
  app.add_option("--k1", k1, "BM25's k1: how soon more occurrences of a word stop counting")->check(CLI::Range(0.0, 1000.0))->check(IsFinite());
  app.add_option("--b", b, "BM25's b: how much long documents are held back, 0 to 1")->check(CLI::Range(0.0, 1.0))->check(IsFinite());
}

searcher::Ranking RankingOptions::Make() const {
  searcher::Ranking made;
  if (ranking == "bm25") made.kind = searcher::RankingKind::kBm25;
  if (k1 >= 0) made.k1 = static_cast<float>(k1);
  if (b >= 0) made.b = static_cast<float>(b);
  return made;
}

void PrintWarnings(const searcher::Searcher& searcher) {
  for (const std::string& warning : searcher.warnings()) std::fprintf(stderr, "note: %s\n", warning.c_str());
}

Status PrepareToRead(const std::string& folder) { return indexer::RecoverIfNeeded(PosixFileSystem(), folder); }

uint64_t PeakMemory() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

void PrintLine(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

}  // namespace sakuin::cli
