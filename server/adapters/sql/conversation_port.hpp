// ConversationStore on an SQL database (port.hpp), and the order in which a change is made. The statements are the adapter's.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/sql/message_port.hpp"
#include "adapters/sql/port.hpp"
#include "base/check.hpp"
#include "domain/conversation/report.hpp"
#include "store/conversation_entry.hpp"
#include "store/conversation_store.hpp"

namespace belfry::sql {

using store::ConversationFault;

template <class Connection>
void add_overview(Connection& connection, store::StoredConversation& stored, const store::UserId& reader) {
  add_overviews(connection, {&stored, 1}, reader);
}

template <class Connection>
[[nodiscard]] store::StoredConversation must_find_conversation(Connection& connection, const store::ConversationId& id,
                                                               const store::UserId& reader) {
  auto stored = stored_conversation(connection, id);
  CHECK(stored.has_value(), "a conversation of this transaction is there");
  add_overview(connection, *stored, reader);
  return *std::move(stored);
}

/// False: see ConversationFault::key_taken. If this question runs again after a broken connection, the key is its own: then the
/// group that it made is there. A direct conversation is made once anyway.
template <class Connection>
[[nodiscard]] bool takes_key(Connection& connection, const conversation::NewConversation& request,
                             const store::IdempotencyClaim& claim) {
  if (take_key(connection, claim, request.at)) return true;
  const auto kept = kept_answer(connection, claim.owner, claim.key);
  if (!kept || kept->fingerprint != claim.fingerprint) return false;
  return request.kind == conversation::Kind::direct || stored_conversation(connection, request.id).has_value();
}

/// Another server may make the same direct conversation between the look and the insert; then its own is found.
template <class Connection>
[[nodiscard]] Expected<store::OpenedConversation, ConversationFault> open_conversation(
    Connection& connection, const conversation::NewConversation& request, const std::optional<store::OpeningClaim>& once) {
  const bool direct = request.kind == conversation::Kind::direct;
  const auto pair = direct ? conversation::pair_of(request.creator, request.others.front()) : conversation::Pair{};
  auto known = direct ? direct_conversation(connection, pair) : std::nullopt;
  std::vector<store::UserId> users = request.others;
  users.push_back(request.creator);
  if (!known && !all_users_exist(connection, users)) return unexpected(ConversationFault::user_unknown);
  if (!known && direct && !find_blocked(connection, request.creator, request.others).empty())
    return unexpected(ConversationFault::blocked);
  // Before anything is made: another server with the same key waits here, and then finds it taken.
  if (once && !takes_key(connection, request, once->claim)) return unexpected(ConversationFault::key_taken);
  if (!known) {
    const auto made = begin(request);
    if (insert_conversation(connection, made, pair))
      put_members(connection, made.id, made.members);
    else if (direct)
      known = direct_conversation(connection, pair);
  }
  // Not made and not of a pair: this question runs again after a broken connection, and the first run was committed.
  const auto id = known.value_or(request.id);
  store::OpenedConversation opened{must_find_conversation(connection, id, request.creator),
                                   id == request.id ? store::Opening::made : store::Opening::found};
  if (once) {
    const auto& [claim, write_reply] = *once;
    auto [status, body] = write_reply(opened);
    put_answer(connection, claim.owner, claim.key, {claim.fingerprint, std::nullopt, status, std::move(body)}, request.at);
  }
  return opened;
}

template <class Connection>
void write_step(Connection& connection, const conversation::Step& step) {
  const auto& id = step.next.id;
  if (step.fate == conversation::Fate::ends) return delete_conversation(connection, id);
  mark_left(connection, id, step.left, step.next.updated);  // before another becomes the owner: there is one at a time
  put_members(connection, id, step.joined);
  for (const auto& member : step.changed) update_member(connection, id, member);
  update_details(connection, step.next);
}

/// Writes the entry that reports the change, if there is something to report (K41). The members are written already, so who has
/// joined reads from this entry on (K42).
template <class Connection>
[[nodiscard]] std::optional<chat::Message> put_entry(Connection& connection, const store::ConversationChange& change,
                                                     const store::StoredConversation& before,
                                                     const store::StoredConversation& after, const conversation::Step& step) {
  if (!change.entry) return std::nullopt;
  const auto line = conversation::report(before.conversation, step, change.actor, store::names_in(before, after));
  if (line.empty()) return std::nullopt;
  chat::Message entry = chat::system_entry(*change.entry, change.conversation, change.actor, line, change.at);
  entry.seq = before.conversation.last_seq + 1;
  insert_message(connection, entry);
  settle_if_due(connection, entry.conversation, entry.seq);
  return entry;
}

/// Whether the conversation is as this change asks, which its actor can no longer ask for: they left it, or deleted it.
template <class Connection>
[[nodiscard]] bool is_gone_as_asked(Connection& connection, const store::ConversationChange& change) {
  if (const auto* removed = std::get_if<conversation::RemoveMember>(&change.what)) return removed->user == change.actor;
  return std::holds_alternative<conversation::Delete>(change.what) && !stored_conversation(connection, change.conversation);
}

/// What an earlier run of the same change would have answered. The question runs again if the connection broke, maybe after the
/// commit: then it finds its own effect, and a member who left, or an owner who deleted, is a stranger by then.
using EarlierRun = std::optional<store::ChangedConversation>;

/// The step is written: what it made of the conversation, and the entry that reports it.
template <class Connection>
[[nodiscard]] store::ChangedConversation reported(Connection& connection, const store::ConversationChange& change,
                                                  store::StoredConversation before, const conversation::Step& step) {
  store::ChangedConversation changed{{step.next, before.people, before.names}};
  changed.fate = step.fate;
  changed.concerns_only = step.concerns_only;
  changed.left = step.left;
  for (const auto& member : step.joined) changed.joined.push_back(member.user);
  if (step.fate == conversation::Fate::ends) {
    if (step.next.members.empty()) changed.people.clear(), changed.names.clear();
    return changed;
  }
  auto after = stored_conversation(connection, change.conversation);
  CHECK(after.has_value(), "a conversation of this transaction is there");
  changed.entry = put_entry(connection, change, before, *after, step);
  if (changed.entry) after->conversation.last_seq = changed.entry->seq;
  add_overview(connection, *after, change.actor);
  static_cast<store::StoredConversation&>(changed) = *std::move(after);
  return changed;
}

/// Strangers neither lock nor read the conversation (J-1.4).
template <class Connection>
[[nodiscard]] Expected<store::ChangedConversation, ConversationFault> change_conversation(Connection& connection,
                                                                                          const store::ConversationChange& change,
                                                                                          EarlierRun& earlier) {
  if (!is_member(connection, change.conversation, change.actor)) {
    if (earlier && is_gone_as_asked(connection, change)) return *earlier;
    return unexpected(ConversationFault::not_participant);
  }
  lock_conversation(connection, change.conversation);
  auto before = stored_conversation(connection, change.conversation);
  if (!before) return unexpected(ConversationFault::not_participant);
  // The entry's id is this change's own.
  if (earlier && earlier->entry && find_message(connection, change.conversation, earlier->entry->id)) return *earlier;
  const auto step = decide(before->conversation, change.actor, change.what, change.at);
  if (!step) return unexpected(store::fault_of(step.error()));
  const bool has_effect = step->fate == conversation::Fate::ends || step->next != before->conversation;
  if (!has_effect && earlier && earlier->concerns_only) return *earlier;
  std::vector<store::UserId> joined;
  for (const auto& member : step->joined) joined.push_back(member.user);
  if (!all_users_exist(connection, joined)) return unexpected(ConversationFault::user_unknown);
  if (step->fate == conversation::Fate::ends) release_files_in(connection, change.conversation, change.at);
  if (has_effect) write_step(connection, *step);
  earlier = reported(connection, change, *std::move(before), *step);
  return *earlier;
}

template <class Connection>
[[nodiscard]] std::optional<store::StoredConversation> conversation_for(Connection& connection, const store::ConversationId& id,
                                                                        const store::UserId& reader) {
  if (!is_member(connection, id, reader)) return std::nullopt;
  auto stored = stored_conversation(connection, id);
  // The reader may have left meanwhile.
  if (stored && find_member(stored->conversation, reader) == nullptr) return std::nullopt;
  return stored;
}

template <class Db>
class ConversationStoreOn final : public store::ConversationStore {
  template <class Result>
  using Done = store::Done<Expected<Result, store::Unavailable>>;
  using UserId = store::UserId;

