// Commands of participants, their sessions and time.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

namespace {

Expected<void, Refusal> check_right(call::Right right) {
  if (right == call::Right::granted) return {};
  return unexpected(right == call::Right::call_not_found ? Refusal::call_not_found : Refusal::not_participant);
}

call::SeatClaim seat_claim_of(sessions::Arrival how) {
  switch (how) {
    case sessions::Arrival::fresh:
      return call::SeatClaim::anew;
    case sessions::Arrival::in_place:
      return call::SeatClaim::displacing;
    case sessions::Arrival::resumed:
      return call::SeatClaim::speaking;
    case sessions::Arrival::recovered:
      return call::SeatClaim::recovered;
  }
  CHECK(false, "an arrival without a rule");
}

// A page that closes says so right before its connection ends. If that does not end so soon, the page has stayed.
constexpr Duration kLeavingCounts = std::chrono::seconds{10};

/// `at_most`: of call::Lost.
call::Event end_of_session(UserId user, Departure how, std::optional<Duration> at_most) {
  switch (how) {
    case Departure::left:
    case Departure::logged_out:
      return call::Left{user};
    case Departure::revoked:
      return call::Left{user, call::Left::Cause::token_revoked};
    case Departure::lost:
    case Departure::replaced:
      return call::Lost{user, at_most};
  }
  CHECK(false, "a departure without an event");
}

/// Whether the leg was taken by REST with this login, or, if the user has none left, with any. Beside live sessions of the user
/// the latter changes nothing (call::is_spoken_for).
bool was_taken_with(const call::Leg& leg, const LiveSession& ended_login) {
  return leg.seat && (ended_login.id == SessionId{} || ended_login.id == leg.seat->session);
}

/// The addressee of a signal. A two-person call needs none; in a group call both must be in it (J-2.11).
std::optional<UserId> addressee_of(const command::UnroutedSignal& signal, const HostedCall& call, UserId from) {
  const call::Legs& legs = call.legs();
  if (!is_group(call.row()) && !signal.to) return legs[legs[0].user == from ? 1 : 0].user;
  if (!signal.to || *signal.to == from || find_leg(legs, *signal.to) == nullptr) return std::nullopt;
  if (is_group(call.row()) && !(is_in(leg_of(legs, from).state) && is_in(leg_of(legs, *signal.to).state))) return std::nullopt;
  return signal.to;
}

/// The same bounds as for signals that wait on a session's shard (waiting_signals.hpp).
bool is_full(const std::vector<KeptSignal>& kept, const KeptSignal& next) {
  std::size_t bytes = next.payload.size();
  for (const KeptSignal& each : kept) bytes += each.payload.size();
  return kept.size() == kMaxHeldSignals || bytes > kMaxHeldBytes;
}

/// Whether the caller wants to know more of a callee's ring: not after `ringing` (S8), and not when they have left (J-2.8).
bool awaits_its_ring(const HostedCall& call, UserId user) {
  if (call.ended() || !is_in(leg_of(call.legs(), call.row().caller).state)) return false;
  const auto* const leg = find_leg(call.legs(), user);
  return leg != nullptr && leg->state != call::LegState::ringing && call::rings_for(call.state, user);
}

}  // namespace

void CallHost::act_as_party(CallEntry& entry, Command command, call::Action action, const call::Event& event,
                            const Present& here) {
  const Actor& actor = command.its_actor();
  const auto allowed = check_right(call::right_to(action, entry.its_call().state, actor.user));
  if (!allowed) return refuse(command, {.why = allowed.error()});
  if (const MediaTopology topology = topology_of(entry.its_call().row());
      action == call::Action::answer && !can_take_part(actor.dialect, topology))
    return refuse(command, {.why = topology == MediaTopology::mesh ? Refusal::cannot_mesh : Refusal::not_at_provider});
  if (takes_part(entry, command, here)) return;
  const TimePoint when = command.received;
  decide(entry, std::move(command), event, when, here);
}

