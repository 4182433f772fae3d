#include "app/calls/announcer.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

using call::EffectKind;

namespace {

By doer_of(const HostedCall& call, const Command& command) {
  if (call.ended() && !call.row().ended_by) return {};
  if (!command.actor) return {call.row().ended_by, {}};
  return {command.actor->user, command.actor->device, call.departure};
}

/// See CallCancelled::part.
std::optional<call::EndReason> end_of_part(const HostedCall& call, const Command& command, UserId user) {
  const store::Leg* const leg = find_leg(call.row(), user);
  if (leg == nullptr || !is_group(call.row())) return std::nullopt;
  if (leg->state == call::LegState::kicked) {
    const auto* const expelled = command.as<command::ForceEnd>();
    return expelled == nullptr ? call::EndReason::kicked : expelled->reason;
  }
  return call.ended() ? std::nullopt : call::parse_end_reason(leave_reason(call.row(), *leg));
}

}  // namespace

bool is_reachable(const call::Legs& legs, std::optional<bool> pushable, const Present& here) {
  return pushable.value_or(false) || std::any_of(legs.begin(), legs.end(), [&](const call::Leg& leg) {
           return leg.role == call::PartyRole::callee && here.is_live(leg.user);
         });
}

void Announcer::notify_all(const std::vector<LiveSession>& sessions, const Notice& notice) {
  for (const auto& session : sessions) notify(session.at, notice);
}

void Announcer::announce(HostedCall& call, const Command& command, std::span<const call::Effect> effects, const CallView& before,
                         const Present& here) {
  for (const auto& effect : effects) run(call, command, effect, before, here);
}

void Announcer::run(HostedCall& call, const Command& command, const call::Effect& effect, const CallView& before,
                    const Present& here) {
  const auto& [kind, to, about] = effect;
  const auto& sessions = here.of(to);
  const auto acts = [&](const LiveSession& session) { return session.at == command.at(); };
  if (kind != EffectKind::incoming) note_aware(call, to, here);
  switch (kind) {
    case EffectKind::incoming:
      for (const auto& session : here.live(to)) ring(call, to, session.at);  // a suspended session is rung when it returns
      return;
    case EffectKind::ringing:
      return notify_progress(call, Progress::State::ringing, about, here);
    case EffectKind::accepted:
      notify_answer(call, command, to, here);
      return notify_all_media(call, to, here);
    case EffectKind::accepted_late:  // the committed row says that the caller has the answer, and no longer contains it
      return notify_all(sessions, CallAccepted{call.view, {about, find_leg(call.row(), about)->device}, before->row.answer});
    case EffectKind::rejected:
      if (const auto* leg = find_leg(call.legs(), about); leg != nullptr && leg->state == call::LegState::busy)  // J-2.3
        return notify_all(sessions, CallRejected{call.view, {about, {}}, CallRejected::Why::busy});
      return notify_all(sessions, CallRejected{call.view, doer_of(call, command)});
    case EffectKind::declined_elsewhere:
      for (const auto& session : sessions)
        if (!acts(session)) notify(session.at, DeclinedElsewhere{call.view, doer_of(call, command)});
      return;
    case EffectKind::cancelled:
      for (const auto& session : sessions)
        notify(session.at, CallCancelled{call.view, doer_of(call, command), acts(session), end_of_part(call, command, to)});
      return;
    case EffectKind::missed:
      return notify_all(sessions, CallMissed{call.view, doer_of(call, command)});
    case EffectKind::ended:
      for (const auto& session : sessions)
        notify(session.at, CallEnded{call.view, doer_of(call, command), acts(session), end_of_part(call, command, to)});
      return;
    case EffectKind::reconnecting: {
      const auto& away = find_leg(call.row(), about)->away;
      const auto until = away ? std::optional(away->until) : std::nullopt;
      return notify_all(sessions, PeerState{call.view, about, PeerState::State::reconnecting, until});
    }
    case EffectKind::reconnected:
      notify_all(sessions, PeerState{call.view, about, PeerState::State::reconnected});
      return notify_media(call, to, about, here);  // who is back may have missed a change
    case EffectKind::joined:
      notify_all(sessions, PeerState{call.view, about, PeerState::State::joined});
      return notify_media(call, to, about, here);
    case EffectKind::left:
      return notify_all(sessions, PeerState{call.view, about, PeerState::State::left});
  }
}

