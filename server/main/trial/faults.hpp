// Faults: what POST /test/faults breaks on purpose (SPEC 0, 2.8.6). `store.commit` counts only commits of call transitions.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "store/call_store.hpp"

namespace belfry {

/// Shared by all shards.
class Faults {
 public:
  void fail_commits(std::int64_t times) { commits_.store(times); }
  void clear() { commits_.store(0); }
  [[nodiscard]] bool take_commit() {
    std::int64_t left = commits_.load();
    while (left > 0 && !commits_.compare_exchange_weak(left, left - 1)) {
    }
    return left > 0;
  }

 private:
  std::atomic<std::int64_t> commits_{0};
};

/// A call store that fails when told to; everything else passes.
class FaultyCallStore final : public store::CallStore {
 public:
  FaultyCallStore(store::CallStore& real, Faults& faults) : real_(real), faults_(faults) {}
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override {
    if (faults_.take_commit()) return done(store::Unavailable{});
    real_.commit(std::move(transition), std::move(done));
  }
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override {
    real_.fate(step, std::move(done));
  }
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    real_.load(id, std::move(done));
  }
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override {
    real_.load_active(limit, std::move(done));
  }
  void overdue(WallTime now, std::size_t limit,
               store::Done<Expected<std::vector<store::CallId>, store::Unavailable>> done) override {
    real_.overdue(now, limit, std::move(done));
  }
  void record_attempt(store::Attempt attempt) override { real_.record_attempt(std::move(attempt)); }
  void wipe(store::Done<Expected<void, store::Unavailable>> done) override { real_.wipe(std::move(done)); }

 private:
  store::CallStore& real_;
  Faults& faults_;
};

}  // namespace belfry
