#include "app/calls/home.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

void Home::take(Command command) {
  Desk& desk = desks_[command.call];
  desk.id = command.call;
  if (desk.uncertain && !command.by_the_system()) return refuse(command, {.why = Refusal::store_unavailable});
  command.waited = desk.pending != nullptr;
  desk.queue.push_back(std::move(command));
  run(desk);
}

void Home::run(Desk& desk) {
  if (desk.running) return;  // whoever runs it will come to what was queued meanwhile
  desk.running = true;
  while (!desk.pending && !desk.loading && !desk.queue.empty()) {
    Command next = std::move(desk.queue.front());
    desk.queue.pop_front();
    act(desk, std::move(next));
  }
  desk.running = false;
  forget_idle(desk);
}

void Home::forget_idle(Desk& desk) {
  if (desk.call || desk.pending || desk.loading || !desk.queue.empty()) return;
  timers_.cancel(desk.alarm);
  desks_.erase(CallId(desk.id));
}

void Home::act(Desk& desk, Command command) {
  if (command.kind == Kind::start) return start(desk, std::move(command));
  if (command.kind == Kind::retell && command.outbox_seq != 0 && command.tries == 0)
    return ask_whether_unheard(desk, std::move(command));
  if (!desk.call) return load_then(desk, std::move(command));
  switch (command.kind) {
    case Kind::start:
      return;
    case Kind::meet:
      return meet(desk, std::move(command));
    case Kind::accept:
    case Kind::reject:
    case Kind::cancel:
    case Kind::end:
    case Kind::rang:
    case Kind::ready:
    case Kind::media:
      return speak(desk, std::move(command));
    case Kind::force: {
      const TimePoint when = command.received;
      const call::Forced event{command.reason};
      return decide(desk, std::move(command), event, when);
    }
    case Kind::withdraw: {
      const TimePoint when = command.received;
      const call::HangUp event{call::Party::caller, command.actor.session, call::HangUp::Verb::cancel};
      return decide(desk, std::move(command), event, when);
    }
    case Kind::claim:
      return claim(desk, std::move(command));
    case Kind::gone:
      return gone(desk, std::move(command));
    case Kind::online:
      return online(desk, std::move(command));
    case Kind::alarm:
      return ring_out(desk, std::move(command));
    case Kind::retell:
      return retell(desk, command);
    case Kind::catch_up:
      return caught_up(desk, std::move(command));
    case Kind::restart: {
      const TimePoint when = command.received;
      // 2.8.10: who dialled by REST need never have had a socket that could be lost.
      const bool by_socket = desk.its_call().row().dialect != call::Dialect::rest;
      const call::ServerRestarted event{command.last_alive, exchange_.settings().restart_grace, by_socket};
      return decide(desk, std::move(command), event, when);
    }
  }
}

void Home::load_then(Desk& desk, Command command) {
  desk.loading = true;
  const CallId id = desk.id;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.store.load(id, [this, id, waiting](const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
    loaded(id, std::move(*waiting), found);
  });
}

void Home::loaded(const CallId& id, Command command,
                  const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
  Desk& desk = desks_[id];
  desk.loading = false;
  if (!found) {
    if (command.by_the_system())
      retry(std::move(command));
    else
      refuse(command, {.why = Refusal::store_unavailable});
  } else if (const std::optional<store::StoredCall>& stored = *found; !stored) {
    refuse(command, {.why = Refusal::call_not_found});
  } else {
    set_call(desk, *stored);
    desk.queue.push_front(std::move(command));
  }
  run(desk);
}

void Home::set_call(Desk& desk, store::StoredCall stored) {
  const bool known = desk.call.has_value() && !desk.call->ended();
  auto legs = desk.call ? std::move(desk.call->legs) : std::vector<LegView>{};
  auto kept = desk.call ? std::move(desk.call->kept) : call::OfBoth<std::vector<KeptSignal>>{};
  const SessionId dialled_by = desk.call ? desk.call->dialled_by : SessionId{};
  auto view = std::make_shared<const store::StoredCall>(std::move(stored));
  desk.call = HomeCall{view, state_of(view->row, exchange_.settings(), moment()), {}, std::move(legs), dialled_by};
  HomeCall& call = *desk.call;
  call.kept = std::move(kept);
  // Read back: whether a socket heard of it is not written down, but whether anybody could.
  call.knew = {view->row.dialect != call::Dialect::rest, view->row.callee_leg.state != call::LegState::invited};
  if (call.ended()) {  // maybe by another server, which could not take it off our lists
    exchange_.part(view->row.caller, desk.id);
    exchange_.part(view->row.callee, desk.id);
    drop_legs(call);
  } else {
    exchange_.join(view->row.caller, desk.id, view->callee.username);
    exchange_.join(view->row.callee, desk.id, view->caller.username);
    update_legs(call);
  }
  if (known != !call.ended()) exchange_.count(&CallStats::active, known ? -1 : 1);
  if (known && call.ended())
    for (const auto party : {call::Party::caller, call::Party::callee}) tell_end_made_elsewhere(call, party);
  set_alarm(desk);
}

