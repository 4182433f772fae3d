#include "adapters/sql/search_plan.hpp"

#include <algorithm>

namespace belfry::sql {

SearchSample::SearchSample(const std::vector<std::string>& terms) {
  for (const std::string& term : terms) terms_.push_back({term, chat::Fit({term})});
}

void SearchSample::add(std::string_view text) {
  ++texts_;
  bool has_all = true;
  for (Counted& each : terms_) {
    const bool has = each.fit.score(text).has_value();
    if (has) ++each.texts;
    has_all = has_all && has;
  }
  if (has_all) ++with_all_;
}

// With a share s of the messages the index reads s * messages entries, and kMostMatches / s messages have as many matches.
bool SearchSample::is_common(std::size_t texts, std::uint64_t messages) const {
  if (texts_ == 0) return false;
  const double share = static_cast<double>(texts) / static_cast<double>(texts_);
  return share * share * static_cast<double>(messages) > static_cast<double>(kRowCost * store::MessageStore::kMostMatches);
}

std::vector<std::string> SearchSample::terms_to_ask(std::uint64_t messages) const {
  if (is_common(with_all_, messages)) return {};
  std::vector<std::string> asked;
  for (const Counted& each : terms_)
    if (!is_common(each.texts, messages)) asked.push_back(each.term);
  if (!asked.empty()) return asked;
  const auto rarest =
      std::min_element(terms_.begin(), terms_.end(), [](const auto& a, const auto& b) { return a.texts < b.texts; });
  return {rarest->term};
}

}  // namespace belfry::sql
