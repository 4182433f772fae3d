// Files that nobody needs any more are removed, rows first.
#include "app/files/unused_files.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "adapters/memory/blobs.hpp"
#include "adapters/memory/stores.hpp"
#include "app/files/files.hpp"
#include "base/inline_mailboxes.hpp"

using namespace std::chrono_literals;

namespace belfry::files {
namespace {

class DayClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{days * 24h}; }
  [[nodiscard]] WallTime wall() const override { return {1'795'262'400'000 + std::int64_t{days} * 86'400'000}; }
  int days = 1;
};

/// Its bytes cannot be removed while it is away.
class LameBlobs final : public store::BlobStore {
 public:
  Expected<void, store::BlobFault> put(std::string_view key, std::string_view mime, std::string_view bytes) override {
    return kept.put(key, mime, bytes);
  }
  Expected<std::string, store::BlobFault> get(std::string_view key) override { return kept.get(key); }
  Expected<void, store::BlobFault> remove(std::string_view key) override {
    ++removals;
    if (const auto act = std::exchange(on_remove, {})) act();
    if (away || stuck.contains(std::string(key))) return unexpected(store::BlobFault::unavailable);
    return kept.remove(key);
  }
  memory::Blobs kept;
  bool away = false;
  std::set<std::string> stuck;  // keys
  int removals = 0;
  std::function<void()> on_remove;  // the next one
};

const UserId kAnn{Uuid{1}};

class FilesThatNobodyNeeds : public testing::Test {
 protected:
  /// With its thumbnail.
  void upload(std::uint8_t number) {
    const FileId id{Uuid{number}};
    for (const Part part : {Part::whole, Part::thumbnail}) EXPECT_TRUE(blobs_.put(blob_key(id, part), "image/png", "x"));
    stores_.files().add({.info = {.id = id, .has_thumbnail = true}, .owner = kAnn, .created = clock_.wall()},
                        [](const auto& added) { ASSERT_TRUE(added); });
  }
  [[nodiscard]] bool is_there(std::uint8_t number) {
    bool there = false;
    stores_.files().find(FileId{Uuid{number}}, kAnn, [&](const auto& found) { there = found->has_value(); });
    return there;
  }
  /// The workers do a job at once.
  void run_at(TimePoint now) {
    unused_.on_time(now);
    while (mailboxes_.run_waiting()) {
    }
  }
  void pass(int days) {
    clock_.days += days;
    run_at(clock_.now());
  }

  DayClock clock_;
  InlineMailboxes mailboxes_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  LameBlobs blobs_;
  FileWorkers workers_{mailboxes_, {.threads = 0}};
  UnusedFiles unused_{0, 7 * 24h, {stores_.files(), blobs_, workers_, clock_}};
};

TEST_F(FilesThatNobodyNeeds, AreRemovedWithTheirBytesWhenTheirTimeIsOver) {
  upload(1);
  pass(3);
  upload(2);
  pass(4);
  EXPECT_TRUE(is_there(1)) << "it is just seven days old";
  pass(1);
  EXPECT_FALSE(is_there(1));
  EXPECT_TRUE(is_there(2));
  EXPECT_EQ(blobs_.kept.count(), 2U);
}

TEST_F(FilesThatNobodyNeeds, BytesThatCouldNotBeRemovedAreRemovedLaterAndNobodyReadsThem) {
  upload(1);
  blobs_.away = true;
  pass(8);
  EXPECT_FALSE(is_there(1));
  EXPECT_EQ(blobs_.kept.count(), 2U);
  blobs_.away = false;
  pass(1);
  run_at(unused_.next_deadline());  // the round that failed goes on behind it
  EXPECT_EQ(blobs_.kept.count(), 0U);
}

TEST_F(FilesThatNobodyNeeds, ManyAreRemovedInBatches) {
  for (std::uint8_t number = 1; number <= 30; ++number) upload(number);
  pass(8);
  EXPECT_EQ(blobs_.kept.count(), 20U);
  EXPECT_LE(unused_.next_deadline() - clock_.now(), 5s);
  run_at(unused_.next_deadline());
  EXPECT_EQ(blobs_.kept.count(), 0U);
}

// Found in review.
TEST_F(FilesThatNobodyNeeds, BytesThatCannotBeRemovedAreNoObstacleToOthers) {
  for (std::uint8_t number = 1; number <= 60; ++number) upload(number);
  for (std::uint8_t number = 1; number <= 25; ++number) blobs_.stuck.insert(blob_key(FileId{Uuid{number}}, Part::thumbnail));
  clock_.days += 8;
  for (int batch = 0; batch < 100; ++batch) run_at(unused_.next_deadline());
  EXPECT_EQ(blobs_.kept.count(), 25U);
  blobs_.stuck.clear();
  for (int batch = 0; batch < 100; ++batch) run_at(unused_.next_deadline());
  EXPECT_EQ(blobs_.kept.count(), 0U);
}

TEST_F(FilesThatNobodyNeeds, StorageThatIsAwayIsAskedOnceAMinute) {
  for (std::uint8_t number = 1; number <= 20; ++number) upload(number);
  blobs_.away = true;
  pass(8);
  EXPECT_EQ(blobs_.removals, 1);
  EXPECT_EQ(unused_.next_deadline() - clock_.now(), 1min);
}

TEST_F(FilesThatNobodyNeeds, NextBatchBeginsWhenThisOneIsDone) {
  for (std::uint8_t number = 1; number <= 30; ++number) upload(number);
  clock_.days += 8;
  unused_.on_time(clock_.now());
  EXPECT_EQ(unused_.next_deadline(), TimePoint::max()) << "the answer of the worker has not arrived";
  EXPECT_TRUE(mailboxes_.run_waiting());
  EXPECT_EQ(unused_.next_deadline() - clock_.now(), 5s);
}

// Under virtual time hours pass while the storage is asked, and nobody says that the next round is due until time passes again.
TEST_F(FilesThatNobodyNeeds, RoundThatFellDueMeanwhileBeginsWhenTheAnswersCome) {
  upload(1);
  clock_.days += 4;
  upload(2);
  blobs_.on_remove = [this] { clock_.days += 4; };
  pass(4);
  EXPECT_FALSE(is_there(1));
  EXPECT_FALSE(is_there(2));
}

TEST_F(FilesThatNobodyNeeds, AreKeptForEverWithoutATime) {
  UnusedFiles forever(0, 0s, {stores_.files(), blobs_, workers_, clock_});
  EXPECT_EQ(forever.next_deadline(), TimePoint::max());
}

}  // namespace
}  // namespace belfry::files
