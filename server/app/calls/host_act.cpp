// What the people of a call, their sessions, and time do to it.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"
#include "domain/call/rights.hpp"

namespace belfry::calls {

namespace {

using call::Deed;

call::Event event_of(const Command& command) {
  const auto& [user, session, at, device, dialect] = command.actor;
  if (const auto* accept = command.as<command::Accept>())
    return call::Answered{user, {session, device}, enclosed_in(accept->answer)};
  if (command.is<command::Reject>()) return call::Declined{user, session};
  if (command.is<command::DeviceRang>()) return call::DeviceRang{user};
  if (command.is<command::CallerReady>()) return call::CallerReady{};
  if (const auto* media = command.as<command::ReportMedia>()) return call::MediaReported{user, media->alive};
  using Verb = call::HungUp::Verb;
  return call::HungUp{user, session, command.is<command::Cancel>() ? Verb::cancel : Verb::end,
                      at ? call::Door::socket : call::Door::request};
}

Deed deed_of(const Command& command) {
  if (command.is<command::Accept>()) return Deed::answer;
  if (command.is<command::Reject>()) return Deed::decline;
  if (command.is<command::DeviceRang>()) return Deed::tell_that_it_rings;
  if (command.is<command::CallerReady>()) return Deed::tell_that_they_are_ready;
  return command.is<command::ReportMedia>() ? Deed::report_media : Deed::hang_up;
}

std::optional<Refusal> refusal_of(call::Right right) {
  if (right == call::Right::granted) return std::nullopt;
  return right == call::Right::call_not_found ? Refusal::call_not_found : Refusal::not_participant;
}

call::Coming coming_of(sessions::Arrival how) {
  switch (how) {
    case sessions::Arrival::fresh:
      return call::Coming::anew;
    case sessions::Arrival::in_place:
      return call::Coming::displacing;
    case sessions::Arrival::resumed:
      return call::Coming::speaking;
    case sessions::Arrival::recovered:
      return call::Coming::recovered;
  }
  CHECK(false, "an arrival without a rule");
}

/// The bounds of what waits on a session's side (signal_relay.hpp).
bool is_full(const std::vector<KeptSignal>& kept, const KeptSignal& next) {
  std::size_t bytes = next.payload.size();
  for (const KeptSignal& each : kept) bytes += each.payload.size();
  return kept.size() == kMaxHeldSignals || bytes > kMaxHeldBytes;
}

}  // namespace

void CallHost::act_as_party(CallEntry& entry, Command command) {
  const auto right = call::right_to(deed_of(command), legs_of(entry.its_call().state), command.actor.user);
  if (const auto why = refusal_of(right)) return refuse(command, {.why = *why});
  if (takes_part(entry, command)) return;
  const TimePoint when = command.received;
  const auto event = event_of(command);
  decide(entry, std::move(command), event, when);
}

/// a session of somebody who is away speaks for them; first it takes the part, then its command has its turn again.
bool CallHost::takes_part(CallEntry& entry, Command& command) {
  const HostedCall& call = entry.its_call();
  const auto* const leg = find_leg(legs_of(call.state), command.actor.user);
  if (call.ended() || leg == nullptr || !leg->away || !command.actor.at || command.tries != 0) return false;
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
  HostedCall& call = entry.its_call();
  const UserId user = command.actor.user;
  if (const auto why = refusal_of(call::right_to(Deed::signal, legs_of(call.state), user))) return refuse(command, {.why = *why});
  if (call.ended()) return refuse(command, {.why = Refusal::not_active, .call = call.view});
  const UserId peer = call.peer_of(user);
  if (signal.to && *signal.to != peer) return refuse(command, {.why = Refusal::wrong_addressee});
  if (takes_part(entry, command)) return;
  const auto speaking = voices(call, user);
  const bool mine = std::any_of(speaking.begin(), speaking.end(), [&](const auto& each) { return each.at == command.actor.at; });
  // By REST there is no route to keep order on: the asker's shard passes the signal to these.
  if (!mine && command.actor.at) return refuse(command, {.why = Refusal::not_participant});
  if (is_description(signal.kind)) note_described(call.state, user);
  const bool away = leg_of(legs_of(call.state), peer).away.has_value();
  if (voices(call, peer).empty() && !away) {
    ports_.log.warn("WebRTC signal target offline", {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", to_text(peer.value())}});
    return refuse(command, {.why = Refusal::peer_offline, .call = call.view});
  }
  if (!command.actor.at) {
    const KeptSignal to_keep{signal.kind, signal.payload, signal.generation};
    auto& kept = call.notes_on(peer).kept;
    if (away && is_full(kept, to_keep)) return refuse(command, {.why = Refusal::too_many_signals});
    for (const auto& session : sessions_of(peer)) tell_signal(call, session.at, user, to_keep);
    if (away) kept.push_back(to_keep);
    update_routes(call);  // an answer that came this way frees the candidates on its sockets
    return reply(command, {.call = call.view, .queued = away});
  }
  call.routes.clear();  // so that update_routes() tells this session's shard its route
  update_routes(call);
  reply(command, {.call = call.view, .queued = away});
}

void CallHost::gone(CallEntry& entry, Command command) {
  const auto [session, how] = *command.as<command::SessionGone>();
  HostedCall& call = entry.its_call();
  const UserId user = command.actor.user;
  const auto* const leg = find_leg(legs_of(call.state), user);
  if (call.ended() || leg == nullptr) return;
  std::erase(call.ringing_at, session.at);  // a socket that changes its dialect comes again at the same address
  const auto here = live(sessions_of(user));
  // The session is back already, or another one of its user goes on: only the routes change.
  if (call::is_spoken_for(*leg, status_of(call.state), as_seen(session), all_as_seen(here))) return update_routes(call);
  const TimePoint when = command.received;
  const call::Event event = how == Departure::left ? call::Event{call::Left{user}} : call::Lost{user};
  decide(entry, std::move(command), event, when);
}

void CallHost::online(CallEntry& entry, Command command) {
  const auto [session, how] = *command.as<command::SessionCame>();
  const bool recovered = how == sessions::Arrival::recovered;
  HostedCall& call = entry.its_call();
  const UserId user = command.actor.user;
  const auto* const leg = find_leg(legs_of(call.state), user);
  if (leg == nullptr) return;
  if (call.ended()) {  // it came while the end was told; a native session's snapshot says so
    const bool unheard = command.actor.dialect == call::Dialect::signaling && shared_.unheard().forget(user, entry.id);
    if (unheard && recovered) ports_.outbox.settle(user, entry.id);
    if (unheard && !recovered) resend_end(entry, command);
    return;
  }
  note_described(call.state, user);                 // what this session has said is not known any more
  if (recovered) call.notes_on(user).kept.clear();  // its log has brought them
  const bool rung = std::find(call.ringing_at.begin(), call.ringing_at.end(), session.at) != call.ringing_at.end();
  if (call::rings_for(call.state, user) && !rung) ring(call, user, session.at);  // with the remaining time
  auto others = live(sessions_of(user));
  std::erase_if(others, [&](const LiveSession& each) { return each.at == command.actor.at; });
  const auto placement = call::place(*leg, as_seen(session), coming_of(how), all_as_seen(others));
  std::erase_if(call.routes, [&](const Route& told) { return told.at == command.actor.at; });  // its shard forgot it
  if (placement != call::Placement::takes_seat) return update_routes(call);
  const TimePoint when = command.received;
  const call::Returned event{user, {command.actor.session, command.actor.device}};
  decide(entry, std::move(command), event, when);
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
