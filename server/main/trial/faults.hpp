// Faults: what POST /test/faults breaks on purpose (SPEC 0, 2.8.6, K56). `store.commit` counts only commits of call transitions,
// `store.message` those of messages.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "store/forwarding_call_store.hpp"
#include "store/forwarding_message_store.hpp"

namespace belfry {

/// Shared by all shards.
class Faults {
 public:
  void fail_commits(std::int64_t times) { commits_.store(times); }
  void fail_messages(std::int64_t times) { messages_.store(times); }
  void clear() {
    commits_.store(0);
    messages_.store(0);
  }
  [[nodiscard]] bool take_commit() { return take(commits_); }
  [[nodiscard]] bool take_message() { return take(messages_); }

 private:
  static bool take(std::atomic<std::int64_t>& times) {
    std::int64_t left = times.load();
    while (left > 0 && !times.compare_exchange_weak(left, left - 1)) {
    }
    return left > 0;
  }
  std::atomic<std::int64_t> commits_{0}, messages_{0};
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

/// The same of messages: their sends, edits and deletions.
class FaultyMessageStore final : public store::ForwardingMessageStore {
 public:
  FaultyMessageStore(store::MessageStore& real, Faults& faults) : ForwardingMessageStore(real), faults_(faults) {}
  void send(chat::NewMessage wish, Answer<store::SentMessage> done) override {
    if (faults_.take_message()) return done(unexpected(store::MessageFault::unavailable));
    ForwardingMessageStore::send(std::move(wish), std::move(done));
  }
  void edit(store::MessageEdit edit, Answer<store::ChangedMessage> done) override {
    if (faults_.take_message()) return done(unexpected(store::MessageFault::unavailable));
    ForwardingMessageStore::edit(std::move(edit), std::move(done));
  }
  void remove(store::MessageRemoval removal, Answer<store::ChangedMessage> done) override {
    if (faults_.take_message()) return done(unexpected(store::MessageFault::unavailable));
    ForwardingMessageStore::remove(removal, std::move(done));
  }

 private:
  Faults& faults_;
};

}  // namespace belfry
