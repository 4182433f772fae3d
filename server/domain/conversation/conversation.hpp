// A Conversation: the people who are together in it now, and what they call it. `direct`: two people, of whom there is one
// conversation for good. `group`: its members come and go. Plain values; change.hpp decides who may change what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/account/user.hpp"
#include "domain/conversation/conversation_id.hpp"

namespace belfry::conversation {

using account::UserId;

enum class Kind : std::uint8_t { direct, group };
/// Both sides of a direct conversation are members.
enum class Role : std::uint8_t { owner, admin, member };
/// Whether calls of a group ring this member (J-1.5).
enum class RingMode : std::uint8_t { all, none };

// J-1.1: 999 others and the creator. A group call notifies all of them, and each document of the conversation lists them.
constexpr std::size_t kMaxMembers = 1000;
constexpr std::size_t kMaxTitleLength = 200;  // characters, J-1.1

struct Member {
  UserId user{};
  Role role = Role::member;
  RingMode ring_mode = RingMode::all;
  std::optional<WallTime> muted_until{};  // their clients announce none of its messages before (S19)
  WallTime joined{};
  // Numbers of messages (domain/chat): they read what came after `joined_after` (K42), and have got so far.
  std::uint64_t joined_after = 0, read_up_to = 0, delivered_up_to = 0;
  friend bool operator==(const Member&, const Member&) = default;
};

struct Conversation {
  ConversationId id{};
  Kind kind = Kind::group;
  std::string title{}, avatar{};  // empty: none
  UserId created_by{};
  std::uint64_t last_seq = 0;  // of its newest message
  WallTime created{}, updated{};
  std::vector<Member> members{};  // who are in now, by (joined, user)
  friend bool operator==(const Conversation&, const Conversation&) = default;
};

[[nodiscard]] const Member* find_member(const Conversation& conversation, const UserId& user);

/// A request for a conversation that may not exist yet.
struct NewConversation {
  ConversationId id{};
  Kind kind = Kind::group;
  std::string title{};
  UserId creator{};
  std::vector<UserId> others{};  // without doubles and the creator; of a direct conversation exactly one
  WallTime at{};
};
[[nodiscard]] Conversation begin(const NewConversation& request);

/// How many others one may have (J-1.1).
[[nodiscard]] bool may_hold(Kind kind, std::size_t others);

/// Without doubles and without `self` (J-1.1), in ascending order.
[[nodiscard]] std::vector<UserId> others_among(std::vector<UserId> users, const UserId& self);

/// The two sides of a direct conversation in ascending order: the key by which either side finds it.
using Pair = std::pair<UserId, UserId>;
[[nodiscard]] Pair pair_of(const UserId& one, const UserId& other);

/// The spelling on the wire and in the store.
[[nodiscard]] std::string_view to_text(Kind kind);
[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::string_view to_text(RingMode mode);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);
[[nodiscard]] std::optional<RingMode> parse_ring_mode(std::string_view text);

}  // namespace belfry::conversation
