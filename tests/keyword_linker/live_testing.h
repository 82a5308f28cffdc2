// live_testing.h: live dictionaries in tests, and all that one of them shows.
//
//   TEST_F(LiveDictionaryTest, ...) {
//     Create({{"Tokyo", {"/tokyo", 0}}});
//     const auto live = Open();
//     KeywordsOf(*live->Snapshot());                                      // as a map
//     Told(*live->Snapshot(), "in tokyo", MatchKind::kLongest);           // {"3-8 Tokyo /tokyo 0"}
//   }
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "keyword_linker/live_dictionary.h"
#include "tests/base/scratch_folder.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {

struct Meaning {
  std::string target;
  int32_t priority = 0;
  bool operator==(const Meaning&) const = default;
};
using Keywords = std::map<std::string, Meaning>;

inline void FillBuilder(const Keywords& keywords, DictionaryBuilder& builder) {
  for (const auto& [keyword, meaning] : keywords) ASSERT_TRUE(builder.Add({keyword, meaning.target, meaning.priority}).ok());
}

inline Keywords KeywordsOf(const DictionaryView& view) {
  Keywords keywords;
  view.ForEach([&keywords](const Entry& entry) {
    const auto [at, is_new] = keywords.emplace(entry.keyword, Meaning{std::string(entry.target), entry.priority});
    EXPECT_TRUE(is_new) << at->first << " is shown twice";
  });
  return keywords;
}

// Every link, whole.
inline std::vector<std::string> Told(const DictionaryView& view, std::string_view text, MatchKind kind) {
  LinkOptions options;
  options.kind = kind;
  options.boundaries = Boundaries::kNone;
  std::vector<std::string> told;
  for (const Link& link : LinksIn({view}, text, options)) {
    told.push_back(std::to_string(link.start) + "-" + std::to_string(link.end) + " " + std::string(link.entry().keyword) + " " +
                   std::string(link.entry().target) + " " + std::to_string(link.entry().priority));
  }
  if (kind == MatchKind::kAll) std::sort(told.begin(), told.end());
  return told;
}

class LiveDictionaryTest : public testing::Test {
 protected:
  void Create(const Keywords& keywords, FileSystem& fs = PosixFileSystem()) {
    DictionaryBuilder builder;
    FillBuilder(keywords, builder);
    const Status status = LiveDictionary::Create(fs, folder_, builder);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  std::unique_ptr<LiveDictionary> Open(const LiveOptions& options = {}) {
    Result<std::unique_ptr<LiveDictionary>> live = LiveDictionary::Open(PosixFileSystem(), folder_, options);
    EXPECT_TRUE(live.ok()) << live.status().ToString();
    return *std::move(live);
  }

  const ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("site.keywords");
};

}  // namespace sakuin::keyword_linker
