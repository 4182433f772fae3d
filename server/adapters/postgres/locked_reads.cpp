#include "adapters/postgres/locked_reads.hpp"

#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "adapters/postgres/files.hpp"
#include "adapters/postgres/messages.hpp"

namespace belfry::postgres {
namespace {

/// Answers with a row if the user was a member as it began, and locks only then. What it waited for, only the statements behind
/// it see.
Statement lock_as_member(const ConversationId& conversation, const UserId& user) {
  Params params;
  params.uuid(conversation.value());
  params.uuid(user.value());
  return {R"(SELECT 1 FROM conversations WHERE "id" = $1 AND EXISTS (SELECT 1 FROM conversation_members )"
          R"(WHERE "conversationId" = $1 AND "userId" = $2 AND "leftAt" IS NULL) FOR NO KEY UPDATE)",
          std::move(params)};
}

/// The first two answers to each question here.
std::optional<sql::Standing> take_locked_standing(std::span<const Rows> rows, const UserId& user) {
  return rows[0].empty() ? std::nullopt : take_standing(rows[1], user);
}

}  // namespace

std::optional<sql::Standing> lock_for_change(Connection& connection, const ConversationId& conversation, const UserId& user) {
  return take_locked_standing(connection.run_all({lock_as_member(conversation, user), ask_standing(conversation, user)}), user);
}

std::optional<sql::SendingFacts> lock_for_sending(Connection& connection, const chat::NewMessage& request) {
  const auto& [conversation, sender] = std::tie(request.conversation, request.sender);
  std::vector<Statement> asked{lock_as_member(conversation, sender), ask_standing(conversation, sender),
                               ask_sent_as(conversation, sender, request.client_id), ask_pointers(conversation)};
  if (request.reply_to) asked.push_back(ask_message(conversation, *request.reply_to));
  for (const auto& id : request.attachments) asked.push_back(ask_file(id));
  const auto rows = connection.run_all(std::move(asked));
  auto standing = take_locked_standing(rows, sender);
  if (!standing) return std::nullopt;
  sql::SendingFacts facts{.sender = *std::move(standing), .before = take_message(rows[2]), .members = take_pointers(rows[3])};
  std::size_t next = 4;
  if (request.reply_to) facts.replied = take_message(rows[next++]);
  while (next < rows.size()) facts.files.push_back(take_file(rows[next++]));
  return facts;
}

std::optional<sql::ReceiptFacts> lock_for_receipt(Connection& connection, const store::ReceiptMove& move) {
  const auto rows = connection.run_all({lock_as_member(move.conversation, move.user), ask_standing(move.conversation, move.user),
                                        ask_unread(move.conversation, move.user), ask_pointers(move.conversation)});
  auto standing = take_locked_standing(rows, move.user);
  if (!standing) return std::nullopt;
  return sql::ReceiptFacts{.member = *std::move(standing), .unread = take_unread(rows[2]), .members = take_pointers(rows[3])};
}

}  // namespace belfry::postgres
