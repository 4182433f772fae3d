// Looking users up in what is sorted by their ids. Private to app/presence.
#pragma once

#include <algorithm>
#include <vector>

#include "store/account_store.hpp"

namespace belfry::presence {

[[nodiscard]] inline bool holds(const std::vector<account::UserId>& sorted, const account::UserId& user) {
  return std::binary_search(sorted.begin(), sorted.end(), user);
}

/// Null: they are not there.
[[nodiscard]] inline const store::Presence* find_in(const std::vector<store::Presence>& sorted, const account::UserId& user) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), user,
                                      [](const store::Presence& each, const account::UserId& id) { return each.user < id; });
  return found == sorted.end() || found->user != user ? nullptr : &*found;
}

}  // namespace belfry::presence
