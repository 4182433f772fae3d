#include "adapters/postgres/call_batch.hpp"

#include <algorithm>
#include <utility>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/postgres/id_array.hpp"
#include "adapters/postgres/messages.hpp"
#include "adapters/sql/call_columns.hpp"
#include "adapters/sql/history_roles.hpp"
#include "adapters/sql/outbox_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::postgres {
namespace {

using store::CommitResult;
using store::Transition;

// The arrays are sent as bytes, with type numbers that each database assigns itself.
constexpr std::string_view kTypes =
    "SELECT 'belfry_transition'::regtype::oid::bigint, 'belfry_transition[]'::regtype::oid::bigint, "
    "'belfry_participant'::regtype::oid::bigint, 'belfry_participant[]'::regtype::oid::bigint, "
    "'belfry_entry'::regtype::oid::bigint, 'belfry_entry[]'::regtype::oid::bigint, "
    "'belfry_answer'::regtype::oid::bigint, 'belfry_answer[]'::regtype::oid::bigint, "
    "'belfry_call_note'::regtype::oid::bigint, 'belfry_call_note[]'::regtype::oid::bigint";
constexpr std::string_view kCommit = "SELECT * FROM belfry_commit($1, $2, $3, $4, $5, '{}'::belfry_outbox_entry[], $6)";
constexpr std::string_view kCommitAndPut = "SELECT * FROM belfry_commit_and_put($1, $2, $3, $4, $5, $7, $6)";
constexpr std::string_view kCommitAndKeep = "SELECT * FROM belfry_commit_and_keep($1, $2, $3, $4, $5, $7, $6, $8)";
constexpr std::string_view kCommitWithEntries =
    "SELECT * FROM belfry_commit_with_entries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
constexpr std::string_view kStartOfTwo = "SELECT * FROM belfry_start_of_two($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kStartGroup = "SELECT * FROM belfry_start_group($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kStartExternal = "SELECT * FROM belfry_start_external($1, $2, $3, $4, $5, $6, $7)";
constexpr std::string_view kStartGroupAndKeep = "SELECT * FROM belfry_start_group_and_keep($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kStartOnline = "SELECT * FROM belfry_start_online($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kFate = R"(SELECT "hash" FROM call_audit WHERE "callId" = $1 AND "callSeq" = $2)";
constexpr std::string_view kEndOthers =
    "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 200) FROM pg_stat_activity "
    "WHERE application_name = $1 AND pid <> pg_backend_pid()) others";

Composite transition_fields(std::int64_t ord, const Transition& transition) {
  Composite out;
  out.number(ord);
  out.number(static_cast<std::int64_t>(transition.expected_version));
  sql::put_call(out, transition.row);
  const auto& record = transition.record;
  out.text(record.type);
  out.maybe_uuid(record.actor);
  out.text_or_null(record.device);
  out.text(record.payload);
  out.hash(record.previous);
  out.hash(record.hash);
  out.time(record.at);
  const auto& claim = transition.claim;
  out.maybe_uuid(claim ? std::optional(claim->owner) : std::nullopt);
  out.maybe_text(claim ? std::optional(claim->key) : std::nullopt);
  out.maybe_text(claim ? std::optional(claim->fingerprint) : std::nullopt);
  return out;
}

/// Whether this step may take the leg's slot, for which the user is locked too.
bool starts(const Transition& transition, const store::Leg& leg) {
  return transition.expected_version == 0 || (is_group(transition.row) && holds_slot(transition.row, leg));
}
bool ends(const Transition& transition, const store::Leg& leg) {
  return transition.expected_version != 0 && !holds_slot(transition.row, leg);
}

/// The changed ones and the caller's, which stands for the transition in the answer.
std::vector<const store::Leg*> sent_legs(const Transition& transition) {
  auto legs = sql::changed_legs(transition);
  const store::Leg* const caller = &caller_leg(transition.row);
  if (std::find(legs.begin(), legs.end(), caller) == legs.end()) legs.push_back(caller);
  return legs;
}

Composite participant_fields(std::int64_t ord, const Transition& transition, const store::Leg& leg) {
  Composite out;
  out.number(ord);
  out.flag(starts(transition, leg));
  out.flag(ends(transition, leg));
  out.maybe_time(sql::group_call_at(transition.row, leg));
  sql::put_leg(out, transition.row, leg);
  return out;
}

Composite outbox_fields(std::int64_t ord, const store::OutboxEntry& entry) {
  Composite out;
  out.number(ord);
  sql::put_outbox_entry(out, entry);
  return out;
}

Composite answer_fields(std::int64_t ord, const store::IdempotencyClaim& claim) {
  Composite out;
  out.number(ord);
  out.number(claim.answer.status);
  out.text(claim.answer.body);
  return out;
}

Composite note_fields(std::int64_t ord, const chat::Message& entry) {
  const auto& call = entry.call;
  CHECK(call.has_value(), "the entry of a call tells of it");
  Composite out;
  out.number(ord);
  out.uuid(entry.id.value());
  out.uuid(entry.conversation.value());
  out.uuid(entry.sender.value());
  out.text(entry.text);
  out.text(sql::index_terms(entry));
  out.time(entry.created);
  out.uuid(call->id.value());
  out.text(to_text(call->media));
  out.text(to_text(call->status));
  out.text_or_null(call->reason ? to_text(*call->reason) : std::string_view{});
  out.maybe_time(call->started);
  out.maybe_time(call->ended);
  return out;
}

std::string encoded(TypeId element, const std::vector<Composite>& elements) {
  return array_of(element, elements, [](std::string& out, const Composite& each) { each.put(out); });
}

store::Committed committed(const Transition& transition) {
  store::Committed made;
  if (transition.expected_version == 0)
    for (const auto& leg : transition.row.legs) made.people.push_back({.id = leg.user, .username = {}, .avatar = {}});
  return made;
}

CommitResult refused_part(store::UserId user, store::PartsRefused::Why why) {
  return store::PartsRefused{.parts = {{.user = user, .why = why}}};
}

/// Reads the columns before those of the person. Throws Failure for a code that we do not know, which a changed function may
/// give: nobody knows then what it did, so the writer finds out.
std::optional<CommitResult> result_in(Row& row, const Transition& transition) {
  const auto verdict = static_cast<Verdict>(row.number());
  const auto version = static_cast<std::uint64_t>(row.number());
  const auto who = row.maybe_uuid(), held_by = row.maybe_uuid();
  const store::UserId user(who.value_or(Uuid{}));
  switch (verdict) {
    case Verdict::committed:
      return committed(transition);
    case Verdict::conflict:
      return store::VersionConflict{version};
    case Verdict::key_used:
      return store::ClaimTaken{};
    case Verdict::callee_unknown:
    case Verdict::caller_unknown:
      return store::UserUnknown{user};
    case Verdict::caller_not_active:
    case Verdict::callee_not_active:
      return store::UserNotActive{user};
    case Verdict::conversation_taken:
      return store::ConversationTaken{store::CallId(held_by.value_or(Uuid{}))};
    case Verdict::not_in_conversation:
      return refused_part(user, store::PartsRefused::Why::not_in_conversation);
    case Verdict::not_active:
      return refused_part(user, store::PartsRefused::Why::not_active);
    case Verdict::blocked:
      return refused_part(user, store::PartsRefused::Why::blocked);
    case Verdict::busy:
      return refused_part(user, store::PartsRefused::Why::busy);
    case Verdict::slot_taken:
      if (!who || !held_by) return std::nullopt;
      return store::SlotTaken{.user = user, .held_by = store::CallId(*held_by)};
  }
  throw Failure(Fault::lost, "", "", "a commit answered with a code of no meaning");
}

void name_person(Row& row, store::Committed& made) {
  const auto user = row.maybe_uuid();
  if (!user) return;
  const auto person =
      std::find_if(made.people.begin(), made.people.end(), [&](const auto& each) { return each.id.value() == *user; });
  if (person != made.people.end()) *person = sql::take_person(row, person->id);
}

/// The columns of belfry_commit_with_entries before those of belfry_commit.
struct Placed {
  std::optional<store::ConversationId> conversation{};
  std::uint64_t seq = 0;  // of the entry of a call: the row names one of its members
};
Placed take_placed(Row& row) {
  Placed placed;
  if (const auto id = row.maybe_uuid()) placed.conversation = store::ConversationId(*id);
  placed.seq = static_cast<std::uint64_t>(row.number());
  return placed;
}

void note_placed(Row& row, const Placed& placed, const Transition& transition, store::Committed& made) {
  if (placed.seq == 0) {
    if (placed.conversation) made.conversation = placed.conversation;
    return name_person(row, made);
  }
  if (!transition.entry) return;
  if (!made.entry) {
    made.entry = store::WrittenEntry{.message = *transition.entry};
    made.entry->message.seq = placed.seq;
  }
  if (const auto member = row.maybe_uuid()) made.entry->members.emplace_back(*member);
}

}  // namespace

BatchTypes batch_types(Connection& connection) {
  const auto rows = connection.run(kTypes);
  auto row = rows.at(0);
  BatchTypes types;
  for (auto* type : {&types.transition, &types.transitions, &types.participant, &types.participants, &types.entry, &types.entries,
                     &types.answer, &types.answers, &types.note, &types.notes})
    *type = static_cast<TypeId>(row.number());
  return types;
}

namespace {

std::vector<std::optional<CommitResult>> placed_results(const Rows& rows, const std::vector<const Transition*>& batch) {
  std::vector<std::optional<CommitResult>> results(batch.size());
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const auto place = static_cast<std::size_t>(row.number() - 1);
    const Placed placed = take_placed(row);
    auto next = result_in(row, *batch.at(place));
    auto& result = results.at(place);
    if (!result) result = std::move(next);
    if (auto* made = result ? std::get_if<store::Committed>(&*result) : nullptr) note_placed(row, placed, *batch[place], *made);
  }
  return results;
}

/// Whether one of them needs belfry_commit_with_entries.
bool concern_conversations(const std::vector<const Transition*>& batch) {
  return std::any_of(batch.begin(), batch.end(), [](const Transition* each) { return each->pair || each->entry; });
}

void put_places(Params& params, const BatchTypes& types, const std::vector<const Transition*>& batch) {
  std::vector<store::ConversationId> pairs;
  std::vector<Composite> notes;
  for (const Transition* each : batch) {
    pairs.push_back(each->pair.value_or(store::ConversationId{}));
    if (each->entry) notes.push_back(note_fields(static_cast<std::int64_t>(pairs.size()), *each->entry));
  }
  put_ids(params, pairs);
  params.value(types.notes, encoded(types.note, notes));
}

}  // namespace

/// A row for each leg of a creation, or for each part that is refused.
std::optional<CommitResult> start_alone(Connection& connection, const BatchTypes& types, const Uuid& node,
                                        const Transition& transition) {
  std::vector<Composite> legs, entries;
  std::vector<store::UserId> silent;
  for (const auto& leg : transition.row.legs) {
    legs.push_back(participant_fields(1, transition, leg));
    if (leg.bell == store::Bell::silent) silent.push_back(leg.user);
  }
  for (const auto& entry : transition.outbox) entries.push_back(outbox_fields(1, entry));
  const auto& claim = transition.claim;
  std::vector<Composite> answers;
  if (claim) answers.push_back(answer_fields(1, *claim));
  const bool online = transition.row.ring_targets == call::RingTargets::online;
  Params params;
  params.value(types.transitions, encoded(types.transition, {transition_fields(1, transition)}));
  params.value(types.participants, encoded(types.participant, legs));
  params.value(types.entries, encoded(types.entry, entries));
  params.uuid(node);
  if (transition.pair && transition.row.callee && !transition.row.conversation) {
    params.text(to_text(transition.row.provider));
    params.value(types.answers, encoded(types.answer, answers));
    params.flag(online);
    params.uuid(transition.pair->value());
    return placed_results(connection.run(kStartOfTwo, params), {&transition}).front();
  }
  params.maybe_uuid(transition.row.conversation);
  put_ids(params, silent);
  const bool external = is_external(transition.row), keeps = claim || online;
  if (external || keeps) params.text(to_text(transition.row.provider));
  if (keeps) params.value(types.answers, encoded(types.answer, answers));
  const auto function = online ? kStartOnline : claim ? kStartGroupAndKeep : external ? kStartExternal : kStartGroup;
  const auto rows = connection.run(function, params);
  std::optional<CommitResult> result;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    static_cast<void>(row.number());  // ord: there is one
    auto next = result_in(row, transition);
    auto* const parts = result ? std::get_if<store::PartsRefused>(&*result) : nullptr;
    const auto* const more = next ? std::get_if<store::PartsRefused>(&*next) : nullptr;
    if (parts != nullptr && more != nullptr)
      parts->parts.insert(parts->parts.end(), more->parts.begin(), more->parts.end());
    else if (!result)
      result = std::move(next);
    if (auto* made = result ? std::get_if<store::Committed>(&*result) : nullptr) name_person(row, *made);
  }
  return result;
}