/// a session of a person who is away acts for them. It takes the seat first; then its command runs again.
bool CallHost::takes_part(CallEntry& entry, Command& command, const Present& here) {
  const HostedCall& call = entry.its_call();
  const Actor& actor = command.its_actor();
  const auto* const leg = find_leg(call.legs(), actor.user);
  if (call.ended() || leg == nullptr || !leg->away || !actor.at || command.took_part) return false;
  const LiveSession* const session = here.session(actor.user, actor.at);
  if (session == nullptr || session->suspended) return false;
  command.took_part = true;
  Command back = command_to(entry, command::SessionCame{*session, sessions::Arrival::resumed});
  back.actor = actor;
  back.received = command.received;
  entry.queue.push_front(std::move(command));
  entry.queue.push_front(std::move(back));
  return true;
}

void CallHost::unrouted_signal(CallEntry& entry, Command command, const Present& here) {
  const auto& signal = *command.as<command::UnroutedSignal>();
  HostedCall& call = entry.its_call();
  const UserId user = command.its_actor().user;
  const auto allowed = check_right(call::right_to(call::Action::signal, call.state, user));
  if (!allowed) return refuse(command, {.why = allowed.error()});
  if (call.ended()) return refuse(command, {.why = Refusal::not_active, .call = call.view});
  if (is_group(call.row()) && is_external(call.row())) return refuse(command, {.why = Refusal::needs_no_signals});
  const auto addressee = addressee_of(signal, call, user);
  if (!addressee) return refuse(command, {.why = Refusal::wrong_addressee});
  if (takes_part(entry, command, here)) return;
  const call::Leg& peer = leg_of(call.legs(), *addressee);
  const auto speaking = here.speakers(leg_of(call.legs(), user));
  const bool mine = std::any_of(speaking.begin(), speaking.end(), [&](const auto& each) { return each.at == command.at(); });
  // A REST request has no route that could keep an order.
  if (!mine && command.at()) return refuse(command, {.why = Refusal::not_participant});
  const bool away = peer.away.has_value();
  if (here.speakers(peer).empty() && !away) {
    log_.target_offline(peer.user);
    return refuse(command, {.why = Refusal::peer_offline, .call = call.view});
  }
  if (is_description(signal.kind)) note_described(call.state, user);
  if (!command.at()) {
    const KeptSignal to_keep{user, signal.kind, signal.payload, signal.generation, command.its_actor().device};
    auto& kept = call.notes_on(peer.user).kept;
    if (away && is_full(kept, to_keep)) return refuse(command, {.why = Refusal::too_many_signals});
    // For a person who is away: a session that recovers gets the signal from its log, a new session gets the kept copy.
    for (const auto& session : away ? here.of(peer.user) : here.speakers(peer)) routes_.send_signal(call, session.at, to_keep);
    if (away) kept.push_back(to_keep);
  } else {
    SignalRoutes::resend_routes(call, command.at());
  }
  routes_.update(call, here);  // also for REST: an answer frees the candidates of the user's sockets
  replies_.answer(command, {.call = call.view, .queued = away});
}

/// J-2.13: `created` is sent again when the ring begins. The start did not ask for devices if a callee had a session then.
bool CallHost::ring_needs_devices(const HostedCall& call, const Command& ready, const Present& here) const {
  if (shared_.settings().push == PushTo::nobody || !ports_.can_be_pushed || call.pushable) return false;
  const store::CallRow& row = call.row();
  const bool begins = !call.ended() && !row.announced && ready.is_by(row.caller);
  return begins && row.ring_targets == RingTargets::all && !is_reachable(call.legs(), call.pushable, here);
}

