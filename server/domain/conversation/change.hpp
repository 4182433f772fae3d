// Change: what a member asks to change of a conversation, and the decision about it (SPEC J-1.3). Pure. A store decides inside
// the transaction that writes the Step, so two changes at once cannot both act on what the other has undone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/expected.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::conversation {

/// Users who are in already get the role if one is named, and otherwise stay as they are.
struct AddMembers {
  std::vector<UserId> users{};
  std::optional<Role> role{};  // never owner
};
/// Oneself: leaves. A user who is not in is none that must go.
struct RemoveMember {
  UserId user{};
};
/// Absent fields stay; an empty text removes what was there.
struct ChangeDetails {
  std::optional<std::string> title{}, avatar{};
};
struct KeepMute {};
struct Unmute {};
/// A time gone by: not muted.
struct MuteUntil {
  WallTime time{};
};
/// What a member wants to hear of it (S19).
struct ChangeMembership {
  std::optional<RingMode> ring_mode{};  // none: stays
  std::variant<KeepMute, Unmute, MuteUntil> mute{};
};
/// Of a member; `owner` hands the group over, and who has owned it stays as admin.
struct SetRole {
  UserId user{};
  Role role = Role::member;
};
struct Delete {};
using Change = std::variant<AddMembers, RemoveMember, ChangeDetails, ChangeMembership, SetRole, Delete>;

/// What the right to a change depends on.
enum class Action : std::uint8_t {
  add_members,
  remove_another,
  remove_owner,
  leave,
  change_details,
  change_membership,
  set_role,
  end
};
[[nodiscard]] bool may(Role role, Action action);
/// Not in a direct conversation.
[[nodiscard]] bool changes_members(Action action);

enum class Refusal : std::uint8_t {
  not_participant,  // also: there is no such conversation
  members_fixed,    // of a direct conversation
  forbidden,
  too_many,
  no_member,  // who shall get a role is none
};

/// ends: its last member left, or its owner has deleted it.
enum class Fate : std::uint8_t { goes_on, ends };

/// A decided change. The lists are what it adds to, changes in and takes from the members.
struct Step {
  Conversation next{};  // of an end: as it was last
  std::vector<Member> joined{}, changed{};
  std::vector<UserId> left{};
  Fate fate = Fate::goes_on;
  std::optional<UserId> concerns_only{};  // the one member who should know of it; none: all, if anything changed
};

[[nodiscard]] Expected<Step, Refusal> decide(const Conversation& before, const UserId& actor, const Change& change, WallTime at);

}  // namespace belfry::conversation
