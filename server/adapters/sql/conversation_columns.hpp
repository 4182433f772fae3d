// A conversation and its members in columns (call_columns.hpp describes `In`).
#pragma once

#include <string>
#include <string_view>

#include "domain/conversation/conversation.hpp"

namespace belfry::sql {

// Of `conversations c`.
inline constexpr std::string_view kConversationColumns =
    R"(c."id", c."kind", c."title", c."avatar", c."createdBy", c."lastSeq", c."createdAt", c."updatedAt")";
// Of `conversation_members m JOIN users u`, in the order of Conversation::members.
inline constexpr std::string_view kMemberColumns =
    R"(m."userId", m."role", m."ringMode", m."mutedUntil", m."joinedAt", m."joinedAfterSeq", m."readUpToSeq", m."deliveredUpToSeq", )"
    R"(u."username", u."avatar", u."displayName")";
inline constexpr std::string_view kMembersInOrder = R"( ORDER BY m."joinedAt", m."userId")";

template <class In>
[[nodiscard]] conversation::Conversation take_conversation(In& in) {
  conversation::Conversation taken;
  taken.id = conversation::ConversationId(in.uuid());
  taken.kind = conversation::parse_kind(in.text()).value_or(conversation::Kind::group);
  taken.title = in.text();
  taken.avatar = in.text();
  taken.created_by = account::UserId(in.uuid());
  taken.last_seq = static_cast<std::uint64_t>(in.number());
  taken.created = in.time();
  taken.updated = in.time();
  return taken;
}

template <class In, class Stored>
void take_member(In& in, Stored& stored) {
  conversation::Member member;
  member.user = account::UserId(in.uuid());
  member.role = conversation::parse_role(in.text()).value_or(conversation::Role::member);
  member.ring_mode = conversation::parse_ring_mode(in.text()).value_or(conversation::RingMode::all);
  member.muted_until = in.maybe_time();
  member.joined = in.time();
  member.joined_after = static_cast<std::uint64_t>(in.number());
  member.read_up_to = static_cast<std::uint64_t>(in.number());
  member.delivered_up_to = static_cast<std::uint64_t>(in.number());
  const std::string username(in.text());
  stored.people.push_back(account::person_of(member.user, username, in.text()));
  const auto name = in.text();
  stored.names.emplace_back(name.empty() ? username : std::string(name));
  stored.conversation.members.push_back(member);
}

}  // namespace belfry::sql
