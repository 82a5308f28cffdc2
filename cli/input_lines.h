// input_lines.h: the lines of files and of standard input, one after another, as
// they are inside .gz and .zst.
//
//   InputLines lines({"a.jsonl.gz", "-"});
//   RETURN_IF_ERROR(lines.ForEach([&](std::string_view line) { return Take(line, lines.place()); }));
//
// Blank lines are passed over. A line that is too long is an error of that line:
// it goes to `refuse` as others go to the function that takes them. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::indexer {
class ByteInput;
}

namespace sakuin::cli {

class InputLines {
 public:
  static constexpr size_t kMaxLineBytes = size_t{256} << 20;

  explicit InputLines(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  using Take = std::function<Status(std::string_view line)>;
  // `idle` is called whenever an input has nothing for now, and now and then in between.
  Status ForEach(const Take& take, const std::function<Status()>& refuse, const std::function<Status()>& idle);

  // "file:line" of the line that is being taken.
  std::string place() const { return name_ + ":" + std::to_string(number_); }
  uint64_t number() const { return number_; }  // in its input, from 1, blank lines counted
  uint64_t lines() const { return lines_; }  // of all inputs, blank ones not counted

 private:
  Status ReadOne(indexer::ByteInput& input, const Take& take, const std::function<Status()>& refuse, const std::function<Status()>& idle);

  std::vector<std::string> paths_;
  std::string name_;
  uint64_t number_ = 0;
  uint64_t lines_ = 0;
};

}  // namespace sakuin::cli
