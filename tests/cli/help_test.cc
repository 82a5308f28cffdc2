// Every command tells with --help what it does, by an example of its own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using testing::HasSubstr;

// The first words of the lines behind "Subcommands:".
std::vector<std::string> CommandsIn(const std::string& help) {
  std::vector<std::string> commands;
  std::istringstream lines(help);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') commands.push_back(line.substr(2, line.find(' ', 2) - 2));
    inside = (inside && !line.empty()) || line == "Subcommands:";
  }
  return commands;
}

// The number of commands.
size_t ExpectExamples(std::vector<std::string> command) {
  std::string name = "sakuin";
  for (const std::string& word : command) name += " " + word;
  command.emplace_back("--help");
  const Ended ended = RunSakuin(command);
  EXPECT_EQ(ended.code, 0);
  const size_t example = ended.out.find("Example: ");
  EXPECT_NE(example, std::string::npos) << name;
  EXPECT_THAT(ended.out.substr(std::min(example, ended.out.size())), HasSubstr(name + " "));
  size_t commands = 1;
  for (const std::string& each : CommandsIn(ended.out)) {
    command.back() = each;
    commands += ExpectExamples(command);
  }
  return commands;
}

TEST(Help, EveryCommandHasAnExampleOfItsOwn) { EXPECT_GT(ExpectExamples({}), 30U) << "the commands were not found"; }

}  // namespace
}  // namespace sakuin::cli