std::vector<std::optional<CommitResult>> commit_batch(Connection& connection, const BatchTypes& types, const Uuid& node,
                                                      const std::vector<const Transition*>& batch) {
  const bool starts_alone = batch.front()->expected_version == 0 && stands_alone(*batch.front());
  if (batch.size() == 1 && starts_alone) return {start_alone(connection, types, node, *batch.front())};
  std::vector<Composite> transitions, legs, entries, answers;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto ord = static_cast<std::int64_t>(i + 1);
    transitions.push_back(transition_fields(ord, *batch[i]));
    for (const auto* leg : sent_legs(*batch[i])) legs.push_back(participant_fields(ord, *batch[i], *leg));
    for (const auto& entry : batch[i]->outbox) entries.push_back(outbox_fields(ord, entry));
    if (const auto& claim = batch[i]->claim) answers.push_back(answer_fields(ord, *claim));
  }
  Params params;
  params.value(types.transitions, encoded(types.transition, transitions));
  params.value(types.participants, encoded(types.participant, legs));
  const auto any = [&](auto is) { return std::any_of(batch.begin(), batch.end(), is); };
  const auto any_leg = [&](auto is) {
    return any([&](const Transition* each) {
      return std::any_of(each->row.legs.begin(), each->row.legs.end(), [&](const store::Leg& leg) { return is(*each, leg); });
    });
  };
  params.flag(any_leg(starts));
  params.flag(any([](const Transition* each) { return each->expected_version != 0; }));
  params.flag(any_leg(ends));
  params.uuid(node);
  const bool placed = concern_conversations(batch);
  if (placed || !entries.empty() || !answers.empty()) params.value(types.entries, encoded(types.entry, entries));
  if (placed || !answers.empty()) params.value(types.answers, encoded(types.answer, answers));
  if (placed) {
    put_places(params, types, batch);
    return placed_results(connection.run(kCommitWithEntries, params), batch);
  }
  const auto rows = connection.run(!answers.empty() ? kCommitAndKeep : entries.empty() ? kCommit : kCommitAndPut, params);
  std::vector<std::optional<CommitResult>> results(batch.size());
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const auto place = static_cast<std::size_t>(row.number() - 1);
    auto next = result_in(row, *batch.at(place));
    auto& result = results.at(place);
    if (!result) result = std::move(next);
    if (auto* made = result ? std::get_if<store::Committed>(&*result) : nullptr) name_person(row, *made);
  }
  return results;
}

std::optional<store::Committed> find_committed(Connection& connection, const store::StepId& step) {
  Params params;
  params.uuid(step.call.value());
  params.number(static_cast<std::int64_t>(step.version));
  const auto rows = connection.run(kFate, params);
  if (rows.empty() || rows.at(0).hash() != step.hash) return std::nullopt;
  store::Committed made;
  auto call = find_call(connection, step.call);
  if (!call) return made;
  if (call->row.version == step.version) made.entry = entry_of_call(connection, step.call);
  if (step.version != 1) return made;
  made.people = std::move(call->people);
  made.conversation = call->row.conversation;
  return made;
}

bool end_others_named(Connection& connection, const std::string& name) {
  Params params;
  params.text(name);
  constexpr int kAttempts = 3;  // each waits a little for the backends that it ended
  for (int attempt = 0; attempt < kAttempts; ++attempt)
    if (connection.run(kEndOthers, params).at(0).number() == 0) return true;
  return false;
}

}  // namespace belfry::postgres
