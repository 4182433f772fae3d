// Calls that are made, and starts that meet a call which the caller is in already (SPEC T-01...T-04, T-25, X-05...X-10).
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

using call::Party;

void CallHost::start(CallEntry& entry, Command command) {
  const StartCall& wish = **command.wish();
  const DialectPolicy& policy = shared_.settings().of(wish.caller.dialect);
  if (policy.unreachable == Unreachable::fails && !shared_.sessions().online(wish.callee)) {  // C-10, T-04
    record_attempt(command, "unreachable");
    ports_.log.warn(
        "the callee is offline",
        {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", wish.callee == UserId{} ? "unknown" : to_text(wish.callee.value())}});
    return refuse(command, {.why = Refusal::unreachable});
  }
  call::Policy rules = policy.call;
  if (wish.ring_seconds) rules.ring_time = std::chrono::seconds{*wish.ring_seconds};
  if (wish.ring) rules.ring = *wish.ring;
  call::Step step = call::begin(rules, command.received);
  store::CallRow row = first_row(entry.id, wish, step.next, moment());
  if (!shared_.sessions().online(wish.callee)) callee_leg(row).state = call::LegState::invited;  // nobody to notify yet
  commit(entry, {std::move(command), std::move(step), std::move(row)});
}

void CallHost::not_started(Command command, const store::CommitResult& result) {
  const std::shared_ptr<StartCall> wish = *command.wish();
  if (const auto* taken = std::get_if<store::SlotTaken>(&result)) {
    if (taken->user != wish->caller.user) {  // T-03
      shared_.count(&CallStats::busy);
      record_attempt(command, "busy");
      return refuse(command, {.why = Refusal::recipient_busy});
    }
    command.what = command::StartCollision{wish};
    command.call = taken->held_by;
    const ShardIndex host = shared_.host_of(command.call);
    return post_.to(host, [command = std::move(command)](Calls& calls) mutable { calls.host().take(std::move(command)); });
  }
  if (const auto* unknown = std::get_if<store::UserUnknown>(&result)) {
    const bool caller = unknown->user == wish->caller.user;
    return refuse(command, {.why = caller ? Refusal::caller_inactive : Refusal::recipient_unknown});
  }
  if (const auto* inactive = std::get_if<store::UserNotActive>(&result)) {
    const bool caller = inactive->user == wish->caller.user;
    return refuse(command, {.why = caller ? Refusal::caller_inactive : Refusal::recipient_inactive});
  }
  refuse(command, {.why = Refusal::store_unavailable});
}

/// The slot of the caller was taken by this call. It may have ended since: then there is nothing in the way any more.
void CallHost::collide(CallEntry& entry, Command command) {
  const HostedCall& call = entry.its_call();
  if (call.ended()) return start_again(std::move(command));
  const StartCall& wish = **command.wish();
  const auto mine = party_of(call.row(), wish.caller.user);
  if (!mine || call.person(other(*mine)).id != wish.callee) {  // T-02
    shared_.count(&CallStats::busy);
    return refuse(command, {.why = Refusal::caller_busy, .call = call.view});
  }
  if (*mine == Party::caller) return on_own_call(entry, std::move(command));
  if (std::holds_alternative<call::Ringing>(call.state)) return on_glare(entry, std::move(command));
  recall(entry, std::move(command), *mine);
}

void CallHost::on_own_call(CallEntry& entry, Command command) {
  const HostedCall& call = entry.its_call();
  const bool repeats = call.dialled_by == command.actor.session && std::holds_alternative<call::Ringing>(call.state) &&
                       command.actor.dialect == call::Dialect::signaling;
  if (!repeats) return recall(entry, std::move(command), Party::caller);
  if (command.actor.at)  // candidates it has sent for the repeat go on in the call there is
    post_.to(command.actor.at.shard, [repeated = command.made_id(), view = call.view, at = command.actor.at](Calls& calls) {
      calls.relay().merge(repeated, view, at);
    });
  reply(command, {.call = call.view});
}

void CallHost::on_glare(CallEntry& entry, Command command) {
  const HostedCall& call = entry.its_call();
  const auto policy = (*command.wish())->glare.value_or(shared_.settings().of(command.actor.dialect).glare);
  if (policy == OnGlare::connect) {
    const TimePoint when = command.received;
    const SessionId session = command.actor.session;
    return decide(entry, std::move(command), call::CalleeAnswered{session}, when);
  }
  // one tap away from talking.
  shared_.count(&CallStats::busy);
  for (const auto& session : voices(call, Party::callee))
    if (!command.actor.at || session.at == command.actor.at) ring(entry.its_call(), session.at);
  refuse(command, {.why = Refusal::caller_busy, .call = call.view, .glare = true});
}

/// T-25: one of the two is gone, and who dials again knows of nothing to go on with. Otherwise the caller is busy, with this.
void CallHost::recall(CallEntry& entry, Command command, Party party) {
  const HostedCall& call = entry.its_call();
  const bool peer_gone = std::holds_alternative<call::Active>(call.state) && leg_of(call.row(), other(party)).away;
  if (!peer_gone && !left_behind(call, command, party)) {
    shared_.count(&CallStats::busy);
    return refuse(command, {.why = Refusal::caller_busy, .call = call.view});
  }
  const TimePoint when = command.received;
  decide(entry, std::move(command), call::StartedAnew{party}, when);
}

/// Is the session which was in the call gone, and this another one? A new page of the signaling dialect takes a lost one's place
/// by registering; what it dials then says that it does not go on with the call of the page before.
bool CallHost::left_behind(const HostedCall& call, const Command& command, Party party) {
  const store::Leg& leg = leg_of(call.row(), party);
  if (!command.actor.at) return leg.away.has_value();
  if (leg.session == command.actor.session) {
    const auto* active = std::get_if<call::Active>(&call.state);
    const SessionId first = party == Party::caller ? call.dialled_by : active != nullptr ? active->answered_by : SessionId{};
    return command.actor.dialect == call::Dialect::signaling && first != command.actor.session;
  }
  const auto there = sessions_of(call, party);
  return leg.session && std::none_of(there.begin(), there.end(),
                                     [&](const LiveSession& session) { return !session.suspended && is_bound(leg, session); });
}

void CallHost::start_again(Command command) {
  if (++command.tries > kMaxTries) return refuse(command, {.why = Refusal::store_unavailable});
  command.call = command.made_id();
  command.what = command::Start{*command.wish()};
  const ShardIndex host = shared_.host_of(command.call);
  post_.to(host, [command = std::move(command)](Calls& calls) mutable { calls.host().take(std::move(command)); });
}

void CallHost::record_attempt(const Command& command, std::string_view reason) {
  const StartCall& wish = **command.wish();
  if (wish.callee == UserId{}) return;
  ports_.store.record_attempt({.id = command.made_id().value(),
                               .caller = wish.caller.user,
                               .callee = wish.callee,
                               .media = wish.media,
                               .reason = std::string(reason),
                               .at = moment().wall_of(command.received)});
}

}  // namespace belfry::calls
