#include "tests/cli/child_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

extern char** environ;

namespace sakuin::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void LetSanitizersSayNo() {
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    const char* before = std::getenv(name);
    const std::string options = before == nullptr ? std::string() : std::string(before) + ":";
    ::setenv(name, (options + "exitcode=" + std::to_string(kSanitizerExit)).c_str(), 1);
  }
}

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& arguments, const std::string& output, InputKind input) {
  std::signal(SIGPIPE, SIG_IGN);
  LetSanitizersSayNo();
  int ends[2];
  Require((input == InputKind::kPipe ? ::pipe2(ends, O_CLOEXEC) : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) == 0);
  posix_spawn_file_actions_t actions;
  Require(::posix_spawn_file_actions_init(&actions) == 0);
  ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  const std::string out = output.empty() ? scratch_.Path("out") : output;
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, scratch_.Path("err").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<std::string> words = {SAKUIN_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  Require(::posix_spawn(&process_, SAKUIN_PROGRAM, &actions, nullptr, pointers.data(), environ) == 0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[0]);
  input_ = ends[1];
  Require(::fcntl(input_, F_SETFL, O_NONBLOCK) == 0);
}

ChildProgram::~ChildProgram() {
  if (process_ == -1) return;
  Kill();
  Wait();
}

size_t ChildProgram::Offer(std::string_view bytes, std::chrono::milliseconds wait) {
  const Clock::time_point end = Clock::now() + wait;
  size_t taken = 0;
  while (taken < bytes.size()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) break;
    pollfd ready{input_, POLLOUT, 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0 || (ready.revents & POLLERR) != 0) break;
    const ssize_t written = ::write(input_, bytes.data() + taken, bytes.size() - taken);
    if (written < 0) break;
    taken += static_cast<size_t>(written);
  }
  return taken;
}

bool ChildProgram::Write(std::string_view bytes) { return Offer(bytes, std::chrono::minutes(10)) == bytes.size(); }

void ChildProgram::CloseInput() {
  if (input_ != -1) ::close(input_);
  input_ = -1;
}

std::string ChildProgram::Output() const { return ReadFile(scratch_.Path("out")); }

bool ChildProgram::HasEnded() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == process_;
}

void ChildProgram::Kill() { ::kill(process_, SIGKILL); }

void ChildProgram::Interrupt() { ::kill(process_, SIGINT); }

Ended ChildProgram::Wait() {
  CloseInput();
  int status = 0;
  rusage usage{};
  Require(::wait4(process_, &status, 0, &usage) == process_);
  process_ = -1;
  Ended ended;
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  ended.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) << 10;
  ended.out = Output();
  ended.err = ReadFile(scratch_.Path("err"));
  return ended;
}

Ended RunSakuin(const std::vector<std::string>& arguments, std::string_view input) {
  ChildProgram program(arguments);
  program.Write(input);
  return program.Wait();
}

}  // namespace sakuin::cli
