// What the people of a call, their sessions, and time do to it.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

using call::Party;
using call::Ringing;

namespace {

bool absent(const HostedCall& call, Party party) { return leg_of(call.row(), party).away.has_value(); }

call::Event event_of(const Command& command, Party party) {
  const SessionId session = command.actor.session;
  if (command.is<command::Accept>()) return call::CalleeAnswered{session};
  if (command.is<command::Reject>()) return call::CalleeDeclined{session};
  if (command.is<command::DeviceRang>()) return call::DeviceRang{};
  if (command.is<command::CallerReady>()) return call::CallerReady{};
  if (const auto* media = command.as<command::ReportMedia>()) return call::MediaReported{party, media->alive};
  return call::HangUp{party, session, command.is<command::Cancel>() ? call::HangUp::Verb::cancel : call::HangUp::Verb::end};
}

/// SPEC 2.8.15 and R-001-48: what is the callee's to do is not found by anybody else.
std::optional<Refusal> stranger(const Command& command, std::optional<Party> party) {
  const bool callees = command.is<command::Accept>() || command.is<command::Reject>() || command.is<command::DeviceRang>();
  if (callees && party != Party::callee) return Refusal::call_not_found;
  if (!party) return Refusal::not_participant;
  if (command.is<command::CallerReady>() && party != Party::caller) return Refusal::not_participant;
  return std::nullopt;
}

/// The bounds of what waits on a session's side (signal_relay.hpp).
bool is_full(const std::vector<KeptSignal>& kept, const KeptSignal& next) {
  std::size_t bytes = next.payload.size();
  for (const KeptSignal& each : kept) bytes += each.payload.size();
  return kept.size() == kMaxHeldSignals || bytes > kMaxHeldBytes;
}

}  // namespace

void CallHost::act_as_party(CallEntry& entry, Command command) {
  const auto party = party_of(entry.its_call().row(), command.actor.user);
  if (const auto why = stranger(command, party); why || !party)
    return refuse(command, {.why = why.value_or(Refusal::not_participant)});
  if (takes_part(entry, command)) return;
  const TimePoint when = command.received;
  const auto event = event_of(command, *party);
  decide(entry, std::move(command), event, when);
}

/// a session of somebody who is away speaks for them; first it takes the part, then its command has its turn again.
bool CallHost::takes_part(CallEntry& entry, Command& command) {
  const HostedCall& call = entry.its_call();
  const auto party = party_of(call.row(), command.actor.user);
  if (call.ended() || !party || !absent(call, *party) || !command.actor.at || command.tries != 0) return false;
  const auto session = shared_.sessions().session(command.actor.user, command.actor.at);
  if (!session || session->suspended) return false;
  ++command.tries;
  Command back{.call = entry.id,
               .what = command::SessionCame{*session, sessions::Arrival::resumed},
               .actor = command.actor,
               .received = command.received,
               .in_flight = command.in_flight};
  entry.queue.push_front(std::move(command));
  entry.queue.push_front(std::move(back));
  return true;
}

