#include "crawler/disk_frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/base/scratch_folder.h"

namespace sakuin::crawler {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kNow{hours(480'000)};

class DiskFrontierTest : public testing::Test {
 protected:
  DiskFrontierTest() { Open(); }

  void Open(const DiskFrontierOptions& options = {}) {
    frontier_.reset();
    auto opened = DiskFrontier::Open(scratch_.Path("frontier"), options);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    frontier_ = *std::move(opened);
  }

  void Discover(const std::string& queue, const std::string& url, uint8_t priority = kDefaultPriority) {
    ASSERT_TRUE(frontier_->PutDiscovered({{.url = url, .queue = queue, .priority = priority}}, kNow).ok());
  }

  std::vector<std::string> Get(Time now, size_t queues = 10, size_t urls = 1) {
    const auto leased = frontier_->GetUrls({.max_queues = queues, .max_urls_per_queue = urls}, now);
    EXPECT_TRUE(leased.ok()) << leased.status().ToString();
    std::vector<std::string> texts;
    for (const LeasedUrl& url : *leased) texts.push_back(url.url);
    return texts;
  }

  void Complete(const std::string& queue, const std::string& url, Time now, std::optional<Time> refetch = {}, std::optional<Duration> rest = {}) {
    ASSERT_TRUE(frontier_->PutKnown({.url = url, .queue = queue, .refetch_at = refetch, .metadata = "m", .rest = rest}, now).ok());
  }

  const ScratchFolder scratch_;
  std::unique_ptr<DiskFrontier> frontier_;
};

TEST_F(DiskFrontierTest, GivesByPriorityThenByDiscovery) {
  ASSERT_TRUE(frontier_->SetDelay("a", Duration(0)).ok());
  Discover("a", "1");
  Discover("a", "2");
  Discover("a", "urgent", 255);
  for (const char* expected : {"urgent", "1", "2"}) {
    EXPECT_THAT(Get(kNow), ElementsAre(expected));
    Complete("a", expected, kNow);
  }
  EXPECT_THAT(Get(kNow), IsEmpty());
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), std::nullopt);
}

TEST_F(DiskFrontierTest, WaitsForTheDelayAndForTheRest) {
  for (const char* url : {"1", "2", "3"}) Discover("a", url);
  EXPECT_THAT(Get(kNow, 10, 5), ElementsAre("1")) << "one at a time";
  EXPECT_THAT(Get(kNow + seconds(5)), IsEmpty()) << "it is in flight";
  Complete("a", "1", kNow + milliseconds(300), {}, milliseconds(300));
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), kNow + seconds(1)) << "the delay is the longer one";
  EXPECT_THAT(Get(kNow + milliseconds(999)), IsEmpty());
  EXPECT_THAT(Get(kNow + seconds(1)), ElementsAre("2"));
  Complete("a", "2", kNow + seconds(5), {}, seconds(4));
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), kNow + seconds(9));
  EXPECT_THAT(Get(kNow + seconds(9)), ElementsAre("3"));
}

TEST_F(DiskFrontierTest, HandsOutAgainWhenALeaseEndsOrAProcessDid) {
  Discover("a", "1");
  EXPECT_THAT(Get(kNow), ElementsAre("1"));
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), kNow + std::chrono::minutes(10));
  EXPECT_THAT(Get(kNow + std::chrono::minutes(10)), ElementsAre("1"));
  EXPECT_EQ(frontier_->Stats().leases_expired, 1U);
  Open();
  EXPECT_THAT(Get(kNow), ElementsAre("1"));
  ASSERT_TRUE(frontier_->Release("a", "1", kNow).ok());
  EXPECT_EQ(frontier_->Release("a", "1", kNow).code(), StatusCode::kNotFound);
  EXPECT_THAT(Get(kNow + seconds(1)), ElementsAre("1"));
}

TEST_F(DiskFrontierTest, FetchesAgainWhenItIsTime) {
  Discover("a", "1");
  EXPECT_THAT(Get(kNow), ElementsAre("1"));
  Complete("a", "1", kNow, kNow + hours(5));
  Open();
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), kNow + hours(5));
  EXPECT_THAT(Get(kNow + hours(5) - milliseconds(1)), IsEmpty());
  const auto again = frontier_->GetUrls({}, kNow + hours(5));
  ASSERT_EQ(again->size(), 1U);
  EXPECT_TRUE(again->front().known);
  EXPECT_EQ(again->front().metadata, "m");
  Complete("a", "1", kNow, kNow + hours(500));
  ASSERT_TRUE(frontier_->SetRefetchTime("a", "1", kNow + hours(6)).ok());
  EXPECT_THAT(Get(kNow + hours(6)), ElementsAre("1"));
  EXPECT_EQ(frontier_->SetRefetchTime("a", "2", kNow).code(), StatusCode::kNotFound);
}

