// output_file.h: files that a command is about to write, and what may not be lost by it.
//
//   RETURN_IF_ERROR(CheckOutput("--out", options.out, options.sources, {"SAKUINKW", "dictionary"}));
//
// A shell that expands --out *.tsv gives the first list as the output. Pure but for the files: thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::cli {

struct OutputKind {
  std::string_view begins;  // the first bytes of such a file
  std::string_view name;    // what people call it
};

// INVALID_ARGUMENT where the output is one of the inputs, or a file that is neither empty nor of this kind.
// `option`: that gave the output, for the message.
Status CheckOutput(const std::string& option, const std::string& output, const std::vector<std::string>& inputs, OutputKind kind);

}  // namespace sakuin::cli
