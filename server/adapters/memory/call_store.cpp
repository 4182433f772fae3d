#include "adapters/memory/call_store.hpp"

#include <cstring>
#include <utility>

namespace belfry::memory {

std::size_t CallTable::IdHash::operator()(const oldcall::CallId& id) const noexcept {
  std::uint64_t random = 0;  // the last eight bytes of a UUIDv7 are random already
  std::memcpy(&random, id.value().data() + 8, sizeof random);
  return random;
}

app::CommitResult CallTable::apply(app::Transition transition) {
  return tables_.with([&](Tables& tables) { return apply(tables, std::move(transition)); });
}

app::CommitResult CallTable::apply(Tables& tables, app::Transition transition) {
  const auto found = tables.active.find(transition.row.id);
  const std::uint64_t version = found == tables.active.end() ? 0 : found->second.version;
  if (version != transition.expected_version) return app::VersionConflict{version};
  for (const auto& user : transition.take)
    if (const auto slot = tables.slots.find(user); slot != tables.slots.end() && slot->second != transition.row.id)
      return app::SlotTaken{user, slot->second};
  for (const auto& user : transition.take) tables.slots.emplace(user, transition.row.id);
  for (const auto& user : transition.release)
    if (const auto slot = tables.slots.find(user); slot != tables.slots.end() && slot->second == transition.row.id)
      tables.slots.erase(slot);
  // Ended calls are history, which this store does not keep: it would grow for as long as the server runs.
  if (transition.row.ended) {
    if (found != tables.active.end()) tables.active.erase(found);
  } else {
    tables.active.insert_or_assign(transition.row.id, std::move(transition.row));
  }
  return app::Committed{};
}

std::optional<app::CallRow> CallTable::find(const oldcall::CallId& id) {
  return tables_.with([&](const Tables& tables) -> std::optional<app::CallRow> {
    const auto found = tables.active.find(id);
    return found == tables.active.end() ? std::nullopt : std::optional(found->second);
  });
}

std::size_t CallTable::slots_taken() {
  return tables_.with([](const Tables& tables) { return tables.slots.size(); });
}

void CallStore::commit(app::Transition transition, std::function<void(const app::CommitResult&)> done) {
  done(table_.apply(std::move(transition)));
}

}  // namespace belfry::memory
