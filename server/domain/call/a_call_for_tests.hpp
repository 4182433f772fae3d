// Builders for tests: a_call().calling(), a_call().without(kAlice).connected(), a_call_of_three().with(kCarol).connected().
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/call/advance.hpp"
#include "domain/call/leg_for_tests.hpp"

namespace belfry::call::testing {

const SessionId kDesk = session_numbered(3);  // alice's, from where she dials

/// A policy with every time limit set.
inline Policy a_policy() { return {.media_timeout = 30s, .max_duration = 1h, .stretch = RingStretch::by_late_device}; }
inline Caller alice_dials() { return {.user = kAlice, .seat = {kDesk, {}}}; }

/// Alice calls Bob, who answers from his phone four seconds later. A call of three also has Carol.
struct CallBuilder {
  Policy policy = a_policy();
  std::vector<Invitation> callees{{kBob}};
  std::vector<UserId> joined{kBob};
  std::vector<UserId> declined{};
  std::vector<std::pair<UserId, Absence>> absences{};
  Enclosed offer = Enclosed::nothing;

  [[nodiscard]] CallBuilder with_offer() const {
    CallBuilder next = *this;
    next.offer = Enclosed::description;
    return next;
  }
  [[nodiscard]] CallBuilder without(UserId user, TimePoint since, Duration grace) const {
    CallBuilder next = *this;
    next.absences.emplace_back(user, Absence{since, since + grace});
    return next;
  }
  [[nodiscard]] CallBuilder with(UserId user) const {
    CallBuilder next = *this;
    next.joined.push_back(user);
    return next;
  }
  [[nodiscard]] CallBuilder declined_by(UserId user) const {
    CallBuilder next = *this;
    next.declined.push_back(user);
    return next;
  }

  [[nodiscard]] Calling calling() const {
    Caller caller = alice_dials();
    caller.offer = offer;
    auto call = std::get<Calling>(begin(policy, caller, callees, kStart).next);
    for (const UserId user : declined) {
      move(leg_of(call.legs, user), LegStep::declines);
      leg_of(call.legs, user).acted = kPhone;
    }
    for (const auto& [user, absence] : absences) leg_of(call.legs, user).away = absence;
    return call;
  }
  [[nodiscard]] Calling quiet() const {
    CallBuilder late = *this;
    late.policy.ring = RingPolicy::on_caller_ready;
    return late.calling();
  }
  [[nodiscard]] Connected connected() const {
    Connected call{calling(), kStart + 4s};
    for (const UserId user : joined) {
      Leg& leg = leg_of(call.legs, user);
      leg.state = LegState::joined;
      leg.seat = Seat{kPhone, {}};
      leg.acted = kPhone;
      leg.joined = call.answered;
    }
    for (const auto& [user, absence] : absences) move(leg_of(call.legs, user), LegStep::lost);
    return call;
  }
  [[nodiscard]] Ended ended(EndReason reason, std::optional<UserId> by) const {
    Ended over{reason, by, kStart, std::nullopt, kStart + 9s, by == kAlice ? kDesk : kPhone, calling().legs, kStart + 9s};
    for (Leg& leg : over.legs) move(leg, reason == EndReason::declined && leg.user == by ? LegStep::declines : LegStep::closes);
    return over;
  }
};

inline CallBuilder a_call() { return {}; }
inline CallBuilder a_call_of_three() {
  CallBuilder three;
  three.callees.push_back({kCarol});
  return three;
}

inline std::string name_of(UserId user) {
  if (user == kAlice) return "alice";
  return user == kBob ? "bob" : "carol";
}
inline std::string name_of(EffectKind kind) {
  constexpr std::string_view kNames[] = {"incoming",           "ringing",   "accepted", "accepted_late", "rejected",
                                         "declined_elsewhere", "cancelled", "missed",   "ended",         "reconnecting",
                                         "reconnected",        "joined",    "left"};
  return std::string(kNames[static_cast<std::size_t>(kind)]);
}
/// "alice: ended, bob: reconnecting(alice)"
inline std::string text_of(const Effects& effects) {
  std::string text;
  for (const Effect& each : effects) {
    const bool names = each.about != UserId{} && (each.kind <= EffectKind::rejected || each.kind >= EffectKind::reconnecting);
    text += (text.empty() ? "" : ", ") + name_of(each.to) + ": " + name_of(each.kind) +
            (names ? "(" + name_of(each.about) + ")" : "");
  }
  return text;
}

inline Answered answers(UserId who, SessionId session = kPhone) { return {.by = who, .seat = {session, {}}}; }
inline Returned returns(UserId who, SessionId session) { return {.by = who, .seat = {session, {}}}; }

}  // namespace belfry::call::testing
