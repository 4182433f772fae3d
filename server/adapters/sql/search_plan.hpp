// What of a search an index is asked for (SPEC K44, R-004-72). An index that finds beginnings of words reads every entry of every
// word that begins with a term before it gives the newest: with a common term as many entries as there are messages, although the
// newest thousand matches stand close together. So a sample of the newest texts says which terms are common, and those are looked
// for in the texts of messages instead. The answer is the same in every case.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/chat/fit.hpp"
#include "domain/chat/ranking.hpp"
#include "store/message_store.hpp"

namespace belfry::sql {

/// Of a database (docs/benchmarks.md).
struct SearchCosts {
  // Counted in entries of the index:
  double row = 1;             // to read a message and to look for terms in it
  double match = 0;           // of each message that the index finds, before it is known which is the newest
  std::size_t sample = 256;   // texts
  std::size_t most_read = 0;  // a plan that reads more messages than this was wrong: its sample was not like the rest

  /// Whoever may read fewer messages is served well by the index alone, even if all of them match.
  [[nodiscard]] std::uint64_t worth_a_sample() const {
    return std::max(std::uint64_t{10'000}, static_cast<std::uint64_t>(2 * row * store::MessageStore::kMostMatches / (1 + match)));
  }
};

class SearchSample {
 public:
  /// Of the terms that an index would be asked for (chat::terms_for_index()), at least one.
  explicit SearchSample(const std::vector<std::string>& terms);

  void add(std::string_view text);
  /// Which terms the index is asked for, if there are so many messages to search; the others are looked for in the texts that it
  /// finds. None: the messages are read from the newest on. `at_least`: so many.
  [[nodiscard]] std::vector<std::string> terms_to_ask(std::uint64_t messages, const SearchCosts& costs,
                                                      std::size_t at_least) const;

 private:
  using Having = std::bitset<chat::kMaxIndexTerms>;  // which terms a text has
  /// Of the messages that have all of these.
  [[nodiscard]] double share(Having terms) const;

  std::vector<std::string> terms_;
  std::vector<chat::Fit> fits_;
  std::vector<Having> texts_;
};

}  // namespace belfry::sql
