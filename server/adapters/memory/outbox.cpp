#include <algorithm>
#include <utility>

#include "adapters/memory/stores.hpp"

namespace belfry::memory {
namespace {

OutboxKey key_of(const store::OutboxEntry& entry) { return {entry.to, entry.call, entry.kind, entry.key}; }

std::vector<store::OutboxEntry> in_order(std::vector<store::OutboxEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
  return entries;
}

/// The entries that have been due longest.
std::vector<store::OutboxEntry*> due_by(State& state, const store::Claim& claim) {
  std::vector<store::OutboxEntry*> due;
  for (const auto& [seq, key] : state.due_entries) {
    auto& entry = state.outbox.at(key);
    const bool is_due = entry.kind == claim.kind && entry.due && *entry.due <= claim.now;
    if (is_due && std::find(claim.except.begin(), claim.except.end(), entry.to) == claim.except.end()) due.push_back(&entry);
  }
  std::stable_sort(due.begin(), due.end(), [](const auto* a, const auto* b) { return a->due < b->due; });
  due.resize(std::min(due.size(), claim.limit));
  return due;
}

void erase(State& state, const OutboxKey& key) {
  const auto found = state.outbox.find(key);
  if (found == state.outbox.end()) return;
  state.due_entries.erase(found->second.seq);
  state.outbox.erase(found);
}

}  // namespace

OutboxKey key_of_end(const store::UserId& to, const store::CallId& call) { return {to, call, store::OutboxKind::call_end, {}}; }

void put_in_outbox(State& state, store::OutboxEntry entry) {
  auto key = key_of(entry);
  if (state.outbox.contains(key)) return;
  entry.seq = ++state.last_outbox_seq;
  if (entry.due) state.due_entries.emplace(entry.seq, key);
  state.outbox.emplace(std::move(key), std::move(entry));
}

void OutboxStore::put(store::OutboxEntry entry, store::Done<Expected<void, store::Unavailable>> done) {
  tables_.with([&](State& state) { put_in_outbox(state, std::move(entry)); });
  done({});
}

void OutboxStore::settle(store::UserId to, const store::CallId& call) {
  tables_.with([&](State& state) { erase(state, key_of_end(to, call)); });
}

void OutboxStore::still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) {
  done(tables_.with([&](const State& state) { return state.outbox.contains(key_of_end(to, call)); }));
}

void OutboxStore::waiting(std::uint64_t after_seq, std::size_t limit,
                          store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) {
  done(tables_.with([&](const State& state) {
    std::vector<store::OutboxEntry> entries;
    for (const auto& [key, entry] : state.outbox)
      if (entry.kind == store::OutboxKind::call_end && entry.seq > after_seq) entries.push_back(entry);
    entries = in_order(std::move(entries));
    entries.resize(std::min(entries.size(), limit));
    return entries;
  }));
}

void OutboxStore::forget_before(WallTime when, std::size_t most) {
  tables_.with([&](State& state) {
    std::erase_if(state.outbox, [&](const auto& each) {
      if (most == 0 || each.second.at >= when) return false;
      --most;
      state.due_entries.erase(each.second.seq);
      return true;
    });
  });
}

void DueEntriesStore::take(const store::Claim& claim,
                           store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::OutboxEntry> taken;
    for (auto* entry : due_by(state, claim)) {
      entry->due = claim.until;
      ++entry->tries;
      taken.push_back(*entry);
    }
    return in_order(std::move(taken));
  }));
}

void DueEntriesStore::remove(std::uint64_t seq, store::Done<Expected<void, store::Unavailable>> done) {
  tables_.with([&](State& state) {
    const auto found = state.due_entries.find(seq);
    if (found != state.due_entries.end()) erase(state, OutboxKey(found->second));
  });
  done({});
}

void DueEntriesStore::put_off(const store::ClaimedEntry& entry, WallTime due,
                              store::Done<Expected<void, store::Unavailable>> done) {
  tables_.with([&](State& state) {
    const auto found = state.due_entries.find(entry.seq);
    if (found == state.due_entries.end()) return;
    auto& kept = state.outbox.at(found->second);
    if (kept.tries == entry.tries) kept.due = due;
  });
  done({});
}

}  // namespace belfry::memory
