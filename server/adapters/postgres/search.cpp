#include "adapters/postgres/search.hpp"

#include <algorithm>
#include <utility>

#include "adapters/postgres/id_array.hpp"
#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::postgres {
namespace {

using sql::ReadablePart;
using store::ConversationId;

std::string select_message(std::string_view rest) {
  return std::string("SELECT ").append(sql::kMessageColumns).append(R"(, g."number" FROM messages g )").append(rest);
}

sql::NumberedMessage take_numbered(Row row) {
  auto message = sql::take_message(row);
  return {row.number(), std::move(message)};
}

constexpr std::size_t kMostRows = 1'000'000;  // of an answer

}  // namespace

std::vector<ReadablePart> readable_parts(Connection& connection, const store::UserId& reader,
                                         const std::vector<ConversationId>& conversations) {
  Params params;
  params.uuid(reader.value());
  put_ids(params, conversations);
  const auto rows = connection.run(R"(SELECT c."id", m."joinedAfterSeq", c."lastSeq" FROM conversation_members m )"
                                   R"(JOIN conversations c ON c."id" = m."conversationId" )"
                                   R"(WHERE m."userId" = $1 AND m."conversationId" = ANY ($2) AND m."leftAt" IS NULL)",
                                   params);
  std::vector<ReadablePart> parts;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const ConversationId conversation(row.uuid());
    const auto joined_after = static_cast<std::uint64_t>(row.number());
    parts.push_back({conversation, joined_after, static_cast<std::uint64_t>(row.number())});
  }
  return parts;
}

void read_ahead(Connection& connection, const std::vector<sql::ConversationTail*>& tails) {
  // LATERAL: each by the index of its numbers, backwards.
  static const std::string text =
      R"(SELECT t."place", g."seq", g."number", CASE WHEN g."deletedAt" IS NULL AND g."kind" <> 'system' THEN g."text" ELSE '' END )"
      R"(FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) )"
      R"(WITH ORDINALITY AS t("id", "after", "last", "count", "place") CROSS JOIN LATERAL (SELECT * FROM messages m )"
      R"(WHERE m."conversationId" = t."id" AND m."seq" > t."after" AND m."seq" <= t."last" ORDER BY m."seq" DESC LIMIT t."count") g)";
  std::vector<ConversationId> ids;
  std::vector<std::uint64_t> after, last, count;
  std::vector<std::size_t> had;
  for (const sql::ConversationTail* tail : tails) {
    ids.push_back(tail->unread.conversation), after.push_back(tail->unread.joined_after), last.push_back(tail->unread.last_seq);
    count.push_back(tail->count), had.push_back(tail->ahead.size());
  }
  Params params;
  put_ids(params, ids);
  for (const auto* numbers : {&after, &last, &count}) put_numbers(params, *numbers);
  const auto rows = connection.run(text, params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    sql::ConversationTail& tail = *tails.at(static_cast<std::size_t>(row.number()) - 1);
    tail.unread.last_seq = std::min(tail.unread.last_seq, static_cast<std::uint64_t>(row.number()) - 1);
    const std::int64_t number = row.number();
    tail.ahead.push_back({number, row.text()});
  }
  for (std::size_t i = 0; i < tails.size(); ++i) {
    auto& ahead = tails[i]->ahead;
    std::sort(ahead.begin() + static_cast<std::ptrdiff_t>(had[i]), ahead.end(),
              [](const auto& a, const auto& b) { return a.number > b.number; });
    if (ahead.size() - had[i] < tails[i]->count) tails[i]->unread.last_seq = tails[i]->unread.joined_after;
  }
}

std::string text_of(Connection& /*connection*/, const sql::MessageAhead& message) { return message.text; }

std::vector<sql::NumberedMessage> messages_numbered(Connection& connection, const std::vector<std::int64_t>& numbers) {
  static const std::string text = select_message(R"(WHERE g."number" = ANY ($1) ORDER BY g."number" DESC)");
  Params params;
  put_numbers(params, {numbers.begin(), numbers.end()});
  const auto rows = connection.run(text, params);
  std::vector<sql::NumberedMessage> found;
  for (int i = 0; i < rows.size(); ++i) found.push_back(take_numbered(rows.at(i)));
  return found;
}

void each_in_index(Connection& connection, const store::UserId& reader, const std::vector<ReadablePart>& parts,
                   const std::vector<std::string>& asked, std::size_t limit,
                   const std::function<bool(sql::NumberedMessage)>& take) {
  // MATERIALIZED: the index of terms is asked once, whatever the planner expects of it. It is asked once for each conversation,
  // or all messages are read, if the planner may join as it likes; and it plans without the terms from the sixth search on.
  static const std::string text =
      std::string(R"(WITH matches AS MATERIALIZED (SELECT "number", "conversationId", "seq" FROM messages )")
          .append(R"(WHERE "search" @@ $2::tsquery), newest AS MATERIALIZED (SELECT f."number" FROM matches f )")
          .append(R"(JOIN conversation_members m ON m."conversationId" = f."conversationId" AND m."userId" = $1 )")
          .append(R"(AND m."leftAt" IS NULL AND f."seq" > m."joinedAfterSeq" WHERE f."conversationId" = ANY ($3) )")
          .append(R"(ORDER BY f."number" DESC LIMIT $4) )")
          .append(select_message(R"(JOIN newest n ON n."number" = g."number" ORDER BY g."number" DESC)"));
  std::vector<ConversationId> conversations;
  for (const ReadablePart& part : parts) conversations.push_back(part.conversation);
  Params params;
  params.uuid(reader.value());
  params.text(sql::search_text({.before = "'", .behind = "':*", .all_of = " & ", .one_of = " | "}, conversations, asked));
  put_ids(params, conversations);
  params.number(static_cast<std::int64_t>(std::min(limit, kMostRows)));
  const auto rows = connection.run(text, params);
  for (int i = 0; i < rows.size(); ++i)
    if (!take(take_numbered(rows.at(i)))) return;
}

// 1.5 us for a message; 5 to 16 us for an entry, whose message is somewhere in the table.
sql::SearchCosts search_costs(const Connection& /*connection*/) { return {.row = 0.1, .sample = 1'024, .most_read = 128'000}; }

}  // namespace belfry::postgres
