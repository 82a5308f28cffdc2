// command.h: what every subcommand shares: how it is added to the program, how
// it reports, how sizes and errors are written.
//
// A subcommand is one file: AddXCommand describes its options and stores what to
// run in `run`; main.cc parses and runs it. Results go to standard output, all
// else to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage.
#pragma once

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "searcher/searcher.h"

namespace sakuin::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// What to run after parsing; set by the chosen subcommand.
using Run = std::function<int()>;

void AddIndexCommand(CLI::App& app, Run& run);
void AddCrawlCommand(CLI::App& app, Run& run);
void AddDeleteCommand(CLI::App& app, Run& run);
void AddSearchCommand(CLI::App& app, Run& run);
void AddSuggestCommand(CLI::App& app, Run& run);
void AddEvalCommand(CLI::App& app, Run& run);
void AddAnalyzeCommand(CLI::App& app, Run& run);
void AddInspectCommands(CLI::App& app, Run& run);
void AddOptimizeCommand(CLI::App& app, Run& run);
void AddBackupCommands(CLI::App& app, Run& run);
void AddLinkCommand(CLI::App& app, Run& run);
void AddKeywordsCommand(CLI::App& app, Run& run);
void AddRelinkCommand(CLI::App& app, Run& run);
void AddClassifyCommand(CLI::App& app, Run& run);
void AddBenchCommand(CLI::App& app, Run& run);
// Below sakuin keywords.
void AddLiveKeywordsCommands(CLI::App& keywords, Run& run);
// Below sakuin bench.
void AddBenchLink(CLI::App& bench, Run& run);
void AddBenchClassify(CLI::App& bench, Run& run);

// Prints the error to standard error, as JSON when `json`, and returns the exit code.
int Fail(const Status& status, bool json);
// As Fail, with kExitUsage where the status is INVALID_ARGUMENT: what was asked for cannot be.
int FailUsage(const Status& status, bool json);

// "64M" -> 67108864. INVALID_ARGUMENT says what a size looks like.
Result<uint64_t> ParseSize(const std::string& text);
// A size for --memory: at least 8M.
Result<uint64_t> ParseMemory(const std::string& text);

// --ranking, --k1 and --b, the same for search, eval and bench.
struct RankingOptions {
  std::string ranking = "default";
  double k1 = -1;  // below 0: the ranking's own
  double b = -1;

  void Add(CLI::App& app);
  searcher::Ranking Make() const;
};

// A number that is neither "nan" nor infinite.
CLI::Validator IsFinite();

// A whole number of 64 bits, 1 or more.
CLI::Validator IsCount();

// A number from `least` to `most`, and the message says so.
CLI::Validator IsNumber(double least, double most = HUGE_VAL);

// To standard error: what every answer from this index warns of.
void PrintWarnings(const searcher::Searcher& searcher);

// A folder that holds an index, with what a killed writer left brought in.
Status PrepareToRead(const std::string& folder);

// Of this process, resident; bytes.
uint64_t PeakMemory();

void PrintLine(const std::string& text);  // to standard output, with a line end

}  // namespace sakuin::cli
