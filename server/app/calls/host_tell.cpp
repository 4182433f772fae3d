// What happens once a step is durable: its effects are told, the routes are set, the alarm is set, the asker answered.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

using call::Party;
using call::Ringing;

namespace {

/// The callee's candidates wait until the caller has the answer they belong to; nothing goes to one who is away.
Flow flow_from(Party party, const HostedCall& call) {
  const bool may_speak = party == Party::caller || std::holds_alternative<call::Active>(call.state);
  if (!may_speak || leg_of(call.row(), other(party)).away) return Flow::hold;
  return party == Party::callee && call.answer_to_come ? Flow::behind_description : Flow::pass;
}

By doer_of(const HostedCall& call, const Command& command) {
  if (call.ended() && !call.row().ended_by) return {};
  if (command.actor.user == UserId{}) return {call.row().ended_by, {}};
  return {command.actor.user, command.actor.device};
}

Description described(const std::string& json) { return json.empty() ? nullptr : std::make_shared<const std::string>(json); }

}  // namespace

void CallHost::tell_all(const HostedCall& call, Party party, const Notice& notice) {
  for (const auto& session : sessions_of(call, party)) tell(session.at, notice);
}

void CallHost::apply_committed(CallEntry& entry, Command& command, const call::Step& step) {
  HostedCall& call = entry.its_call();
  const bool ends = !call.ended() && std::holds_alternative<call::Ended>(step.next);
  call.state = step.next;
  if (!std::holds_alternative<Ringing>(call.state)) call.ringing_at = {};
  if (ends) collect_end_audience(call);
  for (const auto& effect : step.effects) std::visit([&](const auto& what) { run_effect(call, command, what); }, effect);
  if (ends) remember_unheard_ends(call, command);
  if (!call.ended()) update_routes(call);
  set_alarm(entry);

  if (command.is<command::Restart>() && !call.ended()) readmit(entry);
  const auto* collision = command.as<command::StartCollision>();
  if (collision != nullptr && call.ended()) return start_again(std::move(command));  // T-25: now the new one
  if (collision != nullptr)
    for (const auto& session : voices(call, Party::callee))  // by REST there is no other way to learn the offer
      if (!command.actor.at || session.at == command.actor.at) tell(session.at, Glare{call.view, described(collision->offer)});
  const bool reachable = !command.is<command::Start>() || shared_.sessions().online(callee_of(call.row()));
  reply(command, {.call = call.view, .glare = collision != nullptr, .reachable = reachable});
  if (!command.is<command::Start>()) return;
  tell_all(call, Party::caller, Progress{call.view, Progress::State::created, reachable});
  notice_departures(entry, command);
}

/// who went, or may no longer be here, since the start was received. Their calls were looked up then, and this
/// one was not among them.
void CallHost::notice_departures(CallEntry& entry, const Command& start) {
  const HostedCall& call = entry.its_call();
  const auto goes = [&](UserId user, const LiveSession& session, Departure how) {
    Command gone{.call = entry.id, .what = command::SessionGone{session, how}, .received = ports_.clock.now()};
    gone.actor = {.user = user, .session = session.id, .at = session.at, .device = session.device, .dialect = session.dialect};
    gone.in_flight = start.in_flight;
    entry.queue.push_front(std::move(gone));
  };
  for (const UserId user : {call.row().caller, callee_of(call.row())})
    if (const auto why = shared_.expelled_since(user, start.received)) {
      Command force{.call = entry.id, .what = command::ForceEnd{*why}, .received = ports_.clock.now()};
      force.in_flight = start.in_flight;
      return entry.queue.push_front(std::move(force));
    }
  if (start.actor.at) {
    const auto session = shared_.sessions().session(start.actor.user, start.actor.at);
    if (!session)
      goes(start.actor.user, {.id = start.actor.session, .at = start.actor.at}, Departure::left);
    else if (session->suspended)
      goes(start.actor.user, *session, Departure::lost);
  }
  if (callee_leg(call.row()).state == call::LegState::invited) return;  // nobody was here to go
  const auto callee = sessions_of(call, Party::callee);
  if (callee.empty())
    goes(callee_of(call.row()), {}, Departure::left);
  else if (std::all_of(callee.begin(), callee.end(), [](const LiveSession& each) { return each.suspended; }))
    goes(callee_of(call.row()), callee.front(), Departure::lost);
}

/// Fixed before sending: a session that connects meanwhile may be told twice, never not at all.
void CallHost::collect_end_audience(HostedCall& call) {
  call.ended_told_at = ports_.clock.now();
  drop_routes(call);
  for (const Party party : {Party::caller, Party::callee})
    for (const auto& session : sessions_of(call, party)) {
      call.end_recipients.push_back(session.at);
      if (!session.suspended) call.end_heard.of(party) = true;
    }
}

store::OutboxEntry CallHost::unheard_end(const HostedCall& call, Party party, WallTime at) const {
  return {.to = call.person(party).id, .call = call.row().id, .aware = call.aware.of(party), .at = at};
}

/// Who has no session to hear of the end hears of it on return; but not who made it. Most that are away were so before the
/// commit, and their entries are in the outbox already.
void CallHost::remember_unheard_ends(const HostedCall& call, const Command& command) {
  for (const Party party : {Party::caller, Party::callee}) {
    const UserId user = call.person(party).id;
    shared_.unindex_call(user, call.row().id);
    if (call.end_heard.of(party)) {
      if (call.in_outbox.of(party)) ports_.outbox.settle(user, call.row().id);
    } else if (command.actor.user != user) {
      const auto entry = unheard_end(call, party, moment().wall);
      shared_.unheard().remember(entry);
      if (!call.in_outbox.of(party)) ports_.outbox.put(entry);
    }
  }
}

/// Other servers remember the entry as well, and may have told it hours ago. Asked before the end is told and settled after it:
/// sessions that come to two servers within that moment are both told, and a crash in between tells it again, never not at all.
void CallHost::ask_whether_unheard(CallEntry& entry, Command command) {
  entry.loading = true;
  const UserId user = command.actor.user;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.outbox.still_waits(user, entry.id, [this, id = entry.id, waiting](Expected<bool, store::Unavailable> unheard) {
    CallEntry& its_entry = entries_[id];
    its_entry.loading = false;
    if (!unheard) {
      retry(std::move(*waiting));
    } else if (*unheard) {
      ++waiting->tries;
      its_entry.queue.push_front(std::move(*waiting));
    }
    run(its_entry);
  });
}

/// A session came whose user has not heard of this end.
void CallHost::resend_end(CallEntry& entry, const Command& command) {
  const auto* resend = command.as<command::ResendEnd>();  // or the session came while the end was told
  const std::uint64_t outbox_seq = resend == nullptr ? 0 : resend->outbox_seq;
  const HostedCall& call = entry.its_call();
  const UserId user = command.actor.user;
  const auto party = party_of(call.row(), user);
  if (!call.ended() || !party) return;
  if (!shared_.sessions().session(user, command.actor.at)) {  // it went meanwhile; the next one is told
    auto unheard = unheard_end(call, *party, call.row().ended.value_or(call.row().created));
    unheard.seq = outbox_seq;
    return shared_.unheard().remember(unheard);
  }
  const bool told =
      std::find(call.end_recipients.begin(), call.end_recipients.end(), command.actor.at) != call.end_recipients.end();
  // A dialect that names calls by their peer would take it for the end of the call that the two have now.
  const std::string& peer = call.person(other(*party)).username;
  const auto now = shared_.calls_of(user);
  const bool in_another = std::any_of(now.begin(), now.end(), [&](const auto& each) { return each.peer == peer; });
  if (!told && !in_another) tell_end(call, user, command.actor.at);
  ports_.outbox.settle(user, call.row().id);
}

void CallHost::tell_end(const HostedCall& call, UserId user, SessionAddress at) {
  const bool rejected = call.row().status == call::Status::rejected && call.row().caller == user;
  const By by{call.row().ended_by, {}};
  if (rejected)
    tell(at, CallRejected{call.view, by});
  else if (call.row().status == call::Status::ended)
    tell(at, CallEnded{call.view, by});
  else if (call.row().end_reason == call::EndReason::timeout)
    tell(at, CallMissed{call.view});
  else
    tell(at, CallCancelled{call.view, by});
}

/// Another server made this end. It could tell only its own sessions; for the others it left word in the outbox. A suspended
/// session has the end in its log now, but may never come back to read it: so the word stays until a live one has heard.
void CallHost::tell_end_made_elsewhere(HostedCall& call, Party party) {
  const UserId user = call.person(party).id;
  bool heard = false;
  for (const auto& session : sessions_of(call, party)) {
    heard = heard || !session.suspended;
    if (std::find(call.end_recipients.begin(), call.end_recipients.end(), session.at) != call.end_recipients.end()) continue;
    call.end_recipients.push_back(session.at);
    tell_end(call, user, session.at);
  }
  if (!heard) return;
  static_cast<void>(shared_.unheard().forget(user, call.row().id));
  ports_.outbox.settle(user, call.row().id);
}

/// Who came back before the call itself was: nobody told it of them.
void CallHost::readmit(CallEntry& entry) {
  for (const Party party : {Party::caller, Party::callee})
    for (const auto& session : sessions_of(entry.its_call(), party)) {
      if (session.suspended) continue;
      Command online{.call = entry.id,
                     .what = command::SessionCame{session, sessions::Arrival::resumed},
                     .received = ports_.clock.now(),
                     .in_flight = shared_.in_flight()};
      online.actor = {.user = entry.its_call().person(party).id,
                      .session = session.id,
                      .at = session.at,
                      .device = session.device,
                      .dialect = session.dialect};
      entry.queue.push_back(std::move(online));
    }
}

// --- effects --------------------------------------------------------------------------------------------------------

void CallHost::run_effect(HostedCall& call, const Command&, const call::RingCallee&) {
  for (const auto& session : sessions_of(call, Party::callee))
    if (!session.suspended) ring(call, session.at);  // one that is away is rung on its return
}

/// First the ring, then the routes: candidates that wait for the callee go behind it.
void CallHost::ring(HostedCall& call, SessionAddress at) {
  if (std::find(call.ringing_at.begin(), call.ringing_at.end(), at) == call.ringing_at.end()) call.ringing_at.push_back(at);
  call.aware.callee = true;
  tell(at, IncomingCall{call.view});
}

void CallHost::run_effect(HostedCall& call, const Command&, const call::TellRinging&) {
  tell_all(call, Party::caller, Progress{call.view, Progress::State::ringing});
}

void CallHost::run_effect(HostedCall& call, const Command& command, const call::TellAccepted&) {
  const By by = doer_of(call, command);
  const auto* accept = command.as<command::Accept>();  // nullptr: a glare
  const CallAccepted accepted{call.view, by, accept == nullptr ? nullptr : described(accept->answer)};
  // A caller who is away hears of it on return (TellAnswerLate), once.
  if (!caller_leg(call.row()).away) tell_all(call, Party::caller, accepted);
  for (const auto& session : sessions_of(call, Party::callee)) {
    // A page of the signaling dialect did not answer by REST, whatever login it has.
    const bool here = is_bound(callee_leg(call.row()), session) &&
                      (session.dialect != call::Dialect::signaling || session.at == command.actor.at);
    if (here)
      tell(session.at, accepted);
    else
      tell(session.at, AnsweredElsewhere{call.view, by});
  }
}

void CallHost::run_effect(HostedCall& call, const Command&, const call::TellAnswerLate&) {
  // The row that was committed now says that it is heard, and holds it no more.
  const By by{callee_of(call.row()), callee_leg(call.row()).device};
  tell_all(call, Party::caller, CallAccepted{call.view, by, described(call.unheard_answer)});
}

void CallHost::run_effect(HostedCall& call, const Command& command, const call::TellRejected&) {
  const By by = doer_of(call, command);
  tell_all(call, Party::caller, CallRejected{call.view, by});
  for (const auto& session : sessions_of(call, Party::callee))
    if (session.at != command.actor.at) tell(session.at, DeclinedElsewhere{call.view, by});
}

void CallHost::run_effect(HostedCall& call, const Command& command, const call::TellCancelled& told) {
  const By by = doer_of(call, command);
  for (const auto& session : sessions_of(call, told.party))
    tell(session.at, CallCancelled{call.view, by, session.at == command.actor.at});
}

void CallHost::run_effect(HostedCall& call, const Command&, const call::TellMissed& told) {
  tell_all(call, told.party, CallMissed{call.view});
}

void CallHost::run_effect(HostedCall& call, const Command& command, const call::TellEnded& told) {
  const By by = doer_of(call, command);
  for (const auto& session : sessions_of(call, told.party))
    tell(session.at, CallEnded{call.view, by, session.at == command.actor.at});
}

void CallHost::run_effect(HostedCall& call, const Command&, const call::TellReconnecting& told) {
  const auto& away = leg_of(call.row(), told.absent).away;
  const auto until = away ? std::optional(away->until) : std::nullopt;
  tell_all(call, other(told.absent), PeerState{call.view, call.person(told.absent).id, PeerState::State::reconnecting, until});
}

void CallHost::run_effect(HostedCall& call, const Command&, const call::TellReconnected& told) {
  tell_all(call, other(told.back), PeerState{call.view, call.person(told.back).id, PeerState::State::reconnected});
}

// --- routes ----------------------------------------------------------------------------------------------------------

void CallHost::tell_signal(const HostedCall& call, SessionAddress at, Party from, const KeptSignal& signal) {
  ports_.delivery.pass_signal(at, {call.view, call.person(from), signal.kind, signal.payload, signal.generation});
}

void CallHost::tell_kept_signals(HostedCall& call) {
  for (const Party party : {Party::caller, Party::callee}) {
    if (call.kept.of(party).empty()) continue;
    const auto there = voices(call, party);
    if (there.empty()) continue;
    for (const auto& signal : std::exchange(call.kept.of(party), {}))
      for (const auto& session : there) tell_signal(call, session.at, other(party), signal);
  }
}

void CallHost::update_routes(HostedCall& call) {
  tell_kept_signals(call);
  const auto caller = voices(call, Party::caller);
  auto callee = call.row().announced ? voices(call, Party::callee) : std::vector<LiveSession>{};
  if (std::holds_alternative<Ringing>(call.state))  // first the ring, then what belongs to it
    std::erase_if(callee, [&](const LiveSession& session) {
      return std::find(call.ringing_at.begin(), call.ringing_at.end(), session.at) == call.ringing_at.end();
    });
  std::vector<Route> wanted;
  for (const Party party : {Party::caller, Party::callee}) {
    std::vector<Peer> peers;
    for (const auto& session : party == Party::caller ? callee : caller) peers.push_back({session.at, session.id});
    // Lost again, and its loss is not here yet: what is said meanwhile waits like what comes after (2.8.14).
    const bool going = peers.empty() && !sessions_of(call, other(party)).empty();
    const Flow flow = going ? Flow::hold : flow_from(party, call);
    for (const auto& session : party == Party::caller ? caller : callee) wanted.push_back({session.at, party, peers, flow});
  }
  for (const Route& old : call.routes)
    if (std::none_of(wanted.begin(), wanted.end(), [&](const Route& route) { return route.at == old.at; }))
      post_.to(old.at.shard, [id = call.row().id, at = old.at](Calls& calls) { calls.relay().drop_route(id, at); });
  for (const Route& route : wanted)
    if (std::find(call.routes.begin(), call.routes.end(), route) == call.routes.end())
      post_.to(route.at.shard, [view = call.view, route](Calls& calls) { calls.relay().set_route(view, route); });
  call.routes = std::move(wanted);
}

void CallHost::drop_routes(HostedCall& call) {
  for (const Route& route : call.routes)
    post_.to(route.at.shard, [id = call.row().id, at = route.at](Calls& calls) { calls.relay().drop_route(id, at); });
  call.routes.clear();
}

// --- time -----------------------------------------------------------------------------------------------------------

void CallHost::set_alarm(CallEntry& entry) {
  timers_.cancel(entry.alarm);
  const auto alarm = call::next_alarm(entry.its_call().state);
  const TimePoint at = alarm ? alarm->at : ports_.clock.now() + kRememberEnded;
  // A connected call with both people there waits for nothing.
  if (!alarm && !entry.its_call().ended()) return;
  const CallId id = entry.id;
  entry.alarm = timers_.at(at, [this, id, at] {
    CallEntry& due_entry = entries_.at(id);
    due_entry.alarm.reset();
    due_entry.alarm_under_way = true;
    Command due{.call = id, .what = command::Alarm{}, .received = at, .in_flight = shared_.in_flight()};
    circulate_alarm(0, std::move(due));
  });
}

void CallHost::circulate_alarm(ShardIndex next, Command alarm) {
  const ShardIndex host = shared_.host_of(alarm.call);
  if (next == host) ++next;
  if (next >= ports_.mailboxes.shard_count())
    return post_.to(host, [alarm = std::move(alarm)](Calls& calls) mutable { calls.host().take(std::move(alarm)); });
  post_.to(next, [next, alarm = std::move(alarm)](Calls& calls) mutable { calls.host().hold_alarm(next, std::move(alarm)); });
}

void CallHost::hold_alarm(ShardIndex here, Command alarm) {
  const auto onwards = static_cast<ShardIndex>(here + 1);
  if (ports_.clock.now() >= alarm.received) return circulate_alarm(onwards, std::move(alarm));
  const TimePoint at = alarm.received;
  timers_.at(at, [this, onwards, alarm = std::move(alarm)] { circulate_alarm(onwards, alarm); });
}

// --- answers --------------------------------------------------------------------------------------------------------

void CallHost::reply(const Command& command, const CallAnswer& result) {
  if (!command.reply) return;
  post_.to(command.asker, [answer = command.reply, result](Calls&) { answer(result); });
}

void CallHost::refuse(const Command& command, Refused refused) {
  const bool starts = command.wish() != nullptr;
  if (starts) shared_.count(&CallStats::failed);
  if (command.actor.at && (starts || command.is<command::UnroutedSignal>())) {
    const CallId route = starts ? command.made_id() : command.call;
    post_.to(command.actor.at.shard, [route, at = command.actor.at](Calls& calls) { calls.relay().drop_route(route, at); });
  }
  if (!command.reply) return;
  post_.to(command.asker, [answer = command.reply, refused = std::move(refused)](Calls&) { answer(unexpected(refused)); });
}

}  // namespace belfry::calls
