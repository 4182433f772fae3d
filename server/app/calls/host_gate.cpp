// The gate: decide, commit, and only then tell.
#include <utility>

#include "app/calls/call_host.hpp"
#include "store/audit_chain.hpp"

namespace belfry::calls {
namespace {

using call::Ended;
using call::EndReason;

Refusal refusal_of(call::Rejection why) {
  switch (why) {
    case call::Rejection::not_ringing:
      return Refusal::not_ringing;
    case call::Rejection::not_active:
      return Refusal::not_active;
    case call::Rejection::not_started:
      return Refusal::not_started;
  }
  CHECK(false, "a rejection without a refusal");
}

std::int64_t CallStats::* counter_of(EndReason reason) {
  switch (reason) {
    case EndReason::declined:
      return &CallStats::declined;
    case EndReason::cancelled:
    case EndReason::superseded:
      return &CallStats::cancelled;
    case EndReason::timeout:
      return &CallStats::timed_out;
    case EndReason::unreachable:
    case EndReason::caller_disconnected:
    case EndReason::connection_lost:
    case EndReason::media_failed:
    case EndReason::server_restart:
      return &CallStats::lost;
    default:
      return &CallStats::hung_up;
  }
}

/// What this line of the history says beyond who and when.
std::string payload_of(const store::CallRow& row) {
  std::string json = R"({"status":")";
  json.append(to_text(row.status)).append("\"");
  if (row.end_reason) json.append(R"(,"endReason":")").append(to_text(*row.end_reason)).append("\"");
  return json.append("}");
}

}  // namespace

void CallHost::decide(CallEntry& entry, Command command, const call::Event& event, TimePoint when) {
  HostedCall& call = entry.its_call();
  auto step = call::advance(call.state, event, when);
  if (!step) return refuse(command, {.why = refusal_of(step.error()), .call = call.view});
  if (step->next == call.state) return apply_committed(entry, command, std::move(*step));  // what is already so: nothing to store
  auto row = next_row(call.row(), step->next, command, moment());
  auto* collision = command.as<command::StartCollision>();
  if (collision != nullptr && std::holds_alternative<call::Connected>(step->next)) {  // X-05
    collision->offer = call.row().offer;
    row.media = call::agreed(row.media, collision->wish->media);
  }
  commit(entry, {std::move(command), std::move(*step), std::move(row)});
}

void CallHost::commit(CallEntry& entry, Pending pending) {
  store::Transition change;
  store::CallRow& row = pending.row;
  const Command& command = pending.command;
  const store::AuditHash before = row.tip;
  if (entry.call && !command.is<command::Start>()) {
    change.expected_version = row.version;
    ++row.version;
  }
  const WallTime at = moment().wall_of(command.received);
  row.updated = std::max(row.updated, at);
  change.record.type = audit_word(command, pending.step.next);
  if (command.actor.user != UserId{}) change.record.actor = command.actor.user;
  change.record.device = command.actor.device;
  change.record.payload = payload_of(row);
  change.record.at = at;
  change.record.previous = before;
  change.record.hash = row.tip = store::audit_hash(before, row.id, row.version, change.record);
  change.row = row;
  if (const auto* start = command.as<command::Start>()) change.claim = start->wish->claim;
  if (entry.call && std::holds_alternative<Ended>(pending.step.next)) note_who_is_away(*entry.call, pending, change);
  const CallId id = entry.id;
  entry.pending = std::make_unique<Pending>(std::move(pending));
  ports_.store.commit(std::move(change), [this, id](const store::CommitResult& result) { finished(id, result); });
}

/// Who cannot be told of this end right after the commit: that goes into the same transaction (X-25).
void CallHost::note_who_is_away(const HostedCall& call, Pending& pending, store::Transition& change) {
  for (const auto& leg : legs_of(call.state)) {
    if (pending.command.actor.user == leg.user || shared_.sessions().online(leg.user)) continue;
    change.outbox.push_back(unheard_end(call, leg.user, pending.row.updated));
    pending.in_outbox.push_back(leg.user);
  }
}

