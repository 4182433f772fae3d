#include "app/calls/missed_ends.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

void MissedEnds::remember(UserId user, const CallId& call, TimePoint now) {
  missed_.with([&](All& all) {
    while (!all.in_order.empty() && (all.in_order.front().at + kKept <= now || all.in_order.size() >= kMost)) drop_oldest(all);
    all.in_order.push_back({now, user, call});
    all.by_user[user].push_back({now, call});
  });
}

void MissedEnds::drop_oldest(All& all) {
  const Noted oldest = all.in_order.front();
  all.in_order.pop_front();
  static_cast<void>(drop(all, oldest.user, oldest.call));
}

bool MissedEnds::drop(All& all, UserId user, const CallId& call) {
  const auto found = all.by_user.find(user);
  if (found == all.by_user.end()) return false;
  const bool was_there = std::erase_if(found->second, [&](const Missed& each) { return each.call == call; }) > 0;
  if (found->second.empty()) all.by_user.erase(found);
  return was_there;
}

std::vector<CallId> MissedEnds::take(UserId user, TimePoint now) {
  return missed_.with([&](All& all) {
    std::vector<CallId> calls;
    const auto found = all.by_user.find(user);
    if (found == all.by_user.end()) return calls;
    for (const Missed& each : found->second)
      if (each.at + kKept > now) calls.push_back(each.call);
    all.by_user.erase(found);
    return calls;
  });
}

bool MissedEnds::forget(UserId user, const CallId& call) {
  return missed_.with([&](All& all) { return drop(all, user, call); });
}

void MissedEnds::forget_all() {
  missed_.with([](All& all) { all = {}; });
}

}  // namespace belfry::calls
