// Starts, and starts whose caller is in a call already (SPEC T-01...T-04, T-25, X-05...X-10).
#include <algorithm>
#include <utility>

#include "app/calls/call_counters.hpp"
#include "app/calls/call_host.hpp"
#include "app/calls/calls.hpp"
#include "app/calls/plan.hpp"
#include "app/calls/push_entries.hpp"
#include "base/new_uuid.hpp"

namespace belfry::calls {

namespace {

/// Which call the start has met.
call::Met met(const store::CallRow& row, const StartCall& request) {
  if (!is_group(row)) return call::Met::call_of_two;
  const bool here = request.place && row.conversation == request.place->id;
  return here ? call::Met::of_conversation : call::Met::group_call;
}

call::Start start_of(const Command& command, OnGlare glare, const store::CallRow& row) {
  const StartCall& request = **command.start_request();
  return {.caller = request.caller.user,
          .callee = is_group(request) ? std::nullopt : request.callee,  // a group start is no repeat and no glare
          .session = request.caller.session,
          .via = command.at() ? call::Via::socket : call::Via::request,
          .dialect = request.caller.dialect,
          .glare = request.glare.value_or(glare),
          .taken_over = request.taken_over,
          .met = met(row, request)};
}

}  // namespace

/// Indexes the call before looking up its people: later commands about their sessions then go to this call and wait behind the
/// start. So one look-up suffices.
void CallHost::start(CallEntry& entry, Command command) {
  const StartCall& request = **command.start_request();
  for (const UserId user : people_of(request)) shared_.index_call(user, {.id = entry.id});
  Present here = present(request);
  if (start_needs_devices(request, here)) return plan_with_devices(entry, std::move(command), std::move(here));
  plan_start(entry, std::move(command), std::move(here));
}

Present CallHost::present(const StartCall& request) const {
  const People people = people_of(request);
  return {shared_.sessions(), std::span<const UserId>(people.data(), people.size()), topology_of(request)};
}

/// If a session came or went since the look-up, its command waits in the queue, and it may have another address now: look up
/// again.
Present CallHost::up_to_date(const CallEntry& entry, const StartCall& request, Present here) const {
  return entry.queue.empty() ? std::move(here) : present(request);
}

/// J-2.13: the answer depends on the callees' devices only if none of them has a session. So a call that rings somebody now never
/// waits for this look-up.
bool CallHost::start_needs_devices(const StartCall& request, const Present& here) const {
  if (shared_.settings().push == PushTo::nobody || !ports_.can_be_pushed || request.ring_targets == RingTargets::online)
    return false;
  const People callees = called_by(request);
  if (callees.empty()) return false;  // no user has that name
  return std::none_of(callees.begin(), callees.end(), [&](const UserId& user) { return here.is_live(user); });
}

/// A session that comes meanwhile waits behind the start, as during its commit.
void CallHost::plan_with_devices(CallEntry& entry, Command command, Present here) {
  struct Waiting {
    Command command;
    Present here;
  };
  entry.change(EntryEvent::read_began);
  const People callees = called_by(**command.start_request());
  auto waiting = std::make_shared<Waiting>(Waiting{std::move(command), std::move(here)});
  ports_.can_be_pushed({callees.begin(), callees.end()}, [this, id = entry.id, waiting](const auto& found) {
    waiting->command.template as<command::Start>()->pushable = found && *found;
    resume(id, [&](CallEntry& its_entry) { plan_start(its_entry, std::move(waiting->command), std::move(waiting->here)); });
  });
}

void CallHost::plan_start(CallEntry& entry, Command command, Present here) {
  const StartCall& request = **command.start_request();
  auto& start = *command.as<command::Start>();
  const auto planned = plan(request, start.refused, shared_.settings(), here, start.pushable);
  if (!planned && !planned.error().unable.empty())
    return ask_before_refusing(entry, std::move(command), std::move(here), planned.error());
  if (!planned && planned.error().why == Refusal::recipient_busy) return refuse_for_busy_callees(entry, command, std::move(here));
  if (!planned) return refuse_start(command, planned.error().why);
  if (start.refused.empty()) queue_what_was_missed(entry, command, here);  // once
  call::Step step = call::begin(planned->policy, planned->caller, planned->callees, command.received);
  start.reachable = is_reachable(legs_of(step.next), start.pushable, here);
  store::CallRow row = first_row(entry.id, request, step.next, moment());
  store::Transition change;
  change.claim = request.claim;
  if (!is_group(row) && !row.conversation) change.pair = store::ConversationId(new_uuid(ports_.clock, ports_.random));  // K27
  const WallTime created = row.created;
  auto pending = std::make_unique<PendingStep>(std::move(command), std::move(step), std::move(row), std::move(here));
  const auto& looked_up = pending->here;
  CHECK(looked_up.has_value(), "a start whose people were not looked up");
  add_pushes(shared_.settings().push, nullptr, *pending, *looked_up, created, change);
  gate_.commit(entry, std::move(pending), std::move(change));
}

/// The start itself is at fault, or whom it calls.
void CallHost::refuse_start(const Command& command, Refusal why, std::vector<UserId> unable) {
  const StartCall& request = **command.start_request();
  for (const UserId user : people_of(request)) shared_.unindex_call(user, command.call);
  if (why == Refusal::unreachable) {  // C-10, T-04
    record_attempt(command, "unreachable");
    log_.callee_offline(request);
  }
  refuse(command, {.why = why, .unable = std::move(unable)});
}

/// T-03, J-2.3
void CallHost::refuse_for_busy_callees(const CallEntry& entry, const Command& command, Present here) {
  const StartCall& request = **command.start_request();
  shared_.count(&CallStats::busy);
  record_attempt(command, "busy");
  announcer_.notify_busy(request, up_to_date(entry, request, std::move(here)));
  refuse_start(command, Refusal::recipient_busy);
}

/// The sessions need not be looked up again: the call stays indexed, so the commands about them wait in its queue.
void CallHost::plan_again(CallEntry& entry, PendingStep& step, const store::PartsRefused& refused) {
  CHECK(step.here.has_value(), "a start whose people were not looked up");
  Command& command = step.command;
  auto& start = *command.as<command::Start>();
  for (const store::PartsRefused::Part& part : refused.parts) {
    if (command.is_by(part.user)) return refuse_start(command, Refusal::not_in_conversation);
    start.refused.push_back(part);
  }
  if (++command.tries > kMaxTries) return refuse_start(command, Refusal::store_unavailable);
  plan_start(entry, std::move(command), *std::move(step.here));
}

/// queues what happened between the receipt of the start and the indexing: its caller's session went, or a
/// participant was expelled.
void CallHost::queue_what_was_missed(CallEntry& entry, const Command& start, const Present& here) {
  const Actor& caller = start.its_actor();
  if (caller.at) {
    const LiveSession* const session = here.session(caller.user, caller.at);
    if (session == nullptr || session->suspended) {
      const LiveSession gone = session == nullptr ? LiveSession{.id = caller.session, .at = caller.at} : *session;
      Command left = command_to(entry, command::SessionGone{gone, session == nullptr ? Departure::left : Departure::lost});
      left.actor = actor_of(caller.user, gone);
      entry.queue.push_front(std::move(left));
    }
  }
  for (const UserId user : people_of(**start.start_request()))
    if (const auto why = shared_.expelled_since(user, start.received))
      return entry.queue.push_front(command_to(entry, command::ForceEnd{*why, user}));
}

void CallHost::start_committed(CallEntry& entry, PendingStep& step, const store::Committed& result) {
  CHECK(step.here.has_value(), "a start whose people were not looked up");
  count_step(shared_, step, std::nullopt);
  if (result.conversation) step.row.conversation = result.conversation;
  HostedCall& call = hosted_.put_new(entry, {std::move(step.row), result.people}, step.command.its_actor());
  call.pushable = step.command.as<command::Start>()->pushable;
  note_pushes(call, step);
  log_.step(call, step.command);
  const StartCall& request = **step.command.start_request();
  const Present here = up_to_date(entry, request, *std::move(step.here));
  for (const UserId user : people_of(request))
    if (find_leg(call.row(), user) == nullptr) shared_.unindex_call(user, entry.id);  // left out by a later plan
  apply(entry, step.command, std::move(step.step), nullptr, here);
}

void CallHost::start_failed(CallEntry& entry, PendingStep& step, const store::CommitResult& result) {
  CHECK(step.here.has_value(), "a start whose people were not looked up");
  if (const auto* refused = std::get_if<store::PartsRefused>(&result)) return plan_again(entry, step, *refused);
  Command command = std::move(step.command);
  const UserId caller = command.its_actor().user;
  if (const auto* taken = std::get_if<store::ConversationTaken>(&result))  // J-2.4
    return send_to_holder(entry, std::move(command), taken->held_by);
  if (const auto* taken = std::get_if<store::SlotTaken>(&result)) {
    if (taken->user == caller) return send_to_holder(entry, std::move(command), taken->held_by);
    return refuse_for_busy_callees(entry, command, *std::move(step.here));
  }
  if (std::holds_alternative<store::ClaimTaken>(result)) return refuse_start(command, Refusal::idempotency_conflict);
  if (const auto* unknown = std::get_if<store::UserUnknown>(&result))
    return refuse_start(command, unknown->user == caller ? Refusal::caller_inactive : Refusal::recipient_unknown);
  if (const auto* inactive = std::get_if<store::UserNotActive>(&result))
    return refuse_start(command, inactive->user == caller ? Refusal::caller_inactive : Refusal::recipient_inactive);
  refuse_start(command, Refusal::store_unavailable);
}

/// Another call is in the way of the start: its host knows what that means. Meanwhile the start's call stays indexed, so that
/// commands about its people's sessions still come here, in order.
void CallHost::send_to_holder(CallEntry& entry, Command command, const CallId& holder) {
  entry.change(EntryEvent::collision_began);
  command.what = command::StartCollision{*command.start_request()};
  command.call = holder;
  const ShardIndex host = shared_.host_of(command.call);
  post_.to(host, [command = std::move(command)](Calls& calls) mutable { ShardParts::host(calls).take(std::move(command)); });
}

void CallHost::report_collision_settled(const Command& collision, std::optional<CallId> joined) const {
  const CallId made = collision.requested_call_id();
  post_.to(shared_.host_of(made), [made, joined, people = people_of(**collision.start_request())](Calls& calls) {
    ShardParts::host(calls).collision_settled(made, people, joined);
  });
}

/// Commands that waited for the start's call, such as a hang-up, are meant for the call that it joined.
void CallHost::collision_settled(const CallId& made, const People& people, std::optional<CallId> joined) {
  for (const UserId user : people) shared_.unindex_call(user, made);
  const auto found = entries_.find(made);
  if (found == entries_.end() || found->second.state() != EntryState::colliding) return;
  CallEntry& entry = found->second;
  entry.change(EntryEvent::collision_settled);
  if (joined)
    for (Command& command : std::exchange(entry.queue, {})) {
      command.call = *joined;
      post_.to(shared_.host_of(*joined),
               [command = std::move(command)](Calls& calls) mutable { ShardParts::host(calls).take(std::move(command)); });
    }
  run(entry);
}

/// This call holds the slot of the start's caller. It may have ended since; then nothing prevents the start.
void CallHost::collide(CallEntry& entry, Command command, const Present& here) {
  HostedCall& call = entry.its_call();
  if (const auto alarm = call::next_alarm(call.state); alarm && alarm->at < command.received)
    return wait_for_alarm(entry, std::move(command));
  const Actor& actor = command.its_actor();
  const UserId user = actor.user;
  const call::Start start = start_of(command, shared_.settings().of(actor.dialect).glare, call.row());
  const TimePoint when = command.received;
  // Look up the caller's sessions only if the caller still has a leg in this call.
  const auto sessions = find_leg(call.legs(), user) == nullptr ? std::vector<LiveSession>{} : here.live(user);
  const auto collision = call::decide(call.state, start, all_as_seen(sessions));
  switch (collision) {
    case call::Collision::clear:
      return start_again(std::move(command));
    case call::Collision::busy:
    case call::Collision::takes_place:
      return refuse_busy(command, call, collision);
    case call::Collision::repeats:
      if (takes_part(entry, command, here)) return;
      return repeat(call, command, here);
    case call::Collision::joins: {
      const call::Answered event{user, {actor.session, actor.device}};
      return decide(entry, std::move(command), event, when, here);
    }
    case call::Collision::rings_here:  // the user only has to accept
      // A page closes its dialog when it is refused, so the ring must come behind.
      refuse_busy(command, call, collision);
      for (const auto& session : here.speakers(leg_of(call.legs(), user)))
        if (!actor.at || session.at == actor.at) announcer_.ring(call, user, session.at);
      return;
    case call::Collision::supersedes:  // T-25
      return decide(entry, std::move(command), call::StartedAnew{user}, when, here);
    case call::Collision::hangs_up: {
      const call::HungUp event{user, actor.session, call::HungUp::Verb::cancel, start.via};
      return decide(entry, std::move(command), event, when, here);
    }
  }
}

/// A deadline of this call passed before the start was received, but its alarm has not run yet. The alarm and then the start go
/// round all shards, so that an answer that was received in time, and is still on its way, arrives before both.
void CallHost::wait_for_alarm(CallEntry& entry, Command command) {
  if (++command.tries > kMaxTries) return refuse(command, {.why = Refusal::store_unavailable});  // the alarm's step fails
  alarms_.send_round(command_to(entry, command::Alarm{}));
  alarms_.send_round(std::move(command));
}

void CallHost::refuse_busy(const Command& command, const HostedCall& call, call::Collision why) {
  shared_.count(&CallStats::busy);
  const bool glare = why == call::Collision::rings_here || why == call::Collision::takes_place;
  refuse(command, {.why = Refusal::caller_busy, .call = call.view, .glare = glare});
}

void CallHost::repeat(const HostedCall& call, const Command& command, const Present& here) {
  merge_into(call, command);
  replies_.answer(command, {.call = call.view, .reachable = is_reachable(call.legs(), call.pushable, here)});
}

/// The start means this call: its candidates move to this call's route, and its waiting commands to this call.
void CallHost::merge_into(const HostedCall& call, const Command& start) {
  if (const SessionAddress at = start.at())
    post_.to(at.shard, [made = start.requested_call_id(), view = call.view, at](Calls& calls) {
      ShardParts::relay(calls).merge(made, view, at);
    });
  report_collision_settled(start, call.row().id);
}

void CallHost::start_again(Command command) {
  if (++command.tries > kMaxTries) return refuse(command, {.why = Refusal::store_unavailable});
  command.call = command.requested_call_id();
  command.what = command::Start{*command.start_request()};
  const ShardIndex host = shared_.host_of(command.call);
  post_.to(host, [command = std::move(command)](Calls& calls) mutable { ShardParts::host(calls).take(std::move(command)); });
}

void CallHost::record_attempt(const Command& command, std::string_view reason) {
  const StartCall& request = **command.start_request();
  Uuid id = command.requested_call_id().value();
  for (const UserId callee : called_by(request)) {
    ports_.store.record_attempt({.id = id,
                                 .caller = request.caller.user,
                                 .callee = callee,
                                 .media = request.media,
                                 .reason = std::string(reason),
                                 .at = moment().wall_of(command.received)});
    id = new_uuid(ports_.clock, ports_.random);
  }
}

}  // namespace belfry::calls
