#include "app/calls/record.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/calls/present.hpp"
#include "base/check.hpp"
#include "base/must_have.hpp"

namespace belfry::calls {
namespace {

using call::Calling;
using call::Connected;
using call::Ended;
using call::LegState;

std::optional<call::Absence> absence_of(const store::Leg& leg, const Moment& moment) {
  if (!leg.away) return std::nullopt;
  return call::Absence{moment.point_of(leg.away->since), moment.point_of(leg.away->until),
                       leg.away->by_restart ? call::Absence::Cause::restart : call::Absence::Cause::transport};
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

call::Leg leg_in_call(const store::Leg& row, call::PartyRole role, const Moment& moment) {
  call::Leg leg{.user = row.user, .role = role, .state = row.state};
  if (row.session) leg.seat = call::Seat{*row.session, row.device};
  leg.away = absence_of(row, moment);
  leg.media_alive = row.media_alive;
  leg.bell = row.bell;
  if (row.joined) leg.joined = moment.point_of(*row.joined);
  // The row does not say which session answered, but the seat is that session's until another one takes it. The caller's seat may
  // have moved since the call was dialled.
  if (role == call::PartyRole::callee && is_in(row.state)) leg.acted = row.session;
  return leg;
}

call::Legs legs_in_call(const store::CallRow& row, const Moment& moment) {
  call::Legs legs;
  for (const store::Leg& leg : row.legs)
    legs.push_back(leg_in_call(leg, leg.user == row.caller ? call::PartyRole::caller : call::PartyRole::callee, moment));
  std::sort(legs.begin(), legs.end(), [](const call::Leg& one, const call::Leg& other) { return one.user < other.user; });
  return legs;
}

/// The row does not say which answers the caller has not heard: rather one too often than never.
void note_unheard_answers(call::Legs& legs) {
  for (call::Leg& leg : legs)
    if (leg.role == call::PartyRole::callee && is_in(leg.state)) leg.answer_notice = call::AnswerNotice::pending;
}

void write_legs(store::CallRow& row, const call::Legs& legs, const Moment& moment) {
  std::size_t next = 0;  // both are by user, but for the caller, who is first in the row
  for (const call::Leg& leg : legs) {
    if (next < row.legs.size() && row.legs[next].user == row.caller) ++next;
    const bool in_order = next < row.legs.size() && row.legs[next].user == leg.user;
    store::Leg* const written = in_order ? &row.legs[next++] : find_leg(row, leg.user);
    CHECK(written != nullptr, "a person of the call has no row");
    written->state = leg.state;
    written->media_alive = leg.media_alive;
    written->bell = leg.bell;
    if (leg.seat) {
      written->session = leg.seat->session;
      written->device = leg.seat->device;
    }
    write_absence(*written, leg.away, moment);
  }
}

/// `at`: when the command was received.
void stamp_legs(store::CallRow& row, WallTime at) {
  for (store::Leg& leg : row.legs) {
    if (leg.state == LegState::ringing && !leg.ringing) leg.ringing = std::max(at, row.created);
    const bool comes_in = !leg.joined || leg.left;  // S17: who comes back is host after those who stayed
    if (is_in(leg.state) && row.started && comes_in) leg.joined = std::max(at, *row.started);
    if (is_open(leg.state)) leg.left.reset();
    if (!is_open(leg.state) && !leg.left) leg.left = row.ended.value_or(at);
  }
}

void write(store::CallRow& row, const Calling& state, const Moment& moment) {
  row.announced = state.ring_start == call::RingStart::begun;
  if (state.first_ring && !row.first_ring) row.first_ring = moment.wall_of(*state.first_ring);
  // An unchanged deadline keeps its exact millisecond. A changed one differs by seconds.
  const WallTime expires = moment.wall_of(state.deadline);
  if (!row.ring_expires || std::chrono::abs(expires - *row.ring_expires) > std::chrono::milliseconds{2})
    row.ring_expires = expires;
}

void write(store::CallRow& row, const Connected& state, const Moment& moment) {
  if (!row.started) row.started = std::max(moment.wall_of(state.answered), row.created);
  row.answer_heard = answer_notice_of(state.legs) == call::AnswerNotice::sent;
  row.offer = {};
  if (row.answer_heard) row.answer = {};
}

void write(store::CallRow& row, const Ended& state, const Moment& moment) {
  row.end_reason = state.reason;
  // an unanswered call ended at its deadline, at the exact millisecond sent to clients, however late the timer was.
  const bool ran_out = state.reason == call::EndReason::timeout && row.ring_expires;
  row.ended = ran_out ? *row.ring_expires : moment.wall_of(state.ended);
  // the wall clock may have been set back meanwhile; a call must not end before it began.
  row.ended = std::max(*row.ended, row.started.value_or(row.created));
  row.ended_by = state.by;
  if (state.by_session) row.ended_session = state.by_session;
  row.offer = row.answer = {};
}

}  // namespace

WallTime Moment::wall_of(TimePoint at) const { return wall - std::chrono::round<std::chrono::milliseconds>(now - at); }
TimePoint Moment::point_of(WallTime at) const { return now - (wall - at); }
Moment moment_of(const Clock& clock) { return {clock.now(), clock.wall()}; }

call::Enclosed enclosed_in(const Description& description) {
  return description.empty() ? call::Enclosed::nothing : call::Enclosed::description;
}

call::Policy policy_of(const store::CallRow& row, const CallSettings& settings) {
  call::Policy policy = settings.of(row.dialect).call;
  policy.ring_time = std::chrono::seconds{row.ring_seconds};
  policy.ring = row.ring;
  if (topology_of(row) == MediaTopology::mesh) policy.most_joined = settings.most_joined;
  return policy;
}

call::State state_of(const store::CallRow& row, const CallSettings& settings, const Moment& moment) {
  const auto policy = policy_of(row, settings);
  const TimePoint started = moment.point_of(row.created);
  const TimePoint deadline = row.ring_expires ? moment.point_of(*row.ring_expires) : started + policy.ring_time;
  call::Ongoing ongoing{policy, started, deadline, legs_in_call(row, moment)};
  if (row.status == call::Status::calling) {
    ongoing.negotiation = call::after_start(enclosed_in(row.offer));
    Calling calling{std::move(ongoing), row.announced ? call::RingStart::begun : call::RingStart::awaits_caller};
    if (row.first_ring) calling.first_ring = moment.point_of(*row.first_ring);
    return calling;
  }
  const auto answered = row.started ? std::optional(moment.point_of(*row.started)) : std::nullopt;
  if (row.status == call::Status::connected) {
    CHECK(answered.has_value(), "a connected call without startedAt: check_row() keeps it out");
    if (!row.answer_heard) note_unheard_answers(ongoing.legs);
    return Connected{std::move(ongoing), *answered};
  }
  CHECK(row.end_reason && row.ended, "a call that is over without endReason or endedAt: check_row() keeps it out");
  return Ended{.reason = *row.end_reason,
               .by = row.ended_by,
               .started = started,
               .answered = answered,
               .ended = moment.point_of(*row.ended),
               .by_session = row.ended_session,
               .legs = std::move(ongoing.legs)};
}

store::CallRow first_row(const CallId& id, const StartCall& start, const call::State& state, const Moment& moment) {
  store::CallRow row;
  const auto& calling = std::get<Calling>(state);
  row.id = id;
  row.version = 1;
  set_people(row, start.caller.user, must_have(start.callee, "a start without a callee is refused"));
  if (is_group(start)) row.callee.reset();
  if (start.place) row.conversation = start.place->id;
  row.legs.resize(1);
  for (const call::Leg& leg : calling.legs)  // not everybody who was called need have a part
    if (leg.user != row.caller) row.legs.push_back({.user = leg.user});
  std::sort(row.legs.begin() + 1, row.legs.end(),
            [](const store::Leg& one, const store::Leg& other) { return one.user < other.user; });
  row.provider = start.provider;
  row.media = start.media;
  row.dialect = start.caller.dialect;
  row.ring = calling.policy.ring;
  row.ring_targets = start.ring_targets;
  row.ring_seconds = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(calling.policy.ring_time).count());
  row.created = row.updated = moment.wall_of(calling.started);
  row.offer = start.offer;
  row.metadata = start.metadata;
  for (store::Leg& leg : row.legs) leg.invited = row.created;
  write_legs(row, calling.legs, moment);
  write(row, calling, moment);
  return row;
}

store::CallRow next_row(store::CallRow row, const call::State& next, const Command& command, const Moment& moment) {
  if (const auto* accept = command.as<command::Accept>()) row.answer = accept->answer;
  row.status = status_of(next);
  write_legs(row, legs_of(next), moment);
  std::visit([&](const auto& state) { write(row, state, moment); }, next);
  stamp_legs(row, moment.wall_of(command.received));
  return row;
}

std::vector<UserId> changed_legs(const store::CallRow& before, const store::CallRow& next) {
  std::vector<UserId> changed;
  for (std::size_t i = 0; i < next.legs.size(); ++i)
    if (i >= before.legs.size() || before.legs[i] != next.legs[i]) changed.push_back(next.legs[i].user);
  return changed;
}

namespace {

/// The audit word of a command; it depends on how the call ended.
struct AuditWord {
  const Ended* ended;
  [[nodiscard]] std::string_view hang_up() const {
    if (ended == nullptr) return "leave";  // a group call goes on
    return ended->answered ? "end" : "cancel";
  }
  std::string_view operator()(const command::Start&) const { return "initiate"; }
  std::string_view operator()(const command::StartCollision&) const {
    if (ended == nullptr) return "accept";
    return ended->reason == call::EndReason::superseded ? "superseded" : hang_up();
  }
  std::string_view operator()(const command::Accept&) const { return "accept"; }
  std::string_view operator()(const command::Reject&) const { return "reject"; }
  std::string_view operator()(const command::Cancel&) const { return hang_up(); }
  std::string_view operator()(const command::End&) const { return hang_up(); }
  std::string_view operator()(const command::Leave&) const { return hang_up(); }
  std::string_view operator()(const command::Withdraw&) const { return hang_up(); }
  std::string_view operator()(const command::DeviceRang&) const { return "ringing"; }
  std::string_view operator()(const command::CallerReady&) const { return "ring"; }
  std::string_view operator()(const command::ReportMedia&) const { return "media"; }
  std::string_view operator()(const command::PageLeaves&) const { return "lost"; }
  std::string_view operator()(const command::ForceEnd&) const { return "force_end"; }
  std::string_view operator()(const command::Kick&) const { return "kick"; }
  std::string_view operator()(const command::UnroutedSignal&) const { return "resume"; }
  std::string_view operator()(const command::SessionCame&) const { return "resume"; }
  std::string_view operator()(const command::SessionGone&) const { return ended != nullptr ? "leave" : "lost"; }
  std::string_view operator()(const command::Alarm&) const {
    return ended != nullptr && ended->reason == call::EndReason::timeout ? "timeout" : "expire";
  }
  std::string_view operator()(const command::Restart&) const { return "restart"; }
  std::string_view operator()(const command::ResendEnd&) const { return changes_nothing(); }
  std::string_view operator()(const command::RingPushed&) const { return changes_nothing(); }
  std::string_view operator()(const command::CatchUp&) const { return changes_nothing(); }
  [[noreturn]] static std::string_view changes_nothing() { CHECK(false, "a command that changes no call has no word"); }
};

}  // namespace

std::string_view audit_word(const Command& command, const call::State& next) {
  return std::visit(AuditWord{std::get_if<Ended>(&next)}, command.what);
}

}  // namespace belfry::calls
