// Effects: the notifications that a step causes once it is durable. Each goes to one person. Timers and slots are not effects:
// next_alarm(state) and the status derive them, so none can be forgotten or outlive its state. An end notifies each person
// exactly once (I-5).
#pragma once

#include <cstdint>
#include <optional>

#include <boost/container/small_vector.hpp>

#include "domain/call/state.hpp"

namespace belfry::call {

enum class EffectKind : std::uint8_t {
  rings,    // to each connected device of `to`
  ringing,  // a device of `about` has confirmed that it rings
  // `about` has joined. Also goes to `about` themselves: to the session that answered, and to their other devices (answered
  // elsewhere).
  accepted,
  accepted_late,  // to a caller who was away when the answer came
  rejected,
  declined_elsewhere,  // to the other devices of the person who declined
  cancelled,
  missed,
  ended,
  reconnecting,
  reconnected,
  joined,  // group calls: `about` is now in the call
  left,    // group calls: `about` has left, or will not join
};

struct Effect {
  EffectKind kind;
  UserId to;
  UserId about{};
  friend bool operator==(const Effect&, const Effect&) = default;
};
/// A step of a two-person call has at most three effects.
using Effects = boost::container::small_vector<Effect, 4>;

/// The effect that notifies the person of `leg` of this end, now or when they return.
[[nodiscard]] EffectKind end_effect_for(const Ended& end, const Leg& leg);

}  // namespace belfry::call
