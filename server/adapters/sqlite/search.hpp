// Full-text search in the messages of a reader's conversations (SPEC K44). adapters/sql/search_plan.hpp says when the index finds
// them, and when they are read from the newest on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sql/message_port.hpp"
#include "adapters/sql/search_plan.hpp"
#include "adapters/sqlite/newest_messages.hpp"
#include "domain/chat/fit.hpp"

namespace belfry::sqlite {

/// Those of the conversations that this user is a member of.
[[nodiscard]] std::vector<ReadablePart> readable_parts(Connection& connection, const store::UserId& reader,
                                                       const std::vector<store::ConversationId>& conversations);

/// The newest kMostMatches that have all terms, the newest first.
class Search {
 public:
  using Found = std::vector<sql::NumberedMessage>;
  /// `terms`: at least one.
  Search(Connection& connection, std::vector<ReadablePart> parts, std::vector<std::string> terms);

  /// In the way that costs least.
  [[nodiscard]] Found best();

  // --- The two ways, which find the same. nullopt: more than `most` messages would have to be read.
  /// The index is asked for `asked`, some of the terms.
  [[nodiscard]] std::optional<Found> by_index(const std::vector<std::string>& asked, std::size_t most);
  [[nodiscard]] std::optional<Found> by_reading(std::size_t most);

 private:
  [[nodiscard]] sql::SearchSample sample();
  [[nodiscard]] bool may_read(const store::Message& message) const;
  [[nodiscard]] bool has_all_terms(const store::Message& message) const;

  Connection& connection_;
  std::vector<ReadablePart> parts_;  // by conversation
  std::vector<std::string> terms_;
  chat::Fit fit_;
};

/// `conversations` are the reader's, and neither list is empty.
[[nodiscard]] std::vector<sql::NumberedMessage> search_messages(Connection& connection, const store::UserId& reader,
                                                                const std::vector<store::ConversationId>& conversations,
                                                                const std::vector<std::string>& terms);

}  // namespace belfry::sqlite