/// Runs the command again when the call's note says what the store knows.
void CallHost::ask_for_devices(CallEntry& entry, Command command) {
  entry.change(EntryEvent::read_began);
  const People callees = callees_of(entry.its_call().row());
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.can_be_pushed({callees.begin(), callees.end()}, [this, id = entry.id, waiting](const auto& found) {
    resume(id, [&](CallEntry& its_entry) {
      if (its_entry.call) its_entry.call->pushable = found && *found;
      its_entry.queue.push_front(std::move(*waiting));
    });
  });
}

void CallHost::gone(CallEntry& entry, Command command, const Present& here) {
  const auto [session, how] = *command.as<command::SessionGone>();
  HostedCall& call = entry.its_call();
  const UserId user = command.its_actor().user;
  const auto* const leg = find_leg(call.legs(), user);
  if (call.ended() || leg == nullptr) return;
  if (session.dialect == call::Dialect::rest && !was_taken_with(*leg, session)) return;
  std::erase(call.notes_on(user).rung, session.at);  // a socket that changes its dialect comes again at the same address
  // None of their sessions was notified of the call: they were gone before the host looked them up.
  const bool silent = leg->bell == call::Bell::silent;
  const bool never_notified = leg->state == call::LegState::invited && (silent || call::rings_for(call.state, user));
  // The session is back already, or another session of the user continues: only the routes change.
  if (never_notified || call::is_spoken_for(*leg, status_of(call.state), as_seen(session), all_as_seen(here.live(user))))
    return routes_.update(call, here);
  const TimePoint when = command.received;
  const auto leaving = std::exchange(call.notes_on(user).leaving, std::nullopt);
  const bool said_so = leaving && when < *leaving + kLeavingCounts;
  const auto at_most = said_so ? std::optional(shared_.settings().away_grace) : std::nullopt;
  decide(entry, std::move(command), end_of_session(user, how, at_most), when, here);
}

/// S5. It changes no state of the call, so nothing is committed.
void CallHost::show_media(CallEntry& entry, const Command& command, const Present& here) {
  HostedCall& call = entry.its_call();
  const auto& sent = command.as<command::ReportMedia>()->sent;
  const Actor& actor = command.its_actor();
  const auto* const leg = find_leg(call.legs(), actor.user);
  if (!sent || call.ended() || leg == nullptr || !is_in(leg->state)) return;
  // Who accepted over REST has no socket in the call: those who may speak for them report.
  const auto speaking = here.speakers(*leg);
  const bool speaks = std::any_of(speaking.begin(), speaking.end(), [&](const auto& each) { return each.at == command.at(); });
  if (leg->seat && leg->seat->session != actor.session && !speaks) return;  // another device of theirs
  if (find_leg(call.row(), actor.user)->sent == sent) return;
  hosted_.note_sent_media(call, actor.user, *sent);
  for (const call::Leg& other : call.legs())
    if (other.user != actor.user && is_in(other.state)) announcer_.notify_media(call, actor.user, other.user, here);
}

/// S9: it only shortens the grace of its user. Before the connection ends nothing changes: the page may stay after all.
void CallHost::page_leaves(CallEntry& entry, Command command, const Present& here) {
  HostedCall& call = entry.its_call();
  const UserId user = command.its_actor().user;
  const auto allowed = check_right(call::right_to(call::Action::report_media, call.state, user));
  if (!allowed) return refuse(command, {.why = allowed.error()});
  if (call.ended()) return refuse(command, {.why = Refusal::not_active, .call = call.view});
  const TimePoint when = command.received;
  if (leg_of(call.legs(), user).away)
    return decide(entry, std::move(command), call::Lost{user, shared_.settings().away_grace}, when, here);
  call.notes_on(user).leaving = when;
  replies_.answer(command, {.call = call.view});
}

