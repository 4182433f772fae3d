// What the entry of a change needs to know: how its people are called (SPEC K41).
#pragma once

#include <algorithm>
#include <string>

#include "domain/conversation/report.hpp"
#include "store/conversation_store.hpp"

namespace belfry::store {

/// Of all who were in before, or are afterwards. Both must outlive it.
[[nodiscard]] inline conversation::NameOf names_in(const StoredConversation& before, const StoredConversation& after) {
  return [&before, &after](const UserId& user) {
    for (const StoredConversation* each : {&after, &before}) {
      const auto& people = each->people;
      const auto found = std::find_if(people.begin(), people.end(), [&](const auto& person) { return person.id == user; });
      if (found != people.end()) return each->names.at(static_cast<std::size_t>(found - people.begin()));
    }
    return std::string("Somebody");
  };
}

}  // namespace belfry::store
