// Who may send, edit, delete and read messages of a conversation (SPEC K30, K36, K42, K45). Pure. A store decides inside the
// transaction that writes, with the facts as they are then, so that a member who is removed meanwhile writes nothing more.
#pragma once

#include <cstdint>
#include <string>

#include "base/expected.hpp"
#include "domain/chat/message.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::chat {

/// not_participant: also, there is no such conversation. not_found: of what the actor may read there is no such message, or it
/// was deleted. blocked: in a direct conversation either has blocked the other.
enum class Refusal : std::uint8_t { not_participant, not_found, forbidden, blocked };

/// What the rights of a member depend on.
struct Actor {
  UserId user{};
  conversation::Kind where = conversation::Kind::group;
  conversation::Role role = conversation::Role::member;
  std::uint64_t joined_after = 0;  // as conversation::Member
  bool blocked = false;            // either blocks the other; of groups never
};

[[nodiscard]] inline bool may_read(const Actor& actor, std::uint64_t seq) { return seq > actor.joined_after; }
[[nodiscard]] Expected<void, Refusal> may_send(const Actor& actor);

/// The message as it is after the change; the same, if it is so already.
using Changed = Expected<Message, Refusal>;
[[nodiscard]] Changed edit(const Message& before, const Actor& actor, const std::string& text, WallTime at);
[[nodiscard]] Changed remove(const Message& before, const Actor& actor, WallTime at);

/// Whether it counts among the messages that the reader has not read, as long as their read pointer has not passed it (K39).
[[nodiscard]] bool counts_as_unread(const Message& message, const UserId& reader);

}  // namespace belfry::chat
