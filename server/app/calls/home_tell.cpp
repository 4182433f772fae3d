// What happens once a step is durable: its effects are told, the legs are set, the alarm is wound, the asker answered.
#include <algorithm>
#include <utility>

#include "app/calls/home.hpp"

namespace belfry::calls {

using call::Party;
using call::Ringing;

namespace {

/// The callee's candidates wait until the caller has the answer they belong to; nothing goes to one who is away.
Flow flow_from(Party party, const HomeCall& call) {
  const bool may_speak = party == Party::caller || std::holds_alternative<call::Active>(call.state);
  if (!may_speak || leg_of(call.row(), other(party)).away) return Flow::hold;
  return party == Party::callee && call.answer_to_come ? Flow::behind_description : Flow::pass;
}

/// Owns what By views, to travel to another shard.
struct Doer {
  std::optional<UserId> user;
  std::string device;
  [[nodiscard]] By by() const { return {user, device}; }
};
Doer doer_of(const HomeCall& call, const Command& command) {
  if (call.ended() && !call.row().ended_by) return {};
  if (command.actor.user == UserId{}) return {call.row().ended_by, {}};
  return {command.actor.user, command.actor.device};
}

}  // namespace

void Home::settle(Desk& desk, Command& command, const call::Step& step) {
  HomeCall& call = desk.its_call();
  const bool ends = !call.ended() && std::holds_alternative<call::Ended>(step.next);
  call.state = step.next;
  if (!std::holds_alternative<Ringing>(call.state)) call.rung = {};
  if (ends) wind_up(call);
  for (const auto& effect : step.effects) std::visit([&](const auto& what) { run_effect(call, command, what); }, effect);
  if (ends) leave_to_its_people(call, command);
  if (!call.ended()) update_legs(call);
  set_alarm(desk);

  if (command.kind == Kind::restart && !call.ended()) welcome_back(desk);
  if (command.kind == Kind::meet && call.ended()) return restart_start(std::move(command));  // T-25: now the new one
  const bool glare = command.kind == Kind::meet;
  if (glare)
    for (const auto& session : voices(call, Party::callee))  // by REST there is no other way to learn the offer
      if (!command.actor.at || session.at == command.actor.at)
        tell(session.at, call.view, [offer = command.body](const CallView& view) { return Glare{view, offer}; });
  const bool reachable = command.kind != Kind::start || exchange_.directory().online(call.row().callee);
  reply(command, {.call = call.view, .glare = glare, .reachable = reachable});
  if (command.kind != Kind::start) return;
  tell_all(call, Party::caller,
           [reachable](const CallView& view) { return Progress{view, Progress::State::created, reachable}; });
  notice_departures(desk, command);
}

/// who went, or may no longer be here, since the start was received. Their calls were looked up then, and this
/// one was not among them.
void Home::notice_departures(Desk& desk, const Command& start) {
  const HomeCall& call = desk.its_call();
  const auto goes = [&](UserId user, const LiveSession& session, Departure how) {
    Command gone{.kind = Kind::gone, .call = desk.id, .received = ports_.clock.now()};
    gone.actor = {.user = user, .session = session.id, .at = session.at, .device = session.device, .dialect = session.dialect};
    gone.session = session;
    gone.how = how;
    gone.in_flight = start.in_flight;
    desk.queue.push_front(std::move(gone));
  };
  for (const UserId user : {call.row().caller, call.row().callee})
    if (const auto why = exchange_.expelled_since(user, start.received)) {
      Command force{.kind = Kind::force, .call = desk.id, .received = ports_.clock.now()};
      force.reason = *why;
      force.in_flight = start.in_flight;
      return desk.queue.push_front(std::move(force));
    }
  if (start.actor.at) {
    const auto session = exchange_.directory().session(start.actor.user, start.actor.at);
    if (!session)
      goes(start.actor.user, {.id = start.actor.session, .at = start.actor.at}, Departure::left);
    else if (session->suspended)
      goes(start.actor.user, *session, Departure::lost);
  }
  if (call.row().callee_leg.state == call::LegState::invited) return;  // nobody was here to go
  const auto callee = sessions_of(call, Party::callee);
  if (callee.empty())
    goes(call.row().callee, {}, Departure::left);
  else if (std::all_of(callee.begin(), callee.end(), [](const LiveSession& each) { return each.suspended; }))
    goes(call.row().callee, callee.front(), Departure::lost);
}

/// Before anybody is told: one who comes meanwhile is rather told twice than never.
void Home::wind_up(HomeCall& call) {
  call.over = ports_.clock.now();
  drop_legs(call);
  for (const Party party : {Party::caller, Party::callee})
    for (const auto& session : sessions_of(call, party)) {
      call.told.push_back(session.at);
      if (!session.suspended) call.listens.of(party) = true;
    }
}

store::OutboxEntry Home::unheard_end(const HomeCall& call, Party party, WallTime at) const {
  return {.to = call.person(party).id, .call = call.row().id, .aware = call.knew.of(party), .at = at};
}

/// Who has no session to hear of the end hears of it on return; but not who made it. Most that are away were so before the
/// commit, and their entries are in the outbox already.
void Home::leave_to_its_people(const HomeCall& call, const Command& command) {
  for (const Party party : {Party::caller, Party::callee}) {
    const UserId user = call.person(party).id;
    exchange_.part(user, call.row().id);
    if (call.listens.of(party)) {
      if (call.in_outbox.of(party)) ports_.outbox.settle(user, call.row().id);
    } else if (command.actor.user != user) {
      const auto entry = unheard_end(call, party, moment().wall);
      exchange_.unheard().remember(entry);
      if (!call.in_outbox.of(party)) ports_.outbox.put(entry);
    }
  }
}

/// Other servers remember the entry as well, and may have told it hours ago. Asked before the end is told and settled after it:
/// sessions that come to two servers within that moment are both told, and a crash in between tells it again, never not at all.
void Home::ask_whether_unheard(Desk& desk, Command command) {
  desk.loading = true;
  const UserId user = command.actor.user;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.outbox.still_waits(user, desk.id, [this, id = desk.id, waiting](Expected<bool, store::Unavailable> unheard) {
    Desk& its_desk = desks_[id];
    its_desk.loading = false;
    if (!unheard) {
      retry(std::move(*waiting));
    } else if (*unheard) {
      ++waiting->tries;
      its_desk.queue.push_front(std::move(*waiting));
    }
    run(its_desk);
  });
}

/// A session came whose user has not heard of this end.
void Home::retell(Desk& desk, const Command& command) {
  const HomeCall& call = desk.its_call();
  const UserId user = command.actor.user;
  const auto party = party_of(call.row(), user);
  if (!call.ended() || !party) return;
  if (!exchange_.directory().session(user, command.actor.at)) {  // it went meanwhile; the next one is told
    auto entry = unheard_end(call, *party, call.row().ended.value_or(call.row().created));
    entry.seq = command.outbox_seq;
    return exchange_.unheard().remember(entry);
  }
  const bool told = std::find(call.told.begin(), call.told.end(), command.actor.at) != call.told.end();
  // A dialect that names calls by their peer would take it for the end of the call that the two have now.
  const std::string& peer = call.person(other(*party)).username;
  const auto now = exchange_.calls_of(user);
  const bool in_another = std::any_of(now.begin(), now.end(), [&](const auto& each) { return each.peer == peer; });
  if (!told && !in_another) tell_end(call, user, command.actor.at);
  ports_.outbox.settle(user, call.row().id);
}

void Home::tell_end(const HomeCall& call, UserId user, SessionAddress at) {
  const bool rejected = call.row().status == call::Status::rejected && call.row().caller == user;
  const Doer doer{call.row().ended_by, {}};
  if (rejected)
    tell(at, call.view, [doer](const CallView& view) { return CallRejected{view, doer.by()}; });
  else if (call.row().status == call::Status::ended)
    tell(at, call.view, [doer](const CallView& view) { return CallEnded{view, doer.by(), false}; });
  else if (call.row().end_reason == call::EndReason::timeout)
    tell(at, call.view, [](const CallView& view) { return CallMissed{view}; });
  else
    tell(at, call.view, [doer](const CallView& view) { return CallCancelled{view, doer.by(), false}; });
}

/// Another server made this end. It could tell only its own sessions; for the others it left word in the outbox. A suspended
/// session has the end in its log now, but may never come back to read it: so the word stays until a live one has heard.
void Home::tell_end_made_elsewhere(HomeCall& call, Party party) {
  const UserId user = call.person(party).id;
  bool heard = false;
  for (const auto& session : sessions_of(call, party)) {
    heard = heard || !session.suspended;
    if (std::find(call.told.begin(), call.told.end(), session.at) != call.told.end()) continue;
    call.told.push_back(session.at);
    tell_end(call, user, session.at);
  }
  if (!heard) return;
  static_cast<void>(exchange_.unheard().forget(user, call.row().id));
  ports_.outbox.settle(user, call.row().id);
}

/// Who came back before the call itself was: nobody told it of them.
void Home::welcome_back(Desk& desk) {
  for (const Party party : {Party::caller, Party::callee})
    for (const auto& session : sessions_of(desk.its_call(), party)) {
      if (session.suspended) continue;
      Command online{.kind = Kind::online, .call = desk.id, .received = ports_.clock.now()};
      online.actor = {.user = desk.its_call().person(party).id,
                      .session = session.id,
                      .at = session.at,
                      .device = session.device,
                      .dialect = session.dialect};
      online.session = session;
      online.in_flight = exchange_.in_flight();
      desk.queue.push_back(std::move(online));
    }
}

// --- effects --------------------------------------------------------------------------------------------------------

void Home::run_effect(HomeCall& call, const Command&, const call::RingCallee&) {
  for (const auto& session : sessions_of(call, Party::callee))
    if (!session.suspended) ring(call, session.at);  // one that is away is rung on its return
}

/// First the ring, then the legs: candidates that wait for the callee go behind it.
void Home::ring(HomeCall& call, SessionAddress at) {
  if (std::find(call.rung.begin(), call.rung.end(), at) == call.rung.end()) call.rung.push_back(at);
  call.knew.callee = true;
  tell(at, call.view, [](const CallView& view) { return IncomingCall{view, view->row.offer}; });
}

void Home::run_effect(HomeCall& call, const Command&, const call::TellRinging&) {
  tell_all(call, Party::caller, [](const CallView& view) { return Progress{view, Progress::State::ringing, true}; });
}

void Home::run_effect(HomeCall& call, const Command& command, const call::TellAccepted&) {
  const Doer doer = doer_of(call, command);
  const bool glare = command.kind == Kind::meet;
  const auto accepted = [doer, answer = glare ? std::string{} : command.body](const CallView& view) {
    return CallAccepted{view, doer.by(), answer};
  };
  // A caller who is away hears of it on return (TellAnswerLate), once.
  if (!call.row().caller_leg.away) tell_all(call, Party::caller, accepted);
  for (const auto& session : sessions_of(call, Party::callee)) {
    // A page of the signaling dialect did not answer by REST, whatever login it has.
    const bool here = is_bound(call.row().callee_leg, session) &&
                      (session.dialect != call::Dialect::signaling || session.at == command.actor.at);
    if (here)
      tell(session.at, call.view, accepted);
    else
      tell(session.at, call.view, [doer](const CallView& view) { return AnsweredElsewhere{view, doer.by()}; });
  }
}

void Home::run_effect(HomeCall& call, const Command&, const call::TellAnswerLate&) {
  // The row that was committed now says that it is heard, and holds it no more.
  const Doer doer{call.row().callee, call.row().callee_leg.device};
  tell_all(call, Party::caller,
           [doer, answer = call.late_answer](const CallView& view) { return CallAccepted{view, doer.by(), answer}; });
}

void Home::run_effect(HomeCall& call, const Command& command, const call::TellRejected&) {
  const Doer doer = doer_of(call, command);
  tell_all(call, Party::caller, [doer](const CallView& view) { return CallRejected{view, doer.by()}; });
  for (const auto& session : sessions_of(call, Party::callee))
    if (session.at != command.actor.at)
      tell(session.at, call.view, [doer](const CallView& view) { return DeclinedElsewhere{view, doer.by()}; });
}

void Home::run_effect(HomeCall& call, const Command& command, const call::TellCancelled& told) {
  const Doer doer = doer_of(call, command);
  for (const auto& session : sessions_of(call, told.party))
    tell(session.at, call.view, [doer, acting = session.at == command.actor.at](const CallView& view) {
      return CallCancelled{view, doer.by(), acting};
    });
}

void Home::run_effect(HomeCall& call, const Command&, const call::TellMissed& told) {
  tell_all(call, told.party, [](const CallView& view) { return CallMissed{view}; });
}

void Home::run_effect(HomeCall& call, const Command& command, const call::TellEnded& told) {
  const Doer doer = doer_of(call, command);
  for (const auto& session : sessions_of(call, told.party))
    tell(session.at, call.view,
         [doer, acting = session.at == command.actor.at](const CallView& view) { return CallEnded{view, doer.by(), acting}; });
}

void Home::run_effect(HomeCall& call, const Command&, const call::TellReconnecting& told) {
  const auto& away = leg_of(call.row(), told.absent).away;
  const auto until = away ? std::optional(away->until) : std::nullopt;
  tell_all(call, other(told.absent), [user = call.person(told.absent).id, until](const CallView& view) {
    return PeerState{view, user, PeerState::State::reconnecting, until};
  });
}

void Home::run_effect(HomeCall& call, const Command&, const call::TellReconnected& told) {
  tell_all(call, other(told.back), [user = call.person(told.back).id](const CallView& view) {
    return PeerState{view, user, PeerState::State::reconnected, std::nullopt};
  });
}

// --- legs -----------------------------------------------------------------------------------------------------------

void Home::tell_signal(const HomeCall& call, SessionAddress at, Party from, const KeptSignal& signal) {
  tell(at, call.view, [from, signal](const CallView& view) {
    const auto& speaker = from == Party::caller ? view->caller : view->callee;
    return SignalArrived{view, speaker, signal.kind, signal.payload, signal.generation};
  });
}

void Home::tell_kept_signals(HomeCall& call) {
  for (const Party party : {Party::caller, Party::callee}) {
    if (call.kept.of(party).empty()) continue;
    const auto there = voices(call, party);
    if (there.empty()) continue;
    for (const auto& signal : std::exchange(call.kept.of(party), {}))
      for (const auto& session : there) tell_signal(call, session.at, other(party), signal);
  }
}

void Home::update_legs(HomeCall& call) {
  tell_kept_signals(call);
  const auto caller = voices(call, Party::caller);
  auto callee = call.row().announced ? voices(call, Party::callee) : std::vector<LiveSession>{};
  if (std::holds_alternative<Ringing>(call.state))  // first the ring, then what belongs to it
    std::erase_if(callee, [&](const LiveSession& session) {
      return std::find(call.rung.begin(), call.rung.end(), session.at) == call.rung.end();
    });
  std::vector<LegView> wanted;
  for (const Party party : {Party::caller, Party::callee}) {
    std::vector<Target> targets;
    for (const auto& session : party == Party::caller ? callee : caller) targets.push_back({session.at, session.id});
    // Lost again, and its loss is not here yet: what is said meanwhile waits like what comes after (2.8.14).
    const bool going = targets.empty() && !sessions_of(call, other(party)).empty();
    const Flow flow = going ? Flow::hold : flow_from(party, call);
    for (const auto& session : party == Party::caller ? caller : callee) wanted.push_back({session.at, party, targets, flow});
  }
  for (const LegView& old : call.legs)
    if (std::none_of(wanted.begin(), wanted.end(), [&](const LegView& leg) { return leg.at == old.at; }))
      post_.to(old.at.shard, [id = call.row().id, at = old.at](Calls& calls) { calls.lines().drop_leg(id, at); });
  for (const LegView& leg : wanted)
    if (std::find(call.legs.begin(), call.legs.end(), leg) == call.legs.end())
      post_.to(leg.at.shard, [view = call.view, leg](Calls& calls) { calls.lines().set_leg(view, leg); });
  call.legs = std::move(wanted);
}

void Home::drop_legs(HomeCall& call) {
  for (const LegView& leg : call.legs)
    post_.to(leg.at.shard, [id = call.row().id, at = leg.at](Calls& calls) { calls.lines().drop_leg(id, at); });
  call.legs.clear();
}

// --- time -----------------------------------------------------------------------------------------------------------

void Home::set_alarm(Desk& desk) {
  timers_.cancel(desk.alarm);
  const auto alarm = call::next_alarm(desk.its_call().state);
  const TimePoint at = alarm ? alarm->at : ports_.clock.now() + kRememberEnded;
  // A connected call with both people there waits for nothing.
  if (!alarm && !desk.its_call().ended()) return;
  const CallId id = desk.id;
  desk.alarm = timers_.at(at, [this, id, at] {
    Desk& due_desk = desks_.at(id);
    due_desk.alarm.reset();
    due_desk.alarm_under_way = true;
    Command due{.kind = Kind::alarm, .call = id, .received = at};
    due.in_flight = exchange_.in_flight();
    walk(0, std::move(due));
  });
}

void Home::walk(ShardIndex next, Command alarm) {
  const ShardIndex home = exchange_.home_of(alarm.call);
  if (next == home) ++next;
  if (next >= ports_.mailboxes.shard_count())
    return post_.to(home, [alarm = std::move(alarm)](Calls& calls) mutable { calls.home().take(std::move(alarm)); });
  post_.to(next, [next, alarm = std::move(alarm)](Calls& calls) mutable { calls.home().pass_alarm(next, std::move(alarm)); });
}

void Home::pass_alarm(ShardIndex here, Command alarm) {
  const auto onwards = static_cast<ShardIndex>(here + 1);
  if (ports_.clock.now() >= alarm.received) return walk(onwards, std::move(alarm));
  const TimePoint at = alarm.received;
  timers_.at(at, [this, onwards, alarm = std::move(alarm)] { walk(onwards, alarm); });
}

// --- answers --------------------------------------------------------------------------------------------------------

void Home::reply(const Command& command, const CallAnswer& result) {
  if (!command.reply) return;
  post_.to(command.asker, [answer = command.reply, result](Calls&) { answer(result); });
}

void Home::refuse(const Command& command, Refused refused) {
  if (command.kind == Kind::start || command.kind == Kind::meet) exchange_.count(&CallStats::failed);
  if (command.actor.at && (command.start || command.kind == Kind::claim)) {
    const CallId leg = command.start ? command.made_id() : command.call;
    post_.to(command.actor.at.shard, [leg, at = command.actor.at](Calls& calls) { calls.lines().drop_leg(leg, at); });
  }
  if (!command.reply) return;
  post_.to(command.asker, [answer = command.reply, refused = std::move(refused)](Calls&) { answer(unexpected(refused)); });
}

}  // namespace belfry::calls
