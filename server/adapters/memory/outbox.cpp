#include <algorithm>
#include <utility>

#include "adapters/memory/stores.hpp"

namespace belfry::memory {

void put_in_outbox(State& state, store::OutboxEntry entry) {
  const std::pair key{entry.to, entry.call};
  if (state.outbox.contains(key)) return;
  entry.seq = ++state.last_outbox_seq;
  state.outbox.emplace(key, entry);
}

void OutboxStore::put(store::OutboxEntry entry) {
  tables_.with([&](State& state) { put_in_outbox(state, entry); });
}

void OutboxStore::settle(store::UserId to, const store::CallId& call) {
  tables_.with([&](State& state) { state.outbox.erase({to, call}); });
}

void OutboxStore::still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) {
  done(tables_.with([&](const State& state) { return state.outbox.contains({to, call}); }));
}

void OutboxStore::waiting(std::uint64_t after_seq, std::size_t limit,
                          store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) {
  done(tables_.with([&](const State& state) {
    std::vector<store::OutboxEntry> entries;
    for (const auto& [key, entry] : state.outbox)
      if (entry.seq > after_seq) entries.push_back(entry);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
    entries.resize(std::min(entries.size(), limit));
    return entries;
  }));
}

void OutboxStore::forget_before(WallTime when) {
  tables_.with([&](State& state) { std::erase_if(state.outbox, [&](const auto& each) { return each.second.at < when; }); });
}

}  // namespace belfry::memory
