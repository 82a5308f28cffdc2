// usage_error.h: what is said when the command line is not understood.
//
//   Status status = ExplainUsage(app, error, {argv + 1, argv + argc});
//   // "sakuin search has no option '-lazy'; see sakuin search --help, and put text that begins with - behind --"
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/status.h"

namespace sakuin::cli {

// INVALID_ARGUMENT that names what was expected, what was found and what to do.
// `app` has parsed `arguments` as far as it went.
Status ExplainUsage(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments);

}  // namespace sakuin::cli
