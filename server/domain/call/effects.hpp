// Whom to notify of what once a step is durable: each effect names one person. Timers and slots are no effects: next_alarm(state)
// and the status derive them, so that none can be forgotten or outlive its state. An end notifies each person exactly once (I-5).
#pragma once

#include <cstdint>
#include <optional>

#include <boost/container/small_vector.hpp>

#include "domain/call/state.hpp"

namespace belfry::call {

enum class EffectKind : std::uint8_t {
  rings,    // each device of `to` that is here
  ringing,  // `about` has a device that really rings
  // `about` has joined. Sent to `about` too: the session that answered, and their other devices (answered elsewhere).
  accepted,
  accepted_late,  // to a caller who was away when it came
  rejected,
  declined_elsewhere,  // to the devices of the one who declined, but for the one that did
  cancelled,
  missed,
  ended,
  reconnecting,
  reconnected,
  joined,  // a call of more: `about` is in it now
  left,    // a call of more: `about` is no longer in it, or will not come
};

struct Effect {
  EffectKind kind;
  UserId to;
  UserId about{};
  friend bool operator==(const Effect&, const Effect&) = default;
};
/// A step of a call of two has at most three.
using Effects = boost::container::small_vector<Effect, 4>;

/// Which effect notifies the person of `leg` of this end, at once or when they return.
[[nodiscard]] EffectKind end_effect_for(const Ended& end, const Leg& leg);

}  // namespace belfry::call
