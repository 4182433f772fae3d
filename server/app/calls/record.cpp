#include "app/calls/record.hpp"

#include <chrono>
#include <utility>

#include "base/check.hpp"

namespace belfry::calls {
namespace {

using call::Active;
using call::Ended;
using call::LegState;
using call::Party;
using call::Ringing;

std::optional<call::Absence> absence_of(const store::Leg& leg, const Moment& moment) {
  if (!leg.away) return std::nullopt;
  return call::Absence{moment.point_of(leg.away->since), moment.point_of(leg.away->until),
                       leg.away->by_restart ? call::Absence::Cause::restart : call::Absence::Cause::transport};
}

const call::Absences* absences_of(const call::State& state) {
  if (const auto* ringing = std::get_if<Ringing>(&state)) return &ringing->absences;
  if (const auto* active = std::get_if<Active>(&state)) return &active->absences;
  return nullptr;
}

void write_absence(store::Leg& leg, const std::optional<call::Absence>& absence, const Moment& moment) {
  if (!absence) {
    leg.away.reset();
    return;
  }
  store::Away away{moment.wall_of(absence->since), moment.wall_of(absence->until),
                   absence->cause == call::Absence::Cause::restart};
  if (leg.away) away.since = leg.away->since;
  leg.away = away;
}

LegState final_leg_state(const Ended& ended, Party party, LegState before) {
  if (ended.answered) return ended.reason == call::EndReason::kicked ? LegState::kicked : LegState::left;
  if (party == Party::caller) return LegState::left;
  if (ended.reason == call::EndReason::declined) return LegState::declined;
  return before == LegState::declined ? before : LegState::missed;
}

void write(store::CallRow& row, const Ringing& state, const Moment& moment) {
  const bool rings_now = state.bell == call::Bell::rung && !std::exchange(row.announced, state.bell == call::Bell::rung);
  if (rings_now && callee_leg(row).state == LegState::invited) callee_leg(row).state = LegState::notified;
  if (state.first_ring && !row.first_ring) {
    row.first_ring = callee_leg(row).ringing = moment.wall_of(*state.first_ring);
    callee_leg(row).state = LegState::ringing;
  }
  // A deadline that did not move stays the very millisecond it was; one that moved, moved by seconds.
  const WallTime expires = moment.wall_of(state.deadline);
  if (!row.ring_expires || std::abs(expires.unix_ms - row.ring_expires->unix_ms) > 2) row.ring_expires = expires;
}

void write(store::CallRow& row, const Active& state, const Moment& moment) {
  if (!row.started) row.started = std::max(moment.wall_of(state.answered), row.created);
  row.answer_heard = state.answer == call::Answer::heard;
  row.offer.clear();
  if (row.answer_heard) row.answer.clear();
  for (const Party party : {Party::caller, Party::callee}) {
    store::Leg& leg = leg_of(row, party);
    if (!leg.joined) leg.joined = row.started;
    leg.state = state.absences.of(party) ? LegState::suspended : LegState::joined;
    leg.media_alive = state.media_alive.of(party);
  }
}

void write(store::CallRow& row, const Ended& state, const Moment& moment) {
  row.end_reason = state.reason;
  // a ring that ran out ended at its deadline, the very millisecond that was told, however late the timer.
  const bool ran_out = state.reason == call::EndReason::timeout && row.ring_expires;
  row.ended = ran_out ? *row.ring_expires : moment.wall_of(state.ended);
  // the wall may have been set back meanwhile; a call still ends after it began.
  row.ended = std::max(*row.ended, row.started.value_or(row.created));
  if (state.by) row.ended_by = leg_of(row, *state.by).user;
  if (state.by_session != SessionId{}) row.ended_session = state.by_session;
  row.offer.clear();
  row.answer.clear();
  for (const Party party : {Party::caller, Party::callee}) {
    store::Leg& leg = leg_of(row, party);
    leg.state = final_leg_state(state, party, leg.state);
    leg.left = row.ended;
    leg.away.reset();
  }
}

/// Who acts takes the part of its user in the call.
void bind(store::Leg& leg, SessionId session, const std::string& device) {
  leg.session = session;
  leg.device = device;
}

}  // namespace

WallTime Moment::wall_of(TimePoint at) const {
  return {wall.unix_ms - std::chrono::round<std::chrono::milliseconds>(now - at).count()};
}
TimePoint Moment::point_of(WallTime at) const { return now - std::chrono::milliseconds(wall.unix_ms - at.unix_ms); }
Moment moment_of(const Clock& clock) { return {clock.now(), clock.wall()}; }

store::Leg& leg_of(store::CallRow& row, Party party) { return party == Party::caller ? caller_leg(row) : callee_leg(row); }
const store::Leg& leg_of(const store::CallRow& row, Party party) {
  return party == Party::caller ? caller_leg(row) : callee_leg(row);
}

std::optional<Party> party_of(const store::CallRow& row, UserId user) {
  if (row.caller == user) return Party::caller;
  if (row.callee == user) return Party::callee;
  return std::nullopt;
}

call::Policy policy_of(const store::CallRow& row, const CallSettings& settings) {
  call::Policy policy = settings.of(row.dialect).call;
  policy.ring_time = std::chrono::seconds{row.ring_seconds};
  policy.ring = row.ring;
  return policy;
}

call::State state_of(const store::CallRow& row, const CallSettings& settings, const Moment& moment) {
  const auto policy = policy_of(row, settings);
  const TimePoint started = moment.point_of(row.created);
  const call::Absences absences{absence_of(caller_leg(row), moment), absence_of(callee_leg(row), moment)};
  if (row.status == call::Status::calling) {
    Ringing ringing{policy, started, row.ring_expires ? moment.point_of(*row.ring_expires) : started + policy.ring_time,
                    absences};
    ringing.bell = row.announced ? call::Bell::rung : call::Bell::quiet;
    if (row.first_ring) ringing.first_ring = moment.point_of(*row.first_ring);
    return ringing;
  }
  const auto answered = row.started ? std::optional(moment.point_of(*row.started)) : std::nullopt;
  if (row.status == call::Status::connected) {
    CHECK(answered.has_value(), "a connected call without startedAt: the store's CHECK forbids it");
    Active active{policy, started, *answered, absences};
    active.answer = row.answer_heard ? call::Answer::heard : call::Answer::unheard;
    active.answered_by = callee_leg(row).session.value_or(SessionId{});
    active.media_alive = {caller_leg(row).media_alive, callee_leg(row).media_alive};
    return active;
  }
  Ended ended{row.end_reason.value_or(call::EndReason::admin),
              std::nullopt,
              started,
              answered,
              moment.point_of(row.ended.value_or(row.created)),
              row.ended_session.value_or(SessionId{})};
  if (row.ended_by) ended.by = party_of(row, *row.ended_by);
  return ended;
}

store::CallRow first_row(const CallId& id, const StartCall& start, const call::State& state, const Moment& moment) {
  store::CallRow row;
  const auto& ringing = std::get<Ringing>(state);
  row.id = id;
  row.version = 1;
  set_people(row, start.caller.user, start.callee);
  row.media = start.media;
  row.dialect = start.caller.dialect;
  row.ring = ringing.policy.ring;
  row.ring_seconds = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(ringing.policy.ring_time).count());
  row.created = row.updated = moment.wall_of(ringing.started);
  row.offer = start.offer;
  row.metadata = start.metadata;
  caller_leg(row).invited = callee_leg(row).invited = row.created;
  caller_leg(row).state = LegState::joined;
  bind(caller_leg(row), start.caller.session, start.caller.device);
  row.announced = false;
  write(row, ringing, moment);
  return row;
}

