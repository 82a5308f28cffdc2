// The "```console" blocks of README.md and of docs/ are run as they stand, in a
// folder with the examples, and print what the page says.
//
// In a block a line that begins with "$ " is a command, the lines behind it are
// what it prints: standard output, then standard error. "..." alone stands for
// any lines, at the end of a line for any rest of it. Times, speeds and ports are
// not compared. $SITE is where examples/site is served.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/base/scratch_folder.h"
#include "tests/crawler/http_server.h"

namespace sakuin {
namespace {

using Lines = std::vector<std::string>;

struct Example {
  size_t line = 0;
  std::string command;
  Lines expected;
};

std::vector<Example> ReadExamples(const std::string& path) {
  std::ifstream page(path);
  std::vector<Example> examples;
  bool inside = false;
  size_t number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      examples.push_back({number, line.substr(2), {}});
    } else if (inside && !line.empty() && !examples.empty()) {
      examples.back().expected.push_back(line);
    }
  }
  return examples;
}

std::string WithoutTimes(const std::string& line) {
  static const std::regex kTimes("in [0-9.]+ ms|in [0-9.]+ s, [0-9.]+ MB/s|in [0-9.]+ s:|\"took_us\":[0-9]+");
  static const std::regex kPorts("127[.]0[.]0[.]1:[0-9]+");
  return std::regex_replace(std::regex_replace(line, kTimes, "TIME"), kPorts, "SITE");
}

// examples/site, as `python3 -m http.server` has it.
crawler::HttpServer& ServedSite() {
  static crawler::HttpServer server;
  static const bool is_filled = [] {
    const std::filesystem::path root = SAKUIN_SOURCE_DIR "/examples/site";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string name = entry.path().lexically_relative(root).string();
      const std::string type = name.ends_with(".html") ? "text/html" : name.ends_with(".xml") ? "application/xml" : "text/plain";
      const std::string body{std::istreambuf_iterator<char>(file), {}};
      server.Route("/" + name, crawler::PageOf(body, "Content-Type: " + type + "\r\n"));
      if (name == "index.html") server.Route("/", crawler::PageOf(body));
    }
    return true;
  }();
  EXPECT_TRUE(is_filled);
  return server;
}

// What a command prints in `folder`: standard output, then standard error.
Lines OutputOf(const std::string& command, const std::string& folder) {
  const std::string program_folder = std::filesystem::path(SAKUIN_PROGRAM).parent_path();
  const std::string script =
      "cd '" + folder + "' && export PATH='" + program_folder + "':$PATH SITE='" + ServedSite().Url("/") + "' && { " + command + "\n} 2>errors </dev/null; cat errors";
  Lines lines;
  FILE* pipe = ::popen(script.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), size);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(WithoutTimes(line));
  return lines;
}

bool LineMatches(const std::string& expected, const std::string& line) {
  const std::string wanted = WithoutTimes(expected);
  return wanted.ends_with("...") ? line.starts_with(wanted.substr(0, wanted.size() - 3)) : line == wanted;
}

bool Matches(const Lines& expected, size_t i, const Lines& lines, size_t j) {
  if (i == expected.size()) return j == lines.size();
  if (expected[i] == "...") return Matches(expected, i + 1, lines, j) || (j < lines.size() && Matches(expected, i, lines, j + 1));
  return j < lines.size() && LineMatches(expected[i], lines[j]) && Matches(expected, i + 1, lines, j + 1);
}

std::string Joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

bool HasHangul(const std::string& text) { return std::regex_search(text, std::regex("\xEA[\xB0-\xBF]|[\xEB\xEC]|\xED[\x80-\x9E]")); }

TEST(Readme, ComparisonNoticesWhatDiffers) {
  const Lines printed{"3 documents TIME", "  1. one", "  2. two"};
  EXPECT_TRUE(Matches({"3 documents in 1.5 ms", "...", "  2. two"}, 0, printed, 0));
  EXPECT_TRUE(Matches({"3 documents in 9 ms", "  1. o...", "..."}, 0, printed, 0));
  EXPECT_FALSE(Matches({"4 documents in 1.5 ms", "..."}, 0, printed, 0));
  EXPECT_FALSE(Matches({"3 documents in 1.5 ms", "  1. one"}, 0, printed, 0));
  EXPECT_FALSE(Matches({"...", "  1. two"}, 0, printed, 0));
}

class Page : public testing::TestWithParam<std::string> {};

TEST_P(Page, PrintsWhatItSays) {
  const std::vector<Example> examples = ReadExamples(SAKUIN_SOURCE_DIR "/" + GetParam());
  ASSERT_GE(examples.size(), 6U) << "the blocks were not found";
  const ScratchFolder scratch;
  std::filesystem::create_directory_symlink(SAKUIN_SOURCE_DIR "/examples", scratch.Path("examples"));
  const bool korean = Joined(OutputOf("sakuin analyze --analyzer korean x", scratch.path())).find("note:") == std::string::npos;
  size_t skipped = 0;
  for (const Example& example : examples) {
    if (!korean && HasHangul(example.command)) {  // a dictionary is missing
      ++skipped;
      continue;
    }
    const Lines lines = OutputOf(example.command, scratch.path());
    EXPECT_TRUE(Matches(example.expected, 0, lines, 0)) << GetParam() << ", line " << example.line << ": " << example.command << "\nprints\n"
                                                        << Joined(lines);
  }
  if (skipped > 0) GTEST_SKIP() << skipped << " examples need a dictionary that is not installed";
}

INSTANTIATE_TEST_SUITE_P(Documents, Page, testing::Values("README.md", "docs/crawling.md", "docs/json.md", "docs/linking.md"));

}  // namespace
}  // namespace sakuin
