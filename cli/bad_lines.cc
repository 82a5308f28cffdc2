#include "cli/bad_lines.h"

#include <cstdio>

#include "base/counted.h"
#include "cli/command.h"
#include "cli/input_lines.h"

namespace sakuin::cli {
namespace {

constexpr uint64_t kShownErrors = 100;

}  // namespace

Status BadLines::Report(const std::string& place, const Status& why) {
  ++count_;
  const std::string text = place + ": " + std::string(why.message());
  if (strict_) return InvalidArgumentError(text + " (stopped: --strict)");
  if (count_ <= kShownErrors) std::fprintf(stderr, "sakuin: %s\n", text.c_str());
  if (count_ == kShownErrors) std::fprintf(stderr, "sakuin: further broken lines are counted, not shown\n");
  return OkStatus();
}

Status BadLines::Verdict() const {
  if (count_ == 0) return OkStatus();
  return InvalidArgumentError(Counted(count_, "broken line") + " left out; all others are used");
}

Status BadLines::TooLong() { return InvalidArgumentError("the line is longer than " + std::to_string(InputLines::kMaxLineBytes) + " bytes"); }

}  // namespace sakuin::cli
