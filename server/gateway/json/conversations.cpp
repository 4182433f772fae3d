#include "gateway/json/conversations.hpp"

#include "base/check.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway {
namespace {

struct Party {
  const conversation::Member& member;
  const account::Person& person;
  std::string_view name;
};

/// Whether a document tells that a member has not muted the conversation.
enum class Unmuted : std::uint8_t { left_out, told };
/// The one member who is told until when they muted it (S19).
struct Reader {
  const account::UserId* user = nullptr;  // null: nobody is
  Unmuted unmuted = Unmuted::left_out;
};

void append_member(json::Writer& json, const Party& party, const Reader& reader) {
  const auto& [member, person, name] = party;
  json.open_object()
      .member("userId", to_text(member.user.value()))
      .member("username", person.username)
      .member_or_null("avatar", person.avatar)
      .member("role", to_text(member.role))
      .member("ringMode", to_text(member.ring_mode))
      .member("joinedAt", iso_text(member.joined))
      .member("readUpToSeq", static_cast<std::int64_t>(member.read_up_to))
      .member("deliveredUpToSeq", static_cast<std::int64_t>(member.delivered_up_to))
      .member("name", name);
  if (reader.user != nullptr && member.user == *reader.user && (member.muted_until || reader.unmuted == Unmuted::told))
    json.member_or_null("mutedUntil", iso_text(member.muted_until));
  json.close_object();
}

/// Without the closing brace.
void begin_conversation(json::Writer& json, const store::StoredConversation& stored, const Reader& reader) {
  const auto& conversation = stored.conversation;
  const auto& people = stored.people;
  CHECK(conversation.members.size() == people.size() && people.size() == stored.names.size(), "each member is somebody");
  json.open_object()
      .member("id", to_text(conversation.id.value()))
      .member("kind", to_text(conversation.kind))
      .member_or_null("title", conversation.title)
      .member_or_null("avatar", conversation.avatar)
      .member("createdBy", to_text(conversation.created_by.value()))
      .member("lastSeq", static_cast<std::int64_t>(conversation.last_seq))
      .member("createdAt", iso_text(conversation.created))
      .member("updatedAt", iso_text(conversation.updated))
      .key("members")
      .open_array();
  for (std::size_t i = 0; i < people.size(); ++i)
    append_member(json, {conversation.members[i], people[i], stored.names[i]}, reader);
  json.close_array().key("lastMessage");
  if (stored.newest)
    append_message(json, *stored.newest);
  else
    json.null();
  json.member_or_null("activeCallId", stored.active_call ? to_text(*stored.active_call) : std::string{});
}

}  // namespace

void append_conversation(json::Writer& json, const store::StoredConversation& stored, const account::UserId& reader) {
  begin_conversation(json, stored, {&reader, Unmuted::left_out});
  json.member("unreadCount", static_cast<std::int64_t>(stored.unread)).close_object();
}

std::string conversation_news_json(const store::StoredConversation& stored, chat::ConversationNews::What what,
                                   const account::UserId* reader) {
  std::string text;
  json::Writer json(text);
  begin_conversation(json, stored, {reader, Unmuted::told});
  if (what == chat::ConversationNews::What::added) json.member("unreadCount", std::int64_t{0});
  json.close_object();
  return text;
}

std::string conversation_json(const store::StoredConversation& stored, const account::UserId& reader) {
  std::string text;
  json::Writer json(text);
  append_conversation(json, stored, reader);
  return text;
}

Failure failure_of(store::ConversationFault fault) {
  using store::ConversationFault;
  switch (fault) {
    case ConversationFault::not_participant:
      return {.error = ApiError::not_in_conversation};
    case ConversationFault::members_fixed:
      return {.error = ApiError::validation_failed,
              .message = "The members of a direct conversation cannot change",
              .details = {{"kind", "direct"}}};
    case ConversationFault::forbidden:
      return {.error = ApiError::forbidden};
    case ConversationFault::too_many:
      return {.error = ApiError::validation_failed, .details = {{"userIds", "too_long"}}};
    case ConversationFault::user_unknown:
      return {.error = ApiError::user_not_found, .message = "User not found"};
    case ConversationFault::blocked:
      return {.error = ApiError::forbidden, .message = "You cannot message this user"};  // K45
    case ConversationFault::key_taken:
      return {.error = ApiError::idempotency_conflict};
    case ConversationFault::unavailable:
      return store_unavailable();
  }
  CHECK(false, "a fault of a conversation without its code");
}

}  // namespace belfry::gateway
