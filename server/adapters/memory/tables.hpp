// Tables: the in-memory store, shared by all shards under one lock. It serves tests, trial servers and measurements without a
// disk, and is the model that the contract suites compare the databases with. It keeps only the newest ended calls, so that
// memory stays bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "store/account_store.hpp"
#include "store/call_archive.hpp"
#include "store/call_store.hpp"
#include "store/conversation_store.hpp"
#include "store/device_store.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::memory {

template <class Id, class Value>
using ById = boost::unordered_flat_map<Id, Value, UuidHash>;

struct UserEntry {
  store::User user{};
  std::string password_hash{};
  std::optional<store::CallId> slot{};  // the active call
  std::list<store::CallId> calls{};     // oldest first, possibly including calls no longer kept. Costs nothing while empty
};

struct KeptCall {
  store::CallRow row{};
  std::vector<store::AuditEntry> audit{};
  std::vector<store::QualityEntry> quality{};
  store::QualityAggregate quality_sums{};
};

struct LoginEntry {
  store::Login login{};
  std::optional<WallTime> revoked{};
};

struct ChangeEntry {
  store::Change change{};
  WallTime at{};
};

struct AnswerEntry {
  store::KeptAnswer answer{};
  WallTime at{};
};

struct PushEntry {
  store::PushDelivery delivery{};
  bool stopped = false;
};

/// `number`: in the order of all messages of the server.
struct MessageEntry {
  store::Message message{};
  std::uint64_t number = 0;
};
/// Of one conversation, by seq. The newest are kept, so that memory stays bounded.
using Messages = std::deque<MessageEntry>;
constexpr std::size_t kKeptMessages = 20'000;

using OutboxKey = std::tuple<store::UserId, store::CallId, store::OutboxKind, std::string>;

struct State {
  ById<store::UserId, UserEntry> users;
  ById<store::UserId, store::TokenLimit> limits;  // only users who have one
  std::map<std::string, store::UserId, std::less<>> names, emails;
  std::uint32_t last_media_uid = 0;

  ById<store::CallId, std::unique_ptr<KeptCall>> calls;
  std::deque<store::CallId> ended;  // in the order in which they ended
  std::uint64_t last_audit_seq = 0;
  std::deque<store::Attempt> attempts;
  std::deque<store::AuditEntry> refused_strangers;
  std::map<OutboxKey, store::OutboxEntry> outbox;
  std::map<std::uint64_t, OutboxKey> due_entries;  // entries that are tried by time; key: the number
  std::uint64_t last_outbox_seq = 0;

  ById<store::LoginId, LoginEntry> logins;
  std::deque<ChangeEntry> changes;
  std::uint64_t last_change = 0;
  std::map<std::pair<store::UserId, std::string>, AnswerEntry> answers;

  ById<store::ConversationId, store::Conversation> conversations;
  std::map<conversation::Pair, store::ConversationId> pairs;    // of direct conversations
  std::map<store::ConversationId, store::CallId> active_calls;  // of conversations
  std::set<std::pair<store::UserId, store::ConversationId>> memberships;
  std::set<std::pair<store::UserId, store::UserId>> blocks;  // who blocks whom
  std::map<store::ConversationId, Messages> messages;
  std::uint64_t last_message = 0;

  ById<file::FileId, file::File> files;
  std::multimap<file::FileId, std::pair<store::ConversationId, store::MessageId>> attached;  // the messages they are attached to
  std::map<file::FileId, WallTime> conversation_gone;  // of files: when a conversation with them was deleted
  std::set<file::FileId> removed_files;

  ById<store::DeviceId, store::Device> devices;
  std::map<store::PushId, PushEntry> pushes;
};

class Tables {
 public:
  explicit Tables(std::size_t kept_calls = 10'000) : kept_calls_(kept_calls) {}

  template <class Use>
  auto with(Use&& use) {
    return state_.with(std::forward<Use>(use));
  }
  [[nodiscard]] std::size_t kept_calls() const { return kept_calls_; }
  /// Does nothing, because every answer is given at once; the stores with threads have this function too.
  void wait_for_all() const {}

 private:
  const std::size_t kept_calls_;
  Guarded<State> state_;
};

[[nodiscard]] KeptCall* find_call(const State& state, const store::CallId& id);
[[nodiscard]] UserEntry* find_user(State& state, const store::UserId& id);
/// Whether either blocks the other.
[[nodiscard]] bool blocks_between(const State& state, const store::UserId& one, const store::UserId& other);
/// Appends to the feed of changes.
void note(State& state, store::Change change, WallTime now);
/// Revokes the logins of this user except `but`, and returns them.
[[nodiscard]] std::vector<store::Login> revoke_logins_of(State& state, const store::UserId& user, WallTime now,
                                                         const store::LoginId& but);
void keep_conversation(State& state, store::Conversation conversation);
/// Of the server: numbers it and appends it to its conversation.
[[nodiscard]] store::Message put_entry(State& state, store::Message entry);
/// What this user sees of it: the newest message, and how many are unread, if they are in it; and the active call.
void add_overview(State& state, store::StoredConversation& stored, const store::UserId& reader);
void put_in_outbox(State& state, store::OutboxEntry entry);
[[nodiscard]] OutboxKey key_of_end(const store::UserId& to, const store::CallId& call);
/// One person per leg.
[[nodiscard]] std::vector<account::Person> people_of(State& state, const store::CallRow& row);
[[nodiscard]] store::StoredCall stored(State& state, const store::CallRow& row);
/// Newest first, by (createdAt, id).
void sort_newest_first(std::vector<const store::CallRow*>& rows);
/// The user's calls that are still kept.
[[nodiscard]] std::vector<const store::CallRow*> calls_of(State& state, const store::UserId& user);

}  // namespace belfry::memory
