#include "crawler/host_queues.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "crawler/ready_heap.h"

namespace sakuin::crawler {
namespace {

using std::chrono::seconds;

constexpr Time kNow{seconds(1'000'000)};

QueueRecord Waiting(const std::string& name, uint64_t urls, const std::string& address = "") {
  QueueRecord record;
  record.name = name;
  record.address = address;
  record.waiting = urls;
  return record;
}

TEST(ReadyHeap, AgreesWithAMap) {
  std::mt19937 random(2);
  ReadyHeap heap;
  std::map<uint32_t, Time> times;
  for (int step = 0; step < 20'000; ++step) {
    const uint32_t id = random() % 50;
    if (random() % 3 == 0) {
      heap.Remove(id);
      times.erase(id);
    } else {
      heap.Set(id, times[id] = Time(Duration(random() % 100)));
    }
    ASSERT_EQ(heap.size(), times.size());
    if (times.empty()) continue;
    const auto first = std::min_element(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    ASSERT_EQ(heap.top(), first->first) << "step " << step;
    ASSERT_EQ(heap.top_time(), first->second);
  }
}

TEST(HostQueues, GivesTheOneThatHasWaitedLongest) {
  HostQueues queues(1);
  const QueueId a = queues.Add(Waiting("a.example", 2));
  const QueueId b = queues.Add(Waiting("b.example", 2));
  ASSERT_EQ(queues.Next(kNow), a);
  queues.HandedOut(a, kNow + seconds(3));
  ASSERT_EQ(queues.Next(kNow), b);
  queues.HandedOut(b, kNow + seconds(2));
  EXPECT_EQ(queues.Next(kNow + seconds(9)), std::nullopt) << "both are in flight";
  queues.Ended(a, kNow + seconds(4));
  queues.Ended(b, kNow);
  EXPECT_EQ(queues.NextTime(), kNow + seconds(2));
  EXPECT_EQ(queues.Next(kNow + seconds(5)), b);
}

TEST(HostQueues, QueuesOfOneAddressTakeTurns) {
  HostQueues queues(1);
  for (const char* name : {"a.example", "b.example", "c.example"}) queues.Add(Waiting(name, 10, "192.0.2.1"));
  Time now = kNow;
  for (int i = 0; i < 9; ++i) {
    const std::optional<QueueId> next = queues.Next(now);
    ASSERT_EQ(next, static_cast<QueueId>(i % 3));
    queues.HandedOut(*next, now + seconds(1));
    EXPECT_EQ(queues.Next(now + seconds(2)), std::nullopt) << "one request at a time";
    queues.Ended(*next, now + seconds(1));
    EXPECT_EQ(queues.Next(now), std::nullopt) << "and not before its delay";
    now += seconds(1);
  }
}

// Whoever has waited longest since its turn, of those that have something to give now.
TEST(HostQueues, ACrowdAgreesWithLookingAtAllOfIt) {
  std::mt19937 random(7);
  HostQueues queues(1);
  std::vector<uint64_t> turns;
  for (int i = 0; i < 40; ++i) queues.Add(Waiting(std::to_string(i), random() % 3, "192.0.2.1"));
  for (uint64_t i = 1; i <= 40; ++i) turns.push_back(i);
  Time now = kNow;
  for (uint64_t step = 0; step < 5000; ++step) {
    now += seconds(1);
    const QueueId changed = random() % 40;
    switch (random() % 4) {
      case 0: queues.record(changed).waiting = random() % 3; break;
      case 1: queues.record(changed).blocked_until = now + seconds(random() % 50); break;
      case 2: queues.Pause(changed, now + seconds(random() % 50)); break;
      default: queues.record(changed).active = random() % 4 != 0;
    }
    queues.Changed(changed);
    std::optional<QueueId> expected;
    for (QueueId queue = 0; queue < 40; ++queue) {
      if (!queues.MayGive(queue) || queues.rests_until(queue) > now) continue;
      if (!expected.has_value() || turns[queue] < turns[*expected]) expected = queue;
    }
    ASSERT_EQ(queues.Next(now), expected) << "step " << step;
    if (!expected.has_value()) continue;
    ASSERT_EQ(std::max(*queues.NextTime(), now), now);
    queues.HandedOut(*expected, now);
    turns[*expected] = 100 + step;
    queues.Ended(*expected, now);
  }
}

TEST(HostQueues, AQueueTakesItsRequestsAlongToAnAddress) {
  HostQueues queues(1);
  const QueueId a = queues.Add(Waiting("a.example", 2));
  const QueueId b = queues.Add(Waiting("b.example", 2, "192.0.2.1"));
  queues.HandedOut(a, kNow);
  queues.SetAddress(a, "192.0.2.1");
  EXPECT_EQ(queues.Next(kNow), std::nullopt) << "a is being asked, and b is the same server";
  queues.Ended(a, kNow + seconds(1));
  EXPECT_EQ(queues.NextTime(), kNow + seconds(1));
  queues.SetAddress(a, "");
  EXPECT_EQ(queues.Next(kNow + seconds(1)).has_value(), true);
  queues.HandedOut(b, kNow);
  EXPECT_EQ(queues.Next(kNow + seconds(1)), a) << "each for itself again";
}

TEST(HostQueues, ATurnThatWasNotTakenIsTheNextOnes) {
  HostQueues queues(2);
  const QueueId a = queues.Add(Waiting("a.example", 5));
  queues.HandedOut(a, kNow);
  queues.Ended(a, kNow + seconds(1));
  const Turn turn = queues.HandedOut(a, kNow + seconds(31));
  EXPECT_EQ(queues.NextTime(), kNow + seconds(31));
  queues.TakenBack(a, turn);
  EXPECT_EQ(queues.NextTime(), kNow + seconds(1)) << "as before";
  EXPECT_EQ(queues.in_flight(a), 0U);
  const Turn first = queues.HandedOut(a, kNow + seconds(31));
  const Turn second = queues.HandedOut(a, kNow + seconds(61));
  queues.TakenBack(a, first);
  EXPECT_EQ(queues.NextTime(), kNow + seconds(61)) << "another turn has been taken since";
  queues.TakenBack(a, second);
  EXPECT_EQ(queues.NextTime(), kNow + seconds(61)) << "and something has happened since that one, too";
}

TEST(HostQueues, TurnsForSomethingElseWaitLikeUrls) {
  HostQueues queues(1);
  const QueueId a = queues.Add(Waiting("a.example", 2, "192.0.2.1"));
  const QueueId b = queues.Add(Waiting("b.example", 0, "192.0.2.1"));
  queues.HandedOut(a, kNow + seconds(1));
  EXPECT_EQ(queues.TakeTurn(b, kNow, kNow), kNow + seconds(1));
  EXPECT_GT(queues.TakeTurn(b, kNow + seconds(2), kNow), kNow + seconds(2)) << "one at a time";
  queues.SetAside(a, true);
  EXPECT_EQ(queues.TakeTurn(b, kNow + seconds(2), kNow + seconds(3)), kNow + seconds(2));
  EXPECT_GT(queues.TakeTurn(a, kNow + seconds(4), kNow), kNow + seconds(4)) << "the turn is out";
  EXPECT_EQ(queues.Next(kNow + seconds(4)), std::nullopt);
  queues.Returned(b, kNow + seconds(5));
  EXPECT_EQ(queues.Next(kNow + seconds(5)), std::nullopt) << "what waits for another host is in flight";
  queues.SetAside(a, false);
  queues.Ended(a, kNow + seconds(5));
  EXPECT_EQ(queues.Next(kNow + seconds(5)), a);
  queues.Pause(b, kNow + seconds(60));
  EXPECT_EQ(queues.TakeTurn(b, kNow + seconds(5), kNow), kNow + seconds(60));
  queues.SetAside(a, true);
  queues.SetAddress(a, "");
  EXPECT_EQ(queues.TakeTurn(a, kNow + seconds(6), kNow + seconds(7)), kNow + seconds(6));
  queues.SetAddress(a, "192.0.2.1");
  EXPECT_EQ(queues.Next(kNow + seconds(7)), std::nullopt) << "its turn is out here, too";
}

TEST(HostQueues, BlockedInactiveAndSpentQueuesWait) {
  HostQueues queues(1);
  const QueueId a = queues.Add(Waiting("a.example", 5));
  queues.record(a).blocked_until = kNow + seconds(60);
  queues.Changed(a);
  EXPECT_EQ(queues.Next(kNow), std::nullopt);
  EXPECT_EQ(queues.NextTime(), kNow + seconds(60));
  queues.record(a).active = false;
  queues.Changed(a);
  EXPECT_EQ(queues.NextTime(), std::nullopt);
  queues.record(a).active = true;
  queues.record(a).limit = queues.record(a).completed = 3;
  queues.Changed(a);
  EXPECT_EQ(queues.NextTime(), std::nullopt);
  queues.record(a).limit = 4;
  queues.Changed(a);
  EXPECT_EQ(queues.Next(kNow + seconds(60)), a);
  EXPECT_EQ(queues.Room(a), 1U);
}

}  // namespace
}  // namespace sakuin::crawler
