#include "adapters/sql/search_plan.hpp"

#include <limits>
#include <numeric>

namespace belfry::sql {

SearchSample::SearchSample(const std::vector<std::string>& terms) : terms_(terms) {
  for (const std::string& term : terms_) fits_.emplace_back(std::vector{term});
}

void SearchSample::add(std::string_view text) {
  Having& having = texts_.emplace_back();
  for (std::size_t i = 0; i < fits_.size(); ++i) having[i] = fits_[i].score(text).has_value();
}

// What no text of the sample has is taken for half as frequent as what one has.
double SearchSample::share(Having terms) const {
  const auto have = std::count_if(texts_.begin(), texts_.end(), [terms](const Having& each) { return (each & terms) == terms; });
  return (static_cast<double>(have) + 0.5) / (static_cast<double>(texts_.size()) + 0.5);
}

std::vector<std::string> SearchSample::terms_to_ask(std::uint64_t messages, const SearchCosts& costs,
                                                    std::size_t at_least) const {
  constexpr double kWanted = store::MessageStore::kMostMatches;
  const auto all = static_cast<double>(messages);
  std::vector<std::size_t> rarest_first(terms_.size());
  std::iota(rarest_first.begin(), rarest_first.end(), std::size_t{0});
  const auto only = [](std::size_t term) { return Having().set(term); };
  std::stable_sort(rarest_first.begin(), rarest_first.end(),
                   [&](std::size_t a, std::size_t b) { return share(only(a)) < share(only(b)); });
  Having whole;
  for (std::size_t i = 0; i < terms_.size(); ++i) whole.set(i);

  // The entries that the index reads for the asked terms, what it finds, and the messages that are read until enough of them have
  // the rest.
  Having asked;
  double entries = 0;
  const auto cost = [&] {
    const double matches = asked.any() ? all * share(asked) : 0;
    return entries + costs.match * matches + costs.row * share(asked) * std::min(kWanted / share(whole), all);
  };
  double least = at_least == 0 ? cost() : std::numeric_limits<double>::infinity();
  std::size_t best = 0;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    asked.set(rarest_first[i]);
    entries += all * share(only(rarest_first[i]));
    if (i + 1 < at_least || cost() >= least) continue;
    least = cost();
    best = i + 1;
  }
  std::vector<std::string> terms;
  for (std::size_t i = 0; i < best; ++i) terms.push_back(terms_[rarest_first[i]]);
  return terms;
}

}  // namespace belfry::sql