// The visit is over, what came of it is not yet safe: the host is asked for the next page, nobody for this one.
TEST_F(DiskFrontierTest, AVisitMayEndBeforeItIsKnown) {
  for (const char* url : {"1", "2", "3"}) Discover("a", url);
  EXPECT_THAT(Get(kNow), ElementsAre("1"));
  ASSERT_TRUE(frontier_->EndVisit("a", "1", seconds(2), kNow).ok());
  EXPECT_EQ(frontier_->EndVisit("a", "1", seconds(2), kNow).code(), StatusCode::kNotFound) << "it is over";
  EXPECT_THAT(Get(kNow + seconds(1)), IsEmpty()) << "the host rests";
  EXPECT_THAT(Get(kNow + seconds(2)), ElementsAre("2"));
  ASSERT_TRUE(frontier_->EndVisit("a", "2", {}, kNow + seconds(2)).ok());
  EXPECT_THAT(Get(kNow + seconds(3)), ElementsAre("3"));
  Complete("a", "1", kNow + seconds(3));
  EXPECT_THAT(Get(kNow + seconds(4)), IsEmpty()) << "3 is in flight still";
  ASSERT_TRUE(frontier_->Release("a", "3", kNow + seconds(4)).ok());
  EXPECT_THAT(Get(kNow + seconds(5)), ElementsAre("3"));
  Complete("a", "3", kNow + seconds(5));
  EXPECT_EQ(frontier_->Stats().waiting, 1U);
  EXPECT_THAT(Get(kNow + seconds(60)), IsEmpty());
  EXPECT_THAT(Get(kNow + std::chrono::minutes(11)), ElementsAre("2")) << "nobody said what came of it";
  Open();
  EXPECT_THAT(Get(kNow), ElementsAre("2"));
}

TEST_F(DiskFrontierTest, ALongerBlockStays) {
  Discover("a", "1");
  ASSERT_TRUE(frontier_->BlockQueueUntil("a", kNow + hours(1)).ok());
  ASSERT_TRUE(frontier_->BlockQueueUntil("a", kNow + seconds(20)).ok());
  EXPECT_THAT(Get(kNow + seconds(3599)), IsEmpty());
  EXPECT_THAT(Get(kNow + hours(1)), ElementsAre("1"));
}

TEST_F(DiskFrontierTest, ABlockOfAnAddressIsOfAllItsNames) {
  for (const char* queue : {"a", "b", "c"}) Discover(queue, std::string("http://") + queue);
  for (const char* queue : {"a", "b"}) ASSERT_TRUE(frontier_->SetAddress(queue, "192.0.2.1").ok());
  ASSERT_TRUE(frontier_->BlockAddressUntil("a", kNow + seconds(20)).ok());
  EXPECT_THAT(Get(kNow + seconds(19)), ElementsAre("http://c"));
  EXPECT_THAT(Get(kNow + seconds(20)), ElementsAre("http://a"));
}

TEST_F(DiskFrontierTest, ATurnMayBeGivenBack) {
  ASSERT_TRUE(frontier_->SetDelay("a", seconds(30)).ok());
  for (const char* url : {"1", "2", "3"}) Discover("a", url);
  EXPECT_THAT(Get(kNow), ElementsAre("1"));
  ASSERT_TRUE(frontier_->GiveTurnBack("a", "1").ok());
  EXPECT_EQ(frontier_->GiveTurnBack("a", "1").code(), StatusCode::kNotFound) << "it is over";
  EXPECT_EQ(frontier_->GiveTurnBack("a", "3").code(), StatusCode::kNotFound) << "it was not handed out";
  EXPECT_THAT(Get(kNow), ElementsAre("2")) << "at once, and the first one is still leased";
  Complete("a", "1", kNow);
  EXPECT_THAT(Get(kNow + seconds(29)), IsEmpty()) << "this turn was taken";
}

TEST_F(DiskFrontierTest, AllThatIsKnownMayBeAskedForAgain) {
  ASSERT_TRUE(frontier_->SetDelay("a", Duration(0)).ok());
  for (const char* url : {"later", "sooner", "never"}) Discover("a", url);
  const std::map<std::string, std::optional<Time>> times = {{"later", kNow + hours(9)}, {"sooner", kNow + hours(5)}, {"never", std::nullopt}};
  for (const char* url : {"later", "sooner", "never"}) {
    EXPECT_THAT(Get(kNow), ElementsAre(url));
    Complete("a", url, kNow, times.at(url));
  }
  const auto unasked = frontier_->GetUrls({.revisit = false}, kNow + hours(10));
  EXPECT_TRUE(unasked->empty()) << "due, but not wanted";
  EXPECT_EQ(*frontier_->NextReadyTime(kNow, false), std::nullopt);
  EXPECT_EQ(*frontier_->MakeAllDue(kNow), 2U);
  EXPECT_THAT(Get(kNow), ElementsAre("sooner"));
  Complete("a", "sooner", kNow);
  EXPECT_THAT(Get(kNow), ElementsAre("later"));
}

TEST_F(DiskFrontierTest, KeepsSettingsOverARestart) {
  for (const char* queue : {"a", "b", "c"}) Discover(queue, std::string("http://") + queue);
  ASSERT_TRUE(frontier_->BlockQueueUntil("a", kNow + hours(1)).ok());
  ASSERT_TRUE(frontier_->SetCrawlLimit("b", 0).ok());
  ASSERT_TRUE(frontier_->SetActive("c", false).ok());
  ASSERT_TRUE(frontier_->SetAddress("c", "192.0.2.1").ok());
  Open();
  EXPECT_THAT(Get(kNow), IsEmpty());
  EXPECT_THAT(Get(kNow + hours(1)), ElementsAre("http://a"));
  EXPECT_EQ(frontier_->StatsOf("c")->address, "192.0.2.1");
  EXPECT_THAT(frontier_->ListQueues(1, 5), ElementsAre("b", "c"));
  frontier_->SetActive(false);
  ASSERT_TRUE(frontier_->SetActive("c", true).ok());
  EXPECT_THAT(Get(kNow), IsEmpty());
  EXPECT_EQ(*frontier_->NextReadyTime(kNow), std::nullopt);
  frontier_->SetActive(true);
  EXPECT_THAT(Get(kNow), ElementsAre("http://c"));
}

TEST_F(DiskFrontierTest, PurgesAQueue) {
  Discover("a", "1");
  Discover("a", "2");
  Discover("b", "3");
  EXPECT_THAT(Get(kNow, 1), ElementsAre("1"));
  Complete("a", "1", kNow, kNow + hours(1));
  EXPECT_EQ(*frontier_->PurgeQueue("a"), 2U);
  EXPECT_EQ(frontier_->StatusOf("a", "1").status().code(), StatusCode::kNotFound);
  EXPECT_THAT(Get(kNow + hours(2)), ElementsAre("3"));
  EXPECT_EQ(frontier_->PutDiscovered({{.url = "1", .queue = "a"}}, kNow)->added, 1U) << "it is new again";
  EXPECT_EQ(frontier_->PurgeQueue("nowhere").status().code(), StatusCode::kNotFound);
}

TEST_F(DiskFrontierTest, RefusesWhatIsEmptyOrTooLong) {
  const std::string long_url(kMaxUrlBytes + 1, 'u');
  const auto counts = frontier_->PutDiscovered({{.url = "", .queue = "a"}, {.url = "1", .queue = ""}, {.url = long_url, .queue = "a"}}, kNow);
  EXPECT_EQ(counts->refused, 3U);
  EXPECT_EQ(frontier_->PutKnown({.url = long_url, .queue = "a"}, kNow).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(frontier_->SetDelay("", seconds(1)).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(frontier_->Sync().ok()) << "this is no error of the disk";
}

TEST_F(DiskFrontierTest, NotesAgreeWithAMap) {
  std::mt19937 random(11);
  std::map<std::string, std::string> expected;
  std::map<std::string, std::string> written;  // what stays when it is opened again
  const auto key_of = [&] {
    std::string key(1, static_cast<char>('a' + random() % 3));
    for (size_t n = random() % 3; n > 0; --n) key += static_cast<char>(0xFD + random() % 3);
    return key;
  };
  for (int step = 0; step < 4000; ++step) {
    const std::string key = key_of();
    switch (random() % 8) {
      case 0: ASSERT_TRUE(frontier_->DeleteNote(key).ok()); expected.erase(key); break;
      case 1: ASSERT_TRUE(frontier_->Sync().ok()); written = expected; break;
      case 2: {
        if (random() % 10 != 0) break;
        ASSERT_TRUE(frontier_->DeleteNotes(key[0]).ok());
        for (auto* notes : {&expected, &written}) std::erase_if(*notes, [&](const auto& note) { return note.first[0] == key[0]; });
        break;
      }
      case 3:
        if (random() % 50 != 0) break;
        Open();
        expected = written;
        break;
      default: ASSERT_TRUE(frontier_->PutNote(key, std::to_string(step)).ok()); expected[key] = std::to_string(step);
    }
    const std::string asked = key_of();
    std::string value;
    const auto read = frontier_->ReadNote(asked, value);
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(*read, expected.contains(asked)) << "step " << step;
    ASSERT_EQ(*read ? value : std::string(), *read ? expected[asked] : std::string());
    std::map<std::string, std::string> found;
    ASSERT_TRUE(frontier_->ScanNotes(asked, [&](std::string_view at, std::string_view of) { return found.emplace(at, of).second; }).ok());
    std::map<std::string, std::string> wanted = expected;
    std::erase_if(wanted, [&](const auto& note) { return !note.first.starts_with(asked); });
    ASSERT_EQ(found, wanted) << "step " << step;
  }
}

}  // namespace
}  // namespace sakuin::crawler
