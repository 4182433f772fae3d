#include "app/calls/scripted_store_for_tests.hpp"

#include <utility>
#include <variant>

namespace belfry::calls::testing {

StoreState::StoreState() = default;
StoreState::~StoreState() = default;
StoreState& StoreState::operator=(const StoreState&) = default;

store::CommitResult StoreState::apply(const store::Transition& change) {
  if (down || (fail > 0 && fail-- > 0)) return store::Unavailable{};
  const auto& row = change.row;
  if (change.claim && claims.contains(change.claim->key)) return store::ClaimTaken{};
  const auto found = calls.find(row.id);
  const std::uint64_t version = found == calls.end() ? 0 : found->second.row.version;
  if (version != change.expected_version) {
    ++conflicts;
    return store::VersionConflict{version};
  }
  if (version == 0) {
    for (const auto& leg : row.legs)
      if (!people.contains(leg.user)) return store::UserUnknown{leg.user};
    for (const auto& leg : row.legs)
      if ((row.callee || leg.user == row.caller) && !active[leg.user]) return store::UserNotActive{leg.user};
    if (row.callee && blocks_between(row.caller, *row.callee)) return store::UserNotActive{*row.callee};
  }
  for (const auto& leg : row.legs)
    if (const auto slot = slots.find(leg.user); holds_slot(row, leg) && slot != slots.end() && slot->second != row.id)
      return store::SlotTaken{leg.user, slot->second};
  if (version == 0 && row.conversation)
    if (const auto active_call = active_in(*row.conversation)) return store::ConversationTaken{*active_call};
  if (version == 0 && is_group(row))
    if (auto refused = refused_parts(row); !refused.parts.empty()) return refused;
  keep(change);
  for (const auto& entry : change.outbox) {
    if (entry.kind == store::OutboxKind::call_end)
      outbox.insert({{entry.to, entry.call}, entry});
    else
      pushes.push_back(entry);
  }
  store::Committed made;
  if (version == 0) made.people = people_of(row);
  if (version == 0 && has_places) made.conversation = row.conversation ? row.conversation : change.pair;
  if (change.entry && has_places) made.entry = store::WrittenEntry{.message = *change.entry};
  return made;
}

bool StoreState::blocks_between(UserId one, UserId other) const {
  return blocks.contains({one, other}) || blocks.contains({other, one});
}

std::optional<CallId> StoreState::active_in(const store::ConversationId& conversation) const {
  for (const auto& [id, call] : calls)
    if (call.row.conversation == conversation && !is_final(call.row.status)) return id;
  return std::nullopt;
}

store::PartsRefused StoreState::refused_parts(const store::CallRow& row) {
  using enum store::PartsRefused::Why;
  store::PartsRefused refused;
  for (const auto& leg : row.legs) {
    const bool rings = leg.user != row.caller && leg.bell == store::Bell::rings && is_pending(leg.state);
    if (row.conversation && find_member(conversations[*row.conversation], leg.user) == nullptr)
      refused.parts.push_back({leg.user, not_in_conversation});
    else if (!active[leg.user])
      refused.parts.push_back({leg.user, not_active});
    else if (rings && blocks_between(row.caller, leg.user))
      refused.parts.push_back({leg.user, blocked});
    else if (rings && slots.contains(leg.user))
      refused.parts.push_back({leg.user, busy});
  }
  return refused;
}

void StoreState::keep(const store::Transition& change) {
  const auto& row = change.row;
  ++commits;
  calls[row.id] = {row, people_of(row)};
  if (change.claim) claims.insert({change.claim->key, {row.id, change.claim->answer}});
  audit[row.id].push_back(change.record);
  const bool over = call::is_final(row.status);
  if (over) ended_at[row.id] = commits;
  for (const auto& leg : row.legs) {
    const bool kept_from = leg.user != row.caller && is_pending(leg.state) && (leg.bell == store::Bell::silent || !row.announced);
    if (!over) is_open(leg.state) && !kept_from ? void(out[row.id].erase(leg.user)) : void(out[row.id].insert(leg.user));
    if (holds_slot(row, leg)) slots[leg.user] = row.id;
    if (!holds_slot(row, leg) && slots.contains(leg.user) && slots[leg.user] == row.id) slots.erase(leg.user);
  }
}

void StoreState::witness(const store::Transition& change, const store::CommitResult& result) {
  if (std::holds_alternative<store::Committed>(result)) keep(change);
  if (std::holds_alternative<store::VersionConflict>(result)) ++conflicts;
}

std::vector<account::Person> StoreState::people_of(const store::CallRow& row) {
  std::vector<account::Person> all;
  for (const auto& leg : row.legs) all.push_back(people[leg.user]);
  return all;
}

ScriptedCallStore::ScriptedCallStore(StoreState& store, Mailboxes& mailboxes, ShardIndex shard)
    : state_(store),
      mailboxes_(mailboxes),
      shard_(shard) {}

template <class Answer, class Done>
void ScriptedCallStore::ask(Answer answer, Done done) {
  if (!state_.later) return done(answer());
  state_.waiting.push_back([this, answer = std::move(answer), done = std::move(done)] {
    mailboxes_.post(shard_, [result = answer(), done] { done(result); });
  });
}

void ScriptedCallStore::commit(store::Transition change, store::Done<const store::CommitResult&> done) {
  ask(
      [this, change = std::move(change)]() -> store::CommitResult {
        if (state_.lost == StoreState::Lost::nothing) return state_.apply(change);
        if (state_.lost == StoreState::Lost::answers) static_cast<void>(state_.apply(change));
        return store::Uncertain{};
      },
      std::move(done));
}

void ScriptedCallStore::load(const CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) {
  using Found = Expected<std::optional<store::StoredCall>, store::Unavailable>;
  ask(
      [this, id]() -> Found {
        if (state_.down) return unexpected(store::Unavailable{});
        const auto found = state_.calls.find(id);
        return found == state_.calls.end() ? std::nullopt : std::optional(found->second);
      },
      std::move(done));
}

void ScriptedCallStore::active_in(const store::ConversationId& conversation,
                                  store::Done<Expected<std::optional<CallId>, store::Unavailable>> done) {
  using Found = Expected<std::optional<CallId>, store::Unavailable>;
  ask(
      [this, conversation]() -> Found {
        if (state_.down) return unexpected(store::Unavailable{});
        return state_.active_in(conversation);
      },
      std::move(done));
}

void ScriptedCallStore::overdue(WallTime now, std::size_t, store::Done<Expected<std::vector<CallId>, store::Unavailable>> done) {
  std::vector<CallId> due;
  for (const auto& [id, call] : state_.calls)
    if (call.row.status == call::Status::calling && call.row.ring_expires && *call.row.ring_expires < now) due.push_back(id);
  done(due);
}

void ScriptedCallStore::record_attempt(store::Attempt attempt) { state_.attempts.push_back(std::move(attempt)); }

void ScriptedCallStore::fate(const store::StepId& step,
                             store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) {
  using Fate = Expected<std::optional<store::Committed>, store::Unavailable>;
  ask(
      [this, step]() -> Fate {
        if (state_.down || state_.lost != StoreState::Lost::nothing) return unexpected(store::Unavailable{});
        const auto& records = state_.audit[step.call];
        if (step.version > records.size() || records[step.version - 1].hash != step.hash) return std::nullopt;
        const auto& call = state_.calls.at(step.call);
        return step.version == 1 ? store::Committed{call.people} : store::Committed{};
      },
      std::move(done));
}

ScriptedConversations::ScriptedConversations(StoreState& store, Mailboxes& mailboxes, ShardIndex shard)
    : state_(store),
      mailboxes_(mailboxes),
      shard_(shard) {}

template <class Ask, class Done>
void ScriptedConversations::reply(Ask answer, Done done) {
  if (!state_.later) return done(answer());
  state_.waiting.push_back([this, answer = std::move(answer), done = std::move(done)] {
    mailboxes_.post(shard_, [result = answer(), done] { done(result); });
  });
}

void ScriptedConversations::find(store::ConversationId id, UserId reader,
                                 store::Done<Expected<std::optional<store::StoredConversation>, store::Unavailable>> done) {
  const auto answer = [this, id, reader]() -> Expected<std::optional<store::StoredConversation>, store::Unavailable> {
    if (state_.down) return unexpected(store::Unavailable{});
    const auto found = state_.conversations.find(id);
    if (found == state_.conversations.end() || find_member(found->second, reader) == nullptr) return std::nullopt;
    return store::StoredConversation{.conversation = found->second};
  };
  reply(answer, std::move(done));
}

void ScriptedConversations::blocked_among(UserId user, std::vector<UserId> others,
                                          store::Done<Expected<std::vector<UserId>, store::Unavailable>> done) {
  const auto answer = [this, user, others = std::move(others)]() -> Expected<std::vector<UserId>, store::Unavailable> {
    if (state_.down) return unexpected(store::Unavailable{});
    std::vector<UserId> blocked = others;
    std::erase_if(blocked, [&](const UserId other) { return !state_.blocks_between(user, other); });
    return blocked;
  };
  reply(answer, std::move(done));
}

void ScriptedOutbox::put(store::OutboxEntry entry, store::Done<Expected<void, store::Unavailable>> done) {
  if (state_.down) return done(unexpected(store::Unavailable{}));
  state_.outbox.insert({{entry.to, entry.call}, entry});
  if (const auto then = std::exchange(state_.when_put, {})) then();
  done({});
}

void ScriptedOutbox::settle(UserId to, const CallId& call) { state_.outbox.erase({to, call}); }

void ScriptedOutbox::still_waits(UserId to, const CallId& call, store::Done<Expected<bool, store::Unavailable>> done) {
  if (state_.down) return done(unexpected(store::Unavailable{}));
  done(state_.outbox.contains({to, call}));
}

}  // namespace belfry::calls::testing
