#include "app/peers/offer_checks.hpp"

#include <algorithm>

namespace belfry::peers {

OfferChecks::Course OfferChecks::course_of(std::string_view dst, bool needs_answer) const {
  const auto check = find(dst);
  if (check != checks_.end() && !check->answered) return Course::wait;
  if (needs_answer) return Course::ask;
  return check == checks_.end() ? Course::pass : Course::drop;
}

void OfferChecks::hold(Relayed message) {
  const auto place = static_cast<std::size_t>(find(message.dst) - checks_.begin());
  if (place == checks_.size()) checks_.push_back({.dst = message.dst});
  Check& check = checks_[place];
  check.answered = false;
  check.waiting.push_back(std::move(message));
}

std::vector<Relayed> OfferChecks::settle(std::string_view dst, Answer answer) {
  const auto found = find(dst);
  if (found == checks_.end() || found->answered) return {};
  Check check = std::move(checks_[static_cast<std::size_t>(found - checks_.begin())]);
  checks_.erase(found);
  if (answer == Answer::allowed) return std::move(check.waiting);
  checks_.push_back({.dst = std::move(check.dst), .answered = true});
  forget_oldest_refused();
  return {};
}

std::vector<OfferChecks::Check>::const_iterator OfferChecks::find(std::string_view dst) const {
  return std::find_if(checks_.begin(), checks_.end(), [&](const Check& each) { return each.dst == dst; });
}

void OfferChecks::forget_oldest_refused() {
  const auto refused = [](const Check& each) { return each.answered; };
  if (static_cast<std::size_t>(std::count_if(checks_.begin(), checks_.end(), refused)) <= kMostRefused) return;
  checks_.erase(std::find_if(checks_.begin(), checks_.end(), refused));
}

}  // namespace belfry::peers
