// Stage: switchboards of one or more shards on a manual clock, for tests. Mailbox tasks run in a seeded random order of
// shards, first in first out within each, which keeps it causal; commits finish at once or when the stage says so, and may
// fail. A Phone is one session of one user and writes down what it hears.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "app/exchange.hpp"
#include "app/notice.hpp"
#include "app/ports.hpp"
#include "app/switchboard.hpp"

namespace belfry::app::testing {

using namespace std::chrono_literals;

class StageStore {
 public:
  enum class Finish : std::uint8_t { at_once, later };
  Finish finish = Finish::at_once;
  std::size_t commits = 0;
  std::size_t fail_at = 0;       // the n-th commit is unavailable
  bool down = false;             // all are
  std::vector<CallRow> history;  // every row that was committed
  std::map<std::string, oldcall::CallId> slots;
  std::deque<std::function<void()>> unfinished;

  void commit(Transition transition, const std::function<void(const CommitResult&)>& done);
  [[nodiscard]] const CallRow* last(const oldcall::CallId& id) const;

 private:
  CommitResult apply(const Transition& transition);
};

struct StageOptions {
  ShardIndex shards = 1;
  std::uint64_t seed = 1;
  StageStore::Finish finish = StageStore::Finish::at_once;
  StartLimiter::Settings starts{};
};

class Stage;

class Phone {
 public:
  Phone(Stage& stage, std::string name, SessionAddress at) : stage_(&stage), name_(std::move(name)), at_(at) {}
  void calls(const std::string& peer, const std::string& offer = "offer");
  void answers(const std::string& peer);
  void declines(const std::string& peer);
  void hangs_up(const std::string& peer);
  void sends(const std::string& peer, const std::string& candidate);
  void goes(Departure how);
  void returns();
  [[nodiscard]] std::vector<std::string> heard() const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] SessionAddress at() const { return at_; }

 private:
  [[nodiscard]] Switchboard& board();
  Stage* stage_;
  std::string name_;
  SessionAddress at_;
};

class Stage {
 public:
  explicit Stage(StageOptions options = {});
  ~Stage();

  /// A new session signs in, on a random shard.
  Phone phone(const std::string& name);
  /// Runs mailbox tasks and commits until nothing is left to do.
  void settle();
  /// One of them, whichever the seed says. False if there is none.
  bool step();
  void pass(Duration time);
  void finish_one_commit();

  StageStore store;
  Directory directory;
  std::mt19937_64 chance;
  std::map<SessionAddress, std::vector<std::string>> heard;
  std::vector<std::string> breaches;  // somebody heard of a state which was not durable
  [[nodiscard]] Exchange& exchange() { return *exchange_; }
  [[nodiscard]] Switchboard& board(ShardIndex shard) { return exchange_->board(shard); }
  [[nodiscard]] TimePoint now() const;
  void hear(SessionAddress to, const Notice& notice);
  void set_time(TimePoint now);
  [[nodiscard]] std::string name_at(SessionAddress at) const { return names_.at(at); }

 private:
  struct World;
  std::unique_ptr<World> world_;
  std::unique_ptr<Exchange> exchange_;
  std::vector<std::unique_ptr<Switchboard>> boards_;
  std::map<SessionAddress, std::string> names_;
  std::uint32_t next_slot_ = 1;
};

}  // namespace belfry::app::testing