void CallHost::unrouted_signal(CallEntry& entry, Command command) {
  const auto& signal = *command.as<command::UnroutedSignal>();
  const HostedCall& call = entry.its_call();
  const auto party = party_of(call.row(), command.actor.user);
  if (!party) return refuse(command, {.why = Refusal::not_participant});
  if (call.ended()) return refuse(command, {.why = Refusal::not_active, .call = call.view});
  if (signal.to && *signal.to != call.person(other(*party)).id) return refuse(command, {.why = Refusal::wrong_addressee});
  if (takes_part(entry, command)) return;
  const auto speaking = voices(call, *party);
  const bool mine = std::any_of(speaking.begin(), speaking.end(), [&](const auto& each) { return each.at == command.actor.at; });
  // By REST there is no route to keep order on: the asker's shard passes the signal to these.
  if (!mine && command.actor.at) return refuse(command, {.why = Refusal::not_participant});
  if (*party == Party::callee && is_description(signal.kind)) entry.its_call().answer_to_come = false;
  const auto peers = voices(call, other(*party));
  const bool away = absent(call, other(*party));
  if (peers.empty() && !away) {
    ports_.log.warn("WebRTC signal target offline",
                    {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", to_text(call.person(other(*party)).id.value())}});
    return refuse(command, {.why = Refusal::peer_offline, .call = call.view});
  }
  if (!command.actor.at) {
    const KeptSignal to_keep{signal.kind, signal.payload, signal.generation};
    auto& kept = entry.its_call().kept.of(other(*party));
    if (away && is_full(kept, to_keep)) return refuse(command, {.why = Refusal::too_many_signals});
    for (const auto& peer : sessions_of(call, other(*party))) tell_signal(call, peer.at, *party, to_keep);
    if (away) kept.push_back(to_keep);
    update_routes(entry.its_call());  // an answer that came this way frees the candidates on its sockets
    return reply(command, {.call = call.view, .queued = away});
  }
  entry.its_call().routes.clear();  // so that update_routes() tells this session's shard its route
  update_routes(entry.its_call());
  reply(command, {.call = call.view, .queued = away});
}

void CallHost::gone(CallEntry& entry, Command command) {
  const auto [session, how] = *command.as<command::SessionGone>();
  HostedCall& call = entry.its_call();
  const auto party = party_of(call.row(), command.actor.user);
  if (call.ended() || !party) return;
  std::erase(call.ringing_at, session.at);  // a socket that changes its dialect comes again at the same address
  const auto there = voices(call, *party);
  const bool ringing = std::holds_alternative<Ringing>(call.state);
  const bool was_in_it = is_bound(leg_of(call.row(), *party), session);
  const bool still_spoken_for =
      ringing ? !there.empty()
              : std::any_of(there.begin(), there.end(),
                            [&](const LiveSession& each) { return is_bound(leg_of(call.row(), *party), each); }) ||
                    (!was_in_it && !there.empty());
  // The session is back already, or another one of its user goes on: only the routes change.
  if (still_spoken_for) return update_routes(entry.its_call());
  const TimePoint when = command.received;
  const call::Event event = how == Departure::left ? call::Event{call::PartyLeft{*party}} : call::PartyLost{*party};
  decide(entry, std::move(command), event, when);
}

void CallHost::online(CallEntry& entry, Command command) {
  const auto [session, how] = *command.as<command::SessionCame>();
  const bool recovered = how == sessions::Arrival::recovered;
  HostedCall& call = entry.its_call();
  const auto party = party_of(call.row(), command.actor.user);
  if (!party) return;
  if (call.ended()) {  // it came while the end was told; a native session's snapshot says so
    const bool unheard =
        command.actor.dialect == call::Dialect::signaling && shared_.unheard().forget(command.actor.user, entry.id);
    if (unheard && recovered) ports_.outbox.settle(command.actor.user, entry.id);
    if (unheard && !recovered) resend_end(entry, command);
    return;
  }
  if (*party == Party::callee) call.answer_to_come = false;  // what this session has said is not known any more
  const auto* ringing = std::get_if<Ringing>(&call.state);
  if (recovered) call.kept.of(*party).clear();  // its log has brought them
  const bool rings_here = ringing != nullptr && *party == Party::callee && ringing->bell == call::Bell::rung;
  const bool rung = std::find(call.ringing_at.begin(), call.ringing_at.end(), session.at) != call.ringing_at.end();
  if (rings_here && !rung) ring(call, session.at);  // with the remaining time
  const auto there = sessions_of(call, *party);
  const store::Leg& leg = leg_of(call.row(), *party);
  const bool vacant = std::none_of(there.begin(), there.end(), [&](const LiveSession& each) {
    return !each.suspended && each.at != command.actor.at && is_bound(leg, each);
  });
  // T-19: another device which connects, or blips, is no return of the one that is in the call; it may speak up.
  const bool nobodys = ringing != nullptr && *party == Party::callee;  // while it rings, any device of the callee's is as good
  // A session without a device id of its own bears its session's (2.8.12): that tells nothing of the next one.
  const bool named = !leg.device.empty() && (!leg.session || leg.device != to_text(leg.session->value()));
  const bool unknown = !recovered && (!named || leg.device == command.actor.device);
  const bool same_device = nobodys || unknown || is_bound(leg, session);
  // Back before its loss was heard of here: then it takes the place at once, and the loss says nothing any more.
  const bool replaces = same_device && leg.session && vacant && !is_bound(leg, session) && !rings_here;
  const bool returns = (absent(call, *party) && same_device) || replaces;
  std::erase_if(call.routes, [&](const Route& told) { return told.at == command.actor.at; });  // its shard forgot it
  if (!returns || how == sessions::Arrival::in_place) return update_routes(call);
  const TimePoint when = command.received;
  decide(entry, std::move(command), call::PartyReturned{*party}, when);
}

void CallHost::on_alarm(CallEntry& entry, Command command) {
  entry.alarm_under_way = false;
  const HostedCall& call = entry.its_call();
  if (call.ended()) {
    timers_.cancel(entry.alarm);
    entry.call.reset();
    return;
  }
  const auto alarm = call::next_alarm(call.state);
  if (alarm && alarm->at <= command.received) return decide(entry, std::move(command), alarm->event, alarm->at);
  if (!entry.alarm) set_alarm(entry);
}

}  // namespace belfry::calls
