#include "adapters/postgres/search.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "adapters/postgres/id_array.hpp"
#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::postgres {
namespace {

using sql::ReadablePart;
using store::ConversationId;

// What the index has of `messages g`.
constexpr std::string_view kSearchedText =
    R"(CASE WHEN g."deletedAt" IS NULL AND g."kind" <> 'system' THEN g."text" ELSE '' END)";

constexpr std::size_t kMostRows = 1'000'000;  // of an answer

/// Of what the index finds and the reader may read, the newest first.
std::vector<std::int64_t> numbers_in_index(Connection& connection, const std::vector<ReadablePart>& parts,
                                           const std::vector<std::string>& asked, std::size_t limit) {
  // One question for each conversation: with those of all in one, the index looks at each of them for every entry that it finds.
  // OFFSET 0: its answer comes from the index of terms alone, whatever else the planner expects to find faster.
  static const std::string text =
      R"(SELECT f."number" FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS t("id", "after", "question") )"
      R"(CROSS JOIN LATERAL (SELECT "number", "conversationId", "seq" FROM messages WHERE "search" @@ t."question"::tsquery OFFSET 0) f )"
      R"(WHERE f."conversationId" = t."id" AND f."seq" > t."after" ORDER BY f."number" DESC LIMIT $4)";
  std::vector<ConversationId> ids;
  std::vector<std::uint64_t> after;
  std::vector<std::string> questions;
  for (const ReadablePart& part : parts) {
    ids.push_back(part.conversation), after.push_back(part.joined_after);
    questions.push_back(
        sql::search_text({.before = "'", .behind = "':*", .all_of = " & ", .one_of = " | "}, {part.conversation}, asked));
  }
  Params params;
  put_ids(params, ids);
  put_numbers(params, after);
  put_texts(params, questions);
  params.number(static_cast<std::int64_t>(std::min(limit, kMostRows)));
  const auto rows = connection.run(text, params);
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < rows.size(); ++i) numbers.push_back(rows.at(i).number());
  return numbers;
}

/// `numbers`: the newest first, as the texts are.
std::vector<sql::MessageAhead> texts_of(Connection& connection, std::span<const std::int64_t> numbers) {
  static const std::string text = std::string(R"(SELECT g."number", )")
                                      .append(kSearchedText)
                                      .append(R"( FROM messages g WHERE g."number" = ANY ($1) ORDER BY g."number" DESC)");
  Params params;
  put_numbers(params, {numbers.begin(), numbers.end()});
  const auto rows = connection.run(text, params);
  std::vector<sql::MessageAhead> texts;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const std::int64_t number = row.number();
    texts.push_back({number, row.text()});
  }
  return texts;
}

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
      std::string(R"(SELECT t."place", g."seq", g."number", )")
          .append(kSearchedText)
          .append(R"( FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) )")
          .append(
              R"(WITH ORDINALITY AS t("id", "after", "last", "count", "place") CROSS JOIN LATERAL (SELECT * FROM messages m )")
          .append(R"(WHERE m."conversationId" = t."id" AND m."seq" > t."after" AND m."seq" <= t."last" )")
          .append(R"(ORDER BY m."seq" DESC LIMIT t."count") g)");
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

std::vector<store::Message> messages_numbered(Connection& connection, const std::vector<std::int64_t>& numbers) {
  static const std::string text = std::string("SELECT ")
                                      .append(sql::kMessageColumns)
                                      .append(R"( FROM unnest($1) WITH ORDINALITY AS t("number", "place") )")
                                      .append(R"(JOIN messages g ON g."number" = t."number" ORDER BY t."place")");
  Params params;
  put_numbers(params, {numbers.begin(), numbers.end()});
  const auto rows = connection.run(text, params);
  std::vector<store::Message> found;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    found.push_back(sql::take_message(row));
  }
  return found;
}

void each_in_index(Connection& connection, const std::vector<ReadablePart>& parts, const std::vector<std::string>& asked,
                   std::size_t limit, const std::function<bool(sql::MessageAhead)>& take) {
  // The texts of so many are held at once.
  constexpr std::size_t kTextsAtOnce = store::MessageStore::kMostMatches;
  const auto numbers = numbers_in_index(connection, parts, asked, limit);
  for (std::size_t begin = 0; begin < numbers.size(); begin += kTextsAtOnce) {
    const auto rest = std::span(numbers).subspan(begin);
    for (auto& each : texts_of(connection, rest.first(std::min(kTextsAtOnce, rest.size()))))
      if (!take(std::move(each))) return;
  }
}

// 0.17 us for an entry, 2.2 us for a message. For one that the index finds 1.4 us, or 4 if its page is not in shared_buffers: the
// matches are all over the table, and only their rows say which are the newest.
sql::SearchCosts search_costs(const Connection& /*connection*/) {
  return {.row = 13, .match = 24, .sample = 1'024, .most_read = 64'000};
}

}  // namespace belfry::postgres
