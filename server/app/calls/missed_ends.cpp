#include "app/calls/missed_ends.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

void MissedEnds::remember(UserId user, const CallId& call, TimePoint now) {
  missed_.with([&](All& all) {
    while (!all.in_order.empty() && (all.in_order.front().at + kKept <= now || all.in_order.size() >= kMost)) drop_oldest(all);
    all.in_order.push_back({now, user, call});
    all.by_user[user].push_back(call);
  });
}

void MissedEnds::drop_oldest(All& all) {
  const Missed oldest = all.in_order.front();
  all.in_order.pop_front();
  const auto found = all.by_user.find(oldest.user);
  if (found == all.by_user.end()) return;
  std::erase(found->second, oldest.call);
  if (found->second.empty()) all.by_user.erase(found);
}

std::vector<CallId> MissedEnds::take(UserId user) {
  return missed_.with([&](All& all) -> std::vector<CallId> {
    const auto found = all.by_user.find(user);
    if (found == all.by_user.end()) return {};
    auto calls = std::move(found->second);
    all.by_user.erase(found);
    return calls;
  });
}

void MissedEnds::forget_all() {
  missed_.with([](All& all) { all = {}; });
}

}  // namespace belfry::calls
