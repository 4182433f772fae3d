#include "app/calls/call_host.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {
namespace {

template <class SomeNotes>
auto& on(SomeNotes& notes, UserId user) {
  const auto found = std::find_if(notes.begin(), notes.end(), [&](const Notes& each) { return each.user == user; });
  CHECK(found != notes.end(), "notes on somebody who is not in the call");
  return *found;
}

}  // namespace

void CallHost::take(Command command) {
  CallEntry& entry = entries_[command.call];
  entry.id = command.call;
  if (entry.uncertain && !command.by_the_system()) return refuse(command, {.why = Refusal::store_unavailable});
  entry.queue.push_back(std::move(command));
  run(entry);
}

void CallHost::run(CallEntry& entry) {
  if (entry.running) return;  // whoever runs it will come to what was queued meanwhile
  entry.running = true;
  while (!entry.pending && !entry.loading && !entry.queue.empty()) {
    Command next = std::move(entry.queue.front());
    entry.queue.pop_front();
    act(entry, std::move(next));
  }
  entry.running = false;
  forget_idle(entry);
}

void CallHost::forget_idle(CallEntry& entry) {
  if (entry.call || entry.pending || entry.loading || !entry.queue.empty()) return;
  timers_.cancel(entry.alarm);
  entries_.erase(CallId(entry.id));
}

struct CallHost::Runner {
  CallHost& host;
  CallEntry& entry;
  Command& command;

  void operator()(const command::Start&) const { host.start(entry, std::move(command)); }
  void operator()(const command::StartCollision&) const { host.collide(entry, std::move(command)); }
  void operator()(const command::Accept&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::Reject&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::Cancel&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::End&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::DeviceRang&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::CallerReady&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::ReportMedia&) const { host.act_as_party(entry, std::move(command)); }
  void operator()(const command::UnroutedSignal&) const { host.unrouted_signal(entry, std::move(command)); }
  void operator()(const command::SessionGone&) const { host.gone(entry, std::move(command)); }
  void operator()(const command::SessionCame&) const { host.online(entry, std::move(command)); }
  void operator()(const command::Alarm&) const { host.on_alarm(entry, std::move(command)); }
  void operator()(const command::ResendEnd&) const { host.resend_end(entry, command); }
  void operator()(const command::CatchUp&) const { host.caught_up(entry, std::move(command)); }
  void operator()(const command::ForceEnd& force) const { decide(call::Forced{force.reason}); }
  void operator()(const command::Withdraw&) const {
    decide(call::HungUp{command.actor.user, command.actor.session, call::HungUp::Verb::cancel});
  }
  void operator()(const command::Restart& restart) const {
    // 2.8.10: who dialled by REST need never have had a socket that could be lost.
    const bool by_request = entry.its_call().row().dialect == call::Dialect::rest;
    decide(call::ServerRestarted{restart.last_alive, host.shared_.settings().restart_grace,
                                 by_request ? call::Door::request : call::Door::socket});
  }
  void decide(const call::Event& event) const {
    const TimePoint when = command.received;
    host.decide(entry, std::move(command), event, when);
  }
};

void CallHost::act(CallEntry& entry, Command command) {
  const auto* resend = command.as<command::ResendEnd>();
  if (resend != nullptr && resend->outbox_seq != 0 && command.tries == 0) return ask_whether_unheard(entry, std::move(command));
  if (!entry.call && !command.is<command::Start>()) return load_then(entry, std::move(command));
  std::visit(Runner{*this, entry, command}, command.what);
}

void CallHost::load_then(CallEntry& entry, Command command) {
  entry.loading = true;
  const CallId id = entry.id;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.store.load(id, [this, id, waiting](const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
    loaded(id, std::move(*waiting), found);
  });
}

void CallHost::loaded(const CallId& id, Command command,
                      const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
  CallEntry& entry = entries_[id];
  entry.loading = false;
  if (!found) {
    if (command.by_the_system())
      retry(std::move(command));
    else
      refuse(command, {.why = Refusal::store_unavailable});
  } else if (const std::optional<store::StoredCall>& stored = *found; !stored || !stored->row.callee) {
    // A group call is not ours to lead: this host knows two people.
    refuse(command, {.why = Refusal::call_not_found});
  } else {
    set_call(entry, *stored);
    entry.queue.push_front(std::move(command));
  }
  run(entry);
}

