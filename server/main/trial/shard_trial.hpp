// ShardTrial: what the routes /test/* do, asked on one shard, for the whole server. Owned by its ShardStack, with --virtual-time
// only.
#pragma once

#include <functional>
#include <utility>

#include "gateway/api/trial_routes.hpp"
#include "main/stores/backend.hpp"
#include "main/trial/faults.hpp"
#include "main/trial/time_machine.hpp"

namespace belfry {

class ShardTrial final : public gateway::TrialControls {
 public:
  /// `forget` clears what the process keeps in memory outside the store; any thread.
  struct Parts {
    ShardIndex shard;
    const Clock& clock;
    TimeMachine& time_machine;
    Faults& faults;
    store::CallStore& store;
    store::Nodes& nodes;
    std::function<void()> forget;
  };
  explicit ShardTrial(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] WallTime now() const override { return parts_.clock.wall(); }
  void advance(Duration by, std::function<void()> done) override {
    parts_.time_machine.advance(by, parts_.shard, [this, done = std::move(done)] {
      parts_.nodes.heartbeat(now());  // the next run's clock begins there
      done();
    });
  }
  void fail_commits(std::int64_t times) override { parts_.faults.fail_commits(times); }
  void fail_messages(std::int64_t times) override { parts_.faults.fail_messages(times); }
  void reset(std::function<void(bool)> done) override {
    parts_.faults.clear();
    parts_.forget();
    // Commands in flight may still write: wait for them, then empty the tables.
    parts_.time_machine.advance(Duration{}, parts_.shard, [this, done = std::move(done)] {
      parts_.store.wipe([this, done](const auto& wiped) {
        parts_.forget();
        done(wiped.has_value());
      });
    });
  }

 private:
  Parts parts_;
};

}  // namespace belfry
