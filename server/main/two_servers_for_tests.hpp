// Two servers that lead one call, for tests: each knows its own sessions only, and the row in the database is all they share.
// Alice and Bob's phone are on the first; what the second does, the first learns only when its next step fails. On the scripted
// store, on SQLite and on PostgreSQL.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/postgres/world_for_tests.hpp"
#include "adapters/sqlite/world_for_tests.hpp"
#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/world_for_tests.hpp"
#include "base/check.hpp"

namespace belfry::calls::testing {

/// Two ways to one database. `Server` is an adapter's, of its world_for_tests.hpp.
template <class Server>
class SharedByTwo : public SharedDatabase {
 public:
  void empty() {
    servers_[0].calls().wipe([](const auto& done) { CHECK(done.has_value(), "the database of the tests could not be emptied"); });
    while (run_answers()) {
    }
  }
  void add(const account::Person& person) override {
    servers_[0].accounts().create({.id = person.id, .username = person.username, .at = {1'600'000'000'000}},
                                  [](const auto& made) { CHECK(made.has_value(), "a user of the tests could not be made"); });
  }
  store::CallStore& calls(std::size_t server) override { return servers_.at(server).calls(); }
  store::Outbox& outbox(std::size_t server) override { return servers_.at(server).outbox(); }
  bool run_answers() override {
    bool any = false;
    for (Server& server : servers_) any = server.run_answers() || any;
    return any;
  }

 protected:
  std::deque<Server> servers_{};
};

class SharedSqlite final : public SharedByTwo<sqlite::testing::Server> {
 public:
  SharedSqlite() {
    for (const auto number : {std::uint8_t{1}, std::uint8_t{2}}) servers_.emplace_back(number, folder_.file());
  }
  ~SharedSqlite() override { servers_.clear(); }

 private:
  sqlite::testing::ScratchFolder folder_;
};

class SharedPostgres final : public SharedByTwo<postgres::testing::Server> {
 public:
  SharedPostgres() {
    for (const auto number : {std::uint8_t{1}, std::uint8_t{2}}) servers_.emplace_back(number);
  }
};

/// Opened once, which takes longer than a test does.
template <class Database>
SharedDatabase* emptied() {
  static Database database;
  database.empty();
  return &database;
}

struct Backend {
  std::string name;
  SharedDatabase* (*database)();
};
inline void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

inline const std::vector<Backend>& backends() {
  static const std::vector<Backend> all = {{"Scripted", [] { return static_cast<SharedDatabase*>(nullptr); }},
                                           {"Sqlite", emptied<SharedSqlite>},
                                           {"Postgres", emptied<SharedPostgres>}};
  return all;
}

class TwoServersStage {
 public:
  explicit TwoServersStage(const Backend& backend) : database(backend.database()) { settle(); }
  ~TwoServersStage() { EXPECT_EQ(broken_invariant(world), ""); }

  void settle() { world.settle(); }
  bool succeeded() { return world.answers.back().front().has_value(); }
  Refusal refusal() { return world.answers.back().front().error().why; }
  CallId ring() {
    const CallId call = world.start(alice, 2);
    settle();
    return call;
  }
  /// A call to Bob that rings only when Alice is ready.
  CallId start_quiet_call() {
    const CallId call = world.start(alice, 2, [](StartCall& request) { request.ring = call::RingPolicy::on_caller_ready; });
    settle();
    return call;
  }
  CallId connected_call(const std::string& answer = "answer") {
    const CallId call = ring();
    world.accept(bob, call, answer);
    settle();
    return call;
  }
  SignalOutcome candidate(const Phone& from, const CallId& call, const std::string& payload) {
    const SignalOutcome sent = world.calls(from).signal(from.me, call, {SignalKind::candidate, payload}, world.reply());
    settle();
    return sent;
  }
  void send_answer(const Phone& from, const CallId& call) {
    world.calls(from).signal(from.me, call, {SignalKind::answer, "sdp"}, world.reply());
    settle();
  }
  /// A device of Carol that connects while she is called.
  Phone carol_connects() {
    const Phone carol = world.phone(3);
    settle();
    EXPECT_EQ(carol.received("incoming"), 1U);
    return carol;
  }
  void report_ringing(const Phone& phone, const CallId& call) {
    world.calls(phone).ringing(phone.me, call, world.reply());
    settle();
  }
  void report_ready(const Phone& caller, const CallId& call) {
    world.calls(caller).ready(caller.me, call, world.reply());
    settle();
  }
  void recover(Phone& phone) {
    world.recover(phone);
    settle();
  }
  void suspend(const Phone& phone) {
    world.suspend(phone);
    settle();
  }
  void rejoin(const Phone& phone) {
    world.calls(phone).rejoin_calls(phone.me);
    settle();
  }
  void first_server_catches_up(const CallId& call) {
    world.nodes[0]->calls[0]->catch_up(call);
    settle();
  }
  std::vector<store::OutboxEntry> outbox() {
    std::vector<store::OutboxEntry> waiting;
    if (database == nullptr)
      for (const auto& [key, entry] : world.store.outbox) waiting.push_back(entry);
    else
      database->outbox(0).waiting(0, 100, [&](const auto& found) { waiting = found.value(); });
    settle();
    return waiting;
  }

