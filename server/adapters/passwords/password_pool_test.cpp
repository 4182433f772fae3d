#include "adapters/passwords/password_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belfry::passwords {
namespace {

using testing::StartsWith;

/// The shards' mailboxes; the test runs the tasks itself, one at a time.
class Mail final : public Mailboxes {
 public:
  void post(ShardIndex shard, std::function<void()> task) override { EXPECT_TRUE(box_.try_push({shard, std::move(task)})); }
  [[nodiscard]] ShardIndex shard_count() const override { return 4; }

  /// Waits for one task, runs it and tells for which shard it was.
  ShardIndex run_one() {
    const auto task = box_.pop();
    if (!task) return shard_count();
    task->second();
    return task->first;
  }
  [[nodiscard]] std::size_t waiting() const { return box_.size(); }

 private:
  WorkQueue<std::pair<ShardIndex, std::function<void()>>> box_{1000};
};

constexpr Settings kCheap{.threads = 2, .max_waiting = 64, .ops = 1, .memory = 8192};
constexpr Settings kStuck{.threads = 0, .max_waiting = 1, .ops = 1, .memory = 8192};

class Passwords : public testing::Test {
 protected:
  std::string hash_with(PasswordPool& pool, const std::string& password) {
    std::string hash;
    pool.hash(0, password, [&](const auto& made) { hash = made.value_or("overloaded"); });
    mail_.run_one();
    return hash;
  }
  bool verify_with(PasswordPool& pool, const std::string& stored, const std::string& password) {
    bool same = false;
    pool.verify(0, stored, password, [&](const auto& verdict) {
      EXPECT_TRUE(verdict);
      same = verdict.value_or(false);
    });
    mail_.run_one();
    return same;
  }
  Mail mail_;
};

TEST_F(Passwords, TheRightPasswordVerifiesAndNoOther) {
  PasswordPool pool(mail_, kCheap);
  const std::string zero_inside("a\0b", 3);
  for (const std::string& password : {std::string("correct horse"), std::string(), zero_inside, std::string(1000, 'x')}) {
    const auto stored = hash_with(pool, password);
    EXPECT_TRUE(verify_with(pool, stored, password));
    EXPECT_FALSE(verify_with(pool, stored, password + "x"));
  }
  EXPECT_FALSE(verify_with(pool, hash_with(pool, zero_inside), "a"));
}

TEST_F(Passwords, ThePrescribedCostsAreInTheHashAndInTheDecoy) {
  PasswordPool pool(mail_, Settings{});
  const auto stored = hash_with(pool, "secret");
  EXPECT_THAT(stored, StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_THAT(pool.decoy(), StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_FALSE(pool.is_outdated(stored));
  EXPECT_TRUE(verify_with(pool, stored, "secret"));
  EXPECT_FALSE(verify_with(pool, pool.decoy(), "secret"));
  PasswordPool cheap(mail_, kCheap);
  EXPECT_TRUE(cheap.is_outdated(stored));
  EXPECT_TRUE(verify_with(cheap, stored, "secret")) << "the costs are those of the hash";
}

TEST_F(Passwords, TheSamePasswordHashesDifferentlyEachTime) {
  PasswordPool pool(mail_, kCheap);
  EXPECT_NE(hash_with(pool, "secret"), hash_with(pool, "secret"));
}

TEST_F(Passwords, InvalidHashVerifiesNoPassword) {
  PasswordPool pool(mail_, kCheap);
  for (const auto stored : {"", "secret", "$2b$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8,t=1,p=1$"})
    EXPECT_FALSE(verify_with(pool, stored, "secret"));
}

TEST_F(Passwords, TheAnswerComesOnTheRequestingShardAndNeverInsideTheCall) {
  PasswordPool pool(mail_, kCheap);
  bool answered = false;
  pool.hash(3, "secret", [&](const auto&) { answered = true; });
  EXPECT_FALSE(answered);
  EXPECT_EQ(mail_.run_one(), 3);
  EXPECT_TRUE(answered);
}

TEST_F(Passwords, RequestBeyondTheLimitIsRefusedThroughTheMailbox) {
  PasswordPool pool(mail_, kStuck);
  int refused = 0;
  const auto count = [&](const auto& answer) { refused += answer ? 0 : 1; };
  pool.verify(1, pool.decoy(), "waits", count);
  EXPECT_EQ(mail_.waiting(), 0U);
  pool.verify(2, pool.decoy(), "too many", count);
  pool.hash(2, "too many", count);
  EXPECT_EQ(refused, 0) << "not inside the call";
  EXPECT_EQ(mail_.run_one(), 2);
  EXPECT_EQ(mail_.run_one(), 2);
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(pool.waiting(), 1U);
}

// One client could fill the queue, so that nobody else could log in.
TEST_F(Passwords, OneClientMayHoldOnlyAFewPlacesAndFreesThemWhenDone) {
  PasswordPool pool(mail_, {.threads = 0, .max_waiting = 64, .max_of_client = 2, .ops = 1, .memory = 8192});
  int refused = 0;
  const auto count = [&](const auto& answer) { refused += answer ? 0 : 1; };
  for (int i = 0; i < 3; ++i) pool.verify(1, pool.decoy(), "guess", count, "mallory");
  pool.hash(1, "guess", count, "mallory");
  pool.verify(1, pool.decoy(), "right", count, "ann");
  EXPECT_EQ(pool.waiting(), 3U);
  mail_.run_one();
  mail_.run_one();
  EXPECT_EQ(refused, 2);
  PasswordPool working(mail_, {.threads = 1, .max_waiting = 64, .max_of_client = 1, .ops = 1, .memory = 8192});
  for (int i = 0; i < 20; ++i) {
    working.verify(1, working.decoy(), "one after the other", count, "ann");
    mail_.run_one();
  }
  EXPECT_EQ(refused, 2);
}

TEST_F(Passwords, EndingThePoolAnswersWaitingRequests) {
  int refused = 0;
  {
    PasswordPool pool(mail_, kStuck);
    pool.hash(1, "secret", [&](const auto& answer) { refused += answer ? 0 : 1; });
  }
  EXPECT_EQ(mail_.run_one(), 1);
  EXPECT_EQ(refused, 1);
}

TEST_F(Passwords, EachRequestIsAnsweredExactlyOnceAlthoughThePoolEnds) {
  constexpr int kAsked = 200;
  std::vector<int> answers(kAsked, 0);
  {
    PasswordPool pool(mail_, kCheap);
    for (int i = 0; i < kAsked; ++i)
      pool.verify(0, pool.decoy(), "secret", [&answers, i](const auto&) { ++answers.at(static_cast<std::size_t>(i)); });
  }
  while (mail_.waiting() > 0) mail_.run_one();
  EXPECT_THAT(answers, testing::Each(1));
}

TEST(Secret, TakesTheTextAndWipesItsSource) {
  std::string text = "short";
  const Secret secret(text);
  EXPECT_EQ(std::string_view(secret.data(), secret.size()), "short");
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string_view(text.data(), 5), std::string_view("\0\0\0\0\0", 5)) << "the short string's own buffer";
}

}  // namespace
}  // namespace belfry::passwords
