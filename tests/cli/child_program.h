// child_program.h: the built `sakuin` program as a child process of a test.
//
//   const Ended ended = RunSakuin({"search", "--index", folder, "--json", "fox"});
//   EXPECT_EQ(ended.code, 0) << ended.err;
//
//   ChildProgram writer({"index", "--index", folder, "--acks", "--format", "jsonl", "-"});
//   writer.Write("{\"id\":\"a\",\"body\":\"fox\"}\n");
//   writer.Kill();                                       // as kill -9
//   const Ended killed = writer.Wait();                  // killed.signal == SIGKILL
//
// What the program prints goes to files, so that it never waits for its reader.
// A sanitizer's report ends it with kSanitizerExit, which no test expects. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/base/scratch_folder.h"

namespace sakuin::cli {

inline constexpr int kSanitizerExit = 99;

struct Ended {
  int code = -1;   // of exit, or -1
  int signal = 0;  // that ended it, or 0
  uint64_t peak_bytes = 0;  // most memory in use at a time
  std::string out;
  std::string err;
};

// What its standard input is.
enum class InputKind { kPipe, kSocket };

class ChildProgram {
 public:
  // What it prints goes to the file `output` instead, where that is given.
  explicit ChildProgram(const std::vector<std::string>& arguments, const std::string& output = {}, InputKind input = InputKind::kPipe);
  ~ChildProgram();  // kills it
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  // Gives all bytes to its standard input. False: it no longer reads.
  bool Write(std::string_view bytes);
  // Gives as many as it takes in this time; returns how many.
  size_t Offer(std::string_view bytes, std::chrono::milliseconds wait);
  void CloseInput();

  std::string Output() const;  // so far
  bool HasEnded() const;
  void Kill();  // as kill -9
  void Interrupt();  // as Ctrl-C
  Ended Wait();  // closes its input

 private:
  const ScratchFolder scratch_;
  int input_ = -1;
  pid_t process_ = -1;
};

// From start to end, with `input` as its standard input.
Ended RunSakuin(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace sakuin::cli
