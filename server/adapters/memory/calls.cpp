#include <algorithm>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "store/ring_deadline.hpp"

namespace belfry::memory {
namespace {

using store::CallId;
using store::Transition;
using store::Unavailable;

/// One per leg; null: there is no such user.
using Users = std::vector<UserEntry*>;

Users users_of(State& state, const store::CallRow& row) {
  Users users;
  users.reserve(row.legs.size());
  for (const auto& leg : row.legs) users.push_back(find_user(state, leg.user));
  return users;
}

std::optional<store::PartsRefused::Why> refused_part(const State& state, const store::CallRow& row, const store::Leg& leg,
                                                     const UserEntry& user) {
  using enum store::PartsRefused::Why;
  if (row.conversation && !state.memberships.contains({leg.user, *row.conversation})) return not_in_conversation;
  if (leg.user == row.caller) return std::nullopt;
  if (user.user.status != account::UserStatus::active) return not_active;
  if (leg.bell == store::Bell::silent || !is_pending(leg.state)) return std::nullopt;
  if (blocks_between(state, row.caller, leg.user)) return blocked;
  return user.slot ? std::optional(busy) : std::nullopt;
}

store::PartsRefused refused_parts(const State& state, const store::CallRow& row, const Users& users) {
  store::PartsRefused refused;
  for (std::size_t i = 0; i < users.size(); ++i)
    if (const auto why = refused_part(state, row, row.legs[i], *users[i])) refused.parts.push_back({row.legs[i].user, *why});
  return refused;
}

std::optional<store::CommitResult> refusal(State& state, const store::CallRow& row, const Users& users) {
  for (std::size_t callee = 1; callee < users.size(); ++callee)
    if (users[callee] == nullptr) return store::UserUnknown{row.legs[callee].user};
  if (users.front() == nullptr) return store::UserUnknown{row.caller};
  for (const auto* each : users)
    if ((!is_group(row) || each == users.front()) && each->user.status != account::UserStatus::active)
      return store::UserNotActive{each->user.id};
  if (row.callee && blocks_between(state, row.caller, *row.callee)) return store::UserNotActive{*row.callee};
  if (const auto* known = find_call(state, row.id)) return store::VersionConflict{known->row.version};
  for (const auto* each : users)
    if (each->slot && (!is_group(row) || each == users.front()))
      return store::SlotTaken{.user = each->user.id, .held_by = *each->slot};
  if (row.conversation)
    if (const auto active = state.active_calls.find(*row.conversation); active != state.active_calls.end())
      return store::ConversationTaken{active->second};
  if (auto parts = refused_parts(state, row, users); is_group(row) && !parts.parts.empty()) return parts;
  return std::nullopt;
}

/// See store::ClaimTaken.
bool is_taken(const State& state, const std::optional<store::IdempotencyClaim>& claim) {
  if (!claim) return false;
  const auto kept = state.answers.find({claim->owner, claim->key});
  if (kept == state.answers.end()) return false;
  return kept->second.answer.call || kept->second.answer.fingerprint != claim->fingerprint;
}

void keep_claim(State& state, const Transition& transition, const std::optional<store::ConversationId>& place = {}) {
  if (!transition.claim) return;
  const auto& claim = *transition.claim;
  const auto [kept, is_new] = state.answers.try_emplace({claim.owner, claim.key});
  if (is_new) kept->second.at = transition.record.at;
  auto [status, body] = answer_in(transition, place);
  kept->second.answer = {.fingerprint = claim.fingerprint, .call = transition.row.id, .status = status, .body = std::move(body)};
}

void append(State& state, KeptCall& entry, Transition& transition) {
  entry.audit.push_back({.seq = ++state.last_audit_seq,
                         .call = transition.row.id,
                         .call_seq = transition.row.version,
                         .record = std::move(transition.record)});
  transition.row.quality = std::move(entry.row.quality);
  if (entry.row.conversation) transition.row.conversation = entry.row.conversation;  // a creation alone writes it
  entry.row = std::move(transition.row);
}

constexpr std::size_t kUsualSteps = 3;  // made, answered, ended

void take_slots(State& state, const store::CallRow& row) {
  for (const auto& leg : row.legs)
    if (auto* user = find_user(state, leg.user); user != nullptr && holds_slot(row, leg)) user->slot = row.id;
}

void free_slots(State& state, const store::CallRow& row) {
  for (const auto& leg : row.legs) {
    auto* const user = find_user(state, leg.user);
    if (user != nullptr && user->slot == row.id && !holds_slot(row, leg)) user->slot.reset();
  }
}

/// Of a person who comes into a group call.
std::optional<store::SlotTaken> taken_slot(State& state, const store::CallRow& row) {
  for (const auto& leg : row.legs) {
    const auto* const user = find_user(state, leg.user);
    if (user != nullptr && holds_slot(row, leg) && user->slot && *user->slot != row.id)
      return store::SlotTaken{.user = leg.user, .held_by = *user->slot};
  }
  return std::nullopt;
}

/// K27: the direct conversation of a call of two.
std::optional<store::ConversationId> place_of(State& state, const Transition& transition) {
  const store::CallRow& row = transition.row;
  if (row.conversation || !row.callee) return row.conversation;
  const auto pair = conversation::pair_of(row.caller, *row.callee);
  if (const auto known = state.pairs.find(pair); known != state.pairs.end()) return known->second;
  if (!transition.pair) return std::nullopt;
  keep_conversation(state, begin(conversation::NewConversation{.id = *transition.pair,
                                                               .kind = conversation::Kind::direct,
                                                               .creator = row.caller,
                                                               .others = {*row.callee},
                                                               .at = row.created}));
  state.pairs.emplace(pair, *transition.pair);
  return transition.pair;
}

/// K43
std::optional<store::WrittenEntry> write_entry(State& state, const Transition& transition) {
  if (!transition.entry) return std::nullopt;
  const auto found = state.conversations.find(transition.entry->conversation);
  if (found == state.conversations.end()) return std::nullopt;
  store::WrittenEntry written{.message = put_entry(state, *transition.entry)};
  for (const auto& member : found->second.members) written.members.push_back(member.user);
  return written;
}

store::CommitResult create(State& state, Transition& transition) {
  const store::CallRow& row = transition.row;
  const Users users = users_of(state, row);
  if (auto refused = refusal(state, row, users)) return *std::move(refused);
  if (is_taken(state, transition.claim)) return store::ClaimTaken{};
  const auto place = place_of(state, transition);
  keep_claim(state, transition, place);
  std::vector<account::Person> people;
  for (auto* each : users) {
    each->calls.push_back(row.id);
    people.push_back(person_of(each->user));
  }
  take_slots(state, row);
  transition.row.conversation = place;
  if (place) state.active_calls.emplace(*place, row.id);
  auto entry = std::make_unique<KeptCall>();
  entry->audit.reserve(kUsualSteps);
  KeptCall& made = *entry;
  state.calls.emplace(row.id, std::move(entry));
  append(state, made, transition);
  for (const auto& each : transition.outbox) put_in_outbox(state, each);
  return store::Committed{.people = std::move(people), .conversation = place};
}

void forget_oldest(State& state) {
  const CallId oldest = state.ended.front();
  state.ended.pop_front();
  auto* call = find_call(state, oldest);
  if (call == nullptr) return;
  const auto legs = std::move(call->row.legs);
  state.calls.erase(oldest);
  for (const auto& leg : legs) {
    auto* user = find_user(state, leg.user);
    while (user != nullptr && !user->calls.empty() && find_call(state, user->calls.front()) == nullptr) user->calls.pop_front();
  }
}

store::CommitResult change(State& state, Transition& transition, std::size_t kept_calls) {
  if (is_taken(state, transition.claim)) return store::ClaimTaken{};
  auto* entry = find_call(state, transition.row.id);
  if (entry == nullptr) return store::VersionConflict{0};
  if (entry->row.version != transition.expected_version) return store::VersionConflict{entry->row.version};
  if (is_group(transition.row)) {
    if (const auto taken = taken_slot(state, transition.row)) return *taken;
    take_slots(state, transition.row);
    free_slots(state, transition.row);
  }
  keep_claim(state, transition);
  for (const auto& each : transition.outbox) put_in_outbox(state, each);
  auto written = write_entry(state, transition);
  append(state, *entry, transition);
  if (!is_final(entry->row.status)) return store::Committed{.entry = std::move(written)};
  free_slots(state, entry->row);
  if (entry->row.conversation) state.active_calls.erase(*entry->row.conversation);
  state.ended.push_back(entry->row.id);
  if (state.ended.size() > kept_calls) forget_oldest(state);
  return store::Committed{.entry = std::move(written)};
}

/// Oldest first.
template <class Wanted>
std::vector<const store::CallRow*> oldest_first(const State& state, Wanted wanted, std::size_t limit) {
  std::vector<const store::CallRow*> rows;
  for (const auto& [id, entry] : state.calls)
    if (wanted(entry->row)) rows.push_back(&entry->row);
  sort_newest_first(rows);
  std::reverse(rows.begin(), rows.end());
  rows.resize(std::min(rows.size(), limit));
  return rows;
}

// How many refused starts are kept: old ones are of no interest.
constexpr std::size_t kKeptAttempts = 10'000;

}  // namespace

void CallStore::commit(Transition transition, store::Done<const store::CommitResult&> done) {
  const auto result = tables_.with([&](State& state) {
    return transition.expected_version == 0 ? create(state, transition) : change(state, transition, tables_.kept_calls());
  });
  done(result);
}

void CallStore::fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::Committed> {
    const auto* entry = find_call(state, step.call);
    if (entry == nullptr || step.version == 0 || step.version > entry->audit.size()) return std::nullopt;
    if (entry->audit[step.version - 1].record.hash != step.hash) return std::nullopt;
    if (step.version != 1) return store::Committed{};
    return store::Committed{.people = people_of(state, entry->row), .conversation = entry->row.conversation};
  }));
}

