#include "base/work_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace belfry {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Words = std::vector<int>;

TEST(WorkQueue, WorkComesOutInTheOrderInWhichItWasPushed) {
  WorkQueue<int> queue(8);
  for (const int word : {1, 2, 3}) ASSERT_TRUE(queue.try_push(int{word}));
  EXPECT_EQ(queue.pop(), 1);
  Words batch{99};
  ASSERT_TRUE(queue.pop_all(batch));
  EXPECT_THAT(batch, ElementsAre(2, 3));
}

TEST(WorkQueue, AFullQueueRefusesAndLeavesTheItemWithItsOwner) {
  WorkQueue<std::unique_ptr<int>> queue(1);
  ASSERT_TRUE(queue.try_push(std::make_unique<int>(1)));
  auto second = std::make_unique<int>(2);
  EXPECT_FALSE(queue.try_push(second));
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, 2);
  EXPECT_TRUE(queue.pop());
  EXPECT_TRUE(queue.try_push(second));
  EXPECT_FALSE(second);
}

TEST(WorkQueue, ABatchIsNoLargerThanItsLimitAndTheRestStaysQueued) {
  WorkQueue<int> queue(8);
  for (const int word : {1, 2, 3}) ASSERT_TRUE(queue.try_push(int{word}));
  Words batch;
  ASSERT_TRUE(queue.pop_all(batch, 2));
  EXPECT_THAT(batch, ElementsAre(1, 2));
  EXPECT_EQ(queue.size(), 1U);
}

TEST(WorkQueue, ClosingLetsTheWorkersFinishTheQueueAndAcceptsNoMore) {
  WorkQueue<int> queue(8);
  ASSERT_TRUE(queue.try_push(1));
  queue.close();
  EXPECT_FALSE(queue.try_push(2));
  EXPECT_FALSE(queue.push(3));
  Words batch;
  ASSERT_TRUE(queue.pop_all(batch));
  EXPECT_THAT(batch, ElementsAre(1));
  EXPECT_FALSE(queue.pop_all(batch));
  EXPECT_FALSE(queue.pop());
  EXPECT_EQ(queue.pop_all_for(batch, 1h), WorkQueue<int>::Woken::closed);
}

TEST(WorkQueue, AnOwnerMayTakeBackTheQueuedWork) {
  WorkQueue<int> queue(8);
  ASSERT_TRUE(queue.try_push(1));
  EXPECT_THAT(queue.close_and_take(), ElementsAre(1));
  EXPECT_FALSE(queue.pop());
}

TEST(WorkQueue, AWorkerWithATimeoutIsWokenByTimeAndByWork) {
  WorkQueue<int> queue(8);
  Words batch{99};
  EXPECT_EQ(queue.pop_all_for(batch, 1ms), WorkQueue<int>::Woken::time);
  EXPECT_TRUE(batch.empty());
  ASSERT_TRUE(queue.try_push(1));
  EXPECT_EQ(queue.pop_all_for(batch, 1h), WorkQueue<int>::Woken::work);
  EXPECT_THAT(batch, ElementsAre(1));
}

TEST(WorkQueue, ClosingWakesAWaitingWorkerAndAWaitingProducer) {
  WorkQueue<int> idle(1);
  std::thread worker([&] { EXPECT_FALSE(idle.pop()); });
  WorkQueue<int> full(1);
  ASSERT_TRUE(full.try_push(1));
  std::thread producer([&] { EXPECT_FALSE(full.push(2)); });
  idle.close();
  full.close();
  worker.join();
  producer.join();
}

TEST(WorkQueue, ManyProducersAndWorkersLoseNothingAndDoNothingTwice) {
  constexpr int kProducers = 4, kEach = 5000;
  WorkQueue<int> queue(16);
  std::vector<std::thread> threads;
  std::atomic<long> sum{0};
  std::atomic<int> count{0};
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (Words batch; queue.pop_all(batch, 5);)
        for (const int word : batch) sum += word, ++count;
    });
  std::vector<std::thread> producers;
  for (int i = 0; i < kProducers; ++i)
    producers.emplace_back([&] {
      for (int word = 1; word <= kEach; ++word) EXPECT_TRUE(queue.push(int{word}));
    });
  for (auto& producer : producers) producer.join();
  queue.close();
  for (auto& worker : threads) worker.join();
  EXPECT_EQ(count, kProducers * kEach);
  EXPECT_EQ(sum, long{kProducers} * kEach * (kEach + 1) / 2);
}

}  // namespace
}  // namespace belfry