void Home::adopt(const store::Orphan& orphan) {
  Desk& desk = desks_[orphan.call.row.id];
  desk.id = orphan.call.row.id;
  // One that is known here from before may be out of date: then the restart is decided again on what it has become.
  if (!desk.call && !desk.pending && !desk.loading) set_call(desk, orphan.call);
  Command restart{.kind = Kind::restart, .call = desk.id};
  restart.received = ports_.clock.now();
  const Moment now = moment();
  restart.last_alive = now.point_of(std::min(orphan.last_alive, now.wall));
  restart.in_flight = exchange_.in_flight();
  take(std::move(restart));
}

void Home::catch_up(const CallId& id) {
  Desk& desk = desks_[id];
  desk.id = id;
  Command command{.kind = Kind::catch_up, .call = id, .received = ports_.clock.now()};
  command.in_flight = exchange_.in_flight();
  command.tries = desk.call ? 0 : 1;  // one that is not here is read anyway
  take(std::move(command));
}

void Home::catch_up_all() {
  std::vector<CallId> active;
  for (const auto& [id, desk] : desks_)
    if (desk.call && !desk.call->ended()) active.push_back(id);
  for (const CallId& id : active) catch_up(id);
}

void Home::caught_up(Desk& desk, Command command) {
  if (command.tries++ == 0) return load_then(desk, std::move(command));
  HomeCall& call = desk.its_call();
  if (!call.ended()) return welcome_back(desk);
  for (const auto party : {call::Party::caller, call::Party::callee})  // told once: when it was read, or now
    if (exchange_.unheard().contains(call.person(party).id, desk.id)) tell_end_made_elsewhere(call, party);
}

void Home::forget_all() {
  for (auto& [id, desk] : desks_) {
    timers_.cancel(desk.alarm);
    if (!desk.call) continue;
    exchange_.part(desk.call->row().caller, id);
    exchange_.part(desk.call->row().callee, id);
    if (!desk.call->ended()) exchange_.count(&CallStats::active, -1);
    drop_legs(*desk.call);
  }
  // What is on its way to the store will come back to a desk that is not there: keep those.
  std::erase_if(desks_, [](const auto& each) { return !each.second.pending && !each.second.loading; });
  for (auto& [id, desk] : desks_) desk.call.reset();
}

std::vector<CallId> Home::untended() const {
  std::vector<CallId> found;
  for (const auto& [id, desk] : desks_) {
    const bool under_way = desk.pending || desk.loading || !desk.queue.empty() || desk.alarm_under_way;
    if (desk.call && !under_way && !desk.alarm && call::next_alarm(desk.call->state)) found.push_back(id);
  }
  return found;
}

bool is_bound(const store::Leg& leg, const LiveSession& session) {
  if (leg.session && session.id == *leg.session) return true;
  if (!leg.device.empty() && !session.device.empty()) return session.device == leg.device;
  return leg.session && session.login != account::LoginId{} && session.login.value() == leg.session->value();
}

std::vector<LiveSession> Home::sessions_of(const HomeCall& call, call::Party party) {
  return exchange_.directory().sessions(call.person(party).id);
}

/// While it rings any device of the callee may speak; from then on the one which is in the call. A part that was taken by REST,
/// where no socket is known to belong to it, is everybody's.
std::vector<LiveSession> Home::voices(const HomeCall& call, call::Party party) {
  auto sessions = sessions_of(call, party);
  std::erase_if(sessions, [](const LiveSession& session) { return session.suspended; });
  const store::Leg& leg = leg_of(call.row(), party);
  if (leg.away) return {};
  const bool all_may = party == call::Party::callee && std::holds_alternative<call::Ringing>(call.state);
  const auto bound = [&](const LiveSession& session) { return is_bound(leg, session); };
  if (all_may || std::none_of(sessions.begin(), sessions.end(), bound)) return sessions;
  std::erase_if(sessions, [&](const LiveSession& session) { return !bound(session); });
  return sessions;
}

}  // namespace belfry::calls
