// How far a member has got in a conversation: what has reached one of their devices, and what they have read (SPEC K38). The
// pointers are numbers of messages, and never go back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "domain/chat/message.hpp"

namespace belfry::chat {

enum class Receipt : std::uint8_t { delivered, read };

struct Pointers {
  std::uint64_t read = 0, delivered = 0;
  friend bool operator==(const Pointers&, const Pointers&) = default;
};

/// A member, and how far they have got.
struct MemberPointers {
  UserId user{};
  Pointers reached{};
  friend bool operator==(const MemberPointers&, const MemberPointers&) = default;
};

/// Of a direct conversation: the one who did not send the message. nullopt: it is none.
[[nodiscard]] inline std::optional<MemberPointers> receiver_among(std::span<const MemberPointers> sides, const UserId& sender) {
  for (const MemberPointers& each : sides)
    if (each.user != sender) return each;
  return std::nullopt;
}

/// `last`: the number of the newest message. What was read was delivered.
[[nodiscard]] constexpr Pointers advanced(Pointers before, Receipt what, std::uint64_t up_to, std::uint64_t last) {
  const std::uint64_t reached = std::min(up_to, last);
  if (what == Receipt::read) before.read = std::max(before.read, reached);
  before.delivered = std::max({before.delivered, before.read, reached});
  return before;
}

}  // namespace belfry::chat
