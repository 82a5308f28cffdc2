// The program: picks the subcommand, runs it, and turns what went wrong into an
// exit code.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "base/cpu.h"
#include "cli/command.h"
#include "cli/usage_error.h"

namespace {

bool AsksForJson(const std::vector<std::string>& arguments) {
  const auto options_end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), options_end, "--json") != options_end;
}

// As `head` does, which has what it wants.
bool ReaderHasGone() {
  pollfd output = {STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

// What could not be written, now or before, is an error, but for a reader that has gone.
sakuin::Status FinishOutput() {
  const bool flushed = std::fflush(stdout) == 0;
  const int error = errno;
  std::cout.flush();
  if ((flushed && std::ferror(stdout) == 0 && !std::cout.fail()) || ReaderHasGone()) return sakuin::OkStatus();
  const std::string message = "standard output cannot be written, and what was printed is not whole";
  return flushed ? sakuin::DataLossError(message) : sakuin::ErrnoError(error, message);
}

int RunProgram(int argc, char** argv) {
  CLI::App app("Sakuin: full-text search in English, Korean, Japanese, Chinese and more.", "sakuin");
  app.require_subcommand(1);
  app.set_version_flag("--version", "sakuin 0.1.0");
  app.footer("Example: sakuin index --index ./my-index docs.jsonl && sakuin search --index ./my-index 'quick fox'");
  sakuin::cli::Run run;
  sakuin::cli::AddIndexCommand(app, run);
  sakuin::cli::AddCrawlCommand(app, run);
  sakuin::cli::AddDeleteCommand(app, run);
  sakuin::cli::AddSearchCommand(app, run);
  sakuin::cli::AddSuggestCommand(app, run);
  sakuin::cli::AddEvalCommand(app, run);
  sakuin::cli::AddAnalyzeCommand(app, run);
  sakuin::cli::AddInspectCommands(app, run);
  sakuin::cli::AddOptimizeCommand(app, run);
  sakuin::cli::AddBackupCommands(app, run);
  sakuin::cli::AddLinkCommand(app, run);
  sakuin::cli::AddKeywordsCommand(app, run);
  sakuin::cli::AddRelinkCommand(app, run);
  sakuin::cli::AddClassifyCommand(app, run);
  sakuin::cli::AddBenchCommand(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return sakuin::cli::FailUsage(sakuin::cli::ExplainUsage(app, error, arguments), AsksForJson(arguments));
  }
  return run ? run() : sakuin::cli::kExitUsage;
}

int RunToTheLastByte(int argc, char** argv) {
  const int code = RunProgram(argc, argv);
  if (code != sakuin::cli::kExitDone) return code;
  const sakuin::Status finished = FinishOutput();
  return finished.ok() ? code : sakuin::cli::Fail(finished, AsksForJson({argv + 1, argv + argc}));
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is a write error, not a death
  if (!sakuin::MachineIsSupported()) {
    std::fputs("sakuin: this processor lacks SSE4.2 or POPCNT, which the program is compiled for; run it on an x86-64-v2 machine (2009 or later)\n",
               stderr);
    return sakuin::cli::kExitFailed;
  }
  try {
    return RunToTheLastByte(argc, argv);
  } catch (const std::bad_alloc&) {
    return sakuin::cli::Fail(sakuin::ResourceExhaustedError("out of memory: give a smaller --memory, or a smaller input"), false);
  } catch (const std::exception& error) {
    return sakuin::cli::Fail(sakuin::InternalError(std::string("unexpected: ") + error.what()), false);
  }
}
