#include "app/calls/unheard_ends.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace belfry::calls {

void UnheardEnds::remember(const store::OutboxEntry& entry) {
  unheard_.with([&](All& all) {
    auto& mine = all.by_user[entry.to];
    const auto known = std::find_if(mine.begin(), mine.end(), [&](const auto& each) { return each.entry.call == entry.call; });
    if (known != mine.end()) {
      known->entry.seq = std::max(known->entry.seq, entry.seq);
      return;
    }
    mine.push_back({entry, all.in_order.insert(all.in_order.end(), {entry.to, entry.call})});
    if (all.in_order.size() <= kMost) return;
    const Noted oldest = all.in_order.front();
    CHECK(drop(all, oldest.user, oldest.call), "each place in the order belongs to an entry");
  });
}

template <class Wanted>
std::vector<store::OutboxEntry> UnheardEnds::drop_if(All& all, UserId user, Wanted wanted) {
  std::vector<store::OutboxEntry> dropped;
  const auto found = all.by_user.find(user);
  if (found == all.by_user.end()) return dropped;
  std::erase_if(found->second, [&](const Unheard& each) {
    if (!wanted(each.entry)) return false;
    all.in_order.erase(each.place);
    dropped.push_back(each.entry);
    return true;
  });
  if (found->second.empty()) all.by_user.erase(found);
  return dropped;
}

bool UnheardEnds::drop(All& all, UserId user, const CallId& call) {
  return !drop_if(all, user, [&](const auto& each) { return each.call == call; }).empty();
}

std::vector<store::OutboxEntry> UnheardEnds::take(UserId user, WallTime now) {
  return unheard_.with([&](All& all) { return drop_if(all, user, [&](const auto& each) { return each.at + kKept > now; }); });
}

std::vector<store::OutboxEntry> UnheardEnds::take_of_known_calls(UserId user, WallTime now) {
  return unheard_.with(
      [&](All& all) { return drop_if(all, user, [&](const auto& each) { return each.aware && each.at + kKept > now; }); });
}

bool UnheardEnds::forget(UserId user, const CallId& call) {
  return unheard_.with([&](All& all) { return drop(all, user, call); });
}

bool UnheardEnds::contains(UserId user, const CallId& call) {
  return unheard_.with([&](const All& all) {
    const auto found = all.by_user.find(user);
    return found != all.by_user.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const auto& each) { return each.entry.call == call; });
  });
}

void UnheardEnds::forget_all() {
  unheard_.with([](All& all) { all = {}; });
}

}  // namespace belfry::calls