 public:
  ConversationStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void open(conversation::NewConversation request, std::optional<store::OpeningClaim> claim,
            Answer<store::OpenedConversation> done) override {
    port_.write_or(
        ConversationFault::unavailable,
        [request = std::move(request), claim = std::move(claim)](auto& connection) {
          return open_conversation(connection, request, claim);
        },
        std::move(done));
  }
  void find(store::ConversationId id, UserId reader, Done<std::optional<store::StoredConversation>> done) override {
    port_.read([id, reader](auto& connection) { return conversation_for(connection, id, reader); }, std::move(done));
  }
  void read(store::ConversationId id, UserId reader, Done<std::optional<store::StoredConversation>> done) override {
    port_.read(
        [id, reader](auto& connection) {
          auto stored = conversation_for(connection, id, reader);
          if (stored) add_overview(connection, *stored, reader);
          return stored;
        },
        std::move(done));
  }
  void find_direct(UserId one, UserId other, Done<std::optional<store::ConversationId>> done) override {
    port_.read([pair = conversation::pair_of(one, other)](auto& connection) { return direct_conversation(connection, pair); },
               std::move(done));
  }
  void read_directs(UserId reader, std::vector<UserId> others, Done<std::vector<store::StoredConversation>> done) override {
    port_.read(
        [reader, others = std::move(others)](auto& connection) {
          auto found = direct_conversations(connection, reader, others);
          add_overviews(connection, found, reader);
          return found;
        },
        std::move(done));
  }
  void list(store::ConversationQuery query, Done<store::ConversationPage> done) override {
    port_.read(
        [query](auto& connection) {
          auto page = page_of_conversations(connection, query);
          add_overviews(connection, page.conversations, query.user);
          return page;
        },
        std::move(done));
  }
  void change(store::ConversationChange change, Answer<store::ChangedConversation> done) override {
    const Uuid locks = change.conversation.value();
    port_.write_locking(
        locks, ConversationFault::unavailable,
        [change = std::move(change), earlier = std::make_shared<EarlierRun>()](auto& connection) {
          return change_conversation(connection, change, *earlier);
        },
        std::move(done));
  }
  void block(UserId user, UserId blocked, WallTime now, Done<bool> done) override {
    port_.write(
        [user, blocked, now](auto& connection) {
          const bool known = all_users_exist(connection, {blocked});
          if (known) put_block(connection, user, blocked, now);
          return known;
        },
        std::move(done));
  }
  void unblock(UserId user, UserId blocked, Done<void> done) override {
    port_.write([user, blocked](auto& connection) { remove_block(connection, user, blocked); }, std::move(done));
  }
  void blocked_among(UserId user, std::vector<UserId> others, Done<std::vector<UserId>> done) override {
    port_.read([user, others = std::move(others)](auto& connection) { return find_blocked(connection, user, others); },
               std::move(done));
  }
  void blocked_by(UserId user, std::vector<UserId> others, Done<std::vector<UserId>> done) override {
    port_.read([user, others = std::move(others)](auto& connection) { return find_blocked_by(connection, user, others); },
               std::move(done));
  }
  void blocks_of(UserId user, Done<std::vector<UserId>> done) override {
    port_.read([user](auto& connection) { return find_blocks(connection, user); }, std::move(done));
  }
  void record_refused(store::RefusedStranger refused) override {
    port_.tell([refused = std::move(refused)](auto& connection) { insert_refused(connection, store::audit_record(refused)); });
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql
