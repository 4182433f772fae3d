// What happens once a step is durable: its effects are told, the routes are set, the alarm is set, the asker answered.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

using call::What;

namespace {

By doer_of(const HostedCall& call, const Command& command) {
  if (call.ended() && !call.row().ended_by) return {};
  if (command.actor.user == UserId{}) return {call.row().ended_by, {}};
  return {command.actor.user, command.actor.device};
}

Description described(const std::string& json) { return json.empty() ? nullptr : std::make_shared<const std::string>(json); }

}  // namespace

void CallHost::tell_all(UserId user, const Notice& notice) {
  for (const auto& session : sessions_of(user)) tell(session.at, notice);
}

void CallHost::apply_committed(CallEntry& entry, Command& command, call::Step step) {
  HostedCall& call = entry.its_call();
  const bool ends = !call.ended() && std::holds_alternative<call::Ended>(step.next);
  call.state = std::move(step.next);
  if (!std::holds_alternative<call::Calling>(call.state)) call.ringing_at = {};
  if (ends) {
    // What waited behind the commit was said before anybody had heard of the end, also where the clock stood still.
    note_told_of_end(call.state, ports_.clock.now() + Duration{entry.queue.empty() ? 0 : 1});
    collect_end_audience(call);
  }
  for (const auto& effect : step.effects) run_effect(call, command, effect);
  if (ends) remember_unheard_ends(call, command);
  if (!call.ended()) update_routes(call);
  set_alarm(entry);

  if (command.is<command::Restart>() && !call.ended()) readmit(entry);
  const auto* collision = command.as<command::StartCollision>();
  if (collision != nullptr && call.ended()) return start_again(std::move(command));  // T-25: now the new one
  if (collision != nullptr)
    for (const auto& session : voices(call, callee_of(call.row())))  // by REST there is no other way to learn the offer
      if (!command.actor.at || session.at == command.actor.at) tell(session.at, Glare{call.view, described(collision->offer)});
  const bool reachable = !command.is<command::Start>() || shared_.sessions().online(callee_of(call.row()));
  reply(command, {.call = call.view, .glare = collision != nullptr, .reachable = reachable});
  if (!command.is<command::Start>()) return;
  tell_all(call.row().caller, Progress{call.view, Progress::State::created, reachable});
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
  const auto callee = sessions_of(callee_of(call.row()));
  if (callee.empty())
    goes(callee_of(call.row()), {}, Departure::left);
  else if (std::all_of(callee.begin(), callee.end(), [](const LiveSession& each) { return each.suspended; }))
    goes(callee_of(call.row()), callee.front(), Departure::lost);
}

/// Fixed before sending: a session that connects meanwhile may be told twice, never not at all.
void CallHost::collect_end_audience(HostedCall& call) {
  drop_routes(call);
  for (Notes& each : call.notes)
    for (const auto& session : sessions_of(each.user)) {
      call.end_recipients.push_back(session.at);
      if (!session.suspended) each.end_heard = true;
    }
}

store::OutboxEntry CallHost::unheard_end(const HostedCall& call, UserId user, WallTime at) const {
  return {.to = user, .call = call.row().id, .aware = call.notes_on(user).aware, .at = at};
}

/// Who has no session to hear of the end hears of it on return; but not who made it. Most that are away were so before the
/// commit, and their entries are in the outbox already.
void CallHost::remember_unheard_ends(const HostedCall& call, const Command& command) {
  for (const Notes& each : call.notes) {
    shared_.unindex_call(each.user, call.row().id);
    if (each.end_heard) {
      if (each.in_outbox) ports_.outbox.settle(each.user, call.row().id);
    } else if (command.actor.user != each.user) {
      const auto entry = unheard_end(call, each.user, moment().wall);
      shared_.unheard().remember(entry);
      if (!each.in_outbox) ports_.outbox.put(entry);
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
  if (!call.ended() || find_leg(legs_of(call.state), user) == nullptr) return;
  if (!shared_.sessions().session(user, command.actor.at)) {  // it went meanwhile; the next one is told
    auto unheard = unheard_end(call, user, call.row().ended.value_or(call.row().created));
    unheard.seq = outbox_seq;
    return shared_.unheard().remember(unheard);
  }
  const bool told =
      std::find(call.end_recipients.begin(), call.end_recipients.end(), command.actor.at) != call.end_recipients.end();
  // A dialect that names calls by their peer would take it for the end of the call that the two have now.
  const std::string& peer = call.person(call.peer_of(user)).username;
  const auto now = shared_.calls_of(user);
  const bool in_another = std::any_of(now.begin(), now.end(), [&](const auto& each) { return each.peer == peer; });
  if (!told && !in_another) tell_end(call, user, command.actor.at);
  ports_.outbox.settle(user, call.row().id);
}

void CallHost::tell_end(const HostedCall& call, UserId user, SessionAddress at) {
  const auto& over = std::get<call::Ended>(call.state);
  const By by{call.row().ended_by, {}};
  switch (told_of(over, leg_of(over.legs, user))) {
    case What::rejected:
      return tell(at, CallRejected{call.view, by});
    case What::ended:
      return tell(at, CallEnded{call.view, by});
    case What::missed:
      return tell(at, CallMissed{call.view});
    default:
      return tell(at, CallCancelled{call.view, by});
  }
}

/// Another server made this end. It could tell only its own sessions; for the others it left word in the outbox. A suspended
/// session has the end in its log now, but may never come back to read it: so the word stays until a live one has heard.
void CallHost::tell_end_made_elsewhere(HostedCall& call, UserId user) {
  bool heard = false;
  for (const auto& session : sessions_of(user)) {
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
  for (const auto& leg : legs_of(entry.its_call().state))
    for (const auto& session : sessions_of(leg.user)) {
      if (session.suspended) continue;
      Command online{.call = entry.id,
                     .what = command::SessionCame{session, sessions::Arrival::resumed},
                     .received = ports_.clock.now(),
                     .in_flight = shared_.in_flight()};
      online.actor = {
          .user = leg.user, .session = session.id, .at = session.at, .device = session.device, .dialect = session.dialect};
      entry.queue.push_back(std::move(online));
    }
}

// --- effects --------------------------------------------------------------------------------------------------------

void CallHost::run_effect(HostedCall& call, const Command& command, const call::Effect& effect) {
  const auto& [what, to, about] = effect;
  const auto acts = [&](const LiveSession& session) { return session.at == command.actor.at; };
  switch (what) {
    case What::rings:
      for (const auto& session : live(sessions_of(to))) ring(call, to, session.at);  // one that is away is rung on its return
      return;
    case What::ringing:
      return tell_all(to, Progress{call.view, Progress::State::ringing});
    case What::accepted:
      return tell_of_answer(call, command, to);
    case What::accepted_late: {  // the row that was committed now says that it is heard, and holds it no more
      const By by{callee_of(call.row()), callee_leg(call.row()).device};
      return tell_all(to, CallAccepted{call.view, by, described(call.unheard_answer)});
    }
    case What::rejected:
      return tell_all(to, CallRejected{call.view, doer_of(call, command)});
    case What::declined_elsewhere:
      for (const auto& session : sessions_of(to))
        if (!acts(session)) tell(session.at, DeclinedElsewhere{call.view, doer_of(call, command)});
      return;
    case What::cancelled:
      for (const auto& session : sessions_of(to))
        tell(session.at, CallCancelled{call.view, doer_of(call, command), acts(session)});
      return;
    case What::missed:
      return tell_all(to, CallMissed{call.view});
    case What::ended:
      for (const auto& session : sessions_of(to)) tell(session.at, CallEnded{call.view, doer_of(call, command), acts(session)});
      return;
    case What::reconnecting: {
      const auto& away = leg_of(call.row(), about)->away;
      return tell_all(
          to, PeerState{call.view, about, PeerState::State::reconnecting, away ? std::optional(away->until) : std::nullopt});
    }
    case What::reconnected:
      return tell_all(to, PeerState{call.view, about, PeerState::State::reconnected});
    case What::joined:
      return tell_all(to, PeerState{call.view, about, PeerState::State::joined});
    case What::left:
      return tell_all(to, PeerState{call.view, about, PeerState::State::left});
  }
}

/// To the caller, or to the one who answered: which of their devices did, the others hear that it was elsewhere.
void CallHost::tell_of_answer(const HostedCall& call, const Command& command, UserId to) {
  const By by = doer_of(call, command);
  const auto* accept = command.as<command::Accept>();  // nullptr: a glare
  const CallAccepted accepted{call.view, by, accept == nullptr ? nullptr : described(accept->answer)};
  const auto& leg = leg_of(legs_of(call.state), to);
  if (leg.role == call::Role::caller) return tell_all(to, accepted);
  for (const auto& session : sessions_of(to)) {
    // A page of the signaling dialect did not answer by REST, whatever login it has.
    const bool here =
        call::holds(leg, as_seen(session)) && (session.dialect != call::Dialect::signaling || session.at == command.actor.at);
    if (here)
      tell(session.at, accepted);
    else
      tell(session.at, AnsweredElsewhere{call.view, by});
  }
}

/// First the ring, then the routes: candidates that wait for the callee go behind it.
void CallHost::ring(HostedCall& call, UserId user, SessionAddress at) {
  if (std::find(call.ringing_at.begin(), call.ringing_at.end(), at) == call.ringing_at.end()) call.ringing_at.push_back(at);
  call.notes_on(user).aware = true;
  note_told(call.state, user);
  tell(at, IncomingCall{call.view});
}

// --- routes ----------------------------------------------------------------------------------------------------------

void CallHost::tell_signal(const HostedCall& call, SessionAddress at, UserId from, const KeptSignal& signal) {
  ports_.delivery.pass_signal(at, {call.view, call.person(from), signal.kind, signal.payload, signal.generation});
}

void CallHost::tell_kept_signals(HostedCall& call) {
  for (Notes& each : call.notes) {
    if (each.kept.empty()) continue;
    const auto there = voices(call, each.user);
    if (there.empty()) continue;
    for (const auto& signal : std::exchange(each.kept, {}))
      for (const auto& session : there) tell_signal(call, session.at, call.peer_of(each.user), signal);
  }
}

/// Whom a person's signals can go to, or come from. Of one who is pending only sessions that have been rung: first the ring, then
/// what belongs to it.
std::vector<LiveSession> CallHost::connected_sessions(const HostedCall& call, const call::Leg& leg) {
  auto sessions = voices(call, leg.user);
  if (is_pending(leg.state))
    std::erase_if(sessions, [&](const LiveSession& session) {
      return std::find(call.ringing_at.begin(), call.ringing_at.end(), session.at) == call.ringing_at.end();
    });
  return sessions;
}

void CallHost::update_routes(HostedCall& call) {
  tell_kept_signals(call);
  std::vector<Route> wanted;
  const auto& caller = leg_of(legs_of(call.state), call.row().caller);
  const auto& callee = leg_of(legs_of(call.state), callee_of(call.row()));
  const auto callers = connected_sessions(call, caller), callees = connected_sessions(call, callee);
  const auto want = [&](const call::Leg& from, const auto& sessions, const call::Leg& to, const auto& others) {
    std::vector<Peer> peers;
    for (const auto& session : others) peers.push_back({session.at, session.id});
    // Lost again, and its loss is not here yet: what is said meanwhile waits like what comes after (2.8.14).
    const bool going = peers.empty() && !sessions_of(to.user).empty();
    const Flow flow = going ? Flow::hold : call::flow(from, to, negotiation_of(call.state));
    for (const auto& session : sessions) wanted.push_back({session.at, from.user, peers, flow});
  };
  want(caller, callers, callee, callees);
  want(callee, callees, caller, callers);
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
