// Calls that are made, and starts that meet a call which the caller is in already (SPEC T-01...T-04, T-25, X-05...X-10).
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

namespace {

call::Start start_of(const Command& command, OnGlare glare) {
  const StartCall& wish = **command.wish();
  return {.caller = wish.caller.user,
          .callee = wish.callee,
          .session = wish.caller.session,
          .door = command.actor.at ? call::Door::socket : call::Door::request,
          .dialect = wish.caller.dialect,
          .glare = wish.glare.value_or(glare)};
}

}  // namespace

void CallHost::start(CallEntry& entry, Command command) {
  const StartCall& wish = **command.wish();
  const DialectPolicy& policy = shared_.settings().of(wish.caller.dialect);
  const bool reachable = shared_.sessions().online(wish.callee);
  if (policy.unreachable == Unreachable::fails && !reachable) {  // C-10, T-04
    record_attempt(command, "unreachable");
    ports_.log.warn(
        "the callee is offline",
        {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", wish.callee == UserId{} ? "unknown" : to_text(wish.callee.value())}});
    return refuse(command, {.why = Refusal::unreachable});
  }
  call::Policy rules = policy.call;
  if (wish.ring_seconds) rules.ring_time = std::chrono::seconds{*wish.ring_seconds};
  if (wish.ring) rules.ring = *wish.ring;
  const call::Caller caller{wish.caller.user, {wish.caller.session, wish.caller.device}, enclosed_in(wish.offer)};
  const call::Invitation callee{wish.callee, reachable ? call::Reach::here : call::Reach::nowhere};
  call::Step step = call::begin(rules, caller, {&callee, 1}, command.received);
  store::CallRow row = first_row(entry.id, wish, step.next, moment());
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
  HostedCall& call = entry.its_call();
  const UserId user = command.actor.user;
  const call::Start start = start_of(command, shared_.settings().of(command.actor.dialect).glare);
  const TimePoint when = command.received;
  const auto here = live(sessions_of(user));
  const auto collision = call::decide(status_of(call.state), legs_of(call.state), start, all_as_seen(here));
  switch (collision) {
    case call::Collision::clear:
      return start_again(std::move(command));
    case call::Collision::busy:
      return refuse_busy(command, call, collision);
    case call::Collision::repeats:
      return repeat(call, command);
    case call::Collision::joins: {
      const call::Answered event{user, {command.actor.session, command.actor.device}};
      return decide(entry, std::move(command), event, when);
    }
    case call::Collision::rings_here:  // one tap away from talking
      for (const auto& session : voices(call, user))
        if (!command.actor.at || session.at == command.actor.at) ring(call, user, session.at);
      return refuse_busy(command, call, collision);
    case call::Collision::supersedes:  // T-25
      return decide(entry, std::move(command), call::StartedAnew{user}, when);
  }
}

void CallHost::refuse_busy(const Command& command, const HostedCall& call, call::Collision why) {
  shared_.count(&CallStats::busy);
  const bool glare = why == call::Collision::rings_here;
  refuse(command, {.why = Refusal::caller_busy, .call = call.view, .glare = glare});
}

/// Candidates that were sent for the repeat go on in the call there is.
void CallHost::repeat(const HostedCall& call, const Command& command) {
  if (command.actor.at)
    post_.to(command.actor.at.shard, [repeated = command.made_id(), view = call.view, at = command.actor.at](Calls& calls) {
      calls.relay().merge(repeated, view, at);
    });
  reply(command, {.call = call.view});
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
