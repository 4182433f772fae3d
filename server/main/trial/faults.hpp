// Faults: what POST /test/faults breaks on purpose (SPEC 0, 2.8.6). `store.commit` counts only commits of call transitions.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "store/forwarding_call_store.hpp"

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

/// A call store whose commits fail while there are faults; everything else passes.
class FaultyCallStore final : public store::ForwardingCallStore {
 public:
  FaultyCallStore(store::CallStore& real, Faults& faults) : ForwardingCallStore(real), faults_(faults) {}
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override {
    if (faults_.take_commit()) return done(store::Unavailable{});
    ForwardingCallStore::commit(std::move(transition), std::move(done));
  }

 private:
  Faults& faults_;
};

}  // namespace belfry
