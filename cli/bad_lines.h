// bad_lines.h: lines of an input that cannot be used: told, counted, or the end of it.
//
//   BadLines bad(options.strict);
//   if (!status.ok()) return bad.Report(lines.place(), status);    // goes on, unless --strict
//   ...
//   return bad.Verdict();                                          // an error when there were any
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace sakuin::cli {

class BadLines {
 public:
  explicit BadLines(bool strict) : strict_(strict) {}

  // To standard error, the first hundred of them; with `strict` the error to stop with.
  Status Report(const std::string& place, const Status& why);
  uint64_t count() const { return count_; }
  Status Verdict() const;

  // Why a line that InputLines refuses cannot be used.
  static Status TooLong();

 private:
  bool strict_;
  uint64_t count_ = 0;
};

}  // namespace sakuin::cli
