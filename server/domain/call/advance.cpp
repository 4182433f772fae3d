#include "domain/call/advance.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "domain/call/rules.hpp"

namespace belfry::call {
namespace {

using namespace rules;

/// What an event does to a call in each of its three states. The constructor requires all three rules.
template <class SomeEvent>
struct On {
  template <class Call>
  using Rule = Decision (*)(const Call&, const SomeEvent&, TimePoint);
  constexpr On(Rule<Calling> while_calling, Rule<Connected> while_connected, Rule<Ended> once_over)
      : calling(while_calling),
        connected(while_connected),
        ended(once_over) {}
  Decision operator()(const Calling& call, const SomeEvent& event, TimePoint now) const { return calling(call, event, now); }
  Decision operator()(const Connected& call, const SomeEvent& event, TimePoint now) const { return connected(call, event, now); }
  Decision operator()(const Ended& call, const SomeEvent& event, TimePoint now) const { return ended(call, event, now); }
  Rule<Calling> calling;
  Rule<Connected> connected;
  Rule<Ended> ended;
};

// clang-format off
constexpr std::tuple kMachine{
    //                       Calling                      Connected        Ended
    On<Answered>            {connect,                     join,            not_ringing},
    On<Declined>            {decline,                     decline,         decline_again},
    On<HungUp>              {give_up,                     hang_up,         hang_up_again},
    On<Left>                {leave,                       leave,           unchanged},
    On<StartedAnew>         {supersede,                   supersede,       unchanged},
    On<Kicked>              {kick,                        kick,            unchanged},
    On<Forced>              {force,                       force,           not_active},
    On<CallerReady>         {ring_everybody,              unchanged,       not_ringing},
    On<DeviceRang>          {ring,                        ring,            not_ringing},
    On<RingDeadlinePassed>  {ring_out,                    stop_ringing,    unchanged},
    On<Lost>                {lose_while_ringing,          lose,            unchanged},
    On<Returned>            {return_while_ringing,        return_to,       unchanged},
    On<GraceEnded>          {stop_waiting_while_ringing,  stop_waiting,    unchanged},
    On<ServerRestarted>     {resume_ringing,              resume_talking,  unchanged},
    On<MediaReported>       {unchanged,                   report_media,    not_active},
    On<MediaTimedOut>       {unchanged,                   fail_media,      unchanged},
    On<MaxDurationReached>  {unchanged,                   reach_maximum,   unchanged},
};
// clang-format on

}  // namespace

Decision advance(const State& state, const Event& event, TimePoint now) {
  return std::visit(
      [&](const auto& call, const auto& happened) {
        return std::get<On<std::decay_t<decltype(happened)>>>(kMachine)(call, happened, now);
      },
      state, event);
}

Step begin(const Policy& policy, const Caller& caller, std::span<const Invitation> callees, TimePoint now) {
  Calling call{{policy, now, now + policy.ring_time, {}, after_start(caller.offer)}};
  const bool rings = policy.ring == RingPolicy::immediate || caller.media == CallerMedia::joined;
  call.ring_start = rings ? RingStart::begun : RingStart::awaits_caller;
  call.legs.push_back({.user = caller.user,
                       .role = PartyRole::caller,
                       .state = LegState::joined,
                       .seat = caller.seat,
                       .acted = caller.seat.session,
                       .joined = now});
  Effects effects;
  for (const auto& [user, reach] : callees) {
    LegState leg = LegState::invited;
    if (rings && reach == Reach::here) leg = LegState::notified;
    if (reach == Reach::busy) leg = LegState::busy;
    call.legs.push_back({.user = user, .state = leg, .bell = reach == Reach::silent ? Bell::silent : Bell::rings});
    if (reach == Reach::busy)
      effects.push_back({EffectKind::rejected, caller.user, user});
    else if (rings && reach != Reach::silent)
      effects.push_back({EffectKind::incoming, user});
  }
  std::sort(call.legs.begin(), call.legs.end(), [](const Leg& one, const Leg& other) { return one.user < other.user; });
  return {std::move(call), std::move(effects)};
}

}  // namespace belfry::call
