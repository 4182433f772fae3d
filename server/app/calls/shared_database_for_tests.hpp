// A real database in place of a World's scripted store: its servers work on it, each by a way of its own, as processes do.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "store/call_store.hpp"
#include "store/outbox.hpp"

namespace belfry::calls::testing {

class SharedDatabase {
 public:
  virtual ~SharedDatabase() = default;
  virtual void add(const account::Person& person) = 0;
  virtual store::CallStore& calls(std::size_t server) = 0;
  virtual store::Outbox& outbox(std::size_t server) = 0;
  /// Waits for what the servers asked and runs the answers. False: nothing was asked.
  virtual bool run_answers() = 0;
};

/// A database's calls, with a witness of each answer, who gets it before the requester does.
class WitnessedCallStore final : public store::CallStore {
 public:
  using Witness = std::function<void(const store::Transition&, const store::CommitResult&)>;
  WitnessedCallStore(store::CallStore& calls, Witness witness) : calls_(calls), witness_(std::move(witness)) {}
  void commit(store::Transition change, store::Done<const store::CommitResult&> done) override {
    auto seen = change;
    calls_.commit(std::move(change), [this, seen = std::move(seen), done = std::move(done)](const store::CommitResult& result) {
      witness_(seen, result);
      done(result);
    });
  }
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override {
    calls_.fate(step, std::move(done));
  }
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    calls_.load(id, std::move(done));
  }
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override {
    calls_.load_active(limit, std::move(done));
  }
  void overdue(WallTime now, std::size_t limit,
               store::Done<Expected<std::vector<store::CallId>, store::Unavailable>> done) override {
    calls_.overdue(now, limit, std::move(done));
  }
  void record_attempt(store::Attempt attempt) override { calls_.record_attempt(std::move(attempt)); }
  void wipe(store::Done<Expected<void, store::Unavailable>> done) override { calls_.wipe(std::move(done)); }

 private:
  store::CallStore& calls_;
  Witness witness_;
};

}  // namespace belfry::calls::testing