void CallStore::load(const CallId& id, store::Done<Expected<std::optional<store::StoredCall>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::StoredCall> {
    const auto* entry = find_call(state, id);
    if (entry == nullptr) return std::nullopt;
    return stored(state, entry->row);
  }));
}

void CallStore::active_in(const store::ConversationId& conversation,
                          store::Done<Expected<std::optional<CallId>, Unavailable>> done) {
  done(tables_.with([&](const State& state) -> std::optional<CallId> {
    const auto active = state.active_calls.find(conversation);
    return active == state.active_calls.end() ? std::nullopt : std::optional(active->second);
  }));
}

void CallStore::load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::StoredCall> calls;
    for (const auto* row : oldest_first(state, [](const auto& each) { return !is_final(each.status); }, limit))
      calls.push_back(stored(state, *row));
    return calls;
  }));
}

void CallStore::overdue(WallTime now, std::size_t limit, store::Done<Expected<std::vector<CallId>, Unavailable>> done) {
  const auto late = [now](const store::CallRow& row) {
    return row.status == call::Status::calling && store::ring_deadline(row) < now;
  };
  done(tables_.with([&](const State& state) {
    std::vector<CallId> ids;
    for (const auto* row : oldest_first(state, late, limit)) ids.push_back(row->id);
    return ids;
  }));
}

void CallStore::record_attempt(store::Attempt attempt) {
  tables_.with([&](State& state) {
    state.attempts.push_back(std::move(attempt));
    if (state.attempts.size() > kKeptAttempts) state.attempts.pop_front();
  });
}

void CallStore::wipe(store::Done<Expected<void, Unavailable>> done) {
  tables_.with([](State& state) {
    const auto last = state.last_outbox_seq;  // numbers are never reused
    state = State{};
    state.last_outbox_seq = last;
  });
  done({});
}

}  // namespace belfry::memory