void CallHost::set_call(CallEntry& entry, store::StoredCall stored) {
  const bool known = entry.call.has_value() && !entry.call->ended();
  auto before = std::exchange(entry.call, std::nullopt);
  auto view = std::make_shared<const store::StoredCall>(std::move(stored));
  entry.call = HostedCall{view, state_of(view->row, shared_.settings(), moment()), {}, {}};
  HostedCall& call = *entry.call;
  // Read back: whether a socket heard of it is not written down, but whether anybody could.
  for (const store::Leg& leg : view->row.legs) {
    const bool dialled = leg.user == view->row.caller;
    const bool aware = dialled ? view->row.dialect != call::Dialect::rest : leg.state != call::LegState::invited;
    call.notes.push_back({.user = leg.user, .aware = aware});
  }
  if (before) {
    call.routes = std::move(before->routes);
    for (Notes& each : call.notes) each.kept = std::move(before->notes_on(each.user).kept);
    note_dialled(call.state, caller_of(legs_of(before->state)).acted);
    note_told_of_end(call.state, ports_.clock.now());
  }
  if (call.ended()) {  // maybe by another server, which could not take it off our lists
    for (const auto& leg : view->row.legs) shared_.unindex_call(leg.user, entry.id);
    drop_routes(call);
  } else {
    shared_.index_call(view->row.caller, entry.id, view->callee().username);
    shared_.index_call(callee_of(view->row), entry.id, view->caller().username);
    update_routes(call);
  }
  if (known != !call.ended()) shared_.count(&CallStats::active, known ? -1 : 1);
  if (known && call.ended())
    for (const auto& leg : legs_of(call.state)) tell_end_made_elsewhere(call, leg.user);
  set_alarm(entry);
}

void CallHost::adopt(const store::Orphan& orphan) {
  if (!orphan.call.row.callee) return;  // as in loaded()
  CallEntry& entry = entries_[orphan.call.row.id];
  entry.id = orphan.call.row.id;
  // One that is known here from before may be out of date: then the restart is decided again on what it has become.
  if (!entry.call && !entry.pending && !entry.loading) set_call(entry, orphan.call);
  const Moment now = moment();
  Command restart{.call = entry.id,
                  .what = command::Restart{now.point_of(std::min(orphan.last_alive, now.wall))},
                  .received = ports_.clock.now(),
                  .in_flight = shared_.in_flight()};
  take(std::move(restart));
}

void CallHost::catch_up(const CallId& id) {
  CallEntry& entry = entries_[id];
  entry.id = id;
  Command command{.call = id, .what = command::CatchUp{}, .received = ports_.clock.now(), .in_flight = shared_.in_flight()};
  command.tries = entry.call ? 0 : 1;  // one that is not here is read anyway
  take(std::move(command));
}

void CallHost::catch_up_all() {
  std::vector<CallId> active;
  for (const auto& [id, entry] : entries_)
    if (entry.call && !entry.call->ended()) active.push_back(id);
  for (const CallId& id : active) catch_up(id);
}

void CallHost::caught_up(CallEntry& entry, Command command) {
  if (command.tries++ == 0) return load_then(entry, std::move(command));
  HostedCall& call = entry.its_call();
  if (!call.ended()) return readmit(entry);
  for (const auto& leg : legs_of(call.state))  // told once: when it was read, or now
    if (shared_.unheard().contains(leg.user, entry.id)) tell_end_made_elsewhere(call, leg.user);
}

void CallHost::forget_all() {
  for (auto& [id, entry] : entries_) {
    timers_.cancel(entry.alarm);
    if (!entry.call) continue;
    for (const auto& leg : entry.call->row().legs) shared_.unindex_call(leg.user, id);
    if (!entry.call->ended()) shared_.count(&CallStats::active, -1);
    drop_routes(*entry.call);
  }
  // What is on its way to the store will come back to an entry that is not there: keep those.
  std::erase_if(entries_, [](const auto& each) { return !each.second.pending && !each.second.loading; });
  for (auto& [id, entry] : entries_) entry.call.reset();
}

std::vector<CallId> CallHost::untended() const {
  std::vector<CallId> found;
  for (const auto& [id, entry] : entries_) {
    const bool under_way = entry.pending || entry.loading || !entry.queue.empty() || entry.alarm_under_way;
    if (entry.call && !under_way && !entry.alarm && call::next_alarm(entry.call->state)) found.push_back(id);
  }
  return found;
}

Notes& HostedCall::notes_on(UserId user) { return on(notes, user); }
const Notes& HostedCall::notes_on(UserId user) const { return on(notes, user); }

SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions) {
  SessionsSeen seen;
  for (const auto& session : sessions) seen.push_back(as_seen(session));
  return seen;
}

std::vector<LiveSession> live(std::vector<LiveSession> sessions) {
  std::erase_if(sessions, [](const LiveSession& session) { return session.suspended; });
  return sessions;
}

std::vector<LiveSession> CallHost::voices(const HostedCall& call, UserId user) {
  auto sessions = live(sessions_of(user));
  const auto seen = all_as_seen(sessions);
  const call::Voices may_speak(leg_of(legs_of(call.state), user), seen);
  std::erase_if(sessions, [&](const LiveSession& session) { return !may_speak.include(as_seen(session)); });
  return sessions;
}

}  // namespace belfry::calls
