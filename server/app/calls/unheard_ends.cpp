#include "app/calls/unheard_ends.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

void UnheardEnds::remember(const store::OutboxEntry& entry) {
  unheard_.with([&](All& all) {
    auto& mine = all.by_user[entry.to];
    const auto known = std::find_if(mine.begin(), mine.end(), [&](const auto& each) { return each.call == entry.call; });
    if (known != mine.end()) {
      known->seq = std::max(known->seq, entry.seq);
      return;
    }
    mine.push_back(entry);
    ++all.waiting;
    all.in_order.push_back({entry.to, entry.call});
    // What was told is still in the order; it is left behind when it comes to the front, or makes up half of it.
    while (all.waiting > kMost || all.in_order.size() > 2 * kMost) {
      static_cast<void>(drop(all, all.in_order.front().user, all.in_order.front().call));
      all.in_order.pop_front();
    }
  });
}

bool UnheardEnds::drop(All& all, UserId user, const CallId& call) {
  const auto found = all.by_user.find(user);
  if (found == all.by_user.end()) return false;
  const bool was_there = std::erase_if(found->second, [&](const auto& each) { return each.call == call; }) > 0;
  if (was_there) --all.waiting;
  if (found->second.empty()) all.by_user.erase(found);
  return was_there;
}

template <class Wanted>
std::vector<store::OutboxEntry> UnheardEnds::take_if(UserId user, Wanted wanted) {
  return unheard_.with([&](All& all) {
    std::vector<store::OutboxEntry> taken;
    const auto found = all.by_user.find(user);
    if (found == all.by_user.end()) return taken;
    std::erase_if(found->second, [&](const auto& each) {
      if (!wanted(each)) return false;
      taken.push_back(each);
      return true;
    });
    all.waiting -= taken.size();
    if (found->second.empty()) all.by_user.erase(found);
    return taken;
  });
}

std::vector<store::OutboxEntry> UnheardEnds::take(UserId user, WallTime now) {
  return take_if(user, [&](const auto& each) { return each.at.unix_ms + kKept.count() > now.unix_ms; });
}

std::vector<store::OutboxEntry> UnheardEnds::take_of_known_calls(UserId user, WallTime now) {
  return take_if(user, [&](const auto& each) { return each.aware && each.at.unix_ms + kKept.count() > now.unix_ms; });
}

bool UnheardEnds::forget(UserId user, const CallId& call) {
  return unheard_.with([&](All& all) { return drop(all, user, call); });
}

bool UnheardEnds::contains(UserId user, const CallId& call) {
  return unheard_.with([&](const All& all) {
    const auto found = all.by_user.find(user);
    return found != all.by_user.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const auto& each) { return each.call == call; });
  });
}

void UnheardEnds::forget_all() {
  unheard_.with([](All& all) { all = {}; });
}

}  // namespace belfry::calls