  /// The second server moves the call on, which the first does not know.
  template <class Step>
  void on_second_server(Step step) {
    const auto before = world.store.commits;
    step();
    settle();
    ASSERT_GT(world.store.commits, before) << "the second server changed nothing";
  }
  void tablet_rings_on_second_server(const CallId& call) {
    on_second_server([&] { report_ringing(tablet, call); });
  }
  void media_flows_on_second_server(const CallId& call) {
    on_second_server([&] { world.media(world.rest(1, 1), call, {true}); });
  }
  /// The report changes nothing while it rings, but by it the second server loads the call.
  void alice_loses_on_second_server(const Phone& her_other_device, const CallId& call) {
    world.media(her_other_device, call, {true});
    settle();
    on_second_server([&] { suspend(her_other_device); });
  }
  /// The first server decides this on an outdated call, and must load it again.
  template <class Step>
  void first_server_loses(Step step) {
    const auto before = world.store.conflicts;
    step();
    settle();
    ASSERT_EQ(world.store.conflicts, before + 1) << "no race was lost";
  }

  SharedDatabase* database;
  World world{{.nodes = 2, .database = database}};
  Phone alice = world.phone(1), bob = world.phone(2);
  Phone tablet = world.phone(2, call::Dialect::native, 1, "tablet");  // Bob's other device
};

class TwoServersTest : public TwoServersStage, public ::testing::TestWithParam<Backend> {
 protected:
  TwoServersTest() : TwoServersStage(GetParam()) {}
};

/// The steps that the first server can lose while it rings.
enum class Loses : std::uint8_t { device_rings, caller_is_lost, caller_returns, callee_returns };
inline std::string word_of(Loses step) {
  static const std::vector<std::string> names = {"DeviceRings", "CallerIsLost", "CallerReturns", "CalleeReturns"};
  return names.at(static_cast<std::size_t>(step));
}

class RaceWhileRinging : public TwoServersStage, public ::testing::TestWithParam<std::tuple<Backend, Loses>> {
 protected:
  RaceWhileRinging() : TwoServersStage(std::get<0>(GetParam())) {}
  [[nodiscard]] static Loses loses() { return std::get<1>(GetParam()); }
  /// Afterwards it rings as before, and everybody is here.
  void lose_the_race(const CallId& call) {
    if (loses() == Loses::caller_returns) suspend(alice);
    if (loses() == Loses::callee_returns) suspend(bob);
    tablet_rings_on_second_server(call);
    first_server_loses([&] {
      switch (loses()) {
        case Loses::device_rings:
          return report_ringing(bob, call);
        case Loses::caller_is_lost:
          return suspend(alice);
        case Loses::caller_returns:
          return recover(alice);
        case Loses::callee_returns:
          return recover(bob);
      }
    });
    if (loses() == Loses::caller_is_lost) recover(alice);
    ASSERT_EQ(world.row(call).status, call::Status::calling);
    ASSERT_FALSE(caller_leg(world.row(call)).away || callee_leg(world.row(call)).away);
  }
  /// Once, and once more where it was lost meanwhile.
  [[nodiscard]] static std::size_t rings_of_bob() { return loses() == Loses::callee_returns ? 2U : 1U; }
};

inline std::string name_of(const ::testing::TestParamInfo<Backend>& info) { return info.param.name; }
inline std::string name_of_race(const ::testing::TestParamInfo<std::tuple<Backend, Loses>>& info) {
  return std::get<0>(info.param).name + word_of(std::get<1>(info.param));
}

}  // namespace belfry::calls::testing