store::CallRow next_row(store::CallRow row, const call::State& next, const Command& command, const Moment& moment) {
  const auto party = party_of(row, command.actor.user);
  const auto* accept = command.as<command::Accept>();
  if (accept != nullptr && party == Party::callee) {
    bind(callee_leg(row), command.actor.session, command.actor.device);
    row.answer = accept->answer;
  }
  if (command.is<command::SessionCame>() && party) bind(leg_of(row, *party), command.actor.session, command.actor.device);
  row.status = status_of(next);
  if (const auto* absences = absences_of(next))
    for (const Party each : {Party::caller, Party::callee}) write_absence(leg_of(row, each), absences->of(each), moment);
  std::visit([&](const auto& state) { write(row, state, moment); }, next);
  return row;
}

namespace {

/// The word for what was done, which depends on what became of the call.
struct AuditWord {
  const Ended* ended;
  [[nodiscard]] std::string_view hang_up() const { return ended != nullptr && ended->answered ? "end" : "cancel"; }
  std::string_view operator()(const command::Start&) const { return "initiate"; }
  std::string_view operator()(const command::StartCollision&) const { return ended != nullptr ? "superseded" : "accept"; }
  std::string_view operator()(const command::Accept&) const { return "accept"; }
  std::string_view operator()(const command::Reject&) const { return "reject"; }
  std::string_view operator()(const command::Cancel&) const { return hang_up(); }
  std::string_view operator()(const command::End&) const { return hang_up(); }
  std::string_view operator()(const command::Withdraw&) const { return hang_up(); }
  std::string_view operator()(const command::DeviceRang&) const { return "ringing"; }
  std::string_view operator()(const command::CallerReady&) const { return "ring"; }
  std::string_view operator()(const command::ReportMedia&) const { return "media"; }
  std::string_view operator()(const command::ForceEnd&) const { return "force_end"; }
  std::string_view operator()(const command::UnroutedSignal&) const { return "resume"; }
  std::string_view operator()(const command::SessionCame&) const { return "resume"; }
  std::string_view operator()(const command::SessionGone&) const { return ended != nullptr ? "leave" : "lost"; }
  std::string_view operator()(const command::Alarm&) const {
    return ended != nullptr && ended->reason == call::EndReason::timeout ? "timeout" : "expire";
  }
  std::string_view operator()(const command::Restart&) const { return "restart"; }
  std::string_view operator()(const command::ResendEnd&) const { return changes_nothing(); }
  std::string_view operator()(const command::CatchUp&) const { return changes_nothing(); }
  [[noreturn]] static std::string_view changes_nothing() { CHECK(false, "a command that changes no call has no word"); }
};

}  // namespace

std::string_view audit_word(const Command& command, const call::State& next) {
  return std::visit(AuditWord{std::get_if<Ended>(&next)}, command.what);
}

}  // namespace belfry::calls
