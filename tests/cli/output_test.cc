// What cannot be printed is a failure of every command, and a reader that goes away is none.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using testing::HasSubstr;

class Output : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(keywords_) << "Tokyo\t/tokyo\n";
    std::ofstream(documents_) << R"({"id":"a","body":"To Tokyo"})" << "\n";
    ASSERT_EQ(RunSakuin({"index", "--index", index_, documents_}).code, 0);
  }

  static Ended RunInto(const std::string& output, const std::vector<std::string>& arguments, std::string_view input = {}) {
    ChildProgram program(arguments, output);
    program.Write(input);
    return program.Wait();
  }

  static void ExpectFull(const std::vector<std::string>& arguments, std::string_view input = {}) {
    const Ended ended = RunInto("/dev/full", arguments, input);
    EXPECT_EQ(ended.code, 1) << arguments[0];
    EXPECT_THAT(ended.err, HasSubstr("standard output cannot be written")) << arguments[0];
    EXPECT_EQ(RunInto("/dev/null", arguments, input).code, 0) << arguments[0];
  }

  const ScratchFolder scratch_;
  const std::string keywords_ = scratch_.Path("keywords.tsv");
  const std::string documents_ = scratch_.Path("documents.jsonl");
  const std::string index_ = scratch_.Path("index");
};

TEST_F(Output, AFullDiskIsAFailure) {
  ExpectFull({"link", "--keywords", keywords_}, "From Tokyo");
  ExpectFull({"link", "--keywords", keywords_}, std::string(1'000'000, 'x'));
  ExpectFull({"link", "--keywords", keywords_, "--all"}, "From Tokyo");
  ExpectFull({"search", "--index", index_, "tokyo"});
  ExpectFull({"search", "--index", index_, "--json", "tokyo"});
  ExpectFull({"suggest", "--index", index_, "tok"});
  ExpectFull({"analyze", "--analyzer", "standard", "text"});
  ExpectFull({"inspect", index_});
  ExpectFull({"verify", "--json", index_});
  ExpectFull({"index", "--index", index_, "--json", documents_});
  ExpectFull({"bench", "serve-queries", "--index", index_}, "COUNT\ttokyo\n");
  ExpectFull({"--help"});
  ExpectFull({"link", "--help"});
  ExpectFull({"--version"});
}

TEST_F(Output, WithJsonTheFailureIsJson) {
  const Ended ended = RunInto("/dev/full", {"search", "--index", index_, "--json", "tokyo"});
  EXPECT_EQ(nlohmann::json::parse(ended.err, nullptr, false)["error"]["code"], "RESOURCE_EXHAUSTED") << ended.err;
}

TEST_F(Output, AReaderThatGoesAwayHasWhatItWanted) {
  const std::string pipe = scratch_.Path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ChildProgram program({"link", "--keywords", keywords_}, pipe);
  ::close(reader);
  EXPECT_TRUE(program.Write("From Tokyo"));
  const Ended ended = program.Wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace sakuin::cli
