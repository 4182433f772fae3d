// A world for tests of the call core: one or two servers ("nodes") of some shards each on one store, on a manual clock. Mailbox
// tasks run in a seeded random order of shards, first in first out within each, which keeps it causal; store answers come when
// the seed says so, in any order between calls, and may fail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "app/calls/machine_for_tests.hpp"
#include "app/calls/node_for_tests.hpp"
#include "app/calls/phones_for_tests.hpp"
#include "app/calls/scripted_store_for_tests.hpp"

namespace belfry::calls::testing {

CallSettings test_settings();

struct WorldOptions {
  ShardIndex shards = 1;
  std::uint64_t seed = 1;
  int nodes = 1;
  CallSettings settings = test_settings();
  SharedDatabase* database = nullptr;  // none: the scripted store
};

class World {
 public:
  explicit World(const WorldOptions& options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A new session of this user, on a shard of chance.
  Phone phone(int user, call::Dialect dialect = call::Dialect::native, std::size_t node = 0, std::string device = {});
  /// Of the chat dialect, just opened.
  Phone blank_page(int user);
  /// Somebody without a socket.
  Phone rest(int user, std::size_t node = 0);
  Calls& calls(const Phone& phone);

  sessions::ShardSessions& sessions(const Phone& phone);
  /// X-28, as main/ does it: the calls end, then the sessions.
  void expel(const Phone& by, const Phone& whom);

  // --- what phones do; the answer is written to `answers` --------------------------------------------------------------
  CallId start(const Phone& caller, int callee, const std::function<void(StartCall&)>& more = {});
  void accept(const Phone& phone, const CallId& call, const std::string& answer = "answer");
  void reject(const Phone& phone, const CallId& call);
  void cancel(const Phone& phone, const CallId& call);
  void end(const Phone& phone, const CallId& call);
  void leave(const Phone& phone, const CallId& call);
  void ready(const Phone& phone, const CallId& call);
  void signal(const Phone& phone, const CallId& call, const std::string& payload, std::uint32_t generation = 0,
              std::optional<UserId> to = {});
  void media(const Phone& phone, const CallId& call, MediaReport report);
  /// By REST, as a beacon comes.
  void page_leaves(const Phone& phone, const CallId& call);
  void disconnect(const Phone& phone, Departure how);
  void suspend(const Phone& phone);
  /// Its connection comes back, on a shard of chance; what else is on its way may come first.
  void recover(Phone& phone);

  // --- time and chance -------------------------------------------------------------------------------------------------
  /// One task or one store answer, whichever the seed says. False: there is none.
  bool step();
  void settle();
  void pass(Duration time);
  /// Timers that are due run, but nothing that they bring.
  void tick();

  Reply reply();
  [[nodiscard]] const store::CallRow& row(const CallId& call) const;
  [[nodiscard]] std::size_t successes() const;

  static constexpr int kUsers = 8;
  static const std::array<std::string, kUsers + 1> names;
  std::mt19937_64 chance;
  SharedDatabase* database;
  ManualClock clock;
  SeededRandom random;
  TestLog log;
  StoreState store;
  NoticeLog notices{store};
  std::vector<std::unique_ptr<Node>> nodes;
  std::map<SessionAddress, std::size_t> connected_at;  // after so many commits
  std::vector<std::vector<Result>> answers;            // by command; each is answered once

 private:
  Phone come(int user, LiveSession session, std::size_t node);

  std::uint32_t slots_ = 0;
  std::uint32_t sessions_ = 0;
};

}  // namespace belfry::calls::testing
