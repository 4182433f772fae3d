// A store that does what a test says. StoreState is the database: what it keeps, and whether it answers at once, later, with a
// failure, or loses the connection before it answers. ScriptedCallStore and ScriptedOutbox are one server's ways to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/mailbox.hpp"
#include "store/call_store.hpp"
#include "store/conversation_store.hpp"
#include "store/outbox.hpp"

namespace belfry::calls::testing {

using account::UserId;
using store::CallId;

/// What a database keeps and decides (store/call_store.hpp).
struct StoreState {
  StoreState();
  ~StoreState();
  StoreState(const StoreState&) = delete;
  StoreState& operator=(const StoreState&);

  std::map<CallId, store::StoredCall> calls;
  std::map<UserId, CallId> slots;
  std::map<UserId, account::Person> people;
  std::map<UserId, bool> active;
  std::map<store::ConversationId, store::Conversation> conversations;
  std::map<std::pair<UserId, store::ConversationId>, call::Provider> tokens;  // the newest of each user for each conversation
  std::set<std::pair<UserId, UserId>> blocks;                                 // who blocks whom
  std::map<CallId, std::vector<store::AuditRecord>> audit;
  struct Claimed {
    CallId call{};
    store::GivenAnswer answer{};
  };
  std::map<std::string, Claimed> claims;  // by key
  std::vector<store::Attempt> attempts;
  std::map<std::pair<UserId, CallId>, store::OutboxEntry> outbox;
  std::vector<store::OutboxEntry> pushes;
  std::size_t outbox_wakes = 0;                // how often Ports::due_stored was called
  std::set<UserId> pushable;                   // who has a device that can be pushed
  std::size_t asked_for_devices = 0;           // how often
  std::vector<UserId> not_pushed;              // what Ports::not_pushed was told
  std::vector<std::function<void()>> waiting;  // questions on their way
  bool has_places = false;                     // calls of two get a conversation, and their ends an entry
  std::vector<store::WrittenEntry> entries;    // what Ports::entry_written was told
  bool later = false;                          // answers come when the world says so
  bool down = false;
  int fail = 0;  // the next commits fail
  /// The next commits happen, or not, and the connection is lost before they are answered.
  enum class Lost : std::uint8_t { nothing, answers, commits } lost = Lost::nothing;
  std::size_t commits = 0, conflicts = 0;
  std::function<void()> when_put;          // once, in a put to the outbox outside a commit
  std::map<CallId, std::size_t> ended_at;  // after so many commits
  std::map<CallId, std::set<UserId>> out;  // whose part was over before the call was

  store::CommitResult apply(const store::Transition& change);
  [[nodiscard]] bool blocks_between(UserId one, UserId other) const;
  [[nodiscard]] std::optional<CallId> active_in(const store::ConversationId& conversation) const;
  store::PartsRefused refused_parts(const store::CallRow& row);
  /// This step is durable.
  void keep(const store::Transition& change);
  /// What a real database answered.
  void witness(const store::Transition& change, const store::CommitResult& result);
  std::vector<account::Person> people_of(const store::CallRow& row);
};

class ScriptedCallStore final : public store::CallStore {
 public:
  ScriptedCallStore(StoreState& store, Mailboxes& mailboxes, ShardIndex shard);
  void commit(store::Transition change, store::Done<const store::CommitResult&> done) override;
  void load(const CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override;
  void active_in(const store::ConversationId& conversation,
                 store::Done<Expected<std::optional<CallId>, store::Unavailable>> done) override;
  void load_active(std::size_t, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void overdue(WallTime now, std::size_t, store::Done<Expected<std::vector<CallId>, store::Unavailable>> done) override;
  void record_attempt(store::Attempt attempt) override;
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override;
  void wipe(store::Done<Expected<void, store::Unavailable>>) override {}

 private:
  template <class Answer, class Done>
  void ask(Answer answer, Done done);

  StoreState& state_;
  Mailboxes& mailboxes_;
  ShardIndex shard_;
};

/// Only finds: tests write into StoreState::conversations.
class ScriptedConversations final : public store::ConversationStore {
 public:
  ScriptedConversations(StoreState& store, Mailboxes& mailboxes, ShardIndex shard);
  void find(store::ConversationId id, UserId reader,
            store::Done<Expected<std::optional<store::StoredConversation>, store::Unavailable>> done) override;
  void open(conversation::NewConversation, std::optional<store::OpeningClaim>, Answer<store::OpenedConversation>) override {}
  void find_direct(UserId, UserId, store::Done<Expected<std::optional<store::ConversationId>, store::Unavailable>>) override {}
  void read_directs(UserId, std::vector<UserId>,
                    store::Done<Expected<std::vector<store::StoredConversation>, store::Unavailable>>) override {}
  void list(store::ConversationQuery, store::Done<Expected<store::ConversationPage, store::Unavailable>>) override {}
  void change(store::ConversationChange, Answer<store::ChangedConversation>) override {}
  void block(UserId, UserId, WallTime, store::Done<Expected<bool, store::Unavailable>>) override {}
  void unblock(UserId, UserId, store::Done<Expected<void, store::Unavailable>>) override {}
  void blocked_among(UserId user, std::vector<UserId> others,
                     store::Done<Expected<std::vector<UserId>, store::Unavailable>> done) override;
  void blocked_by(UserId, std::vector<UserId>, store::Done<Expected<std::vector<UserId>, store::Unavailable>>) override {}
  void blocks_of(UserId, store::Done<Expected<std::vector<UserId>, store::Unavailable>>) override {}
  void record_refused(store::RefusedStranger) override {}

 private:
  template <class Ask, class Done>
  void reply(Ask answer, Done done);

  StoreState& state_;
  Mailboxes& mailboxes_;
  ShardIndex shard_;
};

class ScriptedOutbox final : public store::Outbox {
 public:
  explicit ScriptedOutbox(StoreState& store) : state_(store) {}
  void put(store::OutboxEntry entry, store::Done<Expected<void, store::Unavailable>> done) override;
  void settle(UserId to, const CallId& call) override;
  void still_waits(UserId to, const CallId& call, store::Done<Expected<bool, store::Unavailable>> done) override;
  void waiting(std::uint64_t, std::size_t, store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>>) override {}
  void forget_before(WallTime, std::size_t) override {}

 private:
  StoreState& state_;
};

}  // namespace belfry::calls::testing
