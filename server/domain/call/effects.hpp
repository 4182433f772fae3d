// Effect: whom to notify of what, once a step is durable. Each names one person; an end notifies each person exactly once (I-5).
// Not here: timers and slots, which next_alarm(state) and the status derive, so that none can be forgotten or outlive its state;
// and how a notice reaches a session (app/sessions).
#pragma once

#include <cstdint>
#include <optional>

#include <boost/container/small_vector.hpp>

#include "domain/call/state.hpp"

namespace belfry::call {

enum class EffectKind : std::uint8_t {
  incoming,  // to each connected device of `to`
  ringing,   // a device of `about` has confirmed that it rings
  // `about` has joined. Also goes to `about` themselves: to the session that answered, and to their other devices (answered
  // elsewhere).
  accepted,
  accepted_late,  // to a caller who was away when `about` joined
  rejected,
  declined_elsewhere,  // to the other devices of the person who declined
  cancelled,
  missed,
  ended,
  reconnecting,
  reconnected,
  joined,  // in a call of three or more: `about` is in it now
  left,    // in a call of three or more: `about` is no longer in it, or will not come
};

struct Effect {
  EffectKind kind;
  UserId to;
  UserId about{};
  friend bool operator==(const Effect&, const Effect&) = default;
};
/// A step of a two-person call has at most three effects.
using Effects = boost::container::small_vector<Effect, 4>;

/// How one person is notified that the call has ended, now or when they return.
enum class EndEffect : std::uint8_t { rejected, declined_elsewhere, cancelled, missed, ended };
[[nodiscard]] EndEffect end_effect_for(const Ended& end, const Leg& leg);
[[nodiscard]] EffectKind kind_of(EndEffect effect);

}  // namespace belfry::call
