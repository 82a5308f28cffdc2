#include "indexer/graph_bisection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace sakuin::indexer {
namespace {

using index::DocId;

// Documents of `topics` topics, dealt out like cards: neighbours never share one.
ForwardIndex MakeTopics(uint32_t documents, uint32_t topics, uint32_t seed) {
  constexpr uint32_t kWordsPerTopic = 50;
  std::mt19937 random(seed);
  ForwardIndex forward;
  forward.word_count = topics * kWordsPerTopic + 100;
  for (uint32_t doc = 0; doc < documents; ++doc) {
    std::vector<uint32_t> words;
    words.reserve(30);
    for (int i = 0; i < 20; ++i) words.push_back(doc % topics * kWordsPerTopic + random() % kWordsPerTopic);
    for (int i = 0; i < 10; ++i) words.push_back(topics * kWordsPerTopic + random() % 100);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    forward.Add(words);
  }
  return forward;
}

std::vector<DocId> AsTheyCome(uint32_t documents) {
  std::vector<DocId> order(documents);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// Bits of all gaps, when documents are numbered so.
double BitsOfGaps(const ForwardIndex& forward, const std::vector<DocId>& order) {
  std::vector<uint32_t> last(forward.word_count, 0);
  double bits = 0;
  for (uint32_t at = 0; at < order.size(); ++at) {
    for (const uint32_t word : forward.Words(order[at])) {
      bits += std::log2(at + 1 - last[word]);
      last[word] = at + 1;
    }
  }
  return bits;
}

void ExpectEachOnce(const std::vector<DocId>& order, uint32_t documents) {
  std::vector<DocId> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, AsTheyCome(documents));
}

TEST(GraphBisection, GathersWhatIsAlike) {
  const uint32_t kDocuments = 4000;
  const uint32_t kTopics = 16;
  const ForwardIndex forward = MakeTopics(kDocuments, kTopics, 1);
  const std::vector<DocId> order = OrderByBisection(forward, {});
  ExpectEachOnce(order, kDocuments);
  uint32_t alike = 0;
  for (size_t i = 1; i < order.size(); ++i) alike += order[i] % kTopics == order[i - 1] % kTopics ? 1 : 0;
  EXPECT_GT(alike, kDocuments * 9 / 10);
  EXPECT_LT(BitsOfGaps(forward, order), 0.7 * BitsOfGaps(forward, AsTheyCome(kDocuments)));
}

TEST(GraphBisection, TheOrderDoesNotDependOnThreads) {
  for (const uint32_t documents : {100U, 3000U, 9001U}) {
    const ForwardIndex forward = MakeTopics(documents, 7, documents);
    const std::vector<DocId> alone = OrderByBisection(forward, {});
    ExpectEachOnce(alone, documents);
    for (const size_t threads : {2U, 3U, 8U}) {
      ThreadPool pool(threads);
      EXPECT_EQ(OrderByBisection(forward, {&pool, nullptr}), alone) << documents << " documents, " << threads << " threads";
    }
  }
}

TEST(GraphBisection, AnyNumberOfDocuments) {
  ThreadPool pool(2);
  for (uint32_t documents = 0; documents < 70; ++documents) {
    ExpectEachOnce(OrderByBisection(MakeTopics(documents, 3, documents), {&pool, nullptr}), documents);
  }
}

TEST(GraphBisection, DocumentsWithoutWordsKeepTheirOrder) {
  ForwardIndex forward;
  for (int i = 0; i < 100; ++i) forward.Add({});
  EXPECT_EQ(OrderByBisection(forward, {}), AsTheyCome(100));
}

TEST(GraphBisection, ProgressRisesToTheWhole) {
  ThreadPool pool(3);
  uint64_t last = 0;
  uint64_t whole = 0;
  BisectionOptions options{&pool, [&](uint64_t done, uint64_t total) {
                             EXPECT_GE(done, last);
                             EXPECT_LE(done, total);
                             last = done;
                             whole = total;
                           }};
  (void)OrderByBisection(MakeTopics(2048, 4, 9), options);
  EXPECT_GT(whole, 0U);
  EXPECT_EQ(last, whole);
}

}  // namespace
}  // namespace sakuin::indexer
