// Seen: what others see of a user (SPEC S7, K46).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/sessions/presence.hpp"
#include "store/account_store.hpp"

namespace belfry::presence {

using account::UserId;

/// The later ones outdo the earlier ones. away: each of their sessions says so. busy: takes part in a call.
enum class State : std::uint8_t { offline, away, online, busy };
/// The spelling on the wire.
[[nodiscard]] std::string_view to_text(State state);

struct Seen {
  State state = State::offline;
  std::optional<WallTime> last_seen{};  // of who is offline
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// `stored` is of this user; null: there is no such user, or a block hides them, and both are offline (K45, K46).
[[nodiscard]] Seen seen(const sessions::OnlineUsers& online, const store::Presence* stored);

}  // namespace belfry::presence
