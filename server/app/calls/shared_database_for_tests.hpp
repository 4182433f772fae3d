// A real database in place of a World's scripted store: its servers work on it, each by a way of its own, as processes do.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "store/forwarding_call_store.hpp"
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

/// A database's calls, with a witness of each commit's answer, who gets it before the requester does.
class WitnessedCallStore final : public store::ForwardingCallStore {
 public:
  using Witness = std::function<void(const store::Transition&, const store::CommitResult&)>;
  WitnessedCallStore(store::CallStore& calls, Witness witness) : ForwardingCallStore(calls), witness_(std::move(witness)) {}
  void commit(store::Transition change, store::Done<const store::CommitResult&> done) override {
    auto seen = change;
    ForwardingCallStore::commit(std::move(change),
                                [this, seen = std::move(seen), done = std::move(done)](const store::CommitResult& result) {
                                  witness_(seen, result);
                                  done(result);
                                });
  }

 private:
  Witness witness_;
};

}  // namespace belfry::calls::testing