void CallHost::finished(const CallId& id, const store::CommitResult& result) {
  CallEntry& entry = entries_.at(id);
  if (std::holds_alternative<store::Uncertain>(result)) return await_fate(entry, std::move(entry.pending));
  const auto pending = std::move(entry.pending);
  const bool inside = std::exchange(entry.running, true);
  if (!entry.call && !pending->command.is<command::Start>()) {  // forgotten meanwhile (POST /test/reset)
    refuse(pending->command, {.why = Refusal::store_unavailable});
  } else if (const auto* done = std::get_if<store::Committed>(&result)) {
    committed(entry, *pending, *done);
  } else {
    failed(entry, *pending, result);
  }
  entry.running = inside;
  run(entry);
}

void CallHost::committed(CallEntry& entry, Pending& pending, const store::Committed& result) {
  store::StoredCall stored{std::move(pending.row), {}};
  const auto* start = pending.command.as<command::Start>();
  if (start != nullptr) {
    stored.people = result.people;
    shared_.index_call(stored.row.caller, entry.id, stored.callee().username);
    shared_.index_call(callee_of(stored.row), entry.id, stored.caller().username);
    entry.call = HostedCall{};
    for (const store::Leg& leg : stored.row.legs) {
      const bool dialled = leg.user == stored.row.caller && pending.command.actor.at;
      entry.call->notes.push_back({.user = leg.user, .aware = dialled});
    }
  } else {
    entry.its_call().unheard_answer = entry.its_call().row().answer;
    stored.people = entry.its_call().view->people;
  }
  HostedCall& call = entry.its_call();
  call.view = std::make_shared<const store::StoredCall>(std::move(stored));
  for (const UserId user : pending.in_outbox) call.notes_on(user).in_outbox = true;
  const Actor& actor = pending.command.actor;
  if (pending.command.is<command::Accept>() && actor.at) call.notes_on(actor.user).aware = true;
  count(pending);
  log_transition(call, pending.command);
  apply_committed(entry, pending.command, std::move(pending.step));
}

void CallHost::count(const Pending& pending) {
  if (pending.command.is<command::Start>()) {
    shared_.count(&CallStats::started);
    shared_.count(&CallStats::active);
  }
  if (pending.command.is<command::Accept>()) shared_.count(&CallStats::answered);
  if (const auto* ended = std::get_if<Ended>(&pending.step.next)) {
    shared_.count(&CallStats::active, -1);
    shared_.count(counter_of(ended->reason));
  }
}

void CallHost::failed(CallEntry& entry, Pending& pending, const store::CommitResult& result) {
  Command& command = pending.command;
  if (std::holds_alternative<store::VersionConflict>(result)) {
    if (++command.tries <= kMaxTries && !command.is<command::Start>()) return load_then(entry, std::move(command));
    // Another request under the same key was quicker, maybe on another server (X-26).
    const auto* start = command.as<command::Start>();
    const bool claimed = start != nullptr && start->wish->claim;
    return refuse(command, {.why = claimed ? Refusal::idempotency_conflict : Refusal::store_unavailable});
  }
  if (!std::holds_alternative<store::Unavailable>(result)) return not_started(std::move(command), result);
  ports_.log.error("a call could not be stored", {{"event", "CALL_STORE"},
                                                  {"eventType", audit_word(command, pending.step.next)},
                                                  {"error", "store unavailable"},
                                                  {"stack", "app/calls/host_gate"}});
  if (command.by_the_system()) return retry(std::move(command));
  refuse(command, {.why = Refusal::store_unavailable});
}

/// A session may have come back, or be lost again, while the store was down: then there is other news of it, or none.
bool CallHost::still_holds(const Command& command) const {
  if (!command.is<command::SessionGone>() && !command.is<command::SessionCame>()) return true;
  const auto session = shared_.sessions().session(command.actor.user, command.actor.at);
  const bool here = session && !session->suspended;
  return here == command.is<command::SessionCame>();
}

void CallHost::retry(Command command) {
  if (command.is<command::Alarm>()) entries_.at(command.call).alarm_under_way = true;
  const TimePoint when = ports_.clock.now() + kRetry;
  auto waiting = std::make_shared<Command>(std::move(command));
  waiting->in_flight = {};  // it waits for time
  timers_.at(when, [this, waiting] {
    if (still_holds(*waiting)) take(std::move(*waiting));
  });
}

}  // namespace belfry::calls
