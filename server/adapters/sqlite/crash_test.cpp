// A process killed at a random moment under load: what it had been told is committed is there, and nothing is half (X-25, X-26,
// R-001-20). BELFRY_CRASH_SEED chooses other moments. Power cuts are not tested here: for those there is synchronous=FULL.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <random>

#include "adapters/sqlite/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {
namespace {

using sqlite::testing::ScratchFolder;

constexpr std::uint32_t kCouples = 16;
UserId caller_of(std::uint32_t number) { return user_id(2 * (number % kCouples) + 1); }
UserId callee_of(std::uint32_t number) { return user_id(2 * (number % kCouples) + 2); }

struct Opened {
  explicit Opened(const std::string& file) : database(*sqlite::Database::open({.path = file}, mailboxes)), stores(*database, 0) {}
  void settle() {
    do {
      database->wait_for_all();
    } while (mailboxes.run_waiting());
  }
  InlineMailboxes mailboxes;
  std::unique_ptr<sqlite::Database> database;
  sqlite::Stores stores;
};

/// What the child tells after each commit that was answered.
struct Acknowledged {
  std::uint32_t number = 0;
  std::uint32_t version = 0;
};

/// Makes, answers and ends calls, all couples at once, until it is killed.
[[noreturn]] void work_until_killed(const std::string& file, std::uint32_t first, int tell) {
  Opened opened(file);
  std::function<void(const Transition&)> go_on = [&](const Transition& transition) {
    opened.stores.calls().commit(transition, [&, transition](const CommitResult& result) {
      if (!std::holds_alternative<Committed>(result)) ::_exit(1);
      const Acknowledged done{transition.row.id.value()[15] + 256U * transition.row.id.value()[14],
                              static_cast<std::uint32_t>(transition.row.version)};
      if (::write(tell, &done, sizeof done) != sizeof done) ::_exit(2);
      if (done.version == 1) return go_on(answered(transition));
      if (done.version == 2) return go_on(ended(transition));
      go_on(a_call(done.number + kCouples, transition.row.caller, callee_of(transition.row)));
    });
  };
  for (std::uint32_t number = first; number < first + kCouples; ++number)
    go_on(a_call(number, caller_of(number), callee_of(number)));
  while (true) opened.settle();
}

class SqliteCrash : public ::testing::Test {
 protected:
  /// Gives what the child was told before it was killed, after `acks` answers.
  std::vector<Acknowledged> run_and_kill(std::uint32_t first, std::size_t acks) {
    int ends[2] = {};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) work_until_killed(folder_.file(), first, ends[1]);
    ::close(ends[1]);
    std::vector<Acknowledged> acknowledged;
    Acknowledged one;
    while (::read(ends[0], &one, sizeof one) == sizeof one) {
      acknowledged.push_back(one);
      if (acknowledged.size() == acks) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    return acknowledged;
  }
  ScratchFolder folder_;
};

/// As the restarted server would: every active call comes to its end.
void end_active(Opened& opened) {
  opened.stores.calls().load_active(1'000, [&](const auto& active) {
    ASSERT_TRUE(active.has_value());
    EXPECT_LE(active->size(), kCouples);
    for (const auto& each : *active) {
      Transition from;
      from.row = each.row;
      opened.stores.calls().commit(each.row.status == call::Status::calling ? missed(from) : ended(from),
                                   [](const auto& result) { EXPECT_TRUE(std::holds_alternative<Committed>(result)); });
    }
  });
  opened.settle();
}

TEST_F(SqliteCrash, NothingAcknowledgedIsLostAndNothingIsHalf) {
  {
    Opened opened(folder_.file());
    for (std::uint32_t number = 1; number <= 2 * kCouples; ++number)
      opened.stores.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)},
                                      [](const auto& made) { EXPECT_TRUE(made.has_value()); });
    opened.settle();
  }
  const char* wanted = std::getenv("BELFRY_CRASH_SEED");
  std::mt19937_64 chance(wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10));
  std::uint32_t first = 1;
  for (int cycle = 0; cycle < 12; ++cycle) {
    const auto acknowledged = run_and_kill(first, 1 + chance() % 400);
    ASSERT_FALSE(acknowledged.empty());
    Opened opened(folder_.file());
    for (const auto& each : acknowledged) {
      opened.stores.calls().load(call_id(each.number), [&](const auto& call) {
        ASSERT_TRUE(call.has_value() && call->has_value()) << "call " << each.number << " was acknowledged";
        EXPECT_GE((*call)->row.version, each.version);
      });
      first = std::max(first, each.number + 3 * kCouples);
    }
    opened.settle();
    end_active(opened);
    opened.stores.archive().violations(at(0), [](const auto& found) {
      ASSERT_TRUE(found.has_value());
      for (const auto& each : *found) ADD_FAILURE() << each.invariant << ": " << each.what;
    });
    opened.settle();
  }
}

}  // namespace
}  // namespace belfry::store::testing
