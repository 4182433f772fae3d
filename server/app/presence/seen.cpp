#include "app/presence/seen.hpp"

#include "base/check.hpp"

namespace belfry::presence {

std::string_view to_text(State state) {
  switch (state) {
    case State::offline:
      return "offline";
    case State::away:
      return "away";
    case State::online:
      return "online";
    case State::busy:
      return "busy";
  }
  CHECK(false, "a state without its word");
}

Seen seen(const sessions::OnlineUsers& online, const store::Presence* stored) {
  if (stored == nullptr) return {};
  if (!online.is_online(stored->user)) return {.last_seen = stored->last_active};
  if (stored->has_slot) return {.state = State::busy};
  return {.state = online.is_away(stored->user) ? State::away : State::online};
}

}  // namespace belfry::presence
