// What of a search an index is asked for (SPEC K44, R-004-72). An index that finds beginnings of words reads every entry of every
// word that begins with a term before it gives the newest: with a common term as many entries as there are messages, although the
// newest thousand matches stand close together. So a sample of the newest texts says which terms are common, and those are looked
// for in the texts of messages instead. The answer is the same in every case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/chat/fit.hpp"
#include "store/message_store.hpp"

namespace belfry::sql {

// What it costs to read a message and to look for terms in its text, counted in entries of an index (docs/benchmarks.md).
constexpr std::uint64_t kRowCost = 12;
// A plan without the index of all terms that reads more messages than this was wrong about them: its sample was not like the
// rest.
constexpr std::size_t kMostChecked = std::size_t{16} * store::MessageStore::kMostMatches;
// Whoever may read fewer messages is served well by the index alone, even if all of them match.
constexpr std::uint64_t kWorthASample = 2 * kRowCost * store::MessageStore::kMostMatches;

class SearchSample {
 public:
  static constexpr std::size_t kTexts = 256;  // about a millisecond; a share of an eighth is known to a sixth of it

  /// Of the terms that an index would be asked for (chat::terms_for_index()), at least one.
  explicit SearchSample(const std::vector<std::string>& terms);

  void add(std::string_view text);
  /// Which terms the index is asked for, if there are so many messages to search; the others are looked for in the texts that it
  /// finds. None: the messages are read from the newest on.
  [[nodiscard]] std::vector<std::string> terms_to_ask(std::uint64_t messages) const;

 private:
  struct Counted {
    std::string term;
    chat::Fit fit;
    std::size_t texts = 0;
  };
  [[nodiscard]] bool is_common(std::size_t texts, std::uint64_t messages) const;

  std::vector<Counted> terms_;
  std::size_t texts_ = 0, with_all_ = 0;
};

}  // namespace belfry::sql
