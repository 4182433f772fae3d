// A message in columns (call_columns.hpp describes `In` and `Out`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sql/attachments_text.hpp"
#include "adapters/sql/unread_tails.hpp"
#include "domain/chat/message.hpp"
#include "domain/chat/receipts.hpp"

namespace belfry::sql {

// Of `messages g`.
inline constexpr std::string_view kMessageColumns =
    R"(g."id", g."conversationId", g."seq", g."senderId", g."clientMessageId", g."kind", g."text", g."replyTo", g."createdAt", )"
    R"(g."editedAt", g."deletedAt", g."callId", g."callType", g."callStatus", g."callEndReason", g."callStartedAt", )"
    R"(g."callEndedAt", g."attachments", g."sentText")";
// The same for an INSERT.
inline constexpr std::string_view kMessageColumnNames =
    R"("id", "conversationId", "seq", "senderId", "clientMessageId", "kind", "text", "replyTo", "createdAt", "editedAt", "deletedAt", )"
    R"("callId", "callType", "callStatus", "callEndReason", "callStartedAt", "callEndedAt", "attachments", )"
    R"("sentText")";
// What counts as unread by those who have not read so far, but for its sender (K39): as chat::counts_as_unread() says.
inline constexpr std::string_view kMayBeUnread =
    R"( g."deletedAt" IS NULL AND (g."kind" IN ('text', 'file', 'voicemail') OR g."callStatus" = 'missed') )";
/// The same by `conversation_members m`.
[[nodiscard]] inline std::string is_unread() { return std::string(R"( g."senderId" <> m."userId" AND)").append(kMayBeUnread); }
// How far each member has got, of `conversation_members`.
inline constexpr std::string_view kPointerColumns = R"("userId", "readUpToSeq", "deliveredUpToSeq")";
// What a right in a conversation depends on, of `conversation_members m JOIN conversations c` (message_port.hpp).
inline constexpr std::string_view kStandingColumns =
    R"(c."kind", c."lastSeq", m."role", m."joinedAfterSeq", m."readUpToSeq", m."deliveredUpToSeq", )"
    R"(EXISTS (SELECT 1 FROM blocks b WHERE (b."userId" = c."pairLow" AND b."blockedUserId" = c."pairHigh") )"
    R"(OR (b."userId" = c."pairHigh" AND b."blockedUserId" = c."pairLow")))";

// How many messages `conversation_members m` has not read. Who never reads would make each count dearer than the one before: so
// of members who lag kLag behind, up to kSettledAtOnce with every kSettledEvery messages, those furthest behind first, what is
// unread up to countedUpToSeq is kept in countedUnread, and only the messages behind it are counted. It says nothing once they
// have read that far. A thousand members who never read are all settled within kLag messages.
inline constexpr std::uint64_t kLag = 64, kSettledEvery = 4, kSettledAtOnce = 64;
inline constexpr std::string_view kCounted =
    R"(CASE WHEN m."countedUpToSeq" > m."readUpToSeq" THEN m."countedUnread" ELSE 0 END)";
/// `greater`: the name of the function of two numbers.
[[nodiscard]] inline std::string not_counted_from(std::string_view greater) {
  return std::string(greater).append(R"((m."countedUpToSeq", m."readUpToSeq"))");
}
[[nodiscard]] inline std::string unread_count(std::string_view greater) {
  return std::string("(")
      .append(kCounted)
      .append(R"( + (SELECT count(*) FROM messages g WHERE g."conversationId" = m."conversationId" AND g."seq" > )")
      .append(not_counted_from(greater))
      .append(" AND")
      .append(is_unread())
      .append("))");
}
/// The columns of an UnreadSpan (unread_tails.hpp).
[[nodiscard]] inline std::string unread_span_columns(std::string_view greater) {
  return std::string(R"(m."userId", m."conversationId", )").append(kCounted).append(", ").append(not_counted_from(greater));
}

/// The columns unread_span_columns().
template <class In>
[[nodiscard]] UnreadSpan take_unread_span(In& in) {
  UnreadSpan taken{.user = chat::UserId(in.uuid())};
  taken.conversation = chat::ConversationId(in.uuid());
  taken.counted = static_cast<std::uint64_t>(in.number());
  taken.from = static_cast<std::uint64_t>(in.number());
  return taken;
}

/// The columns kPointerColumns.
template <class In>
[[nodiscard]] chat::MemberPointers take_pointers(In& in) {
  chat::MemberPointers taken{.user = chat::UserId(in.uuid())};
  taken.reached.read = static_cast<std::uint64_t>(in.number());
  taken.reached.delivered = static_cast<std::uint64_t>(in.number());
  return taken;
}

/// `attachments`: attachments_text() of the message. The caller keeps it as long as the statement needs its texts.
template <class Out>
void put_message(Out& out, const chat::Message& message, const std::string& attachments) {
  out.uuid(message.id.value());
  out.uuid(message.conversation.value());
  out.number(static_cast<std::int64_t>(message.seq));
  out.uuid(message.sender.value());
  out.text(message.client_id);
  out.text(to_text(message.kind));
  out.text(message.text);
  out.maybe_uuid(message.reply_to);
  out.time(message.created);
  out.maybe_time(message.edited);
  out.maybe_time(message.deleted);
  const auto& call = message.call;
  out.maybe_uuid(call ? std::optional(call->id) : std::nullopt);
  out.text_or_null(call ? to_text(call->media) : std::string_view{});
  out.text_or_null(call ? to_text(call->status) : std::string_view{});
  out.text_or_null(call && call->reason ? to_text(*call->reason) : std::string_view{});
  out.maybe_time(call ? call->started : std::nullopt);
  out.maybe_time(call ? call->ended : std::nullopt);
  out.text(attachments);
  out.maybe_number(message.sent_text);
}

/// The columns from "callId" to "callEndedAt". They are NULL but for the entry of a call.
template <class In>
[[nodiscard]] std::optional<chat::CallSummary> take_call_summary(In& in) {
  const auto id = in.maybe_uuid();
  chat::CallSummary call;
  call.media = call::parse_call_type(in.text()).value_or(call::CallType::audio);
  call.status = call::parse_status(in.text()).value_or(call::Status::ended);
  call.reason = call::parse_end_reason(in.text());
  call.started = in.maybe_time();
  call.ended = in.maybe_time();
  if (!id) return std::nullopt;
  call.id = call::CallId(*id);
  return call;
}

template <class In>
[[nodiscard]] chat::Message take_message(In& in) {
  chat::Message message;
  message.id = chat::MessageId(in.uuid());
  message.conversation = chat::ConversationId(in.uuid());
  message.seq = static_cast<std::uint64_t>(in.number());
  message.sender = chat::UserId(in.uuid());
  message.client_id = in.text();
  message.kind = chat::parse_kind(in.text()).value_or(chat::Kind::text);
  message.text = in.text();
  if (const auto id = in.maybe_uuid()) message.reply_to = chat::MessageId(*id);
  message.created = in.time();
  message.edited = in.maybe_time();
  message.deleted = in.maybe_time();
  message.call = take_call_summary(in);
  message.attachments = parse_attachments(in.text());
  if (const auto mark = in.maybe_number()) message.sent_text = static_cast<chat::TextMark>(*mark);
  return message;
}

}  // namespace belfry::sql
