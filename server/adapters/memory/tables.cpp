#include "adapters/memory/tables.hpp"

#include <algorithm>
#include <tuple>

namespace belfry::memory {

KeptCall* find_call(const State& state, const store::CallId& id) {
  const auto found = state.calls.find(id);
  return found == state.calls.end() ? nullptr : found->second.get();
}

bool blocks_between(const State& state, const store::UserId& one, const store::UserId& other) {
  return state.blocks.contains({one, other}) || state.blocks.contains({other, one});
}

void note(State& state, store::Change change, WallTime now) {
  change.seq = ++state.last_change;
  state.changes.push_back({change, now});
}

UserEntry* find_user(State& state, const store::UserId& id) {
  const auto found = state.users.find(id);
  return found == state.users.end() ? nullptr : &found->second;
}

store::StoredCall stored(State& state, const store::CallRow& row) { return {.row = row, .people = people_of(state, row)}; }

std::vector<account::Person> people_of(State& state, const store::CallRow& row) {
  std::vector<account::Person> people;
  for (const auto& leg : row.legs) {
    const auto* user = find_user(state, leg.user);
    people.push_back(user == nullptr ? account::Person{.id = leg.user, .username = {}, .avatar = {}} : person_of(user->user));
  }
  return people;
}

void sort_newest_first(std::vector<const store::CallRow*>& rows) {
  std::sort(rows.begin(), rows.end(),
            [](const auto* a, const auto* b) { return std::tie(b->created, b->id) < std::tie(a->created, a->id); });
}

std::vector<const store::CallRow*> calls_of(State& state, const store::UserId& user) {
  std::vector<const store::CallRow*> rows;
  const auto* entry = find_user(state, user);
  if (entry == nullptr) return rows;
  for (const auto& id : entry->calls)
    if (const auto* call = find_call(state, id)) rows.push_back(&call->row);
  return rows;
}

}  // namespace belfry::memory
