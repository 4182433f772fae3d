#include "adapters/memory/tables.hpp"

#include <algorithm>
#include <tuple>

namespace belfry::memory {

CallEntry* find_call(const State& state, const store::CallId& id) {
  const auto found = state.calls.find(id);
  return found == state.calls.end() ? nullptr : found->second.get();
}

UserEntry* find_user(State& state, const store::UserId& id) {
  const auto found = state.users.find(id);
  return found == state.users.end() ? nullptr : &found->second;
}

store::StoredCall stored(State& state, const store::CallRow& row) {
  store::StoredCall call{.row = row,
                         .caller = {.id = row.caller, .username = {}, .avatar = {}},
                         .callee = {.id = row.callee, .username = {}, .avatar = {}}};
  if (const auto* caller = find_user(state, row.caller)) call.caller = person_of(caller->user);
  if (const auto* callee = find_user(state, row.callee)) call.callee = person_of(callee->user);
  return call;
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