void CallHost::came(CallEntry& entry, Command command, const Present& here) {
  const auto [session, how] = *command.as<command::SessionCame>();
  const bool recovered = how == sessions::Arrival::recovered;
  HostedCall& call = entry.its_call();
  const UserId user = command.its_actor().user;
  const auto* const leg = find_leg(call.legs(), user);
  if (leg == nullptr) return;
  if (call.ended()) {  // it came while the end was being sent; a snapshot has it
    const bool unheard = lacks_snapshots(command.its_actor().dialect) && shared_.unheard().forget(user, entry.id);
    if (unheard && recovered) ports_.outbox.settle(user, entry.id);
    if (unheard && !recovered) end_notices_.notify_late(call, command, here);
    return;
  }
  const LiveSession* const still_here = here.session(user, session.at);
  if (still_here == nullptr || still_here->suspended) return;           // it is gone already, and that command follows
  if (recovered) call.notes_on(user).kept.clear();                      // its recovery log contains them
  if (how != sessions::Arrival::resumed) note_woken(call, user, here);  // a session that resumes another has come before
  const bool rung = call.was_rung(user, session.at);
  if (call::rings_for(call.state, user) && !rung) announcer_.ring(call, user, session.at);  // for the remaining time
  auto others = here.live(user);
  std::erase_if(others, [&](const LiveSession& each) { return each.at == command.at(); });
  const auto placement = call::placement_of(*leg, as_seen(session), seat_claim_of(how), all_as_seen(others));
  // We no longer know whether the old session had sent the missing description: do not wait for it.
  if (placement == call::Placement::takes_seat || placement == call::Placement::is_seated) note_described(call.state, user);
  SignalRoutes::resend_routes(call, command.at());  // its shard may have dropped them
  if (placement != call::Placement::takes_seat) return routes_.update(call, here);
  const TimePoint when = command.received;
  const call::Returned event{user, {command.its_actor().session, command.its_actor().device}};
  decide(entry, std::move(command), event, when, here);
}

/// Changes no state of the call, so nothing is committed: the notice is lost with this server, and comes at most once.
void CallHost::ring_pushed(HostedCall& call, UserId user, const Present& here) {
  if (!awaits_its_ring(call, user) || call.notes_on(user).push_progress != PushProgress::nothing) return;
  call.notes_on(user).push_progress = PushProgress::pushed;
  announcer_.notify_progress(call, Progress::State::pushed, user, here);
}

void CallHost::note_woken(HostedCall& call, UserId user, const Present& here) {
  if (call.notes_on(user).push_progress != PushProgress::pushed || !awaits_its_ring(call, user)) return;
  call.notes_on(user).push_progress = PushProgress::woken;
  announcer_.notify_progress(call, Progress::State::woken, user, here);
}

void CallHost::on_alarm(CallEntry& entry, Command command, const Present& here) {
  entry.alarm_under_way = false;
  const HostedCall& call = entry.its_call();
  if (call.ended()) {
    if (!entry.alarm) hosted_.forget_ended(entry);  // otherwise the sweep asked, and the call stays remembered for a while
    return;
  }
  const auto alarm = call::next_alarm(call.state);
  if (alarm && alarm->at <= command.received) return decide(entry, std::move(command), alarm->event, alarm->at, here);
  if (!entry.alarm) alarms_.set(entry);
}

/// Other servers know the entry too, and may have sent the end hours ago. So ask the store before sending the end, and settle the
/// entry after it: sessions that connect to two servers at the same moment both get the end, and a crash in between sends it
/// again, never not at all.
void CallHost::ask_whether_unheard(CallEntry& entry, Command command) {
  entry.change(EntryEvent::read_began);
  const UserId user = command.its_actor().user;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.outbox.still_waits(user, entry.id, [this, id = entry.id, waiting](Expected<bool, store::Unavailable> unheard) {
    resume(id, [&](CallEntry& its_entry) {
      if (!unheard) {
        retry(std::move(*waiting));
      } else if (*unheard) {
        waiting->as<command::ResendEnd>()->still_waits = true;
        its_entry.queue.push_front(std::move(*waiting));
      } else {
        replies_.answer(*waiting, {});  // another server has sent it
      }
    });
  });
}

}  // namespace belfry::calls
