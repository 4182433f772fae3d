// ForwardingCallStore: passes everything on to another call store. To change or watch one operation, derive from it and
// override that one.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "store/call_store.hpp"

namespace belfry::store {

class ForwardingCallStore : public CallStore {
 public:
  explicit ForwardingCallStore(CallStore& next) : next_(next) {}
  void commit(Transition transition, Done<const CommitResult&> done) override {
    next_.commit(std::move(transition), std::move(done));
  }
  void fate(const StepId& step, Done<Expected<std::optional<Committed>, Unavailable>> done) override {
    next_.fate(step, std::move(done));
  }
  void load(const CallId& id, Done<Expected<std::optional<StoredCall>, Unavailable>> done) override {
    next_.load(id, std::move(done));
  }
  void active_in(const ConversationId& conversation, Done<Expected<std::optional<CallId>, Unavailable>> done) override {
    next_.active_in(conversation, std::move(done));
  }
  void load_active(std::size_t limit, Done<Expected<std::vector<StoredCall>, Unavailable>> done) override {
    next_.load_active(limit, std::move(done));
  }
  void overdue(WallTime now, std::size_t limit, Done<Expected<std::vector<CallId>, Unavailable>> done) override {
    next_.overdue(now, limit, std::move(done));
  }
  void record_attempt(Attempt attempt) override { next_.record_attempt(std::move(attempt)); }
  void wipe(Done<Expected<void, Unavailable>> done) override { next_.wipe(std::move(done)); }

 private:
  CallStore& next_;
};

}  // namespace belfry::store
