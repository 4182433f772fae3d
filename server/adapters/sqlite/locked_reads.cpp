#include "adapters/sqlite/locked_reads.hpp"

#include <utility>

#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/messages.hpp"

namespace belfry::sqlite {

std::optional<sql::Standing> lock_for_change(Connection& connection, const ConversationId& conversation, const UserId& user) {
  return standing_of(connection, conversation, user);
}

std::optional<sql::SendingFacts> lock_for_sending(Connection& connection, const chat::NewMessage& request) {
  auto standing = standing_of(connection, request.conversation, request.sender);
  if (!standing) return std::nullopt;
  sql::SendingFacts facts{.sender = *std::move(standing),
                          .before = message_sent_as(connection, request.conversation, request.sender, request.client_id),
                          .members = pointers_of(connection, request.conversation)};
  if (request.reply_to) facts.replied = find_message(connection, request.conversation, *request.reply_to);
  for (const auto& id : request.attachments) facts.files.push_back(find_file(connection, id));
  return facts;
}

std::optional<sql::ReceiptFacts> lock_for_receipt(Connection& connection, const store::ReceiptMove& move) {
  auto standing = standing_of(connection, move.conversation, move.user);
  if (!standing) return std::nullopt;
  return sql::ReceiptFacts{.member = *std::move(standing),
                           .unread = unread_in(connection, move.conversation, move.user),
                           .members = pointers_of(connection, move.conversation)};
}

}  // namespace belfry::sqlite