/// Notifies the caller or the person who answered: the session that answered gets `accepted`, their other devices get `answered
/// elsewhere`.
void Announcer::notify_answer(const HostedCall& call, const Command& command, UserId to, const Present& here) {
  const By by = doer_of(call, command);
  const auto* accept = command.as<command::Accept>();  // nullptr: a glare
  const CallAccepted accepted{call.view, by, accept == nullptr ? Description{} : accept->answer};
  const auto& leg = leg_of(call.legs(), to);
  if (leg.role == call::PartyRole::caller && by.user != to) return notify_all(here.of(to), accepted);
  const auto& sessions = here.of(to);
  // A page of the signaling dialect did not answer if the answer came by REST, even from the same login.
  const auto answered = [&](const LiveSession& session) {
    return call::holds(leg, as_seen(session)) && (session.dialect != call::Dialect::signaling || session.at == command.at());
  };
  const auto answerer = std::find_if(sessions.begin(), sessions.end(), answered);
  const auto is_sibling = [&](const LiveSession& session) {
    return answerer != sessions.end() && answerer->at == command.at() && session.login != account::LoginId{} &&
           session.login == answerer->login && session.dialect == answerer->dialect;
  };
  for (const auto& session : sessions) {
    if (answered(session))
      notify(session.at, accepted);
    else
      notify(session.at, AnsweredElsewhere{call.view, by, is_sibling(session)});
  }
}

/// A suspended session may never return to read the notice.
void Announcer::note_aware(HostedCall& call, UserId user, const Present& here) {
  if (here.is_live(user)) call.notes_on(user).aware = true;
}

void Announcer::notify_created(HostedCall& call, const Present& here) {
  note_aware(call, call.row().caller, here);
  notify_all(here.of(call.row().caller),
             Progress{.call = call.view, .reachable = is_reachable(call.legs(), call.pushable, here)});
}

void Announcer::notify_progress(HostedCall& call, Progress::State state, UserId about, const Present& here) {
  note_aware(call, call.row().caller, here);
  notify_all(here.of(call.row().caller), Progress{.call = call.view, .state = state, .about = about});
}

void Announcer::notify_media(const HostedCall& call, UserId whose, UserId to, const Present& here) {
  const auto& sent = find_leg(call.row(), whose)->sent;
  if (!sent) return;
  for (const auto& session : here.speakers(leg_of(call.legs(), to))) notify(session.at, PeerMedia{call.view, whose, *sent});
}

void Announcer::notify_all_media(const HostedCall& call, UserId to, const Present& here) {
  for (const call::Leg& leg : call.legs())
    if (leg.user != to && is_in(leg.state)) notify_media(call, leg.user, to, here);
}

void Announcer::notify_glare(const HostedCall& call, const Command& start, const Present& here) {
  const Description& offer = start.as<command::StartCollision>()->offer;
  for (const auto& session : here.speakers(leg_of(call.legs(), start.its_actor().user)))
    if (!start.at() || session.at == start.at()) notify(session.at, Glare{call.view, offer});
}

/// Clients of the other dialects have the answer to their start, and those that did not start know of no call.
void Announcer::notify_busy(const StartCall& start, const Present& here) {
  if (start.caller.dialect != call::Dialect::token || !start.place) return;
  const CalleesBusy busy{start.place->id, is_group(start) ? std::nullopt : start.callee};
  for (const auto& session : here.of(start.caller.user))
    if (session.dialect == call::Dialect::token) notify(session.at, busy);
}

void Announcer::ring(HostedCall& call, UserId user, SessionAddress at) {
  Notes& notes = call.notes_on(user);
  if (!call.was_rung(user, at)) notes.rung.push_back(at);
  notes.aware = true;
  note_notified(call.state, user);
  notify(at, IncomingCall{call.view});
}

void Announcer::notify_end(const HostedCall& call, UserId user, SessionAddress at) {
  const auto& over = std::get<call::Ended>(call.state);
  const By by{call.row().ended_by, {}, call.departure};
  switch (end_effect_for(over, leg_of(over.legs, user))) {
    case call::EndEffect::rejected:
      return notify(at, CallRejected{call.view, by});
    case call::EndEffect::declined_elsewhere:
    case call::EndEffect::cancelled:
      return notify(at, CallCancelled{call.view, by});
    case call::EndEffect::missed:
      return notify(at, CallMissed{call.view, by});
    case call::EndEffect::ended:
      return notify(at, CallEnded{call.view, by});
  }
}

}  // namespace belfry::calls
