// Cases: what docs/call-states.md shows. For each event the ways in which it may come, for each state the sub-states that change
// what an event does. One overload for each alternative of Event, two for each of State: an alternative without its own does not
// compile. Not here: how they are printed (matrix_test.cpp).
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/call/a_call_for_tests.hpp"

namespace belfry::call::testing {

template <class Alternative>
struct Of {};

/// One way in which an event comes, and when: "Answered, from another device(bob)".
template <class SomeEvent>
struct Case {
  std::string name;
  SomeEvent event;
  TimePoint at;
};
template <class SomeEvent>
using Cases = std::vector<Case<SomeEvent>>;

struct People {
  std::vector<UserId> callees;
  std::vector<UserId> all;
};

// The builders' calls: answered at 4 s, losses from 8 s on with 5 s of grace, ended at 9 s; it rings until 30 s.
constexpr TimePoint kSoon = kStart + 10s;
constexpr TimePoint kDeadline = kStart + 30s;
constexpr TimePoint kLate = kStart + 2h;

template <class SomeEvent, class Make>
Cases<SomeEvent> of_each(const std::vector<UserId>& users, const Make& make) {
  Cases<SomeEvent> all;
  for (const UserId by : users)
    for (Case<SomeEvent> each : make(by)) {
      each.name += "(" + name_of(by) + ")";
      all.push_back(std::move(each));
    }
  return all;
}
inline SessionId session_of(UserId user) { return user == kAlice ? kDesk : kPhone; }

inline Cases<Answered> cases(Of<Answered>, const People& people) {
  return of_each<Answered>(people.callees, [](UserId by) -> Cases<Answered> {
    return {{"Answered", answers(by), kSoon},
            {"Answered, with a description", {by, {kPhone, {}}, Enclosed::description}, kSoon},
            {"Answered, from another device", answers(by, kTablet), kSoon},
            {"Answered, past the deadline", answers(by), kDeadline + 1ms}};
  });
}
inline Cases<Declined> cases(Of<Declined>, const People& people) {
  return of_each<Declined>(people.callees, [](UserId by) -> Cases<Declined> {
    return {{"Declined", {by, kPhone}, kSoon}, {"Declined, from another device", {by, kTablet}, kSoon}};
  });
}
inline Cases<HungUp> cases(Of<HungUp>, const People& people) {
  using Verb = HungUp::Verb;
  return of_each<HungUp>(people.all, [](UserId by) -> Cases<HungUp> {
    return {{"HungUp", {by, session_of(by)}, kSoon},
            {"HungUp, as a cancel", {by, session_of(by), Verb::cancel}, kSoon},
            {"HungUp, to leave it to the others", {by, session_of(by), Verb::leave}, kSoon},
            {"HungUp, from another device", {by, kTablet}, kSoon},
            {"HungUp, from another device, before the end was announced", {by, kTablet}, kStart + 8s},
            {"HungUp, the same by a request", {by, kTablet, Verb::end, Via::request}, kStart + 8s}};
  });
}
inline Cases<DeviceRang> cases(Of<DeviceRang>, const People& people) {
  return of_each<DeviceRang>(people.callees, [](UserId by) -> Cases<DeviceRang> {
    return {{"DeviceRang", {by}, kStart + 1s}, {"DeviceRang, late", {by}, kSoon}};
  });
}
inline Cases<CallerReady> cases(Of<CallerReady>, const People&) { return {{"CallerReady", {}, kSoon}}; }
inline Cases<RingDeadlinePassed> cases(Of<RingDeadlinePassed>, const People&) {
  return {{"RingDeadlinePassed", {}, kDeadline}, {"RingDeadlinePassed, too early", {}, kDeadline - 1ms}};
}
inline Cases<Lost> cases(Of<Lost>, const People& people) {
  return of_each<Lost>(people.all, [](UserId by) -> Cases<Lost> { return {{"Lost", {by}, kSoon}}; });
}
inline Cases<Left> cases(Of<Left>, const People& people) {
  return of_each<Left>(people.all, [](UserId by) -> Cases<Left> {
    return {{"Left", {by}, kSoon}, {"Left, token revoked", {by, Left::Cause::token_revoked}, kSoon}};
  });
}
inline Cases<Returned> cases(Of<Returned>, const People& people) {
  return of_each<Returned>(people.all,
                           [](UserId by) -> Cases<Returned> { return {{"Returned", returns(by, session_of(by)), kSoon}}; });
}
inline Cases<GraceEnded> cases(Of<GraceEnded>, const People& people) {
  return of_each<GraceEnded>(people.all, [](UserId by) -> Cases<GraceEnded> {
    return {{"GraceEnded", {by}, kStart + 50s},
            {"GraceEnded, the first of two", {by}, kStart + 13s + 500ms},
            {"GraceEnded, too early", {by}, kStart + 12s}};
  });
}
inline Cases<MediaReported> cases(Of<MediaReported>, const People& people) {
  return of_each<MediaReported>(people.all, [](UserId by) -> Cases<MediaReported> {
    return {{"MediaReported, flowing", {by, true}, kSoon}, {"MediaReported, silent", {by, false}, kSoon}};
  });
}
inline Cases<MediaTimedOut> cases(Of<MediaTimedOut>, const People&) {
  return {{"MediaTimedOut", {}, kLate}, {"MediaTimedOut, too early", {}, kSoon}};
}
inline Cases<MaxDurationReached> cases(Of<MaxDurationReached>, const People&) {
  return {{"MaxDurationReached", {}, kLate}, {"MaxDurationReached, too early", {}, kSoon}};
}
inline Cases<StartedAnew> cases(Of<StartedAnew>, const People& people) {
  return of_each<StartedAnew>(people.all, [](UserId by) -> Cases<StartedAnew> { return {{"StartedAnew", {by}, kSoon}}; });
}
inline Cases<Kicked> cases(Of<Kicked>, const People& people) {
  return of_each<Kicked>(people.all, [](UserId who) -> Cases<Kicked> { return {{"Kicked", {who}, kSoon}}; });
}
inline Cases<Forced> cases(Of<Forced>, const People&) { return {{"Forced", {EndReason::admin}, kSoon}}; }
inline Cases<ServerRestarted> cases(Of<ServerRestarted>, const People&) {
  return {{"ServerRestarted", {kStart + 9s, 30s}, kSoon},
          {"ServerRestarted, the caller by a request", {kStart + 9s, 30s, Via::request}, kSoon}};
}

/// A state of one kind, under the name of what is special in it.
template <class SomeState>
struct Column {
  std::string name;
  SomeState state;
};
template <class SomeState>
using Columns = std::vector<Column<SomeState>>;

/// The state of kind `SomeState` that `event` leads to.
template <class SomeState>
SomeState reached(const State& from, const Event& event, TimePoint at) {
  return std::get<SomeState>(advance(from, event, at)->next);
}

inline Columns<Calling> columns_of_two(Of<Calling>) {
  CallBuilder only_cancel = a_call();
  only_cancel.policy.end_while_ringing = EndWhileRinging::refused;
  return {{"bob is notified", a_call().calling()},
          {"quiet until the caller is ready", a_call().quiet()},
          {"bob's phone rings", reached<Calling>(a_call().calling(), DeviceRang{kBob}, kStart + 1s)},
          {"an offer came with it", a_call().with_offer().calling()},
          {"only a cancel ends it", only_cancel.calling()},
          {"alice away", a_call().without(kAlice, kStart + 8s, 5s).calling()},
          {"bob away", a_call().without(kBob, kStart + 8s, 5s).calling()}};
}
inline Columns<Connected> columns_of_two(Of<Connected>) {
  const auto alice_away = a_call().without(kAlice, kStart + 8s, 5s);
  const auto both_away = alice_away.without(kBob, kStart + 9s, 5s);
  const State here = a_call().connected();
  return {{"both here", a_call().connected()},
          {"bob's description due", reached<Connected>(a_call().with_offer().calling(), answers(kBob), kStart + 4s)},
          {"alice away", alice_away.connected()},
          {"alice away since before the answer", reached<Connected>(alice_away.calling(), answers(kBob), kStart + 9s)},
          {"bob away", a_call().without(kBob, kStart + 8s, 5s).connected()},
          {"both away", both_away.connected()},
          {"media flows", reached<Connected>(here, MediaReported{kBob, true}, kStart + 5s)},
          {"server restarted", reached<Connected>(here, ServerRestarted{kStart + 8s, 5s}, kStart + 9s)}};
}
inline Columns<Ended> columns_of_two(Of<Ended>) {
  Ended hung_up = reached<Ended>(a_call().connected(), HungUp{kAlice, kDesk}, kStart + 9s);
  hung_up.announced_at = kStart + 9s;
  return {{"by time", a_call().ended(EndReason::timeout, std::nullopt)},
          {"declined by bob", a_call().ended(EndReason::declined, kBob)},
          {"cancelled by alice", a_call().ended(EndReason::cancelled, kAlice)},
          {"hung up by alice", hung_up}};
}

inline Columns<Calling> columns_of_three(Of<Calling>) {
  CallBuilder carol_busy = a_call_of_three();
  carol_busy.callees.back().reach = Reach::busy;
  CallBuilder carol_silent = a_call_of_three();
  carol_silent.callees.back().reach = Reach::silent;
  return {{"both notified", a_call_of_three().calling()},
          {"declined by bob", a_call_of_three().declined_by(kBob).calling()},
          {"carol busy", carol_busy.calling()},
          {"carol is not rung", carol_silent.calling()},
          {"quiet until the caller is ready", a_call_of_three().quiet()}};
}
inline Columns<Connected> columns_of_three(Of<Connected>) {
  const auto rings = a_call_of_three();
  const auto all = rings.with(kCarol);
  const auto bob_away = all.without(kBob, kStart + 8s, 5s);
  CallBuilder silent = rings, full = rings;
  silent.callees.back().reach = Reach::silent;
  full.policy.most_joined = 2;
  return {{"all here", all.connected()},
          {"carol's phone rings", rings.connected()},
          {"carol is not rung", silent.connected()},
          {"it is full", full.connected()},
          {"carol missed it", reached<Connected>(rings.connected(), RingDeadlinePassed{}, kDeadline)},
          {"bob has left", reached<Connected>(all.connected(), HungUp{kBob, kPhone}, kStart + 9s)},
          {"alice has left", reached<Connected>(all.connected(), Left{kAlice}, kStart + 9s)},
          {"bob is kicked", reached<Connected>(all.connected(), Kicked{kBob}, kStart + 9s)},
          {"bob away", bob_away.connected()},
          {"bob and carol away", bob_away.without(kCarol, kStart + 9s, 5s).connected()}};
}
inline Columns<Ended> columns_of_three(Of<Ended>) {
  const State one_left = a_call_of_three().declined_by(kBob).calling();
  return {{"by time", reached<Ended>(one_left, RingDeadlinePassed{}, kDeadline)},
          {"declined by bob and carol", reached<Ended>(one_left, Declined{kCarol, kPhone}, kStart + 9s)}};
}

}  // namespace belfry::call::testing
