#include "adapters/sqlite/search.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::sqlite {
namespace {

using store::ConversationId;
using store::Message;

constexpr std::size_t kMostMatches = store::MessageStore::kMostMatches;

std::string select_message(std::string_view rest) {
  return std::string("SELECT ").append(sql::kMessageColumns).append(R"(, g."number" FROM )").append(rest);
}

sql::NumberedMessage take_numbered(Use& use) {
  auto message = sql::take_message(use);
  return {use.number(), std::move(message)};
}

sql::NumberedMessage message_of(Connection& connection, std::int64_t number) {
  static const Sql text(select_message(R"(messages g WHERE g."number" = ?)"));
  Use use(connection.prepared(text));
  use.number(number);
  if (!use.row()) return {.number = number};
  return take_numbered(use);
}

/// What an index would have of it (sql::index_terms()).
std::string_view searched_text(const Message& message) {
  if (message.deleted || message.kind == chat::Kind::system) return {};
  return message.text;
}

}  // namespace

std::vector<ReadablePart> readable_parts(Connection& connection, const store::UserId& reader,
                                         const std::vector<ConversationId>& conversations) {
  static const Sql text(
      R"(SELECT m."joinedAfterSeq", c."lastSeq" FROM conversation_members m JOIN conversations c )"
      R"(ON c."id" = m."conversationId" WHERE m."conversationId" = ? AND m."userId" = ? AND m."leftAt" IS NULL)");
  std::vector<ReadablePart> parts;
  for (const ConversationId& conversation : conversations) {
    Use use(connection.prepared(text));
    use.uuid(conversation.value());
    use.uuid(reader.value());
    if (!use.row()) continue;
    const auto joined_after = static_cast<std::uint64_t>(use.number());
    parts.push_back({conversation, joined_after, static_cast<std::uint64_t>(use.number())});
  }
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.conversation < b.conversation; });
  return parts;
}

Search::Search(Connection& connection, std::vector<ReadablePart> parts, std::vector<std::string> terms)
    : connection_(connection),
      parts_(std::move(parts)),
      terms_(std::move(terms)),
      fit_(terms_) {}

Search::Found Search::best() {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const std::uint64_t messages =
      std::accumulate(parts_.begin(), parts_.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& part) { return sum + part.last_seq - part.joined_after; });
  if (messages >= sql::kWorthASample) {
    const auto asked = sample().terms_to_ask(messages);
    if (asked.size() < terms_.size())
      if (auto found = asked.empty() ? by_reading(sql::kMostChecked) : by_index(asked, sql::kMostChecked))
        return *std::move(found);
  }
  return by_index(terms_, kAll).value_or(Found{});
}

std::optional<Search::Found> Search::by_index(const std::vector<std::string>& asked, std::size_t most) {
  static const Sql text(select_message(R"(messages_search s CROSS JOIN messages g ON g."number" = s.rowid )"
                                       R"(WHERE messages_search MATCH ? ORDER BY s.rowid DESC)"));
  Found found;
  if (parts_.empty()) return found;
  std::vector<ConversationId> conversations;
  for (const ReadablePart& part : parts_) conversations.push_back(part.conversation);
  const std::string match =
      sql::search_text({.before = "\"", .behind = "\"*", .all_of = " AND ", .one_of = " OR "}, conversations, asked);
  Use use(connection_.prepared(text));
  use.text(match);
  while (found.size() < kMostMatches && use.row()) {
    if (most-- == 0) return std::nullopt;
    auto each = take_numbered(use);
    if (!may_read(each.message)) continue;
    if (asked.size() == terms_.size() || has_all_terms(each.message)) found.push_back(std::move(each));
  }
  return found;
}

std::optional<Search::Found> Search::by_reading(std::size_t most) {
  Found found;
  NewestMessages newest(connection_, parts_);
  while (found.size() < kMostMatches) {
    const auto number = newest.next();
    if (!number) break;
    if (most-- == 0) return std::nullopt;
    auto each = message_of(connection_, *number);
    if (has_all_terms(each.message)) found.push_back(std::move(each));
  }
  return found;
}

sql::SearchSample Search::sample() {
  sql::SearchSample sample(terms_);
  NewestMessages newest(connection_, parts_);
  for (std::size_t i = 0; i < sql::SearchSample::kTexts; ++i) {
    const auto number = newest.next();
    if (!number) break;
    sample.add(searched_text(message_of(connection_, *number).message));
  }
  return sample;
}

bool Search::may_read(const Message& message) const {
  const auto part = std::lower_bound(parts_.begin(), parts_.end(), message.conversation,
                                     [](const ReadablePart& each, const ConversationId& id) { return each.conversation < id; });
  return part != parts_.end() && part->conversation == message.conversation && message.seq > part->joined_after;
}

bool Search::has_all_terms(const Message& message) const { return fit_.score(searched_text(message)).has_value(); }

std::vector<sql::NumberedMessage> search_messages(Connection& connection, const store::UserId& reader,
                                                  const std::vector<ConversationId>& conversations,
                                                  const std::vector<std::string>& terms) {
  return Search(connection, readable_parts(connection, reader, conversations), terms).best();
}

}  // namespace belfry::sqlite
