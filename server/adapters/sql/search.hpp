// Full-text search in the messages of a reader's conversations (SPEC K44). search_plan.hpp says when the index finds them, and
// when they are read from the newest on. A Connection provides, found beside it:
//   readable_parts(connection, reader, conversations)   -> std::vector<ReadablePart>: those that the reader is a member of
//   read_ahead(connection, tails)                       as NewestMessages::ReadAhead
//   text_of(connection, message)                        what the index has of a MessageAhead; empty if nothing
//   messages_numbered(connection, numbers)              -> std::vector<store::Message>, in the order of the numbers
//   each_in_index(connection, parts, asked, limit, take)
//     gives take(MessageAhead), each with its text, what the index finds and the reader may read, the newest first, `limit` of
//     them or more, until it returns false
//   search_costs(connection)                            -> SearchCosts
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/sql/newest_messages.hpp"
#include "adapters/sql/search_plan.hpp"
#include "domain/chat/fit.hpp"
#include "domain/chat/message.hpp"
#include "store/message_store.hpp"

namespace belfry::sql {

/// The newest kMostMatches that have all terms, the newest first, each with its text. Whole messages are read for a page of them.
template <class Connection>
class Search {
 public:
  using Found = std::vector<MessageAhead>;
  static constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

  /// `parts`: of one reader. `terms`: at least one.
  Search(Connection& connection, std::vector<ReadablePart> parts, std::vector<std::string> terms)
      : connection_(connection),
        parts_(std::move(parts)),
        terms_(std::move(terms)),
        fit_(terms_) {}

  /// In the way that costs least.
  [[nodiscard]] Found best() {
    const SearchCosts costs = search_costs(connection_);
    const std::uint64_t messages =
        std::accumulate(parts_.begin(), parts_.end(), std::uint64_t{0},
                        [](std::uint64_t sum, const auto& part) { return sum + part.last_seq - part.joined_after; });
    if (messages >= costs.worth_a_sample()) {
      const SearchSample texts = sample(costs.sample);
      if (texts.terms_to_ask(messages, costs, 0).empty())
        if (auto found = by_reading(costs.most_read)) return *std::move(found);
      const auto asked = texts.terms_to_ask(messages, costs, 1);
      if (asked.size() < terms_.size())
        if (auto found = by_index(asked, costs.most_read)) return *std::move(found);
    }
    return by_index(terms_, kNoBound).value_or(Found{});
  }

  // --- The two ways, which find the same. nullopt: `most` messages were too few to read.
  /// The index is asked for `asked`, some of the terms.
  [[nodiscard]] std::optional<Found> by_index(const std::vector<std::string>& asked, std::size_t most) {
    Found found;
    if (parts_.empty()) return found;
    const bool asks_all = asked.size() == terms_.size();
    std::size_t read = 0;
    const auto take = [&](MessageAhead each) {
      ++read;
      if (asks_all || has_all_terms(each.text)) found.push_back(std::move(each));
      return found.size() < store::MessageStore::kMostMatches && read < most;
    };
    each_in_index(connection_, parts_, asked, asks_all ? store::MessageStore::kMostMatches : most, take);
    if (read == most && found.size() < store::MessageStore::kMostMatches) return std::nullopt;
    return found;
  }
  [[nodiscard]] std::optional<Found> by_reading(std::size_t most) {
    Found found;
    NewestMessages newest = newest_first();
    while (found.size() < store::MessageStore::kMostMatches) {
      auto each = newest.next();
      if (!each) break;
      if (most-- == 0) return std::nullopt;
      each->text = text_of(connection_, *each);
      if (has_all_terms(each->text)) found.push_back(*std::move(each));
    }
    return found;
  }

 private:
  [[nodiscard]] NewestMessages newest_first() const {
    return {parts_, [this](const std::vector<ConversationTail*>& tails) { read_ahead(connection_, tails); }};
  }
  [[nodiscard]] SearchSample sample(std::size_t texts) {
    SearchSample sample(terms_);
    NewestMessages newest = newest_first();
    for (std::size_t i = 0; i < texts; ++i) {
      const auto each = newest.next();
      if (!each) break;
      sample.add(text_of(connection_, *each));
    }
    return sample;
  }
  [[nodiscard]] bool has_all_terms(std::string_view text) const { return fit_.score(text).has_value(); }

  Connection& connection_;
  std::vector<ReadablePart> parts_;
  std::vector<std::string> terms_;
  chat::Fit fit_;
};

/// `conversations` are the reader's, and neither list is empty.
template <class Connection>
[[nodiscard]] std::vector<MessageAhead> search_messages(Connection& connection, const store::UserId& reader,
                                                        const std::vector<store::ConversationId>& conversations,
                                                        const std::vector<std::string>& terms) {
  return Search<Connection>(connection, readable_parts(connection, reader, conversations), terms).best();
}

}  // namespace belfry::sql
